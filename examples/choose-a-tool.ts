// An agent learns which tool fits which request, seeing only whether the tool it took worked.
import { Autodidact, seededRandom } from '../src/index.ts' // in your project: from 'autodidact'

/** The descriptions say little; which tool works for what has to be found out. */
const tools = [
  { id: 'alpha', description: 'internal service' },
  { id: 'beta', description: 'internal service' },
  { id: 'gamma', description: 'internal service' },
]
const works = { alpha: 'refund', beta: 'track', gamma: 'exchange' } as const
const phrasings = ['please % order', 'can you % my order', 'I would like to % what I bought, order', '% now, order']

const random = seededRandom(1)
const pick = <Entry>(entries: readonly Entry[]): Entry => entries[Math.floor(random() * entries.length)] as Entry // The lists above are not empty.

const autodidact = await Autodidact.open(':memory:', { seed: 1 })
const requests = 300
let right = 0
let last = ''
for (let request = 1; request <= requests; request += 1) {
  const [tool, verb] = pick(Object.entries(works))
  const task = `${pick(phrasings).replace('%', verb)} ${1000 + request}`
  const decision = await autodidact.decide('tool', tools, { task })
  const success = decision.option === tool
  await autodidact.record({ run: decision.run, task, outcome: { success, judge: 'check' } })
  right += Number(success)
  last = decision.id
  if (request % 50 === 0) {
    console.log(`requests ${request - 49} to ${request}: ${Math.round((right / 50) * 100)} % right`)
    right = 0
  }
}

const [explained] = (await autodidact.explain(last)).decisions
console.log(`the last: ${explained?.option}, because ${explained?.reason}`)
await autodidact.close()

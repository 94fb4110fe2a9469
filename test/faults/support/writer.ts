import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Autodidact } from '../../../src/autodidact.ts'

/**
 * A process that writes until it is killed: `node writer.ts FILE SLOT`. It waits for `go N` on its standard input, then works through the numbers from N; `stop`
 * ends it in an orderly way. It says `ready`, `try N` before each number, `ack ID` for every fact that was confirmed, and `fault CODE` for what was not.
 *
 * Everything but the ids of decisions follows from slot and number, so a successor that starts with the last number tried sends the same again.
 */

const [path = '', slotText = '0'] = process.argv.slice(2)
const slot = Number(slotText)
const tools = [
  { id: 'search', description: 'finds orders and customers' },
  { id: 'calendar', description: 'knows days and months' },
  { id: 'calculator', description: 'adds and multiplies' },
]

// A pipe is written synchronously: what was said before the kill is in the parent's hands.
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const lines = createInterface({ input: process.stdin })
const autodidact = await Autodidact.open(path)
const stop = new AbortController()
let working = false

const work = async (number: number): Promise<void> => {
  const run = `run-${slot}-${number}`
  const task = `Count the orders of customer ${number % 17} in month ${number % 12}`
  say(`try ${number}`)
  const decision = await autodidact.decide('tool', tools, { task, run })
  say(decision.logged ? `ack ${decision.id}` : `fault ${decision.warnings[0]?.code}: ${decision.warnings[0]?.message}`)
  const response = number % 10 === 0 ? `A long answer. ${'Order after order. '.repeat(1_000)}${number}` : `There are ${number}.`
  const success = number % 3 === 0 ? {} : { success: number % 3 === 1 }
  const receipt = await autodidact.record({ run, task, response, ...success, steps: [{ action: 'count', input: { number } }] })
  say(`ack ${receipt.run}`)
  const { feedback } = await autodidact.feedback(`run-${(slot + 1) % 4}-${number}`, number % 2 === 0 ? 'up' : 'down', {
    id: `feedback-${slot}-${number}`,
    author: `user ${slot}`,
  })
  say(`ack ${feedback}`)
  if (number % 5 !== 0) return
  const { id } = await autodidact.remember({ id: `knowledge-${slot}-${number}`, content: `Customer ${number} orders in month ${number % 12}.` })
  say(`ack ${id}`)
}

say('ready')
for await (const line of lines) {
  const [command, from] = line.split(' ')
  if (command === 'stop') {
    stop.abort()
    break
  }
  working = true
  void (async () => {
    try {
      for (let number = Number(from); !stop.signal.aborted; number += 1) {
        await work(number)
        // Leaves the processor to the processes that are just starting: they decide how long the test takes.
        await sleep(40)
      }
    } catch (error) {
      say(`fault ${error instanceof Error ? error.message : String(error)}`)
    }
    await autodidact.close()
    say('closed')
    process.exit(0)
  })()
}
if (!working) {
  await autodidact.close()
  process.exit(0)
}

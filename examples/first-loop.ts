// The loop in one page: an agent that knows nothing is corrected once, and knows the next time.
import { Autodidact } from '../src/index.ts' // in your project: from 'autodidact'

/** Stands for a language model: it can only repeat what its prompt says. */
const agent = async (question: string, recalled: string): Promise<string> => /Answer: (.*)/.exec(recalled)?.[1] ?? `I do not know: ${question}`

const autodidact = await Autodidact.open(':memory:')

const ask = async (question: string): Promise<string> => {
  const { response, run } = await autodidact.run({ task: question, user: 'ada' }, (advice) => agent(question, advice.prompt))
  console.log(`> ${question}\n  ${response}`)
  return run
}

const run = await ask('Who signs refunds above 100?')
await autodidact.feedback(run, { correction: 'The shift lead and one more person.' }, { author: 'ada' })
const again = await ask('refunds above 100: who has to sign them?')

const { recalled } = await autodidact.explain(again)
console.log(`  because: ${recalled[0]?.reason}`)
await autodidact.close()

import { appendFileSync } from 'node:fs'
import { AdaptiveExecution, incremental } from '../../src/agents/index.ts'
import { Autodidact } from '../../src/index.ts'
import { fiveSteps } from './interrupted-task.ts'

/** A process that carries out a task of five steps and dies when its run is to be recorded: `node dying-recorder.ts FILE JOURNAL before|after`. Each step writes its name into the journal. */
const [file = '', journal = '', moment] = process.argv.slice(2)
const autodidact = await Autodidact.open(file)
const record = autodidact.record.bind(autodidact)
autodidact.record = async (...given) => {
  if (moment === 'before') process.kill(process.pid, 'SIGKILL')
  const receipt = await record(...given)
  process.kill(process.pid, 'SIGKILL')
  return receipt
}
await new AdaptiveExecution({ autodidact, executors: [incremental()], backOff: { firstMs: 1 } }).execute(fiveSteps((id) => appendFileSync(journal, `${id}\n`)))

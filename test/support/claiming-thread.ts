import { workerData } from 'node:worker_threads'
import { AdaptiveExecution } from '../../src/agents/index.ts'
import { Autodidact, AutodidactError } from '../../src/index.ts'

/** A thread that does the task `shared` on the file of its data, and says `done`, or with which code it was refused. */
const autodidact = await Autodidact.open(String(workerData))
const task = { id: 'shared', description: 'copy the orders', steps: [{ id: 'a', run: () => 1 }] }
const said = await new AdaptiveExecution({ autodidact }).execute(task).then(() => 'done', (error: unknown) => (AutodidactError.is(error) ? error.code : 'failed'))
await autodidact.close()
process.stdout.write(said)

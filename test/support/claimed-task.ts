import { AdaptiveExecution } from '../../src/agents/index.ts'
import { Autodidact } from '../../src/index.ts'

/** A process that is at a task until it is killed: `node claimed-task.ts FILE`. It says `begun` when the step has begun. */
const [file = ''] = process.argv.slice(2)
const autodidact = await Autodidact.open(file, { points: { approach: { policy: { name: 'fixed', option: 'standard' } } } })
await new AdaptiveExecution({ autodidact }).execute({
  id: 'shared',
  description: 'copy the orders',
  steps: [{ id: 'a', run: () => new Promise(() => { process.stdout.write('begun\n'); setInterval(() => undefined, 1000) }) }],
})

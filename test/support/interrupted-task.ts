import { appendFileSync } from 'node:fs'
import { AdaptiveExecution, type Task, type WorkStep } from '../../src/agents/index.ts'
import { Autodidact } from '../../src/index.ts'

/**
 * A process that carries out a task of five steps and dies in the middle of one: `node interrupted-task.ts FILE JOURNAL STEP`. Each step writes its name into the journal when it begins; at STEP the
 * process kills itself, as a power cut of its own would.
 */
export const fiveSteps = (begin: (id: string) => void): Task => ({
  id: 'nightly',
  description: 'copy the orders of five shops',
  category: 'copy',
  user: 'ada',
  steps: ['a', 'b', 'c', 'd', 'e'].map((id, place, all): WorkStep => {
    const before = all[place - 1]
    return {
      id,
      ...(before === undefined ? {} : { after: [before] }),
      run: ({ outputs, attempt }) => {
        begin(id)
        if (id === 'b' && attempt === 1) throw new Error('connection reset')
        return { copied: (place + 1) * 10, sum: before === undefined ? 10 : sumOf(outputs.get(before)) + (place + 1) * 10 }
      },
    }
  }),
})

const sumOf = (output: unknown): number => (typeof output === 'object' && output !== null && 'sum' in output ? Number(output.sum) : Number.NaN)

const [file, journal, dieAt] = process.argv.slice(2)
if (file !== undefined && journal !== undefined && process.argv[1]?.endsWith('interrupted-task.ts') === true) {
  const autodidact = await Autodidact.open(file, { points: { approach: { policy: { name: 'fixed', option: 'incremental' } } } })
  const execution = new AdaptiveExecution({ autodidact, backOff: { firstMs: 1 } })
  await execution.execute(
    fiveSteps((id) => {
      appendFileSync(journal, `${id}\n`)
      if (id === dieAt) process.kill(process.pid, 'SIGKILL')
    }),
  )
  await autodidact.close()
}

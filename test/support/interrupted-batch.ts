import { appendFileSync } from 'node:fs'
import { Coordinator, type PastInteraction } from '../../src/agents/index.ts'
import { Autodidact } from '../../src/index.ts'

/**
 * A process that judges a batch of interactions and dies in the middle: `node interrupted-batch.ts FILE JOURNAL COUNT`. It writes the run of each interaction into the journal when it is asked about it, and
 * kills itself when it is asked about number COUNT; 0 kills nobody.
 */
export const scoreOf = ({ request }: Pick<PastInteraction, 'request'>): number => (Number(request.split(' ').at(-1)) % 10) / 10

const [file, journal, dieAt] = process.argv.slice(2)
if (file !== undefined && journal !== undefined && process.argv[1]?.endsWith('interrupted-batch.ts') === true) {
  const autodidact = await Autodidact.open(file)
  const coordinator = new Coordinator({ autodidact, agents: { echo: (request) => request } })
  let count = 0
  await coordinator.learnFromBatch({
    size: 8,
    judge: (interaction) => {
      appendFileSync(journal, `${interaction.run}\n`)
      count += 1
      if (count === Number(dieAt)) process.kill(process.pid, 'SIGKILL')
      return { score: scoreOf(interaction) }
    },
  })
  await autodidact.close()
}

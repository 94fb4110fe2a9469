import type { Command } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { Selector } from '../../forget/forget.ts'
import { addFileCommand, defined, type FileOptions, parseList, print, withAutodidact } from '../command.ts'

interface Options extends FileOptions {
  readonly user?: string
  readonly session?: string
  readonly run?: string
  readonly source?: string
  readonly fact?: readonly string[]
  readonly everything?: true
}

export const addForget = (program: Command): void => {
  addFileCommand(program, {
    usage: 'forget',
    summary: 'Erase facts, and what they taught',
    description: 'Erase facts and what was learned from them, for good. Name exactly one subject.',
    examples: ['autodidact forget --user ada'],
  })
    .option('--user <name>', 'everything of one user')
    .option('--session <id>', 'one conversation')
    .option('--run <id>', 'one run with its advice and feedback')
    .option('--source <name>', 'everything that one source told')
    .option('--fact <id>', 'single facts; may be repeated', parseList)
    .option('--everything', 'the whole namespace')
    .action(async ({ user, session, run, source, fact, everything, ...options }: Options) => {
      const named = defined({ user, session, run, source, facts: fact, namespace: everything })
      if (Object.keys(named).length !== 1) {
        throw new AutodidactError('INVALID_INPUT', 'Name exactly one of --user, --session, --run, --source, --fact and --everything. Nothing was erased.')
      }
      const selector = named as Selector // Exactly one field, as it was just checked.
      const report = await withAutodidact(options, 'existing', (autodidact) => autodidact.forget(selector))
      print(options, report, () => {
        const facts = `${report.facts} ${report.facts === 1 ? 'fact' : 'facts'} erased`
        return report.reason === undefined ? `${facts}.` : `${facts}, but bytes of the old text are left. ${report.reason} Run it again when that is over.`
      })
    })
}

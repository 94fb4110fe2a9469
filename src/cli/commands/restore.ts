import { type Command, Option } from 'commander'
import { addCommand, defaultFile } from '../command.ts'
import { defined } from '../option-values.ts'
import { print } from '../perform.ts'
import { copied } from './backup.ts'

interface Options {
  readonly file: string
  readonly overwrite?: true
  readonly json?: true
}

export const addRestore = (program: Command): void => {
  addCommand(program, {
    usage: 'restore <from>',
    summary: 'Put a backup in its place',
    description: 'Check a backup, and put a copy of it in the place of the file, in one step.\nWhat was forgotten since the backup is back: forget it again.',
    examples: ['autodidact restore monday.backup --file agent.db'],
  })
    .addOption(new Option('-f, --file <path>', 'where it goes').env('AUTODIDACT_FILE').default(defaultFile))
    .option('--overwrite', 'replace what is there')
    .action(async (from: string, { file, overwrite, ...options }: Options) => {
      const { restore } = await import('../../backup/restore.ts')
      const receipt = await restore(from, file, defined({ overwrite }))
      print(options, receipt, () => copied(receipt))
    })
}

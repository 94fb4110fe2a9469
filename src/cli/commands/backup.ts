import type { Command } from 'commander'
import type { BackupReceipt } from '../../storage/storage.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined } from '../option-values.ts'
import { perform } from '../perform.ts'
import { counted } from '../text.ts'

interface Options extends FileOptions {
  readonly overwrite?: true
}

/** What was copied, for a person. */
export const copied = ({ path, namespaces, bytes, digest }: BackupReceipt): string => {
  const facts = namespaces.reduce((sum, namespace) => sum + namespace.facts, 0)
  return `${counted(facts, 'fact')} of ${counted(namespaces.length, 'namespace')}, ${(bytes / 1e6).toFixed(1)} MB, in ${path}\nsha256 ${digest}`
}

export const addBackup = (program: Command): void => {
  addFileCommand(program, {
    usage: 'backup <to>',
    summary: 'A verified copy, while others write',
    description: 'Copy all namespaces, as they are at one moment, while other processes go on\nwriting. The copy is read again before it gets its name.',
    examples: ['autodidact backup monday.backup --file agent.db'],
  })
    .option('--overwrite', 'replace a backup that is there')
    .action(perform('reading', (autodidact, [to]: readonly [string], { overwrite }: Options) => autodidact.backup(to, defined({ overwrite })), copied))
}

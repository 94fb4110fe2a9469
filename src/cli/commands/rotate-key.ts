import type { Command } from 'commander'
import { AutodidactError } from '../../errors.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { encryptionIn } from '../secret.ts'

interface Options extends FileOptions {
  readonly newKeyFile?: string
  readonly newPassphraseFile?: string
}

export const addRotateKey = (program: Command): void => {
  addFileCommand(program, {
    usage: 'rotate-key',
    summary: 'Another key from now on',
    description: 'Have another key or passphrase open an encrypted file from now on.\nCopies made before still open with the old one.',
    examples: ['autodidact rotate-key --key-file old.key --new-key-file new.key'],
  })
    .option('--new-key-file <file>', 'a file with the new key')
    .option('--new-passphrase-file <file>', 'a file with the new passphrase')
    .action(async ({ newKeyFile, newPassphraseFile, ...options }: Options) => {
      const next = await encryptionIn(defined({ keyFile: newKeyFile, passphraseFile: newPassphraseFile }))
      if (next === undefined) throw new AutodidactError('INVALID_INPUT', 'Name the new key with --new-key-file, or the new passphrase with --new-passphrase-file.')
      await withAutodidact(options, 'existing', (autodidact) => autodidact.rotateKey(next))
      print(options, { file: options.file }, () => `${options.file} opens with the new ${'key' in next ? 'key' : 'passphrase'} from now on.`)
    })
}

import { readFileSync } from 'node:fs'
import { AutodidactError } from '../errors.ts'
import type { EncryptionSettings } from '../storage/storage.ts'
import { readText } from './input.ts'

/** Where a command finds a key; never in its arguments, which every user of the machine can see. */
export interface SecretFiles {
  readonly keyFile?: string
  readonly passphraseFile?: string
}

const keyBytes = 32

/** A key as its 32 bytes, or as 64 hexadecimal digits with or without an end of line. */
const keyIn = (path: string): Uint8Array | string => {
  let content: Buffer
  try {
    content = readFileSync(path)
  } catch (error) {
    throw new AutodidactError('CANNOT_OPEN', `The file "${path}" cannot be read. Check the path.`, { cause: error })
  }
  return content.length === keyBytes ? content : content.toString('latin1').trim()
}

/**
 * The key or passphrase in the file that was named; undefined when none was. A passphrase may come from standard input (`-`).
 *
 * @throws AutodidactError `INVALID_INPUT` for both at once, `CANNOT_OPEN`
 */
export const encryptionIn = async ({ keyFile, passphraseFile }: SecretFiles): Promise<EncryptionSettings | undefined> => {
  if (keyFile !== undefined && passphraseFile !== undefined) {
    throw new AutodidactError('INVALID_INPUT', 'Name a file with a key or one with a passphrase, not both. Nothing was opened.')
  }
  if (keyFile !== undefined) return { key: keyIn(keyFile) }
  return passphraseFile === undefined ? undefined : { passphrase: (await readText(passphraseFile)).replace(/\r?\n$/, '') }
}

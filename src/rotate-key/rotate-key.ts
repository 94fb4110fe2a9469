import { encryptionInput } from '../encryption/input.ts'
import { AutodidactError } from '../errors.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import type { EncryptionSettings } from '../storage/storage.ts'

/**
 * Opens an encrypted store with another key from now on. Payloads are encrypted with a key of the store's own, and only that one is encrypted anew, so this
 * takes no time; whoever knew the old key and kept a copy of the store can still read that copy.
 *
 * @throws AutodidactError `NOT_ENCRYPTED`, `INVALID_INPUT`, `NOT_ALLOWED` for a store without keys, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const rotateKey = async ({ storage }: Scope, next: EncryptionSettings): Promise<void> => {
  validated(encryptionInput, next, 'rotateKey')
  if (storage.rotateKey === undefined) throw new AutodidactError('NOT_ALLOWED', 'This store has no key. Encrypt what it writes to by its own means.')
  await storage.rotateKey(next)
}

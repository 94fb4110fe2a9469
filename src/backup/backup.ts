import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import type { BackupReceipt, BackupSettings } from '../storage/storage.ts'
import { backupSettings } from './input.ts'

/**
 * Writes a copy of the whole store, all namespaces, as it is at one moment, while this process and others go on writing. The copy is read again and compared with
 * what was copied before it gets its name. An encrypted store stays encrypted.
 *
 * What is forgotten later stays in it: a backup is out of reach.
 *
 * @throws AutodidactError `INVALID_INPUT`, `ALREADY_EXISTS`, `NOT_ALLOWED` where something else would be lost or the store has no backup, `CANNOT_OPEN`,
 * `DISK_FULL`, `CORRUPT`, `CLOSED`
 */
export const backup = async ({ storage }: Scope, to: string, settings: BackupSettings = {}): Promise<BackupReceipt> => {
  validated(z.string(), to, 'backup: path')
  const checked = backupSettings(settings, 'backup')
  if (storage.backup === undefined) throw new AutodidactError('NOT_ALLOWED', 'This store makes no backup of itself. Use the means of what it writes to.')
  return storage.backup(to, checked)
}

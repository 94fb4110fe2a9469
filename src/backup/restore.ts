import { z } from 'zod'
import { validated } from '../log/validate.ts'
import type { BackupReceipt, BackupSettings } from '../storage/storage.ts'
import { storeAt } from '../storage/stores.ts'
import { backupSettings } from './input.ts'

/**
 * Puts a copy of a backup in its place: read through and compared with what was backed up first, written beside its place, read again there, and then named in one
 * step. The backup stays as it is, and no key is needed.
 *
 * What was forgotten after the backup was made is back with it: forget it again.
 *
 * @param from what `backup` wrote
 * @param to where it goes; only with `overwrite` to where a store is
 * @throws AutodidactError `INVALID_INPUT` for what is no backup, `ALREADY_EXISTS`, `NOT_ALLOWED`, `NOT_A_DATABASE`, `NEWER_VERSION`, `CORRUPT` for one that is not as
 * it was written, `BUSY` while a process has the store open that is to be replaced, `CANNOT_OPEN`, `DISK_FULL`
 */
export const restore = async (from: string, to: string, settings: BackupSettings = {}): Promise<BackupReceipt> => {
  for (const path of [from, to]) validated(z.string(), path, 'restore: path')
  return storeAt(from).restore(from, to, backupSettings(settings, 'restore'))
}

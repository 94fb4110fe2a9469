import { z } from 'zod'
import type { BackupSettings } from '../storage/storage.ts'
import { validated } from '../log/validate.ts'

const settingsInput = z.strictObject({
  overwrite: z.boolean().optional(),
  onProgress: z.custom<NonNullable<BackupSettings['onProgress']>>((value) => typeof value === 'function', 'must be a function').optional(),
})

/**
 * The settings of a backup or of restoring one, checked.
 *
 * @throws AutodidactError `INVALID_INPUT`
 */
export const backupSettings = (given: BackupSettings, what: string): BackupSettings => {
  const { overwrite, onProgress } = validated(settingsInput, given, what)
  return { ...(overwrite === undefined ? {} : { overwrite }), ...(onProgress === undefined ? {} : { onProgress }) }
}

import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isStore, readDescription } from './file.ts'
import { Lock } from './lock.ts'

/**
 * Removes a folder that nothing was written in, unless somebody else writes to it. For whoever made it a moment ago.
 */
export const removeUnused = async (given: string): Promise<void> => {
  const folder = resolve(given)
  if (!isStore(folder)) return
  let lock: Lock | undefined
  try {
    lock = await Lock.acquire(folder)
    const { data } = readDescription(folder)
    const own = ['lock', 'store.json', data]
    const isUnused = readdirSync(folder).every((name) => own.includes(name)) && (!existsSync(join(folder, data)) || readdirSync(join(folder, data)).length === 0)
    if (isUnused) rmSync(folder, { recursive: true })
  } catch {
    // Somebody else writes to it, or it cannot be removed while it is locked: it stays, and holds nothing.
  } finally {
    lock?.release()
  }
}

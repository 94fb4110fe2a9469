import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What Node and its tools keep for themselves. */
const ignored: ReadonlySet<string> = new Set(['node-compile-cache'])

const memory = '/dev/shm'

/** What `statfs` calls a file system in memory: https://man7.org/linux/man-pages/man2/statfs.2.html */
const temporaryFileSystem = 0x01021994

/** Bytes that must be free there, more than ten times as many as a run needs at once. */
const enough = 2 * 1024 ** 3

/**
 * Where nobody says otherwise with `TMPDIR`, in memory, if there is room: the tests that work with files wait a quarter less. What a process that is killed has written
 * is there afterwards on either; what a machine without power has written no test here can ask.
 */
const place = (): string => {
  if (process.env['TMPDIR'] !== undefined) return tmpdir()
  try {
    const { type, bavail, bsize } = statfsSync(memory)
    return type === temporaryFileSystem && bavail * bsize >= enough ? memory : tmpdir()
  } catch {
    return tmpdir()
  }
}

/**
 * Gives a whole run of the tests one folder for temporary files and takes it away at the end. A test that leaves something there fails the run: on a machine that runs
 * them every day it would fill the disk.
 */
export const setup = (): (() => void) => {
  const before = process.env['TMPDIR']
  const root = mkdtempSync(join(place(), 'autodidact-tests-'))
  // Some tests start processes of another user.
  chmodSync(root, 0o755)
  process.env['TMPDIR'] = root
  return () => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    const left = readdirSync(root).filter((name) => !ignored.has(name))
    rmSync(root, { recursive: true, force: true })
    if (left.length > 0) throw new Error(`Left in the folder for temporary files: ${left.join(', ')}. The test that made it must remove it.`)
  }
}

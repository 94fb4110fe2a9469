import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What Node and its tools keep for themselves. */
const ignored: ReadonlySet<string> = new Set(['node-compile-cache'])

/**
 * Gives a whole run of the tests one folder for temporary files and takes it away at the end. A test that leaves something there fails the run: on a machine that runs
 * them every day it would fill the disk.
 */
export const setup = (): (() => void) => {
  const before = process.env['TMPDIR']
  const root = mkdtempSync(join(tmpdir(), 'autodidact-tests-'))
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

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { isSea } from 'node:sea'

/** As text, because a bundler that packs the store into one file would leave a second one behind. A byte between two files keeps the end of one from going on in the next. */
const program = `
  const { createReadStream } = require('node:fs')
  const { once } = require('node:events')
  const read = async () => {
    for (const path of process.argv.slice(1)) {
      try {
        for await (const chunk of createReadStream(path, { highWaterMark: 262144 })) if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
      } catch (error) {
        if (error.code !== 'ENOENT') throw error
      }
      process.stdout.write(Buffer.of(0))
    }
  }
  read().catch(() => { process.exitCode = 1 })`

/** Whether this process can start another one that runs a program of ours: not under `--permission`, nor where Node is part of an application. */
const mayStart = (): boolean => {
  // Declared as if it were there always; it is under `--permission` only.
  const permission: typeof process.permission | undefined = process.permission
  return (permission === undefined || permission.has('child')) && !isSea()
}

const start = (paths: readonly string[]): ChildProcess => {
  const { NODE_OPTIONS: _options, ...environment } = process.env
  return spawn(process.execPath, ['--no-warnings', '--eval', program, ...paths], {
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
    env: { ...environment, ELECTRON_RUN_AS_NODE: '1' },
  })
}

/**
 * The bytes of files, one after the other, read by another process. This one must not: when a process closes a file, the system takes away all locks that it has on it, also those of SQLite
 * (https://www.sqlite.org/howtocorrupt.html, 2.2). A file that is gone meanwhile is passed over.
 *
 * @param paths absolute
 * @returns undefined where no other process may be started
 */
export const readElsewhere = (paths: readonly string[]): AsyncIterable<Uint8Array> | undefined => (mayStart() ? bytesOf(paths) : undefined)

async function* bytesOf(paths: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  const child = start(paths)
  // A process that could not be started says so here, and has no end to wait for.
  const ended = once(child, 'close')
  ended.catch(() => undefined)
  try {
    if (child.stdout !== null) for await (const chunk of child.stdout) yield chunk
    const [code] = await ended
    if (code !== 0) throw new Error(`Files of the store could not be read: ${paths.join(', ')}.`)
  } finally {
    child.kill()
  }
}

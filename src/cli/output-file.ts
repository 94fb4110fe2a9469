import { createWriteStream, existsSync, lstatSync, openSync, readSync, closeSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AutodidactError } from '../errors.ts'

/** How a database begins, and a log of a store in a folder. */
const marks = ['SQLite format 3\0', '{"crc":"']

const isDatabase = (path: string): boolean => {
  const file = openSync(path, 'r')
  try {
    const beginning = Buffer.alloc(16)
    const read = readSync(file, beginning)
    return marks.some((mark) => beginning.toString('latin1', 0, read).startsWith(mark))
  } finally {
    closeSync(file)
  }
}

/** The file that a path leads to, through links; undefined for what is no ordinary file, such as a pipe or a terminal, which can only be written on. */
const replaceable = (path: string): string | undefined => {
  // A link that leads nowhere exists all the same; what is written through it begins where it points.
  if (!existsSync(path)) return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? undefined : path
  const target = statSync(path)
  if (target.isDirectory()) throw new AutodidactError('CANNOT_OPEN', `"${path}" is a folder. Name a file in it.`)
  return target.isFile() ? realpathSync(path) : undefined
}

/** Whether a file that is there may be replaced, for commands that write one. */
export interface OutputOptions {
  readonly overwrite?: true
}

export const overwriteOption = ['--overwrite', 'replace a file that is there'] as const

/**
 * Writes a file as a whole or not at all: beside it first, then in its place. A database is not written over, which may be the very file that is read.
 *
 * @throws AutodidactError `INVALID_INPUT`, `ALREADY_EXISTS`, `CANNOT_OPEN`, and what `lines` throws
 */
export const writeFile = async (path: string, lines: AsyncIterable<string>, { overwrite }: OutputOptions): Promise<void> => {
  if (path === '-') throw new AutodidactError('INVALID_INPUT', '"-" would be a file of that name. Nothing was written; name another file, or /dev/stdout to print it.')
  let target: string | undefined
  let partial: string | undefined
  try {
    target = replaceable(path)
    if (target !== undefined && existsSync(target) && isDatabase(target)) {
      throw new AutodidactError('CANNOT_OPEN', `"${path}" is a database and would be lost. Name another file for the output.`)
    }
    if (target !== undefined && existsSync(target) && overwrite !== true) {
      throw new AutodidactError('ALREADY_EXISTS', `"${path}" is there already. Nothing was written; name another file, or pass --overwrite to replace it.`)
    }
    partial = target === undefined ? undefined : join(dirname(target), `.${basename(target)}.${process.pid}.partial`)
    await pipeline(Readable.from(lines), createWriteStream(partial ?? path))
    if (partial !== undefined && target !== undefined) renameSync(partial, target)
  } catch (error) {
    if (partial !== undefined) rmSync(partial, { force: true })
    // Reading what is to be written has errors of its own, which say more.
    if (AutodidactError.is(error)) throw error
    throw new AutodidactError('CANNOT_OPEN', `"${path}" cannot be written. Check the folder and the rights, or name another file.`, { cause: error })
  }
}

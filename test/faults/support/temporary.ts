import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { AutodidactError, type ErrorCode } from '../../../src/errors.ts'

/** A folder for the files of one test file, gone when its tests are done. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-faults-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The code of the error that `work` ends with; undefined without one. An error that is not ours fails the test. */
export const codeOf = async (work: Promise<unknown>): Promise<ErrorCode | undefined> => {
  try {
    await work
    return undefined
  } catch (error) {
    if (AutodidactError.is(error)) return error.code
    throw error
  }
}

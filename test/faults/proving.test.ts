import { spawnSync } from 'node:child_process'
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import { temporaryFolder } from './support/temporary.ts'
import { program } from '../support/programs.ts'

const folder = temporaryFolder()
let files = 0
const newPath = (): string => join(folder, `agent ${(files += 1)}.db`)
const library = pathToFileURL(program('autodidact-library')).href

/** A file that is too large to be written anew at once, with one text of Ada's in it. */
const original = join(folder, 'large.db')

beforeAll(async () => {
  const autodidact = await Autodidact.open(original)
  // Recorded, not remembered: what is remembered is compared with all that is known, which would take longer than all the rest.
  for (let place = 0; place < 10; place += 1) await autodidact.record({ run: `run ${place}`, task: `refund ${place}`, response: `${place} orders and refunds `.repeat(30_000), success: true })
  await autodidact.remember({ content: 'Ada refunds on Mondays', user: 'ada' })
  await autodidact.close()
  // `rewriteFile` begins to call a file large there.
  expect(statSync(original).size).toBeGreaterThan(4 * 1024 * 1024)
})

const large = (path: string): void => copyFileSync(original, path)

/** Forgets Ada in a program of its own. */
const forgotten = (path: string, ...flags: readonly string[]): unknown => {
  const program = `
    const { Autodidact } = await import(${JSON.stringify(library)})
    const autodidact = await Autodidact.open(${JSON.stringify(path)})
    console.log(JSON.stringify(await autodidact.forget({ user: 'ada' })))
    await autodidact.close()`
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...flags, '--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe('the proof of an erasure in a large file', () => {
  test.each([
    ['in a program given on the command line', [], 3],
    ['where no thread may be started', ['--permission', '--allow-fs-read=*', '--allow-fs-write=*'], 0],
  ])('is made %s', async (_where, flags, files) => {
    const path = newPath()
    large(path)
    expect(forgotten(path, ...flags)).toMatchObject({ facts: 1, status: 'proven', scan: { files, found: 0 } })
  })

  test.each([['a small file', () => {}], ['a large file', large]])('says what stands in its way, in %s', async (_size, fill) => {
    const path = newPath()
    fill(path)
    const autodidact = await Autodidact.open(path)
    await autodidact.remember({ content: 'Ada lives in Oslo', user: 'ada' })
    // An index that only another program can keep up: SQLite cannot write a file with it anew.
    const other = new DatabaseSync(path, { timeout: 5_000 })
    other.function('foreign_order', { deterministic: true }, (value) => value)
    other.exec('CREATE TABLE foreign_table (value); INSERT INTO foreign_table VALUES (1); CREATE INDEX foreign_index ON foreign_table (foreign_order(value))')
    const report = await autodidact.forget({ user: 'ada' })
    expect(report).toMatchObject({ status: 'pending', reason: expect.stringMatching(/^The file could not be written anew: .*foreign_order/) })
    other.exec('DROP TABLE foreign_table')
    other.close()
    expect(await autodidact.forget({ user: 'ada' })).toMatchObject({ facts: 0, status: 'proven', scan: { found: 0 } })
    await autodidact.close()
  })
})

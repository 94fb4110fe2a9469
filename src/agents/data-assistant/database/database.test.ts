import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../../../../scripts/bundle.ts'
import { ReadOnlyDatabase } from './database.ts'

const folder = mkdtempSync(join(tmpdir(), 'read-only-'))
const path = join(folder, 'some.db')
let database: ReadOnlyDatabase

beforeAll(async () => {
  const writer = new DatabaseSync(path)
  writer.exec("CREATE TABLE tree (name TEXT, height REAL); INSERT INTO tree VALUES ('ash', 35.5), ('oak', 40), ('yew', NULL); CREATE VIEW tall AS SELECT name FROM tree WHERE height > 36")
  writer.close()
  database = await ReadOnlyDatabase.open(path)
})

afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

test('says what a bundler has to do that left out the program which reads', async () => {
  const bundled = join(folder, 'bundled')
  await bundle({ reader: 'src/agents/data-assistant/database/database.ts' }, bundled)
  rmSync(join(bundled, 'database-process.js'))
  const reader = (await import(pathToFileURL(join(bundled, 'reader.js')).href)) as typeof import('./database.ts') // It is the same module, put together.
  await expect(reader.ReadOnlyDatabase.open(path)).rejects.toMatchObject({ code: 'CANNOT_OPEN', message: expect.stringMatching(/database-process\.js", is not there\. .*external/) })
})

test('reads tables and views, and their schema', async () => {
  expect(database.schema.columns.map(({ table, name }) => `${table}.${name}`)).toEqual(['tree.name', 'tree.height', 'tall.name'])
  expect((await database.query('SELECT name, height FROM tree ORDER BY name;')).rows).toEqual([['ash', 35.5], ['oak', 40], ['yew', null]])
  expect((await database.query('SELECT * FROM tall')).rows).toEqual([['oak']])
  expect((await database.query('SELECT count(*) FROM tree WHERE name = "oak"')).rows).toEqual([[1]])
})

test.each([
  'DELETE FROM tree',
  'PRAGMA journal_mode = DELETE',
  "ATTACH 'other.db' AS other",
  "VACUUM INTO 'copy.db'",
  'CREATE TABLE more (x)',
  'SELECT 1; DELETE FROM tree',
  'WITH gone AS (SELECT 1) DELETE FROM tree',
  "SELECT load_extension('x')",
  "SELECT * FROM pragma_table_info('tree')",
  'SELECT file FROM pragma_database_list',
  'SELECT * FROM dbstat',
  'SELECT count(*) FROM dbstat',
  "/* SELECT */ UPDATE tree SET name = 'x'",
])('refuses %s', async (sql) => {
  await expect(database.query(sql)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  expect((await database.query('SELECT count(*) FROM tree')).rows).toEqual([[3]])
})

test.each([
  ['WITH gone AS (SELECT 1) INSERT INTO tree SELECT 1, 2', 'writes to the table "tree"'],
  ['WITH gone AS (SELECT 1) DELETE FROM tree', 'writes to the table "tree"'],
  ['SELECT seq FROM pragma_database_list', 'reads "pragma_database_list"'],
  ["SELECT load_extension('x')", 'calls the function "load_extension"'],
])('says what is not allowed about %s', async (sql, deed) => {
  await expect(database.query(sql)).rejects.toMatchObject({ code: 'NOT_ALLOWED', message: expect.stringContaining(`The query ${deed}, which is not allowed here.`) as string })
})

test('a database that another process holds is busy: neither a wrong query nor no database', async () => {
  const held = join(folder, 'held.db')
  const writer = new DatabaseSync(held)
  writer.exec('CREATE TABLE t (x); BEGIN EXCLUSIVE')
  const busy = { code: 'BUSY', message: expect.stringContaining('Another process holds the database.') as string }
  await expect(ReadOnlyDatabase.open(held)).rejects.toMatchObject(busy)
  writer.exec('COMMIT')
  const reader = await ReadOnlyDatabase.open(held)
  writer.exec('BEGIN EXCLUSIVE')
  await expect(reader.query('SELECT * FROM t')).rejects.toMatchObject(busy)
  writer.exec('COMMIT')
  expect((await reader.query('SELECT * FROM t')).rows).toEqual([])
  await reader.close()
  writer.close()
})

test('a semicolon or a keyword inside a string is no second statement', async () => {
  expect((await database.query("SELECT '; DELETE FROM tree' AS text -- ; DROP TABLE tree")).rows).toEqual([['; DELETE FROM tree']])
})

test('too many rows are an error, or the beginning on request', async () => {
  await expect(database.query('SELECT * FROM tree', { maximumRows: 2 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  const { rows, truncated } = await database.query('SELECT * FROM tree', { maximumRows: 2, truncate: true })
  expect([rows.length, truncated]).toEqual([2, true])
  expect((await database.query('SELECT * FROM tree', { maximumRows: 3 })).truncated).toBe(false)
})

test('whole numbers are exact, also those of 64 bits', async () => {
  const { rows } = await database.query("SELECT 7, 9007199254740991, 9007199254740993, -9223372036854775808, 0.5, x'00ff'")
  expect(rows).toEqual([[7, 9_007_199_254_740_991, 9_007_199_254_740_993n, -9_223_372_036_854_775_808n, 0.5, Uint8Array.of(0, 255)]])
})

test('a query that never produces a row is stopped, and the next one is answered', async () => {
  const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n'
  await expect(database.query(endless, { maximumMs: 100 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  expect((await database.query('SELECT 1')).rows).toEqual([[1]])
})

test('its version changes with what others write, and with nothing else', async () => {
  const writer = new DatabaseSync(join(folder, 'changing.db'))
  writer.exec('CREATE TABLE t (x)')
  for (const mode of ['DELETE', 'WAL']) {
    writer.exec(`PRAGMA journal_mode = ${mode}`)
    const reader = await ReadOnlyDatabase.open(join(folder, 'changing.db'))
    const first = await reader.version()
    const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n'
    await expect(reader.query(endless, { maximumMs: 50 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect(await reader.version()).toBe(first)
    writer.exec('INSERT INTO t VALUES (1)')
    const second = await reader.version()
    expect(second).not.toBe(first)
    writer.exec('CREATE TABLE IF NOT EXISTS u (y)')
    writer.exec('INSERT INTO t VALUES (2)')
    const third = await reader.version()
    expect(third).not.toBe(second)
    expect(await reader.version()).toBe(third)
    // The process that has seen the file last may be gone when somebody writes.
    await expect(reader.query(endless, { maximumMs: 50 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    writer.exec('INSERT INTO t VALUES (3)')
    expect(await reader.version()).not.toBe(third)
    await reader.close()
  }
  writer.close()
})

describe('what would fill the memory is stopped, and the next query is answered:', () => {
  const many = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000)'
  // The memory that the process had at most is what the test is about: without a limit each of these takes more than a gigabyte.
  test.each([
    ['a huge value', 'SELECT zeroblob(1000000000)', 'too long'],
    ['many large values', `${many} SELECT zeroblob(1000000) FROM n`, 'more than 64 MB'],
    ['many long texts', `${many} SELECT printf('%.*c', 1000000, 'x') FROM n`, 'more than 64 MB'],
    ['one row of many large values', `SELECT ${Array.from({ length: 200 }, () => 'zeroblob(16000000)').join()}`, ''],
    ['much to sort', `${many} SELECT x FROM (SELECT x, CAST(zeroblob(10000000) AS TEXT) || x AS long FROM n) ORDER BY long DESC`, 'too much memory'],
  ])('%s', async (_what, sql, words) => {
    await expect(database.query(sql, { maximumMs: 60_000 })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining(words) as string })
    expect((await database.query('SELECT 1')).rows).toEqual([[1]])
  })

  test('the beginning of what is too large, on request', async () => {
    const { rows, truncated } = await database.query(`${many} SELECT zeroblob(1048576) FROM n`, { truncate: true, maximumMs: 60_000 })
    expect([rows.length, truncated]).toEqual([63, true])
    await expect(database.query(`SELECT ${Array.from({ length: 5 }, () => 'zeroblob(16000000)').join()}`, { truncate: true })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })
})

test('errors say what to do', async () => {
  await expect(database.query('SELECT nothing FROM nowhere')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(database.query('  ')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(database.query('SELECT 1', { maximumRows: 0 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(ReadOnlyDatabase.open(join(folder, 'missing.db'))).rejects.toMatchObject({ code: 'CANNOT_OPEN' })
  writeFileSync(join(folder, 'text.db'), 'this is no database, however long the text may be')
  await expect(ReadOnlyDatabase.open(join(folder, 'text.db'))).rejects.toMatchObject({ code: 'NOT_A_DATABASE' })
  const other = await ReadOnlyDatabase.open(path)
  await other.close()
  await other.close()
  await expect(other.query('SELECT 1')).rejects.toMatchObject({ code: 'CLOSED' })
})

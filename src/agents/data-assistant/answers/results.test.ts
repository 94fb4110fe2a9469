import { expect, test } from 'vitest'
import { AutodidactError } from '../../../errors.ts'
import type { QueryRunner } from '../database/database.ts'
import { Results } from './results.ts'
import { Schema } from '../database/schema.ts'

const counting = (): { database: QueryRunner; asked: string[] } => {
  const asked: string[] = []
  const query: QueryRunner['query'] = async (sql) => {
    asked.push(sql)
    if (sql === 'bad') throw new AutodidactError('INVALID_INPUT', 'no such query')
    if (sql === 'gone') throw new AutodidactError('CLOSED', 'closed')
    const rows = sql === 'nothing' ? [] : Array.from({ length: 30 }, (_, at) => [at, sql.startsWith('same') ? 'x' : sql])
    return { columns: ['a', 'b'], rows, truncated: false }
  }
  return { database: { schema: new Schema([]), query }, asked }
}

test('equal results have equal keys, other results others, and each query is run once', async () => {
  const { database, asked } = counting()
  const results = new Results(database)
  expect(await results.of('same 1')).toBe(await results.of('same 2'))
  expect(await results.of('same 1')).not.toBe(await results.of('other'))
  expect(await results.of('nothing')).toBe('')
  expect(await results.of('bad')).toBeUndefined()
  expect(await results.of('bad')).toBeUndefined()
  expect(asked).toEqual(['same 1', 'same 2', 'other', 'nothing', 'bad'])
})

test('a closed database is an error rather than a query that cannot be run', async () => {
  await expect(new Results(counting().database).of('gone')).rejects.toMatchObject({ code: 'CLOSED' })
})

test('what was used least lately is run again when there are too many', async () => {
  const { database, asked } = counting()
  const results = new Results(database, 2)
  for (const query of ['a', 'b', 'a', 'c', 'a', 'b']) await results.of(query)
  expect(asked).toEqual(['a', 'b', 'c', 'b'])
})

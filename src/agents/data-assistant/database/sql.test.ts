import { describe, expect, test } from 'vitest'
import { Schema } from './schema.ts'
import { parseQuery, queryText, readableQuery, singleSelect } from './sql.ts'
import { bestFilling, fill, sizeOf, templateOf } from '../templates/template.ts'
import { type Span, ValueIndex } from '../templates/values.ts'

const schema = new Schema([{ name: 'tree', columns: ['name', 'height', 'park'] }, { name: 'park', columns: ['name', 'area'] }])
const canonical = (sql: string): string => queryText(parseQuery(sql, schema))

const columnOf = (sql: string): string[] => parseQuery(sql, schema).filter((token) => token.kind === 'literal').map((token) => `${token.table ?? ''}.${token.column ?? ''}`)
const span = (text: string, kind: 'text' | 'number' = 'text'): Span => ({ kind, text, key: text.toLowerCase(), groups: [], inner: false })
const numbers = (...texts: string[]): Span[] => texts.map((text) => span(text, 'number'))
const empty = () => ValueIndex.read({ schema: new Schema([]), query: () => Promise.reject(new Error('nothing to read')) })

test.each([
  ['SELECT COUNT ( * ) FROM director AS a0 WHERE a0 . name = \'a . b ( c\'', "SELECT COUNT(*) FROM director AS a0 WHERE a0.name = 'a . b ( c'"],
  ['SELECT name , area FROM park WHERE area IN ( 1 , 2 ) AND NOT ( a - -1 > .5 )', 'SELECT name, area FROM park WHERE area IN (1, 2) AND NOT (a - -1 > .5)'],
  ["SELECT x'00ff' , 0x1F,1_000 -- why\n, a||'b'", "SELECT x'00ff', 0x1F,1_000, a||'b'"],
  ['SELECT "x y" . "z" FROM (\n  SELECT max ( 1.5 ) )', 'SELECT "x y"."z" FROM (SELECT max(1.5))'],
  ['', ''],
])('%s is shown as a person writes it', (sql, readable) => {
  expect(readableQuery(sql)).toBe(readable)
  expect(canonical(readable)).toBe(canonical(sql))
})

test('aliases, letter case and comments do not matter', () => {
  const plain = canonical("SELECT a.name FROM tree AS a WHERE a.height > 3 AND a.park = 'north'")
  expect(canonical("select X1.NAME from TREE X1 where x1.height>3")).toBe('SELECT a0 . name FROM tree a0 WHERE a0 . height > 3')
  expect(canonical("select zed.name /* which */ from TREE as zed where zed.height > 3 and zed.park = \"north\" -- there")).toBe(plain)
})

test('a literal knows the column it is compared with', () => {
  expect(columnOf("SELECT name FROM tree WHERE park = 'x' AND height BETWEEN 1 AND 2")).toEqual(['tree.park', 'tree.height', 'tree.height'])
  expect(columnOf("SELECT t.name FROM park AS p, tree AS t WHERE p.name IN ('x', 'y') OR t.name LIKE '%z%'")).toEqual(['park.name', 'park.name', 'tree.name'])
  expect(columnOf("SELECT name FROM tree WHERE LOWER(park) = 'x'")).toEqual(['tree.park'])
})

test('a column that is called like a table belongs to the table it is read from', () => {
  expect(columnOf("SELECT park FROM tree WHERE name = 'x'")).toEqual(['tree.name'])
})

test('a template is filled with other values, quoted safely and with its wildcards', async () => {
  const values = await empty()
  const tokens = parseQuery("SELECT name FROM tree WHERE park LIKE '%north%' AND height > 3", schema)
  const { template, order } = templateOf(tokens, [span('3', 'number'), span('North')], schema, values)
  expect(order).toEqual([1, 0])
  expect(fill(template, [span("o'hara"), span('7', 'number')], values)).toBe("SELECT name FROM tree WHERE park LIKE '%o''hara%' AND height > 7")
})

test('a column without a table belongs to the nearest query around it that reads one', () => {
  expect(columnOf("SELECT count(*) FROM tree WHERE park IN (SELECT name FROM park WHERE name = 'x') AND name = 'y'")).toEqual(['park.name', 'tree.name'])
  expect(columnOf("SELECT name FROM park WHERE EXISTS (SELECT height FROM tree WHERE area > 3 AND height > 2)")).toEqual(['park.area', 'tree.height'])
  expect(columnOf("SELECT height FROM (SELECT height FROM tree WHERE park = 'z') WHERE height < 9")).toEqual(['tree.park', 'tree.height'])
})

describe('numbers', () => {
  test('between quotes, and within a date, are slots for numbers', async () => {
    const values = await empty()
    const tokens = parseQuery("SELECT name FROM tree WHERE strftime('%Y', park) = '2022' AND park < '2023-01-01'", schema)
    const { template } = templateOf(tokens, numbers('2022', '2023'), schema, values)
    expect(template.slots.map(({ kind }) => kind)).toEqual(['number', 'number'])
    expect(fill(template, numbers('1999', '2001'), values)).toBe("SELECT name FROM tree WHERE STRFTIME ( '%Y' , park ) = '1999' AND park < '2001-01-01'")
  })

  test('that are only digits of another number or of a word are none', async () => {
    const tokens = parseQuery("SELECT name FROM tree WHERE park = 'north 12b' OR park = 'a1.5' OR park = '120'", schema)
    expect(templateOf(tokens, numbers('12', '1', '5', '20'), schema, await empty()).template.slots).toEqual([])
  })

  test('take the slots whose numbers were about as large, otherwise those in the same order', () => {
    const slots = [0, 1].map(() => ({ kind: 'number', column: undefined, group: undefined }) as const)
    const before = { order: [0, 1], sizes: numbers('2022', '5').map(sizeOf) }
    expect(bestFilling(slots, numbers('8', '2019'), before)).toEqual([1, 0])
    expect(bestFilling(slots, numbers('2019', '8'), before)).toEqual([0, 1])
    expect(bestFilling(slots, numbers('40', '30'), { order: [0, 1], sizes: numbers('20', '50').map(sizeOf) })).toEqual([0, 1])
    expect(bestFilling(slots.slice(1), numbers('2019', '8'), { order: [1], sizes: numbers('5').map(sizeOf) })).toEqual([1])
    expect(bestFilling(slots, numbers('8'), before)).toBeUndefined()
  })
})

// Each of these took minutes where a pattern read on from every place to the end.
test('a query of hostile length is read once, not once for each of its characters', async () => {
  const long = 1_000_000
  expect(singleSelect(`SELECT 1${' '.repeat(long)}AS one ; ;`)).toBe(`SELECT 1${' '.repeat(long)}AS one`)
  expect(singleSelect(`SELECT ${'['.repeat(long)}`)).toHaveLength(long + 7)
  const tokens = parseQuery(`SELECT name FROM tree WHERE park LIKE 'a${'%'.repeat(long)}b'`, schema)
  expect(templateOf(tokens, [span('north')], schema, await empty()).template.slots).toEqual([])
})

import { expect, test } from 'vitest'
import { Schema } from './schema.ts'
import { parseQuery, queryText } from './sql.ts'
import { fill, templateOf } from './template.ts'
import { type Span, ValueIndex } from './values.ts'

const schema = new Schema([{ name: 'tree', columns: ['name', 'height', 'park'] }, { name: 'park', columns: ['name', 'area'] }])
const canonical = (sql: string): string => queryText(parseQuery(sql, schema))

const columnOf = (sql: string): string[] => parseQuery(sql, schema).filter((token) => token.kind === 'literal').map((token) => `${token.table ?? ''}.${token.column ?? ''}`)
const span = (text: string, kind: 'text' | 'number' = 'text'): Span => ({ kind, text, key: text.toLowerCase(), groups: [], inner: false })

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
  const values = await ValueIndex.read({ schema: new Schema([]), query: () => Promise.reject(new Error('nothing to read')) })
  const tokens = parseQuery("SELECT name FROM tree WHERE park LIKE '%north%' AND height > 3", schema)
  const { template, order } = templateOf(tokens, [span('3', 'number'), span('North')], schema, values)
  expect(order).toEqual([1, 0])
  expect(fill(template, [span("o'hara"), span('7', 'number')], values)).toBe("SELECT name FROM tree WHERE park LIKE '%o''hara%' AND height > 7")
})

import { expect, test } from 'vitest'
import { Analogies } from './analogy.ts'
import { Schema } from '../database/schema.ts'
import { parseQuery } from '../database/sql.ts'
import { type Template, templateOf } from './template.ts'
import { type Span, ValueIndex } from './values.ts'

const schema = new Schema([{ name: 'tree', columns: ['name', 'height', 'park'] }, { name: 'park', columns: ['name', 'area'] }])
const groups: Record<string, number> = { 'tree.name': 0, 'tree.park': 1, 'park.name': 1 }

/** The template of a query in which the text 'x' is a slot. */
const templateFor = async (sql: string): Promise<Template> => {
  const values = await ValueIndex.read({ schema: new Schema([]), query: () => Promise.reject(new Error('nothing to read')) })
  const span: Span = { kind: 'text', text: 'x', key: 'x', groups: [], inner: false }
  const { template } = templateOf(parseQuery(sql, schema), [span], schema, values)
  const slots = template.slots.map((slot) => {
    const column = schema.columns[slot.column ?? -1]
    return { ...slot, group: column === undefined ? undefined : groups[`${column.table}.${column.name}`] }
  })
  return { ...template, slots }
}

const variantsOf = async (known: readonly string[], sql: string): Promise<string[]> => {
  const analogies = new Analogies((table, column) => groups[`${table}.${column}`])
  for (const query of known) analogies.learn(await templateFor(query))
  return analogies.variants(await templateFor(sql), () => 0, 50).map(({ template }) => template.key)
}

test('a value may become a query that yields values of the same group, and of no other', async () => {
  const variants = await variantsOf(["SELECT a.park FROM tree AS a WHERE a.name = 'x'"], "SELECT b.area FROM park AS b WHERE b.name = 'x'")
  expect(variants).toContain('SELECT a0 . area FROM park AS a0 WHERE a0 . name IN ( SELECT a1 . park FROM tree AS a1 WHERE a1 . name = ?0 )')
  expect(await variantsOf(["SELECT a.name FROM tree AS a WHERE a.park = 'x'"], "SELECT b.area FROM park AS b WHERE b.name = 'x'")).toEqual([])
})

test('two queries that differ in one part teach an exchange that works in a third', async () => {
  const known = ['SELECT MAX(height) FROM tree', 'SELECT MIN(height) FROM tree']
  expect(await variantsOf(known, "SELECT MAX(height) FROM tree WHERE park = 'x'")).toEqual(['SELECT MIN ( height ) FROM tree WHERE park = ?0'])
  expect(await variantsOf(known, 'SELECT MAX(area) FROM park')).toEqual(['SELECT MIN ( area ) FROM park'])
  expect(await variantsOf(known, 'SELECT name FROM tree')).toEqual([])
})

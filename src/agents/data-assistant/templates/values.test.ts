import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AutodidactError } from '../../../errors.ts'
import { type QueryRunner, ReadOnlyDatabase } from '../database/database.ts'
import { CaseReasoner } from '../reasoner.ts'
import { maximumValuesPerColumn, ValueIndex } from './values.ts'

const folder = mkdtempSync(join(tmpdir(), 'values-'))
const count = maximumValuesPerColumn + 5_000

/** A name of its own for each number, without a digit. */
const nameOf = (number: number): string => `Mc${String(number).padStart(5, '0').replaceAll(/\d/g, (digit) => String.fromCodePoint(97 + Number(digit)))}`

let database: ReadOnlyDatabase

beforeAll(async () => {
  const path = join(folder, 'large.db')
  const writer = new DatabaseSync(path)
  writer.exec('CREATE TABLE customer (name TEXT, town TEXT, age INTEGER); CREATE TABLE payment (payer TEXT, amount INTEGER); BEGIN')
  const customer = writer.prepare('INSERT INTO customer VALUES (?, ?, ?)')
  const payment = writer.prepare('INSERT INTO payment VALUES (?, ?)')
  for (let at = 0; at < count; at += 1) {
    customer.run(nameOf(at), ['Oslo', 'Bergen'][at % 2] ?? '', at)
    // From the other end: the first values of the one column are not among the first of the other.
    payment.run(nameOf(count - 1 - at), at)
  }
  customer.run('Acme Inc.', 'Oslo', 7)
  customer.run('Émile van der Berg', 'Oslo', 8)
  writer.exec('COMMIT')
  writer.close()
  database = await ReadOnlyDatabase.open(path)
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

const textsIn = (index: ValueIndex, question: string): string[] => index.parts(question).flatMap((part) => ('span' in part ? [part.span.text] : []))

describe('a column with more values than are held', () => {
  const last = nameOf(count - 1)

  test('is known to the last one, however it is typed', async () => {
    const index = await ValueIndex.read(database)
    for (const [question, value] of [
      [`how old is ${last}?`, last], [`how old is ${last.toLowerCase()}`, last], [`HOW OLD IS ${last.toUpperCase()}`, last],
      ['how old is acme inc.', 'Acme Inc.'], ['how old is Acme Inc.?', 'Acme Inc.'], ['how old is émile van der berg', 'Émile van der Berg'], ['"Acme Inc."', 'Acme Inc.'],
    ] as const) {
      await index.lookFor(question, database)
      const [span] = index.parts(question).flatMap((part) => ('span' in part ? [part.span] : []))
      expect([question, span === undefined ? undefined : index.spelling(span.key, 0)]).toEqual([question, value])
    }
    await index.lookFor('how old is McNobody', database)
    expect(textsIn(index, 'how old is McNobody')).toEqual([])
  })

  test('is asked about like any other', async () => {
    const reasoner = await CaseReasoner.create(database)
    for (const at of [3, 4, 5]) await reasoner.add({ id: `${at}`, question: `how old is ${nameOf(at)}`, query: `SELECT age FROM customer WHERE name = '${nameOf(at)}'` })
    const proposal = await reasoner.answer(`how old is ${last}`)
    expect((await database.query(proposal?.query ?? '')).rows).toEqual([[count - 1]])
    await reasoner.add({ id: 'last', question: `which town is ${last} from`, query: `SELECT town FROM customer WHERE name = '${last}'` })
    expect((await reasoner.answer(`which town is ${nameOf(count - 2)} from`))?.query).toContain(`'${nameOf(count - 2)}'`)
  })

  test('is in one group with the column that refers to it, whichever values are held of each', async () => {
    const { groups } = await ValueIndex.read(database)
    const [name, town, , payer] = groups
    expect(payer).toBe(name)
    expect(town).not.toBe(name)
  })

  test('is looked at by spellings where reading it takes too long, and not at all where that does, too', async () => {
    const asked: string[] = []
    const slow = (refuse: (sql: string) => boolean): QueryRunner => ({
      schema: database.schema,
      query: (sql, limits) => {
        if (sql.includes(' IN (')) asked.push(sql)
        return refuse(sql) ? Promise.reject(new AutodidactError('LIMIT_EXCEEDED', 'too slow')) : database.query(sql, limits)
      },
    })
    const index = await ValueIndex.read(database)
    const scanless = slow((sql) => sql.includes('NOCASE'))
    await index.lookFor(`how old is ${last}`, scanless)
    await index.lookFor(`how old is ${last}`, scanless)
    expect(textsIn(index, `how old is ${last}`)).toEqual([last])
    const neither = slow((sql) => sql.includes(' IN ('))
    await index.lookFor('how old is McNobody', neither)
    const before = asked.length
    await index.lookFor('how old is McNobody', neither)
    expect(asked).toHaveLength(before)
  })

  test('stays in bounds for a question of any length', async () => {
    const index = await ValueIndex.read(database)
    await index.lookFor(`${'the owner of every single house in the street, '.repeat(20_000)} and "${'x'.repeat(300_000)}"`, database)
    await index.lookFor(`is ${last} here ${'mcabcde '.repeat(5_000)}`, database)
    expect(textsIn(index, `is ${last} here`)).toEqual([last])
  })
})

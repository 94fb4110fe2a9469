import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AutodidactError } from '../../src/errors.ts'
import { generateShop, type ShopQuestion, shopQuestions } from './generate.ts'
import { findsSomething, shapes, slotsOf } from './questions.ts'
import { slotSources } from './shapes/shape.ts'
import { unanswerable } from './shapes/unanswerable.ts'

const seeds = [1, 2, 3, 4, 5, 2026]
const folder = mkdtempSync(join(tmpdir(), 'shop-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const grouped = (questions: readonly ShopQuestion[]): Map<string, ShopQuestion[]> => Map.groupBy(questions, ({ shape }) => shape)

const keptPhrasings = (questions: readonly ShopQuestion[]): Set<string> =>
  new Set(questions.slice(questions.length * 2 / 3).map(({ phrasing }) => phrasing))

const reads = <Result>(database: string, work: (database: DatabaseSync) => Result): Result => {
  const open = new DatabaseSync(database, { readOnly: true })
  try {
    return work(open)
  } finally {
    open.close()
  }
}

describe('the phrasings', () => {
  const all = shapes.flatMap(({ phrasings }) => phrasings)

  test('ask for at least 40 shapes in at least six ways each', () => {
    expect(shapes.length).toBeGreaterThanOrEqual(40)
    expect(new Set(shapes.map(({ id }) => id)).size).toBe(shapes.length)
    expect(shapes.filter(({ phrasings }) => phrasings.length < 8)).toEqual([])
  })

  test('are different from each other, also in case, punctuation and slot names', () => {
    const bare = [...all, ...unanswerable].map(text => text.toLowerCase().replaceAll(/\{\w+\}/g, '_').replaceAll(/[^\w\s]/g, ''))
    expect(bare.filter((text, index) => bare.indexOf(text) !== index)).toEqual([])
  })

  test('name exactly the slots of their query, all of which have a source', () => {
    for (const { sql, phrasings } of shapes) {
      for (const phrasing of phrasings) expect(slotsOf(phrasing).sort(), phrasing).toEqual(slotsOf(sql).sort())
    }
    for (const text of [...all, ...unanswerable]) {
      for (const slot of slotsOf(text)) expect(slotSources).toHaveProperty(slot)
    }
  })
})

describe.each(seeds)('the stream of seed %i', seed => {
  const questions = shopQuestions({ seed })
  const answerable = questions.filter(({ sql }) => sql !== null)
  const firstLate = questions.length * 2 / 3
  const early = questions.slice(0, firstLate)
  const late = questions.slice(firstLate)

  test('has at least 300 questions, none twice', () => {
    expect(questions.length).toBeGreaterThanOrEqual(300)
    expect(new Set(questions.map(({ question }) => question.toLowerCase())).size).toBe(questions.length)
  })

  test('asks each shape at least eight times, in at least six phrasings, in the last third too', () => {
    const byShape = grouped(answerable)
    expect(byShape.size).toBe(shapes.length)
    for (const [shape, asked] of byShape) {
      expect(asked.length, shape).toBeGreaterThanOrEqual(8)
      expect(new Set(asked.map(({ phrasing }) => phrasing)).size, shape).toBeGreaterThanOrEqual(6)
    }
    expect(new Set(grouped(late).keys())).toEqual(new Set([...byShape.keys(), 'unanswerable']))
  })

  test('phrases its last third as none before', () => {
    const before = new Set(early.map(({ phrasing }) => phrasing))
    expect(late.filter(({ phrasing }) => before.has(phrasing))).toEqual([])
    expect(Number.isInteger(firstLate)).toBe(true)
  })

  test('has one question in ten without an answer, in every ten of the stream, each phrased for itself', () => {
    for (let start = 0; start < questions.length; start += 10) {
      expect(questions.slice(start, start + 10).filter(({ sql }) => sql === null)).toHaveLength(1)
    }
    const phrasings = questions.filter(({ sql }) => sql === null).map(({ phrasing }) => phrasing)
    expect(new Set(phrasings).size).toBe(questions.length / 10)
  })

  test('leaves no slot unfilled', () => {
    expect(questions.filter(({ question, sql }) => /[{}]|undefined/.test(`${question}${sql ?? ''}`))).toEqual([])
  })
})

describe.each(seeds)('the folder of seed %i', seed => {
  const home = join(folder, String(seed))
  const files = generateShop(home, { seed })

  test('holds the questions, one JSON object a line, and nothing else beside the database', () => {
    const lines = readFileSync(files.questions, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as unknown)
    expect(lines).toEqual(shopQuestions({ seed }))
    expect(readdirSync(home).sort()).toEqual(['database.sqlite', 'questions.jsonl'])
  })

  test('has whole foreign keys in at least eight filled tables', () => {
    reads(files.database, database => {
      expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
      const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all().map(({ name }) => String(name))
      expect(tables.length).toBeGreaterThanOrEqual(8)
      for (const table of tables) expect(findsSomething(database, `SELECT 1 FROM ${table} LIMIT 1`), table).toBe(true)
    })
  })

  test('answers its gold queries, nearly all with something', () => {
    reads(files.database, database => {
      const queries = shopQuestions({ seed }).flatMap(({ sql }) => sql ?? [])
      const empty = queries.filter(sql => !findsSomething(database, sql))
      expect(empty.length / queries.length).toBeLessThan(0.02)
    })
  })

  test('tells a history that could have happened', () => {
    reads(files.database, database => {
      const impossible = [
        'SELECT 1 FROM orders AS o JOIN customers AS k USING (customer_id) WHERE k.joined_on > o.ordered_on',
        'SELECT 1 FROM orders AS o JOIN employees AS e USING (employee_id) WHERE e.hired_on > o.ordered_on',
        'SELECT 1 FROM employees AS e JOIN stores AS s USING (store_id) WHERE s.opened_on > e.hired_on',
        'SELECT 1 FROM orders WHERE shipped_on < ordered_on',
        `SELECT 1 FROM reviews AS r WHERE NOT EXISTS (SELECT 1 FROM orders AS o JOIN order_items AS i USING (order_id)
          WHERE o.customer_id = r.customer_id AND i.product_id = r.product_id AND o.ordered_on < r.written_on)`,
      ]
      for (const sql of impossible) expect(database.prepare(sql).all(), sql).toEqual([])
    })
  })
})

describe('generateShop', () => {
  const [one, again] = [join(folder, 'one'), join(folder, 'again')]

  beforeAll(() => {
    generateShop(one, { seed: 7 })
    generateShop(again, { seed: 7 })
  })

  test.each(['database.sqlite', 'questions.jsonl'])('writes the same %s for the same seed, byte for byte', name => {
    expect(readFileSync(join(again, name)).equals(readFileSync(join(one, name)))).toBe(true)
  })

  test('gives other questions, in another order and with other phrasings kept for the end, for another seed', () => {
    const [first, second] = [shopQuestions({ seed: 7 }), shopQuestions({ seed: 8 })]
    const texts = new Set(first.map(({ question }) => question))
    expect(second.filter(({ question }) => texts.has(question)).length).toBeLessThan(second.length / 2)
    expect(second.map(({ shape }) => shape)).not.toEqual(first.map(({ shape }) => shape))
    expect(keptPhrasings(second)).not.toEqual(keptPhrasings(first))
  })

  test('replaces what an earlier run left in the folder', () => {
    const home = join(folder, 'used')
    const files = generateShop(home, { seed: 8 })
    writeFileSync(`${files.database}-wal`, 'left over')
    generateShop(home, { seed: 7 })
    expect(readFileSync(files.database).equals(readFileSync(join(one, 'database.sqlite')))).toBe(true)
    expect(existsSync(`${files.database}-wal`)).toBe(false)
  })

  test('refuses a seed that is no integer', () => {
    expect(() => shopQuestions({ seed: 0.5 })).toThrow(AutodidactError)
    expect(() => shopQuestions({ seed: Number.NaN })).toThrow('Give an integer')
  })
})

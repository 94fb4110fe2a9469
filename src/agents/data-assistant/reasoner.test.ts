import { array, assert, asyncProperty, nat, tuple } from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deserialize } from 'node:v8'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ReadOnlyDatabase } from './database/database.ts'
import { CaseReasoner } from './reasoner.ts'

const folder = mkdtempSync(join(tmpdir(), 'reasoner-'))
const trees: readonly (readonly [string, number, string])[] = [
  ['ash', 35, 'north end'], ['oak', 40, 'north end'], ['yew', 15, 'hill side'], ['elm', 30, 'hill side'], ['silver birch', 25, 'old mill'], ['lime', 33, 'old mill'],
]
const parks: readonly (readonly [string, number])[] = [['north end', 120], ['hill side', 80], ['old mill', 45]]

const make = async (file: string, names: Record<'tree' | 'name' | 'height' | 'park' | 'area', string>): Promise<ReadOnlyDatabase> => {
  const path = join(folder, file)
  const writer = new DatabaseSync(path)
  writer.exec(`CREATE TABLE ${names.tree} (${names.name} TEXT, ${names.height} INT, ${names.park} TEXT); CREATE TABLE ${names.park} (${names.name} TEXT, ${names.area} INT)`)
  for (const row of trees) writer.prepare(`INSERT INTO ${names.tree} VALUES (?, ?, ?)`).run(...row)
  for (const row of parks) writer.prepare(`INSERT INTO ${names.park} VALUES (?, ?)`).run(...row)
  writer.close()
  return ReadOnlyDatabase.open(path)
}

const plain = { tree: 'tree', name: 'name', height: 'height', park: 'park', area: 'area' }
const renamed = { tree: 'zz1', name: 'q', height: 'name1', park: 'aa', area: 'b7' }
let database: ReadOnlyDatabase
let copy: ReadOnlyDatabase

beforeAll(async () => {
  database = await make('plain.db', plain)
  copy = await make('renamed.db', renamed)
})

afterAll(async () => {
  await database.close()
  await copy.close()
  rmSync(folder, { recursive: true })
})

/** Question and query pairs; `names` spells the schema. */
const pairs = (names: typeof plain): [string, string][] => {
  const { tree, name, height, park, area } = names
  return trees.flatMap(([which, , where], at): [string, string][] => [
    [`how tall is the ${which}`, `SELECT ${height} FROM ${tree} WHERE ${name} = '${which}'`],
    [`where does the ${which} stand`, `SELECT ${park} FROM ${tree} WHERE ${name} = '${which}'`],
    at % 2 === 0 ? [`which trees stand in ${where}`, `SELECT ${name} FROM ${tree} WHERE ${park} = '${where}'`] : [`how large is ${where}`, `SELECT ${area} FROM ${park} WHERE ${name} = '${where}'`],
  ])
}

const rowsOf = async (reasoner: CaseReasoner, question: string, on = database) => {
  const proposal = await reasoner.answer(question)
  return proposal === undefined ? undefined : (await on.query(proposal.query)).rows
}

test('an untaught reasoner has no idea', async () => {
  const reasoner = await CaseReasoner.create(database)
  expect(await reasoner.answer('how tall is the oak')).toBeUndefined()
})

test('fills the values of a new question into what it was taught, whatever their place and letter case', async () => {
  const reasoner = await CaseReasoner.create(database)
  for (const [at, [question, query]] of pairs(plain).slice(0, 6).entries()) await reasoner.add({ id: `${at}`, question, query })
  expect(await rowsOf(reasoner, 'how tall is the Silver Birch?')).toEqual([[25]])
  expect(await rowsOf(reasoner, 'where, then, does the LIME stand')).toEqual([['old mill']])
  expect(await rowsOf(reasoner, 'how large is hill side')).toEqual([[80]])
})

test('a corrected question is right when asked again, and a case that is removed is forgotten', async () => {
  const reasoner = await CaseReasoner.create(database)
  const query = 'SELECT max(height) - min(height) FROM tree'
  await reasoner.add({ id: 'c', question: 'What is the range of heights?', query })
  expect(await reasoner.answer('what is the range of heights')).toMatchObject({ query, answered: true, cases: ['c'] })
  reasoner.remove('c')
  expect(await reasoner.answer('what is the range of heights')).toBeUndefined()
})

test('a rejected answer is not given to that question again', async () => {
  const reasoner = await CaseReasoner.create(database)
  for (const [at, [question, query]] of pairs(plain).entries()) await reasoner.add({ id: `${at}`, question, query })
  const question = 'tell me about the ash'
  const first = await rowsOf(reasoner, question)
  await reasoner.reject(question, (await reasoner.answer(question))?.query ?? '')
  expect(await rowsOf(reasoner, question)).not.toEqual(first)
  await reasoner.reject('how tall is the oak', (await reasoner.answer('how tall is the oak'))?.query ?? '')
  expect(await rowsOf(reasoner, 'how tall is the oak')).not.toEqual([[40]])
})

test('a rejection makes the same kind of answer less likely for questions alike', async () => {
  const [told, untold] = [await CaseReasoner.create(database), await CaseReasoner.create(database)]
  for (const reasoner of [told, untold]) for (const [at, [question, query]] of pairs(plain).slice(0, 12).entries()) await reasoner.add({ id: `${at}`, question, query })
  for (const which of ['ash', 'oak', 'elm']) {
    const question = `what about the ${which}`
    await told.reject(question, (await told.answer(question))?.query ?? '')
  }
  const question = 'what about the yew'
  expect((await told.answer(question))?.query).not.toBe((await untold.answer(question))?.query)
})

test('a case that cannot be run is refused', async () => {
  const reasoner = await CaseReasoner.create(database)
  await expect(reasoner.add({ id: 'c', question: 'what', query: 'DROP TABLE tree' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

test('a copy of the database with other names gives the same answers with the same confidence', async () => {
  const left = await CaseReasoner.create(database)
  const right = await CaseReasoner.create(copy)
  const [mine, theirs] = [pairs(plain), pairs(renamed)]
  for (const [at, [question, query]] of mine.entries()) {
    const [one, other] = [await left.answer(question), await right.answer(question)]
    expect(other?.confidence).toBe(one?.confidence)
    expect(other?.answered).toBe(one?.answered)
    if (one !== undefined && other !== undefined) expect((await copy.query(other.query)).rows).toEqual((await database.query(one.query)).rows)
    await left.add({ id: `${at}`, question, query })
    await right.add({ id: `${at}`, question, query: theirs[at]?.[1] ?? '' })
  }
})

test('the same calls make the same reasoner', async () => {
  const [one, other] = [await CaseReasoner.create(database), await CaseReasoner.create(database)]
  for (const reasoner of [one, other]) {
    for (const [at, [question, query]] of pairs(plain).entries()) {
      await reasoner.add({ id: `${at}`, question, query })
      if (at === 7) await reasoner.reject('how tall is the oak', query)
      if (at === 9) reasoner.remove('3')
    }
  }
  for (const question of ['how tall is the yew', 'how large is the oak', 'where']) expect(await other.answer(question)).toEqual(await one.answer(question))
})

/** What a state holds, behind its checksum. Not its bytes: the engine writes a whole number in one form or another, by how its code came to it. */
const dataOf = (state: Uint8Array): unknown => deserialize(state.subarray(4))

describe('a state that was saved', () => {
  const step = tuple(nat(17), nat(3))

  test('goes on exactly like the one it was saved from, wherever that was', async () => {
    const known = pairs(plain)
    await assert(
      asyncProperty(array(step, { minLength: 1, maxLength: 24 }), nat(24), async (steps, cut) => {
        const whole = await CaseReasoner.create(database)
        let parts = await CaseReasoner.create(database)
        for (const [at, [which, kind]] of steps.entries()) {
          const [question, query] = known[which] ?? ['', '']
          for (const reasoner of [whole, parts]) {
            if (kind < 2) await reasoner.add({ id: `${which}`, question, query })
            else if (kind === 2) await reasoner.reject(question, known[at % known.length]?.[1] ?? '')
            else reasoner.remove(`${which}`)
          }
          if (at !== cut % steps.length) continue
          const saved = parts.save()
          parts = await CaseReasoner.create(database)
          expect(parts.restore(saved)).toBe(true)
          expect(dataOf(parts.save())).toEqual(dataOf(saved))
        }
        for (const question of ['how tall is the yew', 'how large is the oak park', 'where', 'which trees stand in old mill']) {
          expect(await parts.answer(question)).toEqual(await whole.answer(question))
        }
      }),
      { numRuns: 40 },
    )
  })

  test('is not read where it was damaged, or made for another schema or precision', async () => {
    const reasoner = await CaseReasoner.create(database)
    for (const [at, [question, query]] of pairs(plain).slice(0, 4).entries()) await reasoner.add({ id: `${at}`, question, query })
    const saved = reasoner.save()
    expect((await CaseReasoner.create(copy)).restore(saved)).toBe(false)
    expect((await CaseReasoner.create(database, { precision: 0.9 })).restore(saved)).toBe(false)
    const fresh = await CaseReasoner.create(database)
    for (const damaged of [new Uint8Array(0), saved.subarray(0, 3), saved.subarray(0, -1), saved.map((byte, at) => (at === 100 ? byte ^ 1 : byte))]) {
      expect(fresh.restore(damaged)).toBe(false)
    }
    expect(await fresh.answer('how tall is the oak')).toBeUndefined()
    expect(fresh.restore(saved)).toBe(true)
    // What has learned already would count it twice.
    expect(fresh.restore(saved)).toBe(false)
  })

  test('depends on what was learned, not on what was asked, and holds no word of a question that was only asked', async () => {
    const [asked, unasked] = [await CaseReasoner.create(database), await CaseReasoner.create(database)]
    for (const [at, [question, query]] of pairs(plain).entries()) {
      await asked.answer(`would an elephant know ${pairs(plain)[(at * 5) % 18]?.[0]}`)
      for (const reasoner of [asked, unasked]) await reasoner.add({ id: `${at}`, question, query })
    }
    for (const question of ['how tall is the yew', 'how large is old mill', 'is the oak in old mill']) expect(await asked.answer(question)).toEqual(await unasked.answer(question))
    expect(Buffer.from(asked.save()).includes('eleph')).toBe(false)
    expect(Buffer.from(asked.save()).includes('stand')).toBe(true)
  })
})

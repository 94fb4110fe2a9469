import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Autodidact } from '../../autodidact.ts'
import { textDigest } from '../../log/canonical.ts'
import { DataAssistant, type DataAssistantSettings } from './assistant.ts'
import { ReadOnlyDatabase } from './database/database.ts'
import { CaseReasoner } from './reasoner.ts'
import type { Reasoner } from './reasoning.ts'

let folder = ''
let database: ReadOnlyDatabase
const opened: Autodidact[] = []
let files = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-assistant-'))
  const writer = new DatabaseSync(join(folder, 'cities.db'))
  writer.exec("CREATE TABLE city (name TEXT, people INTEGER); INSERT INTO city VALUES ('Bergen', 290000), ('Oslo', 710000), ('Turin', 850000)")
  writer.close()
  database = await ReadOnlyDatabase.open(join(folder, 'cities.db'))
})
afterEach(async () => {
  for (const autodidact of opened.splice(0)) await autodidact.close()
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const newFile = (): string => join(folder, `learned-${(files += 1)}.db`)

/** Another process in all but name: an instance of its own on the file. */
const openOn = async (file: string, settings: Partial<DataAssistantSettings> & { readonly learning?: boolean } = {}): Promise<{ assistant: DataAssistant; autodidact: Autodidact }> => {
  const { learning = true, ...rest } = settings
  const autodidact = await Autodidact.open(file, { learning })
  opened.push(autodidact)
  return { autodidact, assistant: await DataAssistant.open({ autodidact, database, ...rest }) }
}

const bergen = 'How many people live in Bergen?'
const right = "SELECT people FROM city WHERE name = 'Bergen'"

/** Says what it is told to say, and notes what it was shown. */
class ScriptedModel implements Reasoner {
  readonly shown: string[][] = []
  readonly learned: string[] = []
  query = 'SELECT 1'
  answered = true

  answer: Reasoner['answer'] = async (_, { items }) => {
    this.shown.push(items.map((item) => JSON.stringify(item.response)))
    return { query: this.query, confidence: 0.9, answered: this.answered, cases: items.map(({ id }) => id), reason: 'written by a model' }
  }

  add: NonNullable<Reasoner['add']> = async ({ question }) => {
    this.learned.push(question)
  }
}

const modelled = (model: Reasoner): Partial<DataAssistantSettings> => ({ createReasoner: async () => model })

const teach = async (assistant: DataAssistant): Promise<void> => {
  for (const name of ['Bergen', 'Oslo']) {
    const { run } = await assistant.ask(`How many people live in ${name}?`)
    await assistant.correct(run, `SELECT people FROM city WHERE name = '${name}'`)
  }
  await assistant.correct((await assistant.ask('Which cities are there?')).run, 'SELECT name FROM city')
  await assistant.rate((await assistant.ask('Which cities are there?')).run, 'up')
}

describe('learning', () => {
  test('starts knowing nothing, and after a correction the same question is right', async () => {
    const { assistant, autodidact } = await openOn(newFile())
    const first = await assistant.ask(bergen)
    expect(first).toMatchObject({ kind: 'unknown', query: undefined, rows: [], question: bergen })
    const { result, receipt } = await assistant.correct(first.run, right)
    expect(result.rows).toEqual([[290000]])
    expect(receipt).toMatchObject({ run: first.run, standing: 'success' })

    const second = await assistant.ask('how many people  live in BERGEN?')
    expect(second).toMatchObject({ kind: 'answer', rows: [[290000]], columns: ['people'], cases: [first.run] })
    expect(assistant.known).toBe(1)
    const explained = await autodidact.explain(second.run)
    expect(explained.recalled).toMatchObject([{ id: first.run, used: true }])
  })

  test('never learns with learning off', async () => {
    const { assistant } = await openOn(newFile(), { learning: false })
    for (let round = 0; round < 2; round += 1) {
      const { run, kind } = await assistant.ask(bergen)
      expect(kind).toBe('unknown')
      await assistant.correct(run, right)
    }
    expect(assistant.known).toBe(0)
  })

  test('does not give again what was rated wrong, until it is corrected to it', async () => {
    const model = new ScriptedModel()
    const { assistant } = await openOn(newFile(), modelled(model))
    const first = await assistant.ask(bergen)
    expect(first).toMatchObject({ kind: 'answer', rows: [[1]] })
    await assistant.rate(first.run, 'down')
    expect(await assistant.ask(bergen)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('rated wrong') as string })
    // Of another question nothing was said.
    const other = await assistant.ask('How many rows has one?')
    expect(other.kind).toBe('answer')
    await assistant.correct((await assistant.ask(bergen)).run, 'SELECT 1')
    expect((await assistant.ask(bergen)).kind).toBe('answer')
  })

  test('stays with "I don\'t know" where that was right, until it is corrected', async () => {
    const model = new ScriptedModel()
    model.answered = false
    const { assistant } = await openOn(newFile(), modelled(model))
    await assistant.judge((await assistant.ask(bergen)).run, true)
    model.answered = true
    const again = await assistant.ask(bergen)
    expect(again.kind).toBe('unknown')
    await assistant.correct(again.run, right)
    expect((await assistant.ask(bergen)).kind).toBe('answer')
  })

  test('teaches nothing that does not work, and nothing that writes', async () => {
    const { assistant, autodidact } = await openOn(newFile())
    const { run } = await assistant.ask(bergen)
    await expect(assistant.correct(run, 'DELETE FROM city')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await expect(assistant.correct(run, 'SELECT mayor FROM city')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect((await autodidact.explain(run)).outcome.votes).toEqual([])
    expect((await assistant.ask(bergen)).kind).toBe('unknown')
  })

  test('is not silenced by a correction from elsewhere that is no query', async () => {
    const { assistant, autodidact } = await openOn(newFile())
    for (const correction of ['no query', { query: 'SELECT FROM WHERE' }, { query: 'DROP TABLE city' }, { query: '' }, { query: "SELECT 'open" }, null]) {
      const { run } = await assistant.ask(`${bergen} ${JSON.stringify(correction)}`)
      await autodidact.feedback(run, { correction })
    }
    const { run, kind } = await assistant.ask(bergen)
    expect(kind).toBe('unknown')
    await assistant.correct(run, right)
    expect((await assistant.ask(bergen)).rows).toEqual([[290000]])
  })
})

describe('a database that cannot be read', () => {
  const city = join(tmpdir(), `autodidact-held-${process.pid}.db`)
  afterAll(() => rmSync(city, { force: true }))

  test('is an error with the next step, and no question that it does not know', async () => {
    const writer = new DatabaseSync(city)
    writer.exec("CREATE TABLE city (name TEXT, people INTEGER); INSERT INTO city VALUES ('Bergen', 290000), ('Oslo', 710000)")
    const held = await ReadOnlyDatabase.open(city)
    const { assistant, autodidact } = await openOn(newFile(), { database: held })
    await assistant.correct((await assistant.ask(bergen)).run, right)
    writer.exec('BEGIN EXCLUSIVE')
    for (const question of [bergen, 'How many people live in Oslo?']) {
      await expect(assistant.ask(question)).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('Ask again') as string })
    }
    writer.exec('COMMIT')
    writer.close()
    expect((await assistant.ask(bergen)).rows).toEqual([[290000]])
    await held.close()
    await expect(assistant.ask(bergen)).rejects.toMatchObject({ code: 'CLOSED' })
    // Asked and corrected, three that failed, and one that was answered.
    expect((await autodidact.report()).runs).toBe(5)
  })
})

test('what others write into the database is known with the next question', async () => {
  const path = join(folder, 'growing.db')
  const writer = new DatabaseSync(path)
  writer.exec("CREATE TABLE city (name TEXT, people INTEGER); INSERT INTO city VALUES ('Bergen', 290000), ('Oslo', 710000)")
  const growing = await ReadOnlyDatabase.open(path)
  const { assistant } = await openOn(newFile(), { database: growing })
  for (const name of ['Bergen', 'Oslo']) {
    await assistant.correct((await assistant.ask(`How many people live in ${name}?`)).run, `SELECT people FROM city WHERE name = '${name}'`)
  }
  writer.exec("INSERT INTO city VALUES ('Saint-Étienne', 170000)")
  const { query, guess } = await assistant.ask('How many people live in saint étienne?')
  expect(query ?? guess).toContain("'Saint-Étienne'")
  await growing.close()
  writer.close()
})

describe('the log is all it knows', () => {
  test('another process continues exactly where this one is', async () => {
    const file = newFile()
    const first = await openOn(file)
    await teach(first.assistant)
    const second = await openOn(file)
    expect([first.assistant.known, second.assistant.known]).toEqual([3, 3])
    for (const question of [bergen, 'How many people live in Turin?', 'Which cities are there?', 'Who is the mayor of Oslo?']) {
      const { kind, query, confidence, cases, reason } = await first.assistant.ask(question)
      expect(await second.assistant.ask(question)).toMatchObject({ kind, query, confidence, cases, reason })
    }
  })

  test('what another process is told is known here with the next question', async () => {
    const file = newFile()
    const here = await openOn(file)
    const there = await openOn(file)
    const { run } = await here.assistant.ask(bergen)
    await there.autodidact.feedback(run, { correction: { query: right } })
    expect(await here.assistant.ask(bergen)).toMatchObject({ kind: 'answer', query: right })
  })

  test.each([
    ['the user', { user: 'ada' }],
    ['the run', undefined],
    ['the namespace', { namespace: true }],
  ] as const)('what was erased with %s is not answered once more, here or there', async (_, selector) => {
    const file = newFile()
    const here = await openOn(file, { user: 'ada' })
    const there = await openOn(file, { user: 'ada' })
    const { run } = await here.assistant.ask(bergen)
    await here.assistant.correct(run, right)
    expect((await there.assistant.ask('How many people live in Bergen?')).kind).toBe('answer')
    // The second question shows the first one's answer, and holds its query.
    if (selector === undefined) for (const fact of await runsOf(there.autodidact)) await there.autodidact.forget({ run: fact })
    else await there.autodidact.forget(selector)
    expect((await here.assistant.ask(bergen)).kind).toBe('unknown')
    expect((await there.assistant.ask(bergen)).kind).toBe('unknown')
    expect(here.assistant.known).toBe(0)
  })

  test('a correction that is taken back is unlearned', async () => {
    const { assistant, autodidact } = await openOn(newFile())
    const { run } = await assistant.ask(bergen)
    const { receipt } = await assistant.correct(run, 'SELECT 290001')
    expect((await assistant.ask(bergen)).kind).toBe('answer')
    await autodidact.feedback(run, { retract: receipt.feedback })
    expect((await assistant.ask(bergen)).kind).toBe('unknown')
    await assistant.correct(run, right)
    expect((await assistant.ask(bergen)).rows).toEqual([[290000]])
  })

  test('namespaces share nothing, and runs of other agents are none of its business', async () => {
    const file = newFile()
    const acme = await openOn(file, { namespace: 'acme' })
    await acme.assistant.correct((await acme.assistant.ask(bergen)).run, right)
    const other = await openOn(file)
    await other.autodidact.record({ task: bergen, agent: 'somebody', response: { query: 'SELECT 7' }, success: true })
    expect((await other.assistant.ask(bergen)).kind).toBe('unknown')
    expect((await acme.assistant.ask(bergen)).kind).toBe('answer')
  })

  test('questions asked at once are all learned from, each once', async () => {
    const model = new ScriptedModel()
    const { assistant } = await openOn(newFile(), modelled(model))
    const answers = await Promise.all(['a one', 'a two', 'a three'].map((question) => assistant.ask(question)))
    await Promise.all(answers.map(({ run }) => assistant.rate(run, 'up')))
    await Promise.all(['a four', 'a five'].map((question) => assistant.ask(question)))
    expect(model.learned.toSorted()).toEqual(['a one', 'a three', 'a two'])
  })
})

/** Case reasoning that can neither save nor start from what was saved: it learns everything from the log. */
const forgetful: Partial<DataAssistantSettings> = {
  createReasoner: async (on) => {
    const cases = await CaseReasoner.create(on)
    return { answer: (question) => cases.answer(question), add: (entry) => cases.add(entry), reject: (question, query) => cases.reject(question, query) }
  },
}

const questions = [bergen, 'How many people live in Turin?', 'Which cities are there?', 'Who is the mayor of Oslo?', 'Are there people in Turin?']

/** What an assistant that opens the file now answers, and how many lessons it learned to do so. */
const reopened = async (file: string, settings: Partial<DataAssistantSettings> = {}): Promise<{ readonly learned: number; readonly answers: object[]; readonly known: number }> => {
  let learned = 0
  const copy = `${file}-${(files += 1)}`
  cpSync(file, copy)
  const { assistant, autodidact } = await openOn(copy, { ...settings, onLesson: () => { learned += 1 } })
  const answers = []
  for (const question of questions) {
    const { run: _, durationMs: __, ...answer } = await assistant.ask(question)
    answers.push(answer)
  }
  await autodidact.close()
  return { learned, answers, known: assistant.known }
}

/** A file on which an assistant was taught and closed. */
const taught = async (): Promise<string> => {
  const file = newFile()
  const { assistant, autodidact } = await openOn(file)
  await teach(assistant)
  await assistant.judge((await assistant.ask('Who is the mayor of Turin?')).run, true)
  await autodidact.close()
  return file
}

describe('opening again', () => {
  test('learns nothing again, and gives the same as learning everything from the log', async () => {
    const file = await taught()
    const [kept, whole] = [await reopened(file), await reopened(file, forgetful)]
    expect(kept.learned).toBe(0)
    expect(whole.learned).toBeGreaterThan(3)
    expect(kept.answers).toEqual(whole.answers)
    expect(kept.known).toBe(whole.known)
  })

  test('learns only what was written since', async () => {
    const file = await taught()
    const autodidact = await Autodidact.open(file)
    await autodidact.record({ task: 'Where is Turin?', agent: 'data-assistant', response: { query: "SELECT name FROM city WHERE name = 'Turin'" }, success: true })
    await autodidact.close()
    const [kept, whole] = [await reopened(file), await reopened(file, forgetful)]
    expect(kept.learned).toBe(1)
    expect(kept.answers).toEqual(whole.answers)
  })

  test('after an erasure knows nothing of what was erased', async () => {
    const file = await taught()
    const autodidact = await Autodidact.open(file)
    const [first = ''] = await runsOf(autodidact)
    await autodidact.forget({ run: first })
    await autodidact.close()
    const [kept, whole] = [await reopened(file), await reopened(file, forgetful)]
    expect(kept.answers).toEqual(whole.answers)
    expect(kept.known).toBe(whole.known)
    expect(kept.learned).toBe(whole.learned)
  })

  test('after a correction was taken back learns what is left', async () => {
    const file = newFile()
    const { assistant, autodidact } = await openOn(file)
    await teach(assistant)
    const { run } = await assistant.ask('Who is the mayor of Oslo?')
    const { receipt } = await assistant.correct(run, 'SELECT 7')
    await autodidact.close()
    const other = await Autodidact.open(file)
    await other.feedback(run, { retract: receipt.feedback })
    await other.close()
    const [kept, whole] = [await reopened(file), await reopened(file, forgetful)]
    expect(kept.answers).toEqual(whole.answers)
  })

  test('loses nothing when the process was killed before anything was kept', async () => {
    const file = newFile()
    const { assistant } = await openOn(file)
    await teach(assistant)
    // Not closed: what lies in the file and its log is what a killed process leaves.
    const left = newFile()
    for (const suffix of ['', '-wal']) if (existsSync(file + suffix)) cpSync(file + suffix, left + suffix)
    const { assistant: after } = await openOn(left)
    expect(after.known).toBe(3)
    expect(await after.ask(bergen)).toMatchObject({ kind: 'answer', rows: [[290000]] })
  })

  test('with a state that is damaged learns from the log', async () => {
    const file = await taught()
    const autodidact = await Autodidact.open(file)
    const name = `data-assistant/${textDigest('data-assistant')}`
    const state = await autodidact.kept(name)
    if (state === undefined) throw new Error('nothing was kept')
    for (const bytes of [state.bytes.map((byte, at) => (at === 500 ? byte ^ 1 : byte)), Uint8Array.of(1, 2, 3), state.bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte))]) {
      await autodidact.keep(name, () => ({ ...state, bytes }))
      const assistant = await DataAssistant.open({ autodidact, database })
      expect(assistant.known).toBe(4)
      expect((await assistant.ask(bergen)).rows).toEqual([[290000]])
    }
  })

  test('an erasure of something else costs no lesson', async () => {
    const file = await taught()
    let learned = 0
    const { assistant, autodidact } = await openOn(file, { onLesson: () => { learned += 1 } })
    const { id } = await autodidact.remember('Nobody needs this')
    await autodidact.forget({ facts: [id] })
    expect((await assistant.ask(bergen)).kind).toBe('answer')
    expect(learned).toBe(0)
  })
})

describe('a language model in the place of case reasoning', () => {
  test('is shown verified cases, and only those', async () => {
    const model = new ScriptedModel()
    const { assistant } = await openOn(newFile(), modelled(model))
    await assistant.correct((await assistant.ask(bergen)).run, right)
    await assistant.ask('How many people live in Oslo?')
    await assistant.ask('How many people live in Turin?')
    expect(model.shown).toEqual([[], [JSON.stringify({ query: right })], [JSON.stringify({ query: right })]])
  })

  test('that writes nonsense or too much is answered with "I don\'t know"', async () => {
    const model = new ScriptedModel()
    const { assistant } = await openOn(newFile(), { ...modelled(model), limits: { maximumRows: 2, maximumMs: 200 } })
    for (const query of ['SELECT mayor FROM city', 'DROP TABLE city', 'Sorry, I cannot do that.', 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n']) {
      model.query = query
      expect(await assistant.ask(`Try ${query}`)).toMatchObject({ kind: 'unknown', query: undefined, rows: [] })
    }
    model.query = 'SELECT name FROM city'
    expect(await assistant.ask('Which cities are there?')).toMatchObject({ kind: 'answer', truncated: true, rows: [['Bergen'], ['Oslo']] })
  })

  test('that fails is recorded as a failure, and its own error is thrown', async () => {
    const failing: Reasoner = { answer: async () => Promise.reject(new Error('model is down')) }
    const { assistant, autodidact } = await openOn(newFile(), modelled(failing))
    await expect(assistant.ask(bergen)).rejects.toThrow('model is down')
    expect(await autodidact.report()).toMatchObject({ runs: 1, success: { count: 0, of: 1 } })
  })
})

const runsOf = async (autodidact: Autodidact): Promise<string[]> => {
  const runs = await collected(autodidact.export({ kinds: ['run.recorded'] }))
  return runs.map(({ id }) => id)
}

const collected = async <Value>(values: AsyncIterable<Value>): Promise<Value[]> => {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

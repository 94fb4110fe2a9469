import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autodidact as spawned, autodidactHere, jsonOf, type Outcome } from '../../../test/support/command-line.ts'
import { Autodidact } from '../../autodidact.ts'

let folder = ''
const lines = (questions: readonly object[]): string => questions.map((question) => `${JSON.stringify(question)}\n`).join('')

const people = (name: string): object => ({ question: `How many people live in ${name}?`, sql: `SELECT people FROM city WHERE name = '${name}'` })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-demo-test-'))
  mkdirSync(join(folder, 'cities'))
  const database = new DatabaseSync(join(folder, 'cities/database.sqlite'))
  database.exec("CREATE TABLE city (name TEXT, people INTEGER); INSERT INTO city VALUES ('Bergen', 290000), ('Oslo', 710000), ('Turin', 850000)")
  database.close()
  writeFileSync(
    join(folder, 'cities/questions.jsonl'),
    lines([
      people('Bergen'),
      { question: 'Who is the mayor of Oslo?', sql: null },
      { question: 'Which query fails?', sql: 'SELECT mayor FROM city' },
      people('Bergen'),
      people('Oslo'),
      { question: 'Who is the mayor of Oslo?', sql: null },
    ]),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Settings = Omit<Parameters<typeof autodidactHere>[1], 'cwd'>

const command = (given: readonly string[], settings: Settings = {}): Promise<Outcome> => autodidactHere(given, { cwd: folder, ...settings })
const demo = (given: readonly string[], settings: Settings = {}): Promise<Outcome> => command(['demo', ...given], settings)

interface Shares {
  readonly questions: number
  readonly mean: number
  readonly wrong: number
  readonly unknown: number
  readonly tenths: readonly number[]
}

interface Printed {
  readonly file: string
  readonly known: number
  readonly learning: Shares
  readonly baseline: Shares
  readonly leftOut: number
}

const printed = (outcome: Outcome): Printed => jsonOf(outcome) as unknown as Printed // The assertions check what is used.

describe('the demonstration on the bundled shop', () => {
  test('ends by itself, and a second run on its file is better from the start', async () => {
    const first = await demo(['--limit', '20', '--json'], { environment: { TMPDIR: folder } })
    expect(first.code).toBe(0)
    const { file, learning, baseline, known } = printed(first)
    expect(known).toBe(0)
    expect(learning.questions).toBe(20)
    expect(learning.tenths).toHaveLength(10)
    expect(learning.mean + learning.wrong + learning.unknown).toBeCloseTo(1)
    expect(baseline.wrong).toBe(0)

    const again = await demo(['--limit', '20', '--json', '--file', file])
    const second = printed(again)
    expect(second.known).toBeGreaterThan(0)
    expect(second.learning.mean).toBeGreaterThan(0.9)
    expect(second.learning.mean).toBeGreaterThan(learning.mean)
    expect(second.learning.tenths[0]).toBeGreaterThan(learning.tenths[0] ?? 1)
    expect(second.baseline).toMatchObject({ mean: baseline.mean, tenths: baseline.tenths })
  })

  test('shows people a table, a chart and words, in lines of at most 80 characters', async () => {
    const { code, stdout, stderr } = await demo(['--limit', '20', '--file', 'shown.db', '--seed', '7'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const part of ['a generated shop (seed 7)', 'What became of the questions', 'Right answers in each tenth', 'With learning. Of 20 questions', 'Learned in shown.db']) {
      expect(stdout).toContain(part)
    }
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(stdout).not.toContain('\u001b')
  })

  test('says which "I don\'t know" is right', async () => {
    const { stdout } = await demo(['--limit', '20', '--file', 'told.db'])
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Where the data hold no answer, "I don\'t know" is right.')
  })

  test('says what to do where nothing can be written', async () => {
    const { code, stderr } = await demo(['--limit', '1'], { environment: { TMPDIR: join(folder, 'cities/questions.jsonl') } })
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^CANNOT_OPEN: .*Set TMPDIR/) as string })
  })

  test('Ctrl-C ends it after the question at hand, with what was learned saved', async () => {
    let interrupted = false
    const { code, stdout } = await spawned(['demo', '--file', 'stopped.db'], {
      cwd: folder,
      onOutput: (child) => {
        if (!interrupted) child.kill('SIGINT')
        interrupted = true
      },
    })
    expect(code).toBe(130)
    const asked = Number(/Stopped after (\d+) of 480 questions/.exec(stdout)?.[1])
    const autodidact = await Autodidact.open(join(folder, 'stopped.db'))
    expect((await autodidact.report()).runs).toBe(asked)
    await autodidact.close()
  })
})

describe('the demonstration on a folder', () => {
  test('leaves out what nobody could judge, and counts "I don\'t know" as right only where the data hold no answer', async () => {
    const { learning, baseline, leftOut } = printed(await demo(['--data', 'cities', '--file', 'cities.db', '--json']))
    expect(leftOut).toBe(1)
    expect(learning.questions).toBe(5)
    // Both know when they cannot know; only one has learned who lives in Bergen.
    expect(baseline).toMatchObject({ mean: 0.4, wrong: 0, unknown: 0.6 })
    expect(learning.mean).toBeGreaterThanOrEqual(0.6)
    const second = printed(await demo(['--data', 'cities', '--file', 'cities.db', '--json', '--seed', '3']))
    expect(second.known).toBe(3)
    expect(second.learning.mean).toBe(1)
  })

  test.each([
    ['a folder that is not there', ['--data', 'nowhere'], 1, 'CANNOT_OPEN', 'questions.jsonl'],
    ['a line that is no JSON', ['--data', 'broken'], 2, 'INVALID_INPUT', 'Line 2'],
    ['a line without sql', ['--data', 'incomplete'], 2, 'INVALID_INPUT', 'Line 1'],
    ['no question', ['--data', 'empty'], 2, 'INVALID_INPUT', 'no question'],
    ['questions without a database', ['--data', 'bare'], 1, 'CANNOT_OPEN', 'database.sqlite'],
    ['a database that is none', ['--db', 'text.txt'], 1, 'NOT_A_DATABASE', 'text.txt'],
    ['a learned file in a folder that is not there', ['--db', 'cities/database.sqlite', '--file', 'nowhere/learned.db'], 1, 'CANNOT_OPEN', 'nowhere'],
    ['a talk with a limit', ['--db', 'cities/database.sqlite', '--limit', '3'], 2, 'INVALID_INPUT', '--limit'],
  ])('refuses %s', async (_, given, exitCode, code, hint) => {
    writeFileSync(join(folder, 'text.txt'), 'no database. '.repeat(100))
    const folders = { broken: '{"question":"a","sql":null}\n{broken', incomplete: '{"question":"a"}', empty: '\n', bare: '{"question":"a","sql":null}' }
    for (const [name, content] of Object.entries(folders)) {
      mkdirSync(join(folder, name), { recursive: true })
      writeFileSync(join(folder, name, 'questions.jsonl'), content)
    }
    const outcome = await demo(['--file', 'refused.db', ...given])
    expect(outcome.code).toBe(exitCode)
    expect(outcome.stderr).toMatch(new RegExp(`^${code}: .*${hint}`))
  })
})

/** In a process of its own, which ends by itself. */
const talk = (input: readonly string[]): Promise<Outcome> =>
  spawned(['demo', '--db', 'cities/database.sqlite', '--file', 'talk.db'], { cwd: folder, input: `${input.join('\n')}\n` })

describe('a talk about a database of one\'s own', () => {
  test('is taught by corrections and ratings, and continues in another process', async () => {
    const question = 'How many people live in Turin?'
    const first = await talk(['+', 'tables', question, '= DELETE FROM city', '= SELECT mayor FROM city', "= SELECT people FROM city WHERE name = 'Turin'", question, '+', '?', '', 'quit', question])
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' })
    for (const part of ['Ask something first.', 'name, people', "I don't know.", 'A query may only read', 'no such column: mayor', 'Learned (take it back with -). It returns:', '850000', 'Noted: that was right.', 'this help']) {
      expect(first.stdout).toContain(part)
    }
    // Nothing is asked after `quit`.
    expect(first.stdout.split(question)).toHaveLength(3)

    const second = await talk([question, '-', question])
    expect(second.stdout).toContain('1 answer known')
    expect(second.stdout.indexOf('850000')).toBeLessThan(second.stdout.indexOf("I don't know."))
  })

  test('a correction is taken back with a minus, and what is no question is not asked', async () => {
    const question = 'How many people live in Turin?'
    const lines = [question, "= SELECT 'wrong' AS answer", '-', question, 'SELECT people FROM city', 'no', '+ thanks', '= SELECT people FROM city LIMIT 1', question]
    const { stdout, stderr } = await demo(['--db', 'cities/database.sqlite', '--file', 'mistake.db'], { input: `${lines.join('\n')}\n` })
    expect(stderr).toBe('')
    for (const part of ['Taken back. Teach me with', 'That is a query. To teach it', 'Say + if the last answer was right', 'Say + or - alone']) expect(stdout).toContain(part)
    const [, second = '', third = ''] = stdout.split(`> ${question}`).slice(1)
    expect(second).toContain("I don't know.")
    expect(third).not.toContain("I don't know.")
    const learned = await Autodidact.open(join(folder, 'mistake.db'))
    expect((await learned.report()).runs).toBe(3)
    await learned.close()
  })

  test('learns beside the database unless it is told where, and leaves the database alone', async () => {
    cpSync(join(folder, 'cities/database.sqlite'), join(folder, 'mine.sqlite'))
    const before = readFileSync(join(folder, 'mine.sqlite'))
    const question = 'How many people live in Turin?'
    const first = await demo(['--db', 'mine.sqlite'], { input: `${question}\n= SELECT people FROM city WHERE name = 'Turin'\n` })
    expect(first.stdout).toContain('Learns in mine.sqlite.learned.db; nothing known yet.')
    expect(first.stdout).toContain('Saved in mine.sqlite.learned.db. The same command continues there.')
    const second = await demo(['--db', 'mine.sqlite'], { input: `${question}\n` })
    expect(second.stdout).toContain('1 answer known')
    expect(second.stdout).toContain('850000')
    expect(readFileSync(join(folder, 'mine.sqlite')).equals(before)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.startsWith('mine.'))).toEqual(['mine.sqlite', 'mine.sqlite.learned.db'])
  })

  test('a guess that it is not sure of is shown, and a plus confirms it', async () => {
    const [question, unsure] = ['How many people live in Bergen?', 'Is Turin a large town, please tell']
    const { stdout } = await demo(['--db', 'cities/database.sqlite', '--file', 'guess.db'], {
      input: [question, "= SELECT a.people, COUNT(*) FROM city AS a WHERE a.name = 'Bergen'", unsure, '+', 'none', unsure, 'Who is the mayor of Rome?', 'none', ''].join('\n'),
    })
    const [, guessed = '', asked = '', mayor = ''] = stdout.split(/^> (?:Is Turin .*|Who is .*)$/m)
    const guess = "SELECT a0.people, COUNT(*) FROM city AS a0 WHERE a0.name = 'Turin'"
    expect(guessed).toContain(`I don't know.`)
    expect(guessed.replaceAll(/\s+/g, ' ')).toContain(`My guess: ${guess} If the guess is right, say +.`)
    expect(guessed).toContain('Learned (take it back with -). It returns:')
    expect(guessed).toContain('850000')
    expect(guessed).toContain('take it back with - first')
    expect(asked.replaceAll(/\s+/g, ' ')).toContain(guess)
    expect(asked).not.toContain("I don't know")
    expect(asked).toContain('COUNT(*)')
    expect(asked).not.toContain('COUNT ( * )')
    expect(mayor).toContain('Noted: the data hold no answer to that.')
  })

  test('a database without tables is refused', async () => {
    for (const [name, content] of [['nothing.db', ''], ['bare.db', undefined]] as const) {
      if (content === undefined) new DatabaseSync(join(folder, name)).exec('CREATE TABLE t (x); DROP TABLE t')
      else writeFileSync(join(folder, name), content)
      expect(await demo(['--db', name, '--file', 'unused.db'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^INVALID_INPUT: ".*" has no tables/) })
    }
    expect(existsSync(join(folder, 'unused.db'))).toBe(false)
  })

  test('a plus after "I don\'t know" says what it teaches', async () => {
    const mayor = 'Who is the mayor of Turin?'
    const { stdout } = await demo(['--db', 'cities/database.sqlite', '--file', 'mayor.db'], { input: `${mayor}\n+\n` })
    expect(stdout).toContain('Noted: the data hold no answer to that.')
  })
})

const ask = (...given: string[]): Promise<Outcome> => command(['ask', '--db', 'cities/database.sqlite', '--file', 'asked.db', ...given], { input: 'How many people live in Turin?\n' })

describe('one question', () => {
  const question = 'How many people live in Turin?'
  const right = "SELECT people FROM city WHERE name = 'Turin'"

  test('is answered, taught and answered again, for people and for programs', async () => {
    expect(jsonOf(await ask(question, '--json'))).toMatchObject({ kind: 'unknown', rows: [], file: 'asked.db', run: expect.stringMatching(/^run_/) })
    expect(await ask(question, '--correct', 'SELECT mayor FROM city')).toMatchObject({ code: 2, stderr: expect.stringContaining('no such column: mayor') })
    expect(await ask(question, '--correct', 'DELETE FROM city')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^NOT_ALLOWED/) })
    const unknown = await ask(question)
    expect(unknown).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining("I don't know.") })
    expect(unknown.stdout.replaceAll(/\s+/g, ' ')).toContain("the same command with --correct 'SELECT …'. Run run_")
    const taught = await ask(question, '--correct', right, '--json')
    expect(jsonOf(taught)).toMatchObject({ correction: { receipt: { standing: 'success' }, result: { rows: [[850_000]] } } })
    expect(jsonOf(await ask('-', '--json'))).toMatchObject({ kind: 'answer', question, query: right, rows: [[850_000]], confidence: expect.any(Number) })
    const told = await ask(question)
    expect(told.stdout).toContain('850000')
    expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('learns beside the database unless it is told where', async () => {
    cpSync(join(folder, 'cities/database.sqlite'), join(folder, 'asked.sqlite'))
    const asked = await command(['ask', question, '--db', 'asked.sqlite', '--json'])
    expect(jsonOf(asked)).toMatchObject({ file: 'asked.sqlite.learned.db' })
    expect(existsSync(join(folder, 'asked.sqlite.learned.db'))).toBe(true)
    const named = await command(['ask', question, '--db', 'asked.sqlite', '--json'], { environment: { AUTODIDACT_FILE: 'elsewhere.db' } })
    expect(jsonOf(named)).toMatchObject({ file: 'elsewhere.db' })
  })

  test.each([
    ['without a database', ['ask', question], 2, 'INVALID_INPUT'],
    ['of a database that is not there', ['ask', question, '--db', 'nowhere.db'], 1, 'CANNOT_OPEN'],
    ['without words', ['ask', '  ', '--db', 'cities/database.sqlite', '--file', 'asked.db'], 2, 'INVALID_INPUT'],
  ])('%s is refused', async (_, given, code, error) => {
    expect(await command(given)).toMatchObject({ code, stderr: expect.stringMatching(new RegExp(`^${error}`)) })
  })
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autodidact, type CommandSettings, jsonOf, type Outcome } from '../../test/support/command-line.ts'
import { Autodidact } from '../autodidact.ts'
import { createProgram } from './program.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (given: readonly string[], settings: Partial<CommandSettings> = {}): Promise<Outcome> => autodidact(given, { cwd: folder, ...settings })
const json = async (...given: string[]): Promise<Record<string, unknown>> => jsonOf(await run([...given, '--json']))

describe('the help', () => {
  test.each(createProgram().commands.map((command) => [command.name()]))('of %s shows an example of itself and --json', (name) => {
    let shown = ''
    const command = createProgram().commands.find((candidate) => candidate.name() === name)
    command?.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp()
    expect(shown).toContain(`$ ${name === 'record' ? 'autodidact record' : `autodidact ${name}`}`)
    expect(shown).toContain('--json')
    expect(shown.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('names every command of the product and the exit codes', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const name of ['demo', 'advise', 'recall', 'decide', 'record', 'feedback', 'remember', 'explain', 'report', 'evaluate', 'experiment', 'export', 'forget', 'backup', 'restore', 'rotate-key']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    }
    expect(stdout).toContain('Exit codes:')
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

describe('the loop, one process a verb', () => {
  const task = 'Which customers ordered twice last month?'

  test('what is recorded is recalled, advised, explained, reported, exported and forgotten', async () => {
    const recorded = await json('record', task, '--response', 'Ada', '--success', '--user', 'ada')
    expect(recorded).toMatchObject({ status: 'stored', standing: 'success' })
    const run = String(recorded['run'])

    const recalled = await json('recall', 'customers who ordered twice')
    expect(recalled['items']).toMatchObject([{ id: run, response: 'Ada', kind: 'example' }])

    const advice = await json('advise', 'customers who ordered', '--choices', '{"tool": ["sql", {"id": "web", "description": "search the web"}]}', '--context', 'hour=9')
    expect(advice['items']).toMatchObject([{ id: run }])
    const taken = String((advice['choose'] as Record<string, string>)['tool'])
    const advised = await json('record', '--advice', String(advice['id']), '--response', '{"names": ["Ada"]}', '--taken', `tool=${taken}`)
    expect(advised).toMatchObject({ run: advice['run'], standing: 'unverified' })
    expect(await json('feedback', String(advised['run']), 'up', '--author', 'grace')).toMatchObject({ recorded: true, standing: 'success' })

    const explained = await json('explain', String(advice['id']))
    expect(explained).toMatchObject({ subject: 'advice', recalled: [{ id: run }], decisions: [{ point: 'tool', option: taken }] })
    expect(await json('report')).toMatchObject({ runs: 2, success: { count: 2, of: 2 } })

    const { stdout } = await autodidact(['export', '--kind', 'run.recorded'], { cwd: folder })
    const facts = stdout.trimEnd().split('\n').map((line): unknown => JSON.parse(line))
    expect(facts).toMatchObject([{ id: run, data: { task, response: 'Ada' } }, { id: advised['run'], data: { response: { names: ['Ada'] } } }])

    expect(await json('forget', '--user', 'ada')).toMatchObject({ status: 'proven' })
    expect((await json('recall', task))['items']).toMatchObject([{ id: advised['run'] }])
  })

  test('forget says what stands in the way of its proof', async () => {
    const path = join(folder, 'hindered.db')
    const file = ['--file', path]
    await run(['remember', 'Ada lives in Oslo', '--user', 'ada', ...file])
    const other = new DatabaseSync(path)
    other.function('foreign_order', { deterministic: true }, (value) => value)
    other.exec('CREATE TABLE foreign_table (value); CREATE INDEX foreign_index ON foreign_table (foreign_order(value))')
    other.close()
    expect((await run(['forget', '--user', 'ada', ...file])).stdout).toMatch(/^1 fact erased, but bytes of the old text are left\. .*foreign_order.* Run it again/)
  })

  test('says the same to people, in lines of at most 80 characters and without colours where there is no terminal', async () => {
    const file = ['--file', 'people.db']
    await run(['record', `${task} ${'And why did they do so? '.repeat(20)}`, '--response', 'Ada '.repeat(100), '--success', ...file])
    const advised = await run(['advise', task, '--choices', '{"tool": ["sql", "web"]}', ...file])
    const advice = /advice_\S+/.exec(advised.stdout)?.[0] ?? ''
    const texts = [advised, await run(['explain', advice, ...file]), await run(['report', ...file]), await run(['recall', task, ...file]), await run(['decide', 'tool', 'sql', 'web=search', ...file]), await run(['evaluate', 'tool', '--policy', 'uniform', ...file])]
    for (const { code, stdout } of texts) {
      expect(code).toBe(0)
      expect(stdout).not.toContain('\u001b')
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    }
    expect(texts[1]?.stdout).toContain('Taught by')
    expect(texts[2]?.stdout).toContain('100 %')
  })

  test('what another policy would have earned is told, or why it cannot be', async () => {
    const file = ['--file', 'evaluated.db']
    const autodidact = await Autodidact.open(join(folder, 'evaluated.db'), { seed: 1, points: { tool: { policy: 'uniform' } } })
    for (let at = 0; at < 200; at += 1) {
      const { option, run } = await autodidact.decide('tool', ['sql', 'web'])
      await autodidact.record({ run, task: 'x', success: option === 'sql' })
    }
    await autodidact.close()
    writeFileSync(join(folder, 'sql.json'), '{"option": "sql"}')
    expect(await json('evaluate', 'tool', '--policy', 'fixed', '--settings', 'sql.json', ...file)).toMatchObject({ status: 'answered', value: 1, policy: 'fixed' })
    const told = await run(['evaluate', 'tool', '--policy', 'fixed', '--settings', 'sql.json', ...file])
    expect(told.stdout).toContain('more than the log')
    expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    const refused = jsonOf(await run(['evaluate', 'tool', '--policy', 'uniform', '--json', '--file', 'people.db']))
    expect(refused).toMatchObject({ status: 'refused', refusal: { code: 'NOTHING_JUDGED' } })
    expect((await run(['evaluate', 'tool', '--policy', 'magic', ...file])).code).toBe(2)
  })

  test('an experiment is begun, told of and stopped', async () => {
    const file = ['--file', 'experiment.db']
    expect(await json('experiment', 'start', 'tool', '--id', 'e1', '--unit', 'user', ...file)).toMatchObject({ id: 'e1', state: 'running', unit: 'user', arms: [{ policy: 'configured' }, { policy: 'off' }] })
    await run(['decide', 'tool', 'sql', 'web', '--user', 'ada', ...file])
    const told = await run(['experiment', 'status', ...file])
    expect(told.stdout).toContain('It is not known yet whether learning helps at "tool"')
    expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect((await json('experiment', 'status', 'e1', ...file))['arms']).toEqual(expect.arrayContaining([expect.objectContaining({ units: 1, decisions: 1 })]))
    expect(await json('experiment', 'stop', 'tool', ...file)).toMatchObject({ state: 'stopped' })
    const arms = ['--arm', 'bold=greedy', '--arm', 'shy=uniform', '--share', 'bold=0.9', '--share', 'shy=0.1', '--fixed', '--no-roll-back']
    expect(await json('experiment', 'start', 'tool', ...arms, ...file)).toMatchObject({ arms: [{ arm: 'bold', policy: 'greedy', share: 0.9 }, { arm: 'shy', share: 0.1 }] })
    for (const wrong of [['pause', 'tool'], ['stop'], ['stop', 'nobody'], ['start', 'tool'], ['start', 'other', '--arm', 'a=magic', '--arm', 'b=off']]) {
      expect((await run(['experiment', ...wrong, ...file])).code).toBe(2)
    }
  })

  test('takes structured input from a file and from standard input, and flags win over it', async () => {
    const file = ['--file', 'structured.db', '--json']
    const input = JSON.stringify({ run: 'r1', task, response: 'nobody', steps: [{ action: 'sql', ok: true }], outcome: { cost: 3, success: true } })
    const piped = jsonOf(await run(['record', '--input', '-', '--failure', ...file], { input }))
    expect(piped).toMatchObject({ run: 'r1', standing: 'failure' })
    writeFileSync(join(folder, 'knowledge.json'), JSON.stringify({ id: 'k1', content: 'Revenue is net of returns.', tags: ['money'] }))
    expect(jsonOf(await run(['remember', '--input', 'knowledge.json', ...file]))).toMatchObject({ id: 'k1', status: 'stored' })

    const corrected = jsonOf(await run(['feedback', 'r1', '--correction', '-', ...file], { input: '{"names": ["Ada", "Grace"]}\n' }))
    expect(corrected).toMatchObject({ standing: 'success' })
    writeFileSync(join(folder, 'answer.txt'), 'Ada and Grace\n')
    await run(['feedback', 'r1', '--correction', '@answer.txt', '--author', 'grace', ...file])
    const { items } = jsonOf(await run(['recall', '-', ...file], { input: task })) as { items: { response: unknown }[] }
    expect(items[0]?.response).toBe('Ada and Grace')
  })

  test('reads the file and the namespace that it is told', async () => {
    const environment = { AUTODIDACT_FILE: 'environment.db' }
    await run(['remember', 'The export locks the orders table.', '--namespace', 'acme'], { environment })
    expect(jsonOf(await run(['recall', 'orders table', '--json', '-n', 'acme'], { environment }))['items']).toHaveLength(1)
    expect(jsonOf(await run(['recall', 'orders table', '--json'], { environment }))['items']).toHaveLength(0)
    expect((await run(['recall', 'orders table', '--file', 'environment.db'])).stdout).toBe('Nothing relevant is known.\n')
  })
})

describe('a log that is too long for the pipe', () => {
  const facts = 300
  beforeAll(async () => {
    const autodidact = await Autodidact.open(join(folder, 'long.db'))
    for (let at = 0; at < facts; at += 1) await autodidact.remember(`${at} ${'word '.repeat(400)}`)
    await autodidact.close()
  })

  test('is exported to a file as a whole, and never over a database', async () => {
    const before = readFileSync(join(folder, 'long.db'))
    symlinkSync('long.db', join(folder, 'link.jsonl'))
    for (const output of ['long.db', './long.db', 'link.jsonl', join(folder, 'long.db')]) {
      const { code, stderr } = await run(['export', '--file', 'long.db', '--output', output])
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^CANNOT_OPEN: .* is a database and would be lost\. Name another file/)])
    }
    expect(readFileSync(join(folder, 'long.db')).equals(before)).toBe(true)
    writeFileSync(join(folder, 'kept.jsonl'), 'what was there')
    expect((await run(['export', '--file', 'long.db', '--output', 'kept.jsonl', '--kind', 'nonsense'])).code).toBe(2)
    expect(readFileSync(join(folder, 'kept.jsonl'), 'utf8')).toBe('what was there')
    expect((await run(['export', '--file', 'long.db', '--output', '.'])).stderr).toContain('is a folder')
    expect(await json('export', '--file', 'long.db', '--output', 'kept.jsonl')).toMatchObject({ facts })
    expect(readFileSync(join(folder, 'kept.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(facts)
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([])
  })

  test('is exported whole', async () => {
    expect((await run(['export', '--file', 'long.db'])).stdout.trimEnd().split('\n')).toHaveLength(facts)
    expect(await json('export', '--file', 'long.db', '--output', 'long.jsonl')).toEqual({ facts, output: 'long.jsonl' })
    expect(readFileSync(join(folder, 'long.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(facts)
    expect(await json('export', '--file', 'long.db', '--output', 'rest.jsonl', '--after', String(facts - 5))).toMatchObject({ facts: 5 })
  })

  test('may be read in part, as head does', async () => {
    const { code, stderr } = await run(['export', '--file', 'long.db'], { onOutput: (child) => child.stdout?.destroy() })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('what is wrong', () => {
  beforeAll(() => writeFileSync(join(folder, 'text.db'), 'This is a text file and no database at all. '.repeat(100)))

  test.each([
    ['an unknown command', ['recal', 'x'], 2, 'INVALID_INPUT', 'Did you mean recall'],
    ['an unknown option', ['recall', 'x', '--foo'], 2, 'INVALID_INPUT', 'autodidact recall --help'],
    ['a missing argument', ['recall'], 2, 'INVALID_INPUT', 'text'],
    ['a number that is none', ['recall', 'x', '--limit', '1.5'], 2, 'INVALID_INPUT', 'whole number'],
    ['a demonstration without questions', ['demo', '--limit', '0'], 2, 'INVALID_INPUT', '1 or more'],
    ['an empty task', ['advise', '  ', '--file', 'long.db'], 2, 'INVALID_INPUT', 'task is not valid: is empty'],
    ['an empty task to record', ['record', '', '--file', 'long.db'], 2, 'INVALID_INPUT', 'task is not valid: is empty'],
    ['options that exclude each other', ['record', 'x', '--success', '--failure'], 2, 'INVALID_INPUT', '--failure'],
    ['a context without a value', ['advise', 'x', '--context', 'hour'], 2, 'INVALID_INPUT', 'key=value'],
    ['JSON that is none', ['advise', 'x', '--choices', '{tool}'], 2, 'INVALID_INPUT', '--choices'],
    ['a field that there is not', ['record', '--input', '-'], 2, 'INVALID_INPUT', 'tsak'],
    ['standard input read twice', ['record', '--input', '-', '--response', '-'], 2, 'INVALID_INPUT', 'twice'],
    ['an input file that is not there', ['record', '--input', 'nowhere.json'], 1, 'CANNOT_OPEN', 'nowhere.json'],
    ['nothing to record', ['record'], 2, 'INVALID_INPUT', 'task'],
    ['a rating that is none', ['feedback', 'r1', 'sideways', '--file', 'long.db'], 2, 'INVALID_INPUT', 'up or down'],
    ['two ratings at once', ['feedback', 'r1', 'up', '--score', '0.1', '--file', 'long.db'], 2, 'INVALID_INPUT', 'two ratings'],
    ['a judge without a verdict', ['record', 'x', '--judge', 'user'], 2, 'INVALID_INPUT', '--success'],
    ['an option twice', ['decide', 'tool', 'sql', 'sql'], 2, 'DUPLICATE_OPTION', 'sql'],
    ['an unknown id', ['explain', 'nothing', '--file', 'long.db'], 2, 'UNKNOWN_ID', 'nothing'],
    ['an unknown kind of fact', ['export', '--kind', 'run', '--file', 'long.db'], 2, 'INVALID_INPUT', 'run.recorded'],
    ['no subject to forget', ['forget', '--file', 'long.db'], 2, 'INVALID_INPUT', 'exactly one of --user'],
    ['nothing to remember', ['remember'], 2, 'INVALID_INPUT', 'content is missing'],
    ['a file that is not there', ['recall', 'x', '--file', 'nowhere.db'], 1, 'CANNOT_OPEN', '--file'],
    ['a file that is no database', ['recall', 'x', '--file', 'text.db'], 1, 'NOT_A_DATABASE', 'text.db'],
    ['a folder that is not there', ['record', 'x', '--file', 'nowhere/agent.db'], 1, 'CANNOT_OPEN', 'nowhere'],
  ])('%s', async (_, given, exitCode, code, hint) => {
    const { code: exited, stdout, stderr } = await run([...given, '--json'], { input: '{"tsak": "x"}' })
    expect({ exited, stdout }).toEqual({ exited: exitCode, stdout: '' })
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string } }
    expect(error.code).toBe(code)
    expect(error.message).toContain(hint)
  })

  test('is told to people as a code and the next step', async () => {
    const { code, stderr } = await run(['recall', 'x', '--file', 'nowhere.db'])
    expect(code).toBe(1)
    expect(stderr).toBe('CANNOT_OPEN: There is no file "nowhere.db". Name another one with --file, or record something first.\n')
  })

  test('an older Node is told which one is needed', async () => {
    const older = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})'
    const { code, stderr } = await run(['--help'], { node: ['--import', older] })
    expect(code).toBe(1)
    expect(stderr).toContain('needs Node 24 or later; this is 20.1.0')
  })
})

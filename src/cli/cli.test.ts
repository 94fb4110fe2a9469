import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { autodidact, autodidactHere, jsonOf, type Outcome } from '../../test/support/command-line.ts'
import { program } from '../../test/support/programs.ts'
import { Autodidact } from '../autodidact.ts'
import { workflowId } from '../workflows/workflow-id.ts'
import { createProgram } from './program.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Settings = Omit<Parameters<typeof autodidactHere>[1], 'cwd'>

/** Most calls are made in this process, for speed; what a process of its own adds is tested with `spawned`. */
const run = (given: readonly string[], settings: Settings = {}): Promise<Outcome> => autodidactHere(given, { cwd: folder, ...settings })
const spawned = (given: readonly string[], settings: Omit<Parameters<typeof autodidact>[1], 'cwd'> = {}): Promise<Outcome> => autodidact(given, { cwd: folder, ...settings })
const json = async (...given: string[]): Promise<Record<string, unknown>> => jsonOf(await run([...given, '--json']))

describe('the help', () => {
  const commands = createProgram().commands.flatMap((command) => [[command.name(), command] as const, ...command.commands.map((action) => [`${command.name()} ${action.name()}`, action] as const)])

  test.each(commands)('of %s shows an example of itself and --json', (name, command) => {
    let shown = ''
    command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp()
    expect(shown).toContain(`$ ${name === 'record' ? 'autodidact record' : `autodidact ${name}`}`)
    expect(shown).toContain('--json')
    expect(shown.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test.each(commands)('of %s has examples that a shell reads as whole commands', (_, command) => {
    let shown = ''
    command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp()
    const examples = shown.split(/\nExample:\n/)[1]?.split(/^ {2}\$ /m).slice(1) ?? []
    expect(examples.length).toBeGreaterThan(0)
    const texts = examples.map((example) => example.split('\n\n')[0] ?? '')
    // `-n` reads without running; each by itself, so that none ends what another began.
    expect(execFileSync('sh', ['-c', 'for text do sh -n -c "$text" 2>&1 || echo "$text"; done', 'sh', ...texts], { encoding: 'utf8' })).toBe('')
    for (const text of texts) expect(text).toMatch(/(?:^|\|\s+)autodidact /)
  })

  test('is also told by the command that people try first', async () => {
    expect(await run(['help'])).toEqual(await spawned(['--help']))
    expect(await run(['help', 'record'])).toEqual(await run(['record', '--help']))
    expect(await run(['help', 'recrod'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean record') })
  })

  test('names every command of the product and the exit codes', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const name of ['demo', 'ask', 'advise', 'recall', 'decide', 'record', 'feedback', 'remember', 'reflect', 'review', 'share', 'subscribe', 'explain', 'report', 'improve', 'patterns', 'workflows', 'learnings', 'evaluate', 'experiment', 'export', 'state', 'prune', 'forget', 'backup', 'restore', 'copy', 'rotate-key']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    }
    expect(stdout).toContain('Exit codes:')
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

test('what only reads answers beside the agent that writes to a folder, and does not keep it out either', async () => {
  const path = join(folder, 'in use/')
  const autodidact = await Autodidact.open(path, { seed: 1, points: { tool: { policy: 'uniform' } } })
  for (let number = 0; number < 3; number += 1) {
    const { option } = await autodidact.decide('tool', ['sql', 'web'], { task: 'refund order 1187', run: `r${number}` })
    await autodidact.record({ run: `r${number}`, task: 'refund order 1187', success: option === 'sql' })
  }
  await autodidact.experiments.start({ point: 'tool', id: 'compared', arms: { one: 'uniform', other: 'greedy' } })
  const reading = [
    ['recall', 'refund order'],
    ['explain', 'r0'],
    ['report'],
    ['improve'],
    ['patterns'],
    ['patterns', 'refund order'],
    ['workflows'],
    ['learnings'],
    ['fixes', 'time-out'],
    ['evaluate', 'tool', '--policy', 'uniform'],
    ['experiment', 'status'],
    ['experiment', 'status', 'compared'],
    ['export'],
    ['state', 'list'],
    ['state', 'diff', 'option-model', '1', '3'],
    ['forget', '--run', 'r0', '--dry-run'],
    ['review'],
    ['knowledge', 'list'],
    ['knowledge', 'consolidate'],
    ['knowledge', 'archive', '--kind', 'warning', '--dry-run'],
    ['knowledge', 'prune', '--dry-run'],
    ['knowledge', 'export'],
    ['preferences', 'list', 'ada'],
    ['share', 'popular'],
    ['share', 'subscriptions'],
    ['audit'],
    ['backup', join(folder, 'copy of the one in use')],
  ]
  for (const command of reading) expect([command, await run([...command, '--file', path])]).toEqual([command, expect.objectContaining({ code: 0, stderr: '' })])
  // What the library says of its settings is no help in a shell.
  expect(await run(['record', 'x', '--file', path])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^BUSY: (?!.*readOnly)/) })
  await autodidact.close()
}, 60_000)

test('what a setting is called in the library is told by its flag', async () => {
  const [key, phrase] = [join(folder, 'a.key'), join(folder, 'a.phrase')]
  writeFileSync(key, `${'ab'.repeat(32)}\n`)
  writeFileSync(phrase, 'correct horse\n')
  await run(['record', 'x', '--file', 'keyed.db', '--key-file', key])
  await run(['record', 'x', '--file', 'phrased.db', '--passphrase-file', phrase])
  expect((await run(['recall', 'x', '--file', 'keyed.db'])).stderr).toMatch(/^KEY_REQUIRED: .*--key-file/)
  expect((await run(['recall', 'x', '--file', 'phrased.db'])).stderr).toMatch(/^KEY_REQUIRED: .*--passphrase-file/)
  await run(['backup', 'keyed.backup', '--file', 'keyed.db', '--key-file', key])
  for (const command of [['backup', 'keyed.backup', '--file', 'keyed.db', '--key-file', key], ['restore', 'keyed.backup', '--file', 'keyed.db']]) {
    expect((await run(command)).stderr).toMatch(/^ALREADY_EXISTS: .*--overwrite/)
  }
})

test('copy brings a folder into an encrypted file, tells what it refuses, and names the flags of both keys', async () => {
  const key = join(folder, 'copy.key')
  writeFileSync(key, `${'cd'.repeat(32)}\n`)
  const source = join(folder, 'to copy/')
  await run(['record', 'refund order 1187', '--run', 'r1', '--success', '--file', source])
  const args = ['copy', source, 'copied.db', '--to-key-file', key]
  expect(await run(args)).toMatchObject({ code: 0, stdout: 'default: 1 fact copied, 0 there before\n' })
  expect(await json(...args)).toMatchObject({ complete: true, namespaces: [{ facts: 0, merged: 1 }] })
  expect((await run(['recall', 'refund', '--file', 'copied.db', '--key-file', key])).stdout).toContain('refund order 1187')
  expect((await run(['copy', source, 'copied.db'])).stderr).toMatch(/^KEY_REQUIRED: .*--to-key-file/)
  expect((await run(['copy', 'copied.db', 'again/'])).stderr).toMatch(/^KEY_REQUIRED: .* --key-file/)
  await run(['record', 'something else', '--run', 'r1', '--file', 'other.db'])
  expect(await run(['copy', source, 'other.db'])).toMatchObject({ code: 1, stdout: expect.stringMatching(/1 refused\n +ID_CONFLICT: run.recorded r1\./) })
  expect(await run(['copy', source, 'other.db', '--namespace', 'default', '--as', 'acme'])).toMatchObject({ code: 0 })
  expect((await run(['recall', 'refund', '--file', 'other.db', '-n', 'acme'])).stdout).toContain('refund order 1187')
  expect(await run(['copy', 'missing.db', 'x.db'])).toMatchObject({ code: 1, stderr: expect.stringContaining('CANNOT_OPEN') })
  expect(await run(['copy', source, source])).toMatchObject({ code: 2, stderr: expect.stringContaining('INVALID_INPUT') })
})

test('state list says of a folder that it keeps no list, and not that nothing was learned', async () => {
  const path = join(folder, 'listless/')
  await run(['record', 'refund order 1187', '--success', '--file', path])
  await run(['report', '--file', path])
  expect(await run(['state', 'list', '--file', path])).toMatchObject({ code: 0, stdout: expect.stringContaining('keeps no list') })
  expect(await run(['state', 'list', '--json', '--file', path])).toMatchObject({ code: 0, stdout: '[]\n' })
})

test('recall and advise cross the users of a namespace, unless they are told whose experience to recall', async () => {
  const file = ['--file', 'users.db']
  await json('record', 'refund order 7', '--response', 'done', '--success', '--user', 'ada', ...file)
  const found = async (...flags: string[]): Promise<unknown> => (await json(...flags, ...file))['items']
  expect(await found('recall', 'refund order 8')).toHaveLength(1)
  expect(await found('recall', 'refund order 8', '--only-user', 'ada')).toHaveLength(1)
  expect(await found('recall', 'refund order 8', '--only-user', 'bob')).toEqual([])
  expect(await found('advise', 'refund order 8', '--user', 'bob')).toHaveLength(1)
  expect(await found('advise', 'refund order 8', '--user', 'bob', '--only-user', 'bob')).toEqual([])
})

describe('the loop', () => {
  const task = 'Which customers ordered twice last month?'

  test('one process a verb: what is recorded is recalled, advised, explained, reported, exported and forgotten', async () => {
    const json = async (...given: string[]): Promise<Record<string, unknown>> => jsonOf(await spawned([...given, '--json']))
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

    const { stdout } = await spawned(['export', '--kind', 'run.recorded'])
    const facts = stdout.trimEnd().split('\n').map((line): unknown => JSON.parse(line))
    expect(facts).toMatchObject([{ id: run, data: { task, response: 'Ada' } }, { id: advised['run'], data: { response: { names: ['Ada'] } } }])

    expect(await json('forget', '--user', 'ada')).toMatchObject({ status: 'proven' })
    expect((await json('recall', task))['items']).toMatchObject([{ id: advised['run'] }])
  })

  test('advise prints the block for the prompt alone', async () => {
    const { stdout } = await run(['advise', 'customers who ordered', '--prompt', '--run', 'r-prompt', '--choices', '{"tool": ["sql", "web"]}'])
    expect(stdout).toMatch(/^<recalled>\n[^]*<\/recalled>\n$/)
    expect(await json('explain', 'r-prompt')).toMatchObject({ subject: 'run' })
  })

  test('forget says beforehand what it would erase, and asks before all of it goes', async () => {
    const file = ['--file', 'forgotten.db']
    await run(['record', 'refund order 7', '--user', 'ada', '--success', '--run', 'r1', ...file])
    await run(['feedback', 'r1', 'up', '--author', 'Grace Hopper', ...file])
    expect((await run(['forget', '--user', 'ada', '--dry-run', ...file])).stdout).toMatch(/^2 facts would be erased:\n {2}run\.recorded +1\n {2}feedback\.received +1\n$/)
    expect(await json('forget', '--everything', '--dry-run', ...file)).toEqual({ facts: 2, status: 'dry-run', kinds: [{ kind: 'run.recorded', facts: 1 }, { kind: 'feedback.received', facts: 1 }] })
    expect(await spawned(['forget', '--everything', ...file], { input: 'yes\n' })).toMatchObject({ code: 2, stderr: expect.stringMatching(/^INVALID_INPUT: .*Add --yes.*Nothing was erased\.\n$/) })
    for (const [given, hint] of [
      [['--user', 'Ada'], 'Nothing of the user "Ada" is in the namespace "default" of forgotten.db, so nothing was erased. Did you mean "ada"?'],
      [['--user', 'grace hoper'], 'Did you mean "Grace Hopper"?'],
      [['--run', 'r2', '--dry-run'], 'Did you mean "r1"?'],
      [['--session', 's1'], 'so nothing was erased.\n'],
      [['--fact', 'nothing'], 'Nothing of the fact "nothing" is in'],
      [['--everything', '--yes', '--namespace', 'other'], 'Nothing is in the namespace "other"'],
    ] as const) {
      expect(await run(['forget', ...given, ...file])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(hint) })
    }
    expect((await run(['forget', '--everything', '--yes', ...file])).stdout).toMatch(/^2 facts erased\./)
  })

  test('forget takes a kind of fact, says what it searched, and export tells beforehand what is known of one user', async () => {
    const file = ['--file', 'kinds.db']
    await run(['record', 'Where does Ada live?', '--response', 'in quixotropolis', '--user', 'ada', '--success', ...file])
    await run(['remember', 'Ada reads the quixotropolitan newspaper', '--user', 'ada', ...file])
    await run(['record', 'Refund order 7', '--user', 'grace', '--success', ...file])
    const known = (await run(['export', '--user', 'ada', ...file])).stdout.trim().split('\n').map((line): { kind: string } => JSON.parse(line))
    expect(known.map(({ kind }) => kind)).toEqual(['run.recorded', 'knowledge.written', 'learned'])
    expect(await json('export', '--user', 'ada', '--output', 'ada.jsonl', ...file)).toMatchObject({ facts: 2 })
    expect(await run(['export', '--user', 'adda', ...file])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^UNKNOWN_ID: Nothing of the user "adda" is .*so there is nothing to export\. Did you mean "ada"\?/) })
    expect((await run(['export', '--user', 'adda', '--output', 'adda.jsonl', ...file])).code).toBe(2)
    expect(readdirSync(folder)).not.toContain('adda.jsonl')
    expect(await run(['export', '--user', 'ada', '--kind', 'feedback.received', ...file])).toMatchObject({ code: 0, stdout: '' })
    expect(await json('forget', '--kind', 'knowledge.written', '--dry-run', ...file)).toMatchObject({ facts: 1, status: 'dry-run' })
    expect((await run(['forget', '--kind', 'knowledge.written', ...file])).stdout).toMatch(/^1 fact erased\. None of \d+ pieces of their texts is left in 3 files\.\n$/)
    expect(await json('forget', '--user', 'ada', '--no-scan', ...file)).toEqual({ facts: 1, status: 'proven' })
    expect(await run(['forget', '--kind', 'subject.forgotten', ...file])).toMatchObject({ code: 2, stderr: expect.stringContaining('no kind of fact that can be forgotten') })
    expect(await run(['forget', '--kind', 'run.record', ...file])).toMatchObject({ code: 2, stderr: expect.stringContaining('run.recorded') })
    // The list of kinds is whole.
    expect((await run(['forget', '--kind', 'run.record', ...file])).stderr).toMatch(/knowledge\.voted[\w., -]*\. Nothing/)
    expect((await run(['export', '--kind', 'run.record', ...file])).stderr).toMatch(/knowledge\.voted[\w., -]*\. Nothing/)
    expect(await run(['forget', '--kind', 'run.expired', ...file])).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing of the kind "run.expired"') })
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

  test('versions of what was learned are listed, compared and gone back to', async () => {
    const file = ['--file', 'versions.db']
    const autodidact = await Autodidact.open(join(folder, 'versions.db'))
    await autodidact.persistence.saveQTable('tool', { start: { search: 0.5 } })
    const { sequence } = await autodidact.head()
    await autodidact.persistence.saveQTable('tool', { start: { search: -9 } })
    await autodidact.close()
    const listed = await run(['state', 'list', 'tabular-q', ...file])
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^learner[^]*tabular-q +1 /) })
    expect(listed.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect((await run(['state', 'diff', 'tabular-q', String(sequence), ...file])).stdout).toContain('tool › start › search  0.5 → -9')
    expect(await run(['state', 'diff', 'tabular-q', '0', '0', ...file])).toMatchObject({ code: 0, stdout: expect.stringContaining('the same') })
    expect(jsonOf(await run(['state', 'rollback', 'tabular-q', String(sequence), '--json', ...file]))).toEqual({ learner: 'tabular-q', version: sequence, passedOver: 1 })
    expect((await run(['state', 'list', ...file])).stdout).toContain('rolled back')
    const again = await Autodidact.open(join(folder, 'versions.db'))
    expect(await again.persistence.getQTable('tool')).toEqual({ start: { search: 0.5 } })
    await again.close()
    for (const given of [[], ['rollback'], ['rollback', 'tabular-q'], ['rollback', 'tabular-q', '1', '2'], ['rollback', 'tabular-q', '1', '--limit', '2'], ['list', '--limit', '2'], ['rollback', 'nobody', '0'], ['diff', 'tabular-q', 'x'], ['list', 'tabular-q', '1']]) {
      expect([given, (await run(['state', ...given, ...file])).code]).toEqual([given, 2])
    }
  })

  test('old facts are thinned, and told by kind', async () => {
    const file = ['--file', 'pruned.db']
    const input = join(folder, 'steps.json')
    writeFileSync(input, JSON.stringify({ task: 'refund order 1187', steps: [{ action: 'look up', output: 'x'.repeat(30_000) }], success: true }))
    await run(['record', '--input', input, ...file])
    expect((await run(['prune', '--before', '90d', ...file])).stdout).toContain('Nothing to prune')
    expect((await run(['prune', '--before', '2999-01-01', '--dry-run', ...file])).stdout).toContain('1 fact would lose')
    expect(jsonOf(await run(['prune', '--before', '2999-01-01', '--json', ...file]))).toMatchObject({ facts: 1, blobs: 1, kinds: [{ kind: 'run.recorded', facts: 1 }] })
    // Forty days were meant, and no year 2040, before which everything was written.
    for (const before of ['yesterday', '40']) expect(await run(['prune', '--before', before, ...file])).toMatchObject({ code: 2, stderr: expect.stringContaining('such as 90d') })
    expect((await run(['prune', ...file])).code).toBe(2)
  })

  test('a report is told with what could be better, compared, and written as a page; improve says what people were not content with', async () => {
    const file = ['--file', 'reported.db']
    const autodidact = await Autodidact.open(join(folder, 'reported.db'), { seed: 1 })
    for (let place = 0; place < 40; place += 1) {
      const agent = place % 2 === 0 ? 'a clerk with a very long name that does not fit' : 'trainee'
      const { run } = await autodidact.record({
        task: `refund order ${place}`, category: 'refund', agent, response: 'paid', success: agent !== 'trainee' || place % 4 === 1, durationMs: 40_000 + 100 * place, approach: 'incremental',
        steps: [{ action: 'look up', ok: agent !== 'trainee', durationMs: 30_000 }],
      })
      if (place % 10 === 1) await autodidact.feedback(run, { correction: 'refused', comment: 'look again' }, { author: 'ada' })
    }
    await autodidact.close()
    const [first, second] = ['a clerk with a very long name that does not fit', 'trainee']
    const told = await run(['report', '--compare', first, second, '--min-priority', '3', ...file])
    expect(told.stdout).toContain('What could be better')
    expect(told.stdout).toContain('Take "a clerk')
    expect(told.stdout).toContain('succeeds more often')
    // Twenty runs each: the median is told of agents and kinds, too.
    expect(told.stdout).toMatch(/By agent\n[^\n]*median[^\n]*\n[^]*trainee +20 +20 +40 % \(22 to 61\) +42 s +44 s/)
    expect(told.stdout).toMatch(/By kind of task\n[^\n]*median[^\n]*\n +refund +40 [^\n]* 42 s +44 s/)
    const improved = await run(['improve', '--examples', '1', ...file])
    expect(improved.stdout).toContain('right: refused')
    for (const { stdout } of [told, improved]) expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(await json('report', '--compare', first, second, ...file)).toMatchObject({ runs: 40, groups: [{ category: 'refund' }, {}], comparison: { overall: { moreSuccessful: 'first' } } })
    expect(await json('improve', ...file)).toMatchObject({ issues: [{ kind: 'refund', corrections: 4 }] })
    expect(await json('report', '--html', 'report.html', ...file)).toMatchObject({ output: 'report.html' })
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\n$/)
    expect(await run(['report', '--html', 'report.html', ...file])).toMatchObject({ code: 2, stderr: expect.stringContaining('--overwrite') })
    expect(await json('report', '--html', 'report.html', '--overwrite', ...file)).toMatchObject({ output: 'report.html' })
    for (const wrong of [['--compare', 'one'], ['--compare', 'a', 'b', 'c'], ['--min-priority', '11'], ['--html', '.'], ['--html', 'reported.db'], ['--compare', 'nobody', second]]) {
      expect((await run(['report', ...file, ...wrong])).code).toBeGreaterThan(0)
    }
    expect((await run(['report', ...file])).code).toBe(0)
  })

  test('what another policy would have earned is told, or why it cannot be', async () => {
    const file = ['--file', 'evaluated.db']
    const autodidact = await Autodidact.open(join(folder, 'evaluated.db'), { seed: 1, points: { tool: { policy: 'uniform' } } })
    for (let at = 0; at < 200; at += 1) {
      const { option, run } = await autodidact.decide('tool', ['sql', 'web'], { run: `run ${at}` })
      await autodidact.record({ run, task: 'x', success: option === 'sql' })
    }
    await autodidact.close()
    writeFileSync(join(folder, 'sql.json'), '{"option": "sql"}')
    expect(await json('evaluate', 'tool', '--policy', 'fixed', '--settings', 'sql.json', ...file)).toMatchObject({ status: 'answered', value: 1, policy: 'fixed' })
    const told = await run(['evaluate', 'tool', '--policy', 'fixed', '--settings', 'sql.json', ...file])
    expect(told.stdout).toContain('more than the log')
    expect(told.stdout).toMatch(/mean weight +\d/)
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
    expect(told.stdout).toContain('Nothing is judged yet at "tool"')
    expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(told.stdout.replaceAll(/\s+/g, ' ')).not.toContain(' over ')
    expect((await run(['experiment', 'start', 'tool', ...file])).stderr).toContain('autodidact experiment stop e1')
    expect((await json('experiment', 'status', 'e1', ...file))['arms']).toEqual(expect.arrayContaining([expect.objectContaining({ units: 1, decisions: 1 })]))
    expect(await json('experiment', 'stop', 'tool', ...file)).toMatchObject({ state: 'stopped' })
    const arms = ['--arm', 'bold=greedy', '--arm', 'shy=uniform', '--share', 'bold=0.9', '--share', 'shy=0.1', '--fixed', '--no-roll-back']
    expect(await json('experiment', 'start', 'tool', ...arms, ...file)).toMatchObject({ arms: [{ arm: 'bold', policy: 'greedy', share: 0.9 }, { arm: 'shy', share: 0.1 }] })
    for (const wrong of [[], ['pause', 'tool'], ['stop'], ['stop', 'tool', '--unit', 'user'], ['status', '--arm', 'a=greedy'], ['stop', 'nobody'], ['start', 'tool'], ['start', 'other', '--arm', 'a=magic', '--arm', 'b=off']]) {
      expect((await run(['experiment', ...wrong, ...file])).code).toBe(2)
    }
  })

  test('tells of several arms which earned more than which', async () => {
    const file = ['--file', 'arms.db']
    const autodidact = await Autodidact.open(join(folder, 'arms.db'), { seed: 1 })
    await autodidact.experiments.start({ point: 'tool', id: 'arms', arms: { bold: 'greedy', shy: 'uniform', off: 'off' } })
    for (let at = 0; at < 60; at += 1) {
      const { option, run } = await autodidact.decide('tool', ['sql', 'web'], { run: `run ${at}` })
      await autodidact.record({ run, task: 'x', success: option === 'sql' })
    }
    await autodidact.close()
    const told = (await run(['experiment', 'status', ...file])).stdout.replaceAll(/\s+/g, ' ')
    // One for each pair; the first line repeats the one between none and the best of the others.
    const sentences = told.match(/On average "\w+" earned \d\.\d+ (?:more|less) than "\w+"/g) ?? []
    expect(sentences).toHaveLength(3)
    const [headline = ''] = told.match(/on average "\w+" earned \d\.\d+ (?:more|less) than "off"/) ?? []
    expect(sentences).toContain(headline.replace('on', 'On'))
  })

  test('an id that is of something else is told in words', async () => {
    const id = String((await json('remember', 'The shop opens at ten.', '--file', 'words.db'))['id'])
    expect(await run(['explain', id, '--file', 'words.db'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/^UNKNOWN_ID: .* is the id of knowledge that somebody wrote, .* Pass the id of an advice/) })
  })

  test('tells how to go about a task, and how runs went', async () => {
    const file = ['--file', 'patterns.db']
    const about = ['--category', 'frontend', '--type', 'feature', '--depends-on', 'design', '--effort', '3']
    for (const success of ['--success', '--success', '--failure']) {
      await run(['record', 'add a form', ...about, '--approach', 'incremental', '--factor', 'small steps', success, ...file])
    }
    expect(await json('patterns', 'add another form', ...about, ...file)).toMatchObject({ approach: 'incremental', evidence: { runs: 3 }, factors: [{ name: 'small steps' }] })
    const told = await run(['patterns', 'add another form', ...about, ...file])
    expect(told.stdout).toContain('67 % of 3 similar runs went well')
    expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(JSON.parse((await run(['patterns', '--json', ...file])).stdout)).toMatchObject([{ category: 'frontend', approach: 'incremental', runs: 3, factors: [{ name: 'small steps', runs: 3 }] }])
    const all = await run(['patterns', ...file])
    expect(all.stdout).toMatch(/frontend +feature +low +incremental +3 /)
    expect(all.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect((await run(['patterns', '', ...file])).code).toBe(2)
    // What describes a task says nothing where there is none.
    for (const said of [['--category', 'frontend'], ['--depends-on', 'backup'], ['--limit', '0']]) {
      expect(await run(['patterns', ...said, ...file])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^INVALID_INPUT: .*name the task/i) })
    }
  })

  test('tells what recurs in runs, what bears on a task, and makes knowledge of it', async () => {
    const file = ['--file', 'learnings.db']
    expect((await run(['learnings', '--file', 'nowhere.db'])).code).toBe(1)
    const autodidact = await Autodidact.open(join(folder, 'learnings.db'))
    for (let order = 0; order < 40; order += 1) {
      const steps = (order % 2 === 0 ? ['lookup', 'verify', 'refund'] : ['lookup', 'refund']).map((action) => ({ action }))
      await autodidact.record({ task: 'refund an order', category: 'refunds', agent: 'clerk', steps, outcome: { success: order % 2 === 0, judge: 'check' } })
    }
    await autodidact.close()
    expect(await json('learnings', '--type', 'success_pattern', '--validated', '--agent', 'clerk', '--least-band', 'HIGH', ...file)).toMatchObject({ total: 1, learnings: [{ actions: ['lookup', 'verify', 'refund'] }] })
    const told = await run(['learnings', ...file])
    expect(told.stdout).toContain('clerk: lookup, then verify, then refund in tasks "refunds"')
    expect(told.stdout).toMatch(/success_pattern, HIGH, validated\. 100 % of 20 runs went well, against 0 % of/)
    expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    const [{ id } = { id: '' }] = z.array(z.object({ id: z.string() })).parse(await json('learnings', 'relevant', 'refund the order', '--type', 'success_pattern', ...file))
    expect((await run(['learnings', 'relevant', 'water the plants', ...file])).stdout).toBe('Nothing was learned that fits.\n')
    expect((await run(['learnings', 'show', id, ...file])).stdout).toContain('Seen in')
    expect(await json('learnings', 'keep', id, '--by', 'ada', ...file)).toMatchObject({ status: 'stored' })
    expect(await json('knowledge', 'list', '--kind', 'success_pattern', ...file)).toHaveLength(1)
    for (const wrong of [['keep'], ['keep', 'learning_x'], ['keep', id, '--validated'], ['list', '--by', 'ada'], ['show', 'x'], ['relevant'], ['drop'], ['--type', 'x'], ['--least-band', 'low'], ['--limit', '-1']]) expect((await run(['learnings', ...wrong, ...file])).code).toBe(2)
  })

  test('lists workflows and begins the trial of one', async () => {
    const file = ['--file', 'workflows.db']
    expect((await run(['workflows', '--file', 'nowhere.db'])).code).toBe(1)
    for (let order = 0; order < 20; order += 1) {
      const actions = order % 2 === 0 ? ['lookup', 'refund'] : ['refund']
      const input = JSON.stringify({ task: 'refund', steps: actions.map((action) => ({ action, input: { order } })), outcome: { success: order % 2 === 0, judge: 'check' } })
      await run(['record', '--input', '-', ...file], { input })
    }
    const id = workflowId(['lookup', 'refund'])
    expect(await json('workflows', ...file)).toMatchObject({ workflows: [{ id, support: 10, status: 'candidate' }] })
    const told = await run(['workflows', 'list', ...file])
    expect(told.stdout).toContain('Not tried yet: 100 % of its 10 runs went well')
    expect(told.stdout).toContain('1. lookup  {"order":"{{order}}"}')
    expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(await json('workflows', 'try', id, '--point', 'how', '--unit', 'user', ...file)).toMatchObject({ status: 'on trial', trial: { point: 'how' } })
    for (const wrong of [['try'], ['try', workflowId(['a', 'b'])], ['stop'], ['list', '--most', 'many']]) expect((await run(['workflows', ...wrong, ...file])).code).toBe(2)
  })

  test('takes structured input from a file and from standard input, and flags win over it', async () => {
    const file = ['--file', 'structured.db', '--json']
    const input = JSON.stringify({ run: 'r1', task, response: 'nobody', steps: [{ action: 'sql', ok: true }], outcome: { cost: 3, success: true } })
    const piped = jsonOf(await spawned(['record', '--input', '-', '--failure', ...file], { input }))
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

/** How many facts are exported far from Greenwich. */
const countSince = async (file: string, since: string): Promise<number> => {
  const { stdout } = await spawned(['export', '--file', file, '--since', since], { environment: { TZ: 'America/New_York' } })
  return stdout.split('\n').length - 1
}

test('what was written since a time is told in UTC, wherever the machine stands', async () => {
  const autodidact = await Autodidact.open(join(folder, 'morning.db'), { clock: () => Date.parse('2026-11-21T09:45Z') })
  await autodidact.remember('The shop opens at ten.')
  await autodidact.close()
  const facts = { '2026-11-21': 1, '2026-11-21T09:30': 1, '2026-11-21T09:30:15.5': 1, '2026-11-21T09:30Z': 1, '2026-11-21T09:30-05:00': 0, '2026-11-21T10:00': 0 }
  for (const [since, count] of Object.entries(facts)) expect([since, await countSince('morning.db', since)]).toEqual([since, count])
  for (const since of ['5', '21 Nov 2026', '2026-11-31T25:00', '1969-12-31']) {
    expect(await run(['export', '--file', 'morning.db', '--since', since])).toMatchObject({ code: 2, stderr: expect.stringContaining('It must be a date') })
  }
})

describe('a text that is given as -', () => {
  const file = ['--file', 'texts.db']
  const piped = async (...given: string[]): Promise<Record<string, unknown>> => jsonOf(await run([...given, ...file, '--json'], { input: 'refund order 1187\n' }))

  test('is read from standard input, whatever argument or option it is', async () => {
    const { run: recorded } = await piped('record', '-', '--run', 'r1', '--success')
    expect(recorded).toBe('r1')
    await piped('record', 'ship order 7', '--run', 'r2', '--takeaway', '-', '--failure')
    await piped('record', 'bill order 8', '--run', 'r3', '--error', '-', '--failure')
    await piped('remember', '-', '--id', 'k1')
    await piped('remember', 'Pay within a week.', '--title', '-', '--id', 'k2')
    await piped('feedback', 'r1', '--comment', '-')
    expect(await piped('advise', '-')).toMatchObject({ task: 'refund order 1187' })
    expect((await piped('recall', '-'))['items']).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'r1' })]))
    await piped('decide', 'tool', 'a', 'b', '--task', '-')
    await piped('patterns', '-')
    const { stdout } = await run(['export', ...file])
    const texts = stdout.trimEnd().split('\n').map((line) => JSON.stringify(JSON.parse(line)))
    expect(texts.filter((text) => text.includes('"-"'))).toEqual([])
    // The task, the takeaway, the error, the knowledge, its title, the comment, and the task of the advice; a decision keeps no words of its own.
    expect(texts.filter((text) => text.includes('"refund order 1187"'))).toHaveLength(7)
  })

  test.each([[['record', '-', '--takeaway', '-']], [['record', '-', '--input', '-']], [['advise', '-', '--choices', '-']], [['decide', 'tool', 'a', '--task', '-', '--input', '-']]])(
    'twice is refused: %j', async (given) => {
      expect(await run([...given, ...file], { input: '{}' })).toMatchObject({ code: 2, stderr: expect.stringContaining('Standard input was named twice') })
    },
  )
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
    const refused = await run(['export', '--file', 'long.db', '--output', 'kept.jsonl'])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/^ALREADY_EXISTS: .*--overwrite/)])
    expect(readFileSync(join(folder, 'kept.jsonl'), 'utf8')).toBe('what was there')
    expect(await json('export', '--file', 'long.db', '--output', 'kept.jsonl', '--overwrite')).toMatchObject({ facts })
    expect(readFileSync(join(folder, 'kept.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(facts)
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([])
  })

  test('is exported whole', async () => {
    expect((await spawned(['export', '--file', 'long.db'])).stdout.trimEnd().split('\n')).toHaveLength(facts)
    expect(await json('export', '--file', 'long.db', '--output', 'long.jsonl')).toEqual({ facts, output: 'long.jsonl' })
    expect(readFileSync(join(folder, 'long.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(facts)
    expect(await json('export', '--file', 'long.db', '--output', 'rest.jsonl', '--after', String(facts - 5))).toMatchObject({ facts: 5 })
  })

  test('may be read in part, as head does', async () => {
    const { code, stderr } = await spawned(['export', '--file', 'long.db'], { onOutput: (child) => child.stdout?.destroy() })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

/** Runs `autodidact` with words that a shell reads, such as where its output goes. */
const inShell = (words: string): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile('sh', ['-c', `"$0" "$1" ${words}`, process.execPath, program('autodidact-command')], { cwd: folder }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }))
  })

/** A device that is always full, on which Linux lets anybody try. */
test.skipIf(!existsSync('/dev/full'))('what cannot be printed is told with a code, and what nobody reads is told by the exit code', async () => {
  await run(['remember', 'Refund late orders.', '--file', 'printed.db'])
  expect(await inShell('recall refund --file printed.db > /dev/full')).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^DISK_FULL: What was to be printed [^\n]*\n$/) })
  expect(await inShell('recall refund --file printed.db --json > /dev/full')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^\{"error":\{"code":"DISK_FULL"[^\n]*\n$/) })
  expect(await inShell('nothing 2> /dev/full')).toEqual({ code: 2, stdout: '', stderr: '' })
})

test.skipIf(!existsSync('/dev/stdout'))('an output may be a pipe that a shell names, and - is no name of a file', async () => {
  await run(['remember', 'Refund late orders.', '--id', 'late', '--file', 'piped.db'])
  expect(await inShell('export --file piped.db -o /dev/stdout | grep -c late')).toMatchObject({ code: 0, stdout: '1\n', stderr: '' })
  for (const given of [['export', '-o', '-'], ['report', '--html', '-'], ['knowledge', 'export', '-', '--format', 'json']]) {
    expect([given, await run([...given, '--file', 'piped.db'])]).toEqual([given, { code: 2, stdout: '', stderr: expect.stringMatching(/^INVALID_INPUT: "-" .*\/dev\/stdout/) }])
  }
  expect(readdirSync(folder)).not.toContain('-')
})

describe('what is wrong', () => {
  beforeAll(() => writeFileSync(join(folder, 'text.db'), 'This is a text file and no database at all. '.repeat(100)))

  test.each([
    ['an unknown command', ['recal', 'x'], 2, 'INVALID_INPUT', 'Did you mean recall'],
    ['a text that the shell has cut', ['recall', 'late', 'deliveries'], 2, 'INVALID_INPUT', 'Put a text with spaces in quotes'],
    ['an option before the command', ['-f', 'agent.db', 'report'], 2, 'INVALID_INPUT', 'Options stand behind the command'],
    ['an unknown option', ['recall', 'x', '--foo'], 2, 'INVALID_INPUT', 'autodidact recall --help'],
    ['a missing argument', ['recall'], 2, 'INVALID_INPUT', 'text'],
    ['a number that is none', ['recall', 'x', '--limit', '1.5'], 2, 'INVALID_INPUT', 'whole number'],
    ['a demonstration without questions', ['demo', '--limit', '0'], 2, 'INVALID_INPUT', '1 or more'],
    ['an empty task', ['advise', '  ', '--file', 'long.db'], 2, 'INVALID_INPUT', 'task is empty'],
    ['an empty task to record', ['record', '', '--file', 'long.db'], 2, 'INVALID_INPUT', 'task is empty'],
    ['options that exclude each other', ['record', 'x', '--success', '--failure'], 2, 'INVALID_INPUT', '--failure'],
    ['a success with a score that says the opposite', ['record', 'x', '--success', '--score', '0.2'], 2, 'INVALID_INPUT', 'says the opposite'],
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
    ['an empty correction', ['feedback', 'r1', '--correction', '', '--file', 'long.db'], 2, 'INVALID_INPUT', 'correction is empty'],
    ['nothing to remember', ['remember'], 2, 'INVALID_INPUT', 'It says nothing'],
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
    const { code, stderr } = await spawned(['recall', 'x', '--file', 'nowhere.db'])
    expect(code).toBe(1)
    expect(stderr).toBe('CANNOT_OPEN: There is no file "nowhere.db". Name another one with --file, or record something first.\n')
  })

  test('an older Node is told which one is needed', async () => {
    const older = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})'
    const { code, stderr } = await spawned(['--help'], { node: ['--import', older] })
    expect(code).toBe(1)
    expect(stderr).toContain('needs Node 24 or later; this is 20.1.0')
  })
})

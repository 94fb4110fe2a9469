import type { Command, Option } from 'commander'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import { reportFailure } from '../../src/cli/failure.ts'
import { createProgram } from '../../src/cli/program.ts'
import { isPolluted } from './support/complaint.ts'

/**
 * Every argument and option of every command with everything that a shell may hand over, taken from the program itself, so that a new option is tested
 * without a new line here. Each works or is refused with a code; a defect would be thrown.
 */

const files: Readonly<Record<string, string | Buffer>> = {
  'null.json': 'null',
  'list.json': '[]',
  'fields.json': '{"task": 1, "content": [], "score": "up", "choices": "all", "outcome": 7, "recall": [null], "unknown": {}}',
  'polluting.json': '{"__proto__": {"polluted": true}, "outcome": {"__proto__": {"polluted": true}}, "context": {"__proto__": 1}, "recall": {"__proto__": {"limit": 1}}}',
  'deep.json': `${'{"task":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  'broken.json': '{"task": "x',
  'empty.json': '',
  'episodes.jsonl': '{"task": "deliver parcel", "success": true}\n',
  'memory.jsonl': '{"type":"entity","name":"Ada","observations":["Likes tea"]}\n{"type":"relation"}\n',
  'teacher.mjs': "export default { name: 'teacher', generate: async () => ({ text: '[]' }) }",
  'items.json': '["[CORE_RULE|1.0] Be kind.", 7, {"content": "Count twice."}]',
  'items.md': '# Rules\n\n- [RESPONSE_PRINCIPLE|0.9] Be brief.\n',
  'bytes.json': Buffer.from([0xff, 0xfe, 0x00, 0x80]),
}

/** No lone surrogates and no zero bytes: a shell cannot hand them over. */
const words = [
  '', ' ', 'x', '@', '@nowhere', '=', '=x', '__proto__', '__proto__=1', 'NaN', '-Infinity', '1e999', '-1', '1.5', '9'.repeat(400), '[', '{}', '[]',
  '{"__proto__": {"polluted": true}}', '{"tool": [{"__proto__": {"polluted": true}}]}', '{"tool": ["a", "a"]}', 'x'.repeat(100_000),
  'ä語\u{1F9E0}\u{20BB7}\u{30EDE}\u{E0041}\u{10FFFD}', 'a\nb', "'; DROP TABLE facts; --", '.', '2026-13-45',
]
const paths = ['nowhere.json', '.', 'x'.repeat(100_000), ...Object.keys(files)]

/** What makes each command work; the hostile word takes the place of one of these, or stands in an option behind them. */
const plain: Readonly<Record<string, readonly string[]>> = {
  ask: ['how many orders', '--db=shop.sqlite'], advise: ['refund order'], recall: ['refund order'], decide: ['tool', 'a', 'b'], record: ['refund order'], feedback: ['r1', 'up'], remember: ['orders'], subscribe: ['tester', '--no-wait'],
  'share tell': ['orders'], 'share answers': ['question-1'], 'share recent': ['tester'], 'share popular': [], 'share view': ['known-1', 'tester'], 'share applied': ['known-1', 'tester'], 'share channels': [],
  'share subscriptions': ['tester'], 'share unsubscribe': ['tester'],
  'knowledge add': ['orders'], 'knowledge update': ['known-1', 'orders'], 'knowledge revert': ['known-1', '--number=1'], 'knowledge list': [], 'knowledge statistics': [], 'knowledge show': ['known-1'], 'knowledge history': ['known-1'],
  'knowledge diff': ['known-1', '--from=1'], 'knowledge use': ['known-1'], 'knowledge vote': ['known-1', '--by=grace'], 'knowledge move': ['known-1', 'archived'], 'knowledge archive': ['orders', '--dry-run'], 'knowledge prune': [], 'knowledge consolidate': [],
  'knowledge export': ['items.json', '--overwrite'], 'knowledge import': ['items.md'],
  explain: ['r1'], report: [], improve: [], export: [], forget: [], evaluate: ['tool', '--policy=uniform'], fixes: ['disk full'], import: ['episodes.jsonl'], audit: ['memory.jsonl'], 'experiment start': ['tool'], 'experiment stop': ['running'], 'experiment status': ['running'], patterns: ['refund order'], 'workflows list': [], 'workflows try': ['w1'], 'learnings list': [], 'learnings relevant': ['refund order'], 'learnings show': ['learning_1'], 'learnings keep': ['learning_1'],
  'state list': ['option-model'], 'state diff': ['option-model', '1'], 'state rollback': ['option-model', '1'], reflect: ['r1', '--model=teacher.mjs'], 'review list': [], 'review accept': ['p1'], 'review reject': ['--all'], 'preferences list': ['ada'], 'preferences set': ['ada', 'tone', 'Short.'], 'preferences unset': ['ada', 'tone'], prune: ['--before=90d', '--dry-run'],
  copy: ['copy.db', 'copied/'], backup: ['copy'], restore: ['plain.backup', '--overwrite'], 'rotate-key': ['--key-file=plain.key', '--new-key-file=plain.key'],
}

/** One for all calls: it parses each as if it were the first, and making one takes longer than most commands do. */
const program = createProgram()

/** Every command, and of those that have actions each action. */
const commands: readonly (readonly [name: string, command: Command])[] =
  program.commands.flatMap((command) => (command.commands.length === 0 ? [[command.name(), command] as const] : command.commands.map((action) => [`${command.name()} ${action.name()}`, action] as const)))

/** Those that have nothing to work on, and can only be refused. */
const alwaysRefused: ReadonlySet<string> = new Set(['workflows try', 'review accept', 'learnings show', 'learnings keep'])

/** The file with the experience, which `ask` describes otherwise. */
const named = ({ flags, description }: Option): string => `${flags}: ${description.startsWith('where it learns') ? 'the file with the experience' : description}`

/** The commands that have an option of this name and meaning. */
const commandsWith = new Map<string, string[]>()
for (const [name, { options }] of commands) for (const option of options) commandsWith.set(named(option), [...(commandsWith.get(named(option)) ?? []), name])

/** What to try with an option of a command: everything, or, where several share one piece of code, up to a sixth of it, and other commands the other parts. */
const triedWith = (option: Option, name: string): readonly string[] => {
  const tried = option.flags.includes('<file>') ? paths : words
  const sharing = commandsWith.get(named(option)) ?? [name]
  const parts = Math.min(6, sharing.length)
  return tried.filter((_, place) => place % parts === sharing.indexOf(name) % parts)
}

/** Calls of one command, each with one hostile word. */
const callsOf = (name: string): readonly (readonly string[])[] => {
  const command = commands.find(([candidate]) => candidate === name)?.[1]
  const works = plain[name] ?? []
  const options = command?.options.filter(({ required }) => required) ?? []
  return [
    ...works.flatMap((_, place) => words.map((word) => [...works.slice(0, place), word, ...works.slice(place + 1)])),
    ...options.flatMap((option) => triedWith(option, name).map((word) => [...works, `${option.long}=${word}`])),
    ...options.filter(({ description }) => description.includes('@FILE')).flatMap(({ long }) => Object.keys(files).map((file) => [...works, `${long}=@${file}`])),
  ]
}

/** Writers are told that their text has gone out. */
const swallow = (_text: unknown, encoding?: unknown, done?: unknown): boolean => {
  const written = typeof encoding === 'function' ? encoding : done
  if (typeof written === 'function') written()
  return true
}

/** Works without showing what is printed. */
const silently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const spies = [vi.spyOn(process.stdout, 'write').mockImplementation(swallow), vi.spyOn(process.stderr, 'write').mockImplementation(swallow)]
  try {
    return await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

/** The exit code; an error that is neither ours nor the caller's is thrown. */
const codeOf = async (given: readonly string[]): Promise<number> => {
  try {
    await program.parseAsync(given, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return reportFailure(error, { command: 'autodidact', json: true })
  } finally {
    process.exitCode = undefined
  }
}

describe('a command works or is refused, whatever it is given', () => {
  const [here, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), 'autodidact-commands-'))]
  beforeAll(() => process.chdir(folder))
  afterAll(() => {
    process.chdir(here)
    rmSync(folder, { recursive: true, force: true })
  })

  test('every command is among them', () => {
    // `demo` has tests of its own: it takes paths and counts only, and a second each time.
    expect(commands.map(([name]) => name).filter((name) => name !== 'demo').toSorted()).toEqual(Object.keys(plain).toSorted())
  })

  test.each(Object.keys(plain))('%s', async (name) => {
    for (const [file, content] of Object.entries(files)) writeFileSync(file, content)
    if (name === 'ask') new DatabaseSync('shop.sqlite').exec('CREATE TABLE IF NOT EXISTS orders (id INTEGER)')
    const key = '5c'.repeat(32)
    writeFileSync('plain.key', `${key}\n`)
    const settings = name === 'rotate-key' ? { encryption: { key } } : {}
    const writer = await Autodidact.open(`${name}.db`, { seed: 1, ...settings })
    await writer.record({ run: 'r1', task: 'refund order', success: true })
    await writer.decide('tool', ['a', 'b'])
    await writer.preferences.set('ada', 'tone', 'Short.')
    if (name !== 'experiment start') await writer.experiments.start({ point: 'tool', id: 'running' })
    await writer.knowledge.add({ id: 'known-1', content: 'Items are counted.', channel: 'general' })
    await writer.knowledge.update('known-1', { content: 'Items are counted twice.' })
    await writer.share({ id: 'question-1', kind: 'question', content: 'How many?' })
    if (name === 'forget') await writer.record({ run: 'x', task: 'x', user: 'x', session: 'x', source: 'x' })
    await writer.backup('plain.backup', { overwrite: true })
    await writer.close()
    const defects: string[] = []
    // Two stores are arguments of their own.
    const file = name === 'copy' ? [] : [`--file=${name}.db`]
    const codes = new Set<unknown>([await silently(() => codeOf([...name.split(' '), ...(plain[name] ?? []), ...file]))])
    for (const given of callsOf(name)) {
      const call = [...name.split(' '), ...given, ...(given.some((word) => word.startsWith('--file=')) ? [] : file)]
      const code = await silently(() => codeOf(call)).catch((error: unknown) => (error instanceof Error ? error.stack : String(error)))
      codes.add(code)
      if (code !== 0 && code !== 1 && code !== 2) defects.push(`${call.join(' ').slice(0, 200)}: ${code}`)
      if (isPolluted()) defects.push(`${call.join(' ').slice(0, 200)}: every object has a new field`)
    }
    expect(defects).toEqual([])
    // Some of it works, and some of it is refused: otherwise nothing was tried. A subject must be named to be forgotten.
    expect([...codes]).toEqual(expect.arrayContaining(alwaysRefused.has(name) ? [2] : [0, 2]))
    const reader = await Autodidact.open(`${name}.db`, settings)
    expect((await reader.report()).runs).toBeGreaterThanOrEqual(1)
    expect((await reader.recall('refund order')).items.map(({ id }) => id)).toContain('r1')
    await reader.close()
  })
})

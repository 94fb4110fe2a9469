import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { autodidactHere } from '../../test/support/command-line.ts'
import { Autodidact } from '../autodidact.ts'

let folder = ''
const run = (...given: string[]) => autodidactHere(given, { cwd: folder })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-messages-'))
  const autodidact = await Autodidact.open(join(folder, 'autodidact.db'))
  const error = new Error('ENOENT: no such file')
  for (const task of ['read the list of orders', 'read the list of customers']) await autodidact.record({ task, outcome: { success: false, error } })
  await autodidact.remember({ id: 'late', content: 'Refund late orders at once.' })
  await autodidact.knowledge.use('late', { success: false })
  await autodidact.in('acme').record({ task: 'Refund order 7', success: true })
  await autodidact.close()
  writeFileSync(join(folder, 'one.jsonl'), '{"task": "Refund order 8", "success": true}\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  [['audit', '--unused-days', '-1'], /--unused-days .*0 or more/],
  [['knowledge', 'prune', '--unused-days', '-1'], /--unused-days .*0 or more/],
  [['copy', 'nope.db', 'b.db'], /no file "[^"]*nope\.db" to read\. Check the path\.$/m],
  [['copy', 'autodidact.db', 'b.db', '--as', 'other'], /which namespace is to be called "other"\. Add --namespace NAME\./],
  [['copy', 'autodidact.db', 'autodidact.db'], /--namespace and --as/],
  [['advise', 'x', '--choices', 'tool=a'], /--choices is "tool=a"; it must be JSON.*such as --choices '\{"tool": \["sql", "web"\]\}'/],
  [['export', '--kind', 'bogus'], /"bogus", which is no kind of fact/],
  [['experiment', 'start', 'mode', '--arm', 'a=gredy', '--arm', 'b=off'], /"gredy"\. Choose one of: off, configured, without, default.*Did you mean greedy\?/],
  [['experiment', 'start', 'mode', '--arm', 'a=without', '--arm', 'b=off'], /\{ name: "without", option: /],
  [['evaluate', 'tool', '--policy', 'sofmax'], /"sofmax"\. Choose one of: default.*Did you mean softmax\?/],
  [['forget', '--fact', 'nope'], /Nothing of the fact "nope" is in the namespace/],
])('%j is refused in the words of the shell', async (given, message) => {
  const { code, stderr } = await run(...given)
  expect([code, stderr]).toEqual([given[1] === 'nope.db' ? 1 : 2, expect.stringMatching(message)])
})

test('what is told reads as it should', async () => {
  expect((await run('knowledge', 'show', 'late')).stdout).toContain('1 use, at least 0 % good')
  expect((await run('import', 'one.jsonl', '-f', 'other.db')).stdout).toContain('one.jsonl: 1 episode imported')
  expect((await run('report', '-n', 'othr')).stdout.replaceAll(/\s+/g, ' ')).toBe('Nothing has been recorded in the namespace "othr" yet. There are "default", "acme": name one with --namespace. ')
  const recalled = await run('recall', 'read the list of orders', '--prompt')
  expect(recalled.stdout).toContain('ENOENT')
  expect(recalled.stdout).not.toContain('Error: Error:')
})

test('a file that is set to nothing is not set', async () => {
  expect((await autodidactHere(['report', '--json'], { cwd: folder, environment: { AUTODIDACT_FILE: '' } })).code).toBe(0)
})

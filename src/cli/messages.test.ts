import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { autodidactHere } from '../../test/support/command-line.ts'
import { Autodidact } from '../autodidact.ts'
import { leastConfidence } from '../learn/learners/error-fixes.ts'

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

test('a fix of less confidence than was asked for is not kept secret', async () => {
  const error = 'connection to "db-7" refused by the orders service'
  const fix = { error, tool: 'query', input: 'SELECT 1', approach: 'restart the database', steps: [{ action: 'restart' }] }
  const told = await Autodidact.open(join(folder, 'fixes.db'))
  await told.remember({ content: 'Restart it.', fix })
  const asked = { message: 'connection to "db-9" refused by the billing service' }
  const [best] = await told.fixesFor(asked, { confidence: 0 })
  expect(await told.fixesFor(asked)).toEqual([])
  await told.close()
  const { code, stdout } = await run('fixes', asked.message, '-f', 'fixes.db')
  const confidence = Math.floor((best?.confidence ?? 0) * 100) / 100
  expect([code, stdout.replaceAll(/\s+/g, ' ')]).toEqual([
    0, `No fix of a confidence of ${leastConfidence} or more is known for this error. One is known of less confidence, ${confidence.toFixed(2)}: --confidence 0 shows it. With --tool and --input it can be told more surely. `,
  ])
  expect(await run('fixes', asked.message, '-f', 'fixes.db', '--json')).toMatchObject({ stdout: '[]\n', stderr: expect.stringContaining('--confidence 0 shows it') })
  expect((await run('fixes', asked.message, '-f', 'fixes.db', '--confidence', '0')).stdout).toContain('restart the database')
  expect((await run('fixes', 'no space left on device', '-f', 'fixes.db')).stdout).toBe('No fix is known for this error.\n')
})

test('feedback on a run that nobody knows says so, and which one may have been meant', async () => {
  const file = ['-f', 'feedback.db'] as const
  await run('record', 'Refund order 7', '--run', 'refund-seven', ...file)
  const advised = await Autodidact.open(join(folder, 'feedback.db'))
  await advised.decide('tool', ['a', 'b'], { run: 'begun-only' })
  await advised.close()
  const words = async (...given: string[]) => (await run('feedback', ...given, ...file)).stdout.replaceAll(/\s+/g, ' ')
  expect(await words('refund-sevne', 'up')).toContain('the feedback waits for it. Nothing else is known of a run of this id: check it; did you mean "refund-seven"?')
  expect(await words('refund', 'up')).toContain('did you mean "refund-seven"?')
  expect(await words('something else', 'up')).toMatch(/check it $/)
  expect(await words('begun-only', 'up')).toMatch(/the feedback waits for it $/)
  expect(await words('refund-seven', 'up')).toContain('the run stands as success')
  expect(await run('feedback', 'refund-sevn', 'up', ...file, '--json')).toMatchObject({ code: 0, stdout: expect.stringContaining('"recorded":false'), stderr: expect.stringContaining('"refund-seven"') })
})

test('of a corrected run the same is said by feedback, explain and recall', async () => {
  const file = ['-f', 'corrected.db'] as const
  await run('record', 'Capital of Australia?', '--response', 'Sydney', '--run', 'r1', ...file)
  const text = async (...given: string[]) => (await run(...given, ...file)).stdout.replaceAll(/\s+/g, ' ')
  expect(await text('feedback', 'r1', '--correction', '"Canberra"')).toContain('what the run responded counts as failed, unless it was the same; recall shows the right answer in its place, as a success')
  expect(await text('explain', 'r1')).toContain('what it responded is judged 0.00 of 1 (weight 1), by correction; recall shows the right answer in its place, as a success')
  expect(await text('recall', 'Capital of Australia?')).toContain('Canberra')
})

test('an import tells what was probably meant', async () => {
  writeFileSync(join(folder, 'typos.jsonl'), '{"task": "Refund order 9", "sucess": true, "red\\u001b[31m": 1}\n{"task": 7}\n')
  const { code, stdout } = await run('import', 'typos.jsonl', '--map', 'zzz=takeaway', '-f', 'typos.db')
  expect(code).toBe(1)
  expect(stdout).toContain('left out: sucess (1 episode); did you mean success?')
  expect(stdout).not.toContain('\u001b[31m')
  expect(stdout).toContain('--map zzz: no line has a field of this name')
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('This line was not written; correct it and import the file again.')
})

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { autodidact as spawned, autodidactHere as run } from '../../test/support/command-line.ts'
import { Autodidact } from '../autodidact.ts'
import { program } from '../../test/support/programs.ts'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'autodidact-import-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const table = 'prompt;ok\nrefund an order;yes\nmove a shop;no\n'

test('a table is imported by the names that are said, and prints what the verb returns', async () => {
  writeFileSync(join(folder, 'runs.csv'), table)
  const given = ['import', 'runs.csv', '--map', 'prompt=task', '--map', 'ok=success', '-f', 'table.db']
  const { code, stdout } = await run([...given, '--json'], { cwd: folder })
  expect([code, JSON.parse(stdout)]).toEqual([0, { file: 'runs.csv', episodes: 2, stored: 2, merged: 0, failed: 0, disordered: 0, steps: 0, problems: [], ignored: {} }])
  expect((await run(given, { cwd: folder })).stdout).toBe('runs.csv: 0 episodes imported, 2 were there, 0 refused, 0 steps\n')
  // Through a pipe.
  const several = await spawned(['import', 'runs.csv', '-', ...given.slice(2), '--json'], { cwd: folder, input: table })
  expect(JSON.parse(several.stdout)).toMatchObject([{ file: 'runs.csv', merged: 2 }, { file: '-', merged: 2 }])
})

test('a file without tasks is refused with a hint', async () => {
  const { code, stderr } = await run(['import', '-', '-f', 'none.db'], { cwd: folder, input: table })
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^INVALID_INPUT: .*"prompt", "ok".*--map "prompt=task"/)])
  expect((await run(['import', '-', '--map', 'prompt', '-f', 'none.db'], { cwd: folder, input: table })).code).toBe(2)
})

test('Ctrl-C ends it, and says how many were imported', async () => {
  const file = join(folder, 'stopped.db')
  const child = spawn(process.execPath, [program('autodidact-command'), 'import', '-', '-f', file, '--json'], { stdio: ['pipe', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part))
  // The pipe stays open: whoever writes into it may never come to an end.
  child.stdin.write(Array.from({ length: 1000 }, (_, number) => `{"taskId": ${number}, "task": "${'x'.repeat(100)}"}\n`).join(''))
  const counted = async (): Promise<number> => {
    const autodidact = await Autodidact.open(file)
    const { runs } = await autodidact.report()
    await autodidact.close()
    return runs
  }
  while ((await counted()) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, stored: await counted() })
})

test.each([
  [['recommend', 'refund'], 'autodidact patterns TASK'], [['compare', 'a', 'b'], 'autodidact report --compare A B'], [['help', 'roll-back'], 'autodidact state rollback'],
])('%j is told where it is', async (given, hint) => {
  expect(await run(given, { cwd: folder })).toMatchObject({ code: 2, stderr: expect.stringContaining(hint) })
})

test('a roll-back is one in any spelling', async () => {
  for (const spelling of ['rollback', 'roll-back', 'rollBack']) {
    expect(await run(['state', spelling, 'item-usefulness', '0', '-f', 'table.db'], { cwd: folder })).toMatchObject({ code: 0, stdout: expect.stringContaining('is back at 0') })
  }
})

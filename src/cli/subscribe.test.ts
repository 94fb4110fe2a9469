import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autodidact, autodidactHere, jsonOf, type Outcome } from '../../test/support/command-line.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-subscribe-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (given: readonly string[]): Promise<Outcome> => autodidactHere(given, { cwd: folder })

const idsIn = ({ stdout }: Outcome): unknown[] => stdout.split('\n').filter((line) => line !== '').map((line) => (JSON.parse(line) as { readonly id: unknown }).id)

describe('autodidact share and subscribe', () => {
  test('pass on what one shares to the other, who goes on where it was interrupted', { timeout: 60_000 }, async () => {
    const file = ['--file', 'hub.db']
    expect(jsonOf(await run(['share', 'Before.', '--id', 'before', ...file, '--json']))).toMatchObject({ id: 'before', status: 'stored' })
    expect(await run(['subscribe', 'tester', '--channel', 'testing', '--no-wait', ...file])).toMatchObject({ code: 0, stdout: '' })
    await run(['share', 'Mind the step.', '--channel', 'testing', '--id', 'a', '--author', 'coder', '--title', 'Steps', ...file])
    await run(['share', 'Not for you.', '--channel', 'testing', '--id', 'secret', '--to', 'coder', ...file])
    await run(['share', 'For everybody.', '--channel', 'warnings', '--priority', 'critical', '--broadcast', '--id', 'b', ...file])
    // Waits for more than there is, and is ended from outside.
    let lines = 0
    const following = await autodidact(['subscribe', 'tester', '--json', ...file], {
      cwd: folder,
      onOutput: (child) => {
        lines += 1
        if (lines === 1) setTimeout(() => child.kill('SIGINT'), 500)
      },
    })
    expect([following.code, idsIn(following)]).toEqual([130, ['a', 'b']])
    expect(JSON.parse(following.stdout.split('\n')[0] ?? '')).toMatchObject({ item: 'a', channel: 'testing', priority: 'medium', title: 'Steps', content: 'Mind the step.', author: 'coder' })
    expect((await run(['subscribe', 'tester', '--no-wait', ...file])).stdout).toBe('')
    const again = await run(['subscribe', 'tester', '--no-wait', '--after', '', '--all-channels', '--limit', '2', '--json', ...file])
    expect([again.code, idsIn(again)]).toEqual([0, ['before', 'a']])
    const { code, stdout } = await run(['subscribe', 'tester', '--no-wait', ...file])
    expect([code, stdout]).toEqual([0, expect.stringContaining('warnings, critical: For everybody.')])
  })

  test('pass on questions and their answers', { timeout: 60_000 }, async () => {
    const file = ['--file', 'questions.db']
    await run(['share', 'Why does it hang?', '--kind', 'question', '--id', 'q', '--author', 'tester', ...file])
    await run(['subscribe', 'tester', '--channel', 'warnings', '--no-wait', ...file])
    expect(jsonOf(await run(['share', 'It waits.', '--answers', 'q', '--id', 'a', '--author', 'coder', ...file, '--json']))).toMatchObject({ id: 'a', status: 'stored' })
    expect(idsIn(await run(['subscribe', 'tester', '--no-wait', '--json', ...file]))).toEqual(['a'])
    expect(await run(['share', 'x', '--answers', 'nowhere', ...file])).toMatchObject({ code: 2, stderr: expect.stringContaining('UNKNOWN_ID') })
  })

  test.each([
    ['a file that is not there', ['subscribe', 'tester', '--file', 'nowhere.db'], 1, 'CANNOT_OPEN'],
    ['a priority that there is not', ['share', 'x', '--priority', 'urgent', '--file', 'refused.db'], 2, 'INVALID_INPUT'],
    ['some and all at once', ['share', 'x', '--to', 'coder', '--broadcast', '--file', 'refused.db'], 2, 'broadcast and targets'],
    ['a cursor that is none', ['subscribe', 'tester', '--after', 'x', '--file', 'questions.db'], 2, 'INVALID_INPUT'],
    ['a least priority that there is not', ['subscribe', 'tester', '--least-priority', 'x', '--file', 'questions.db'], 2, 'INVALID_INPUT'],
    ['nobody', ['subscribe', '', '--no-wait', '--file', 'questions.db'], 2, 'INVALID_INPUT'],
  ])('refuse %s', async (_what, given, code, message) => {
    expect(await run(given)).toMatchObject({ code, stderr: expect.stringContaining(message) })
  })
})

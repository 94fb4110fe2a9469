import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { autodidactHere } from '../../test/support/command-line.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-groups-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...given: string[]) => autodidactHere(given, { cwd: folder })

test.each([
  [['knowledge', 'help', 'ad'], 'Did you mean add?'],
  [['help', 'knowledge', 'ad'], 'Did you mean add?'],
  [['knowledge', 'addd', '--help'], 'Did you mean add?'],
  [['share', 'help', 'reecnt'], 'Did you mean recent?'],
  [['learnings', 'help', 'lsit'], 'Did you mean list?'],
  [['learnings', 'lsit', '--help'], 'Did you mean list?'],
  [['experiment', 'help', 'strat'], 'Did you mean start?'],
  [['state', 'help', 'rolback'], 'Did you mean rollback?'],
  [['preferences', 'help', 'st'], 'Did you mean set?'],
  [['review', 'help', 'acept'], 'Did you mean accept?'],
])('help on an action that there is not, %j, names the one that was meant', async (given, meant) => {
  const { code, stdout, stderr } = await run(...given)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^INVALID_INPUT: There is no action ".+" of "\w+": it must be one of /)
  expect(stderr).toContain(meant)
})

test('help on an action is the same however it is asked for', async () => {
  const shown = await run('knowledge', 'add', '--help')
  expect(shown.stdout).toMatch(/^Usage: autodidact knowledge add /)
  expect(await run('knowledge', 'help', 'add')).toEqual(shown)
  expect(await run('help', 'knowledge', 'add')).toEqual(shown)
  // A text may stand there, so that it is no action with a slip in it.
  expect(await run('share', 'Mind the step.', '--help')).toEqual(await run('share', '--help'))
})

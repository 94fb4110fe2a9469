import { spawn, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFile } from '../../../test/support/instance.ts'
import { program } from '../../../test/support/programs.ts'

const main = program('autodidact-command')

/** `script` of util-linux gives a command a terminal of its own, and its exit code back. */
const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

/** One line typed, and what must be on the screen before it is. */
type Typed = readonly [after: string, line: string]

const controlD = '\u0004'

const quoted = (argument: string): string => `'${argument.replaceAll("'", "'\\''")}'`

/** What a person sees of a command, and its exit code. */
const inTerminal = async (given: readonly string[], cwd: string, typed: readonly Typed[]): Promise<{ readonly code: number | null; readonly screen: string }> => {
  const command = [process.execPath, main, ...given].map(quoted).join(' ')
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env: { ...process.env, TERM: 'xterm', COLUMNS: '80' }, stdio: 'pipe' })
  // One that waits for what never came.
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  let seen = 0
  const waiting = [...typed]
  const type = (): void => {
    const [next] = waiting
    const at = next === undefined ? -1 : screen.indexOf(next[0], seen)
    if (next === undefined || at < 0) return
    seen = at + next[0].length
    waiting.shift()
    child.stdin.write(next[1])
    type()
  }
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    screen += part
    type()
  })
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  expect(waiting).toEqual([])
  return { code, screen }
}

const towns = (): { readonly folder: string; readonly db: string } => {
  const folder = dirname(temporaryFile())
  const db = join(folder, 'towns.db')
  const writer = new DatabaseSync(db)
  writer.exec("CREATE TABLE city (name TEXT, people INTEGER); INSERT INTO city VALUES ('Bergen', 290000), ('Oslo', 710000)")
  writer.close()
  return { folder, db }
}

const question = 'How many people live in Bergen?'
const query = "SELECT people FROM city WHERE name = 'Bergen'"
const bar = /[━─]{30}/u

describe.skipIf(!hasTerminals)('in a terminal', () => {
  test('the talk shows a prompt, answers, learns, and ends with Ctrl-D and code 0', async () => {
    const { folder, db } = towns()
    const { code, screen } = await inTerminal(['demo', '--db', db], folder, [
      ['> ', `${question}\r`],
      ['Teach me', `= ${query}\r`],
      ['290000', `${question}\r`],
      ['Right? Say +', '+\r'],
      ['Noted: that was right.', ''],
      ['> ', controlD],
    ])
    expect(code).toBe(0)
    expect(screen).toContain('Ctrl-D to leave')
    expect(screen).toContain('Learned (take it back with -)')
    expect(screen).toContain('Saved in')
    // It knew too little to have anybody wait.
    expect(screen).not.toMatch(bar)
  })

  test('Ctrl-D at the first prompt ends with code 0, and so does Ctrl-C', async () => {
    const { folder, db } = towns()
    for (const key of [controlD, '\u0003']) {
      const { code, screen } = await inTerminal(['demo', '--db', db], folder, [['> ', key]])
      expect([code, screen.includes('Saved in')]).toEqual([0, true])
    }
  })

  test('ask answers one question and ends by itself', async () => {
    const { folder, db } = towns()
    const taught = await inTerminal(['ask', question, '--db', db, '--correct', query], folder, [])
    expect([taught.code, taught.screen.includes('Learned.')]).toEqual([0, true])
    const { code, screen } = await inTerminal(['ask', question, '--db', db], folder, [])
    expect([code, screen.includes('290000')]).toEqual([0, true])
  })

  test('a stream of questions shows a bar while it runs, then the page, then the talk', async () => {
    const { folder } = towns()
    const { code, screen } = await inTerminal(['demo', '--limit', '12', '--file', 'learned.db'], folder, [['Ctrl-D to leave', ''], ['> ', controlD]])
    expect(code).toBe(0)
    expect(screen).toMatch(bar)
    expect(screen).toMatch(/asking .* of 12, \d+ % right so far/)
    // Nothing of the bar is left where the talk begins.
    expect(screen.slice(screen.indexOf('Ctrl-D to leave'))).not.toMatch(bar)
  })
})

test('without a terminal there is no bar, no prompt, and no colour', () => {
  const { folder } = towns()
  const { FORCE_COLOR: _color, ...environment } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'demo', '--limit', '12', '--file', 'learned.db'], { cwd: folder, env: environment, encoding: 'utf8', input: '' })
  expect(status).toBe(0)
  expect(stderr).toBe('')
  expect(stdout).not.toMatch(bar)
  expect(stdout).not.toContain('Ctrl-D')
  expect(stdout).not.toContain('\u001b')
})

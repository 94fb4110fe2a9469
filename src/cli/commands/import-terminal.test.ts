import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFile } from '../../../test/support/instance.ts'
import { program } from '../../../test/support/programs.ts'

const main = program('autodidact-command')

const quoted = (argument: string): string => `'${argument.replaceAll("'", "'\\''")}'`

/** `script` of util-linux gives a command a terminal of its own, and its exit code back. */
const inTerminal = (cwd: string, ...given: readonly string[]): { readonly status: number | null; readonly screen: string } => {
  const command = [process.execPath, main, ...given].map(quoted).join(' ')
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd, env: { ...process.env, TERM: 'xterm', COLUMNS: '100' }, encoding: 'utf8' })
  return { status, screen: stdout }
}

const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

test.skipIf(!hasTerminals)('an import shows a bar on a terminal, takes it away at its end, and none where JSON is wanted or nobody watches', () => {
  const file = temporaryFile()
  const folder = dirname(file)
  const episodes = Array.from({ length: 3 }, (_, number) => JSON.stringify({ task: `task ${number}`, steps: [{ action: 'look' }], success: true }))
  writeFileSync(join(folder, 'runs.jsonl'), `${episodes.join('\n')}\n`)
  const { status, screen } = inTerminal(folder, 'import', 'runs.jsonl', '--file', file)
  expect(status).toBe(0)
  expect(screen).toMatch(/importing \[.*\] 0 %, 0 episodes/)
  // What is left on the screen is the line that says what was done.
  // eslint-disable-next-line no-control-regex
  const after = screen.slice(screen.lastIndexOf('importing [')).split(/\u001b\[[0-9]*[JK]/).at(-1) ?? ''
  expect(after).not.toContain('importing [')
  expect(after).toContain('3')
  expect(inTerminal(folder, 'import', 'runs.jsonl', '--file', file, '--json').screen).not.toContain('importing [')
  const unwatched = spawnSync(process.execPath, [main, 'import', 'runs.jsonl', '--file', file], { cwd: folder, encoding: 'utf8' })
  expect(unwatched.stderr).not.toContain('importing [')
})

import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** What a command left behind. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandSettings {
  readonly cwd: string
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Arguments of Node itself. */
  readonly node?: readonly string[]
  /** Runs as this user; only root may say so. */
  readonly user?: number
  /** Called with each piece of standard output. */
  readonly onOutput?: (child: ReturnType<typeof spawn>) => void
}

const main = join(import.meta.dirname, '../../src/cli/main.ts')

/** Runs `autodidact` as a process of its own, without a terminal. */
export const autodidact = (given: readonly string[], { cwd, input = '', environment = {}, node = [], user, onOutput }: CommandSettings): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    // What the person who runs the tests has set must not change what a command does.
    const { AUTODIDACT_FILE: _file, AUTODIDACT_KEY_FILE: _key, AUTODIDACT_PASSPHRASE_FILE: _passphrase, FORCE_COLOR: _color, ...inherited } = process.env
    const child = spawn(process.execPath, [...node, main, ...given], { cwd, env: { ...inherited, ...environment }, ...(user === undefined ? {} : { uid: user, gid: user }) })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      stdout += part
      onOutput?.(child)
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
    // A command may be done before it has read what it does not need.
    child.stdin.on('error', () => undefined).end(input)
  })

/** The JSON object that a command printed; for a person reading a failed test, what it printed instead. */
export const jsonOf = ({ stdout, stderr, code }: Outcome): Record<string, unknown> => {
  const line = stdout.trimEnd().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(line) as Record<string, unknown> // A test says which fields it expects.
  } catch {
    throw new Error(`exit code ${code}, no JSON in: ${stdout}\n${stderr}`)
  }
}

import { spawn } from 'node:child_process'
import { PassThrough, Writable } from 'node:stream'
import { runCommandLine } from '../../src/cli/program.ts'
import { program } from './programs.ts'

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

/** What the person who runs the tests has set must not change what a command does. */
const withoutOwn = ({ AUTODIDACT_FILE: _file, AUTODIDACT_KEY_FILE: _key, AUTODIDACT_PASSPHRASE_FILE: _passphrase, FORCE_COLOR: _color, ...rest }: NodeJS.ProcessEnv) => rest

/** Runs `autodidact` as a process of its own, without a terminal. */
export const autodidact = (given: readonly string[], { cwd, input = '', environment = {}, node = [], user, onOutput }: CommandSettings): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...node, program('autodidact-command'), ...given], { cwd, env: { ...withoutOwn(process.env), ...environment }, ...(user === undefined ? {} : { uid: user, gid: user }) })
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

/** Keeps what is written to it; neither it nor a pipe is a terminal. */
class Kept extends Writable {
  readonly #parts: Buffer[] = []

  override _write(part: Buffer, _encoding: string, done: () => void): void {
    this.#parts.push(part)
    done()
  }

  get text(): string {
    return Buffer.concat(this.#parts).toString('utf8')
  }
}

/** Puts other properties into an object until what is returned is called. */
const replace = (target: object, values: Readonly<Record<string, unknown>>): (() => void) => {
  const before = Object.keys(values).map((name) => [name, Object.getOwnPropertyDescriptor(target, name) ?? {}] as const)
  for (const [name, value] of Object.entries(values)) Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true })
  return () => {
    for (const [name, descriptor] of before) Object.defineProperty(target, name, descriptor)
  }
}

/** In the one object that Node itself watches: it reads the time zone from there. */
const setEnvironment = (wanted: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name]
  Object.assign(process.env, wanted)
}

/**
 * Runs `autodidact` in this process: the same function, streams that are no terminal, the same exit code, without the half second that a process takes
 * to begin. A defect is thrown. One at a time: a process has one standard input, one environment and one folder.
 */
export const autodidactHere = async (given: readonly string[], { cwd, input = '', environment = {} }: Pick<CommandSettings, 'cwd' | 'input' | 'environment'>): Promise<Outcome> => {
  const [here, own, exitCode] = [process.cwd(), { ...process.env }, process.exitCode]
  const [stdin, stdout, stderr] = [new PassThrough(), new Kept(), new Kept()]
  stdin.end(input)
  const restore = replace(process, { stdin, stdout, stderr })
  setEnvironment({ ...withoutOwn(own), ...environment })
  process.exitCode = undefined
  process.chdir(cwd)
  try {
    const code = await runCommandLine(given)
    return { code, stdout: stdout.text, stderr: stderr.text }
  } finally {
    process.chdir(here)
    process.exitCode = exitCode
    setEnvironment(own)
    restore()
  }
}

/** The JSON object that a command printed; for a person reading a failed test, what it printed instead. */
export const jsonOf = ({ stdout, stderr, code }: Outcome): Record<string, unknown> => {
  const line = stdout.trimEnd().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(line) as Record<string, unknown> // A test says which fields it expects.
  } catch {
    throw new Error(`exit code ${code}, no JSON in: ${stdout}\n${stderr}`)
  }
}

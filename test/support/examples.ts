import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { entries, root } from './entries.ts'
import { files, shippedFiles } from './sources.ts'

/** One ```ts block of a doc comment or a page. */
export interface Example {
  /** Where its code begins: `README.md:12`. */
  readonly name: string
  readonly code: string
  /** The file it is written to, absolute. */
  readonly file: string
}

/** Git and the linter ignore this folder. It lies inside the repository so that packages and types resolve as they do for its own files. */
export const folder = join(root, '.cache/examples')

/** The ```ts blocks of a text. Lines keep their numbers: a block is preceded by as many empty lines as lines come before it. */
export const blocksOf = (text: string): { line: number; code: string }[] => {
  const blocks: { line: number; code: string }[] = []
  let open: { line: number; indent: string; lines: string[] } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    if (!open) {
      const fence = /^(\s*(?:\* ?)?\s*)```ts\s*$/.exec(line)
      if (fence) open = { line: index + 2, indent: fence[1] ?? '', lines: [] }
    } else if (/^\s*(?:\* ?)?\s*```\s*$/.test(line)) {
      blocks.push({ line: open.line, code: '\n'.repeat(open.line - 1) + open.lines.join('\n') + '\n' })
      open = undefined
    } else {
      // An empty line of a comment lacks the blank that ends the indent.
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.replace(/^\s*\*?\s*/, ''))
    }
  }
  return blocks
}

const examplesOf = (path: string): Example[] =>
  blocksOf(readFileSync(join(root, path), 'utf8')).map(({ line, code }) => ({
    name: `${path}:${line}`,
    code,
    file: join(folder, `${path.replaceAll('/', '__')}.${line}.ts`),
  }))

/** Every example of the source and the pages, written to `folder` with a `tsconfig.json` that leads `autodidact` to the source. */
export const writeExamples = (): Example[] => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const examples = [...shippedFiles('src'), ...files('README.md'), ...files('docs/**/*.md')].flatMap(examplesOf)
  for (const { file, code } of examples) writeFileSync(file, code)
  const configuration = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths: Object.fromEntries(entries.map(({ specifier, source }) => [specifier, [join(root, source)]])), noUnusedLocals: false },
    include: ['*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration, undefined, 2))
  return examples
}

const outcome = z.object({ file: z.string(), error: z.string().optional() })

/** No example may take longer, in milliseconds: it hangs. */
const limit = 30_000

/** Runs examples one after the other in a child process, each in an empty working folder. Answers with what went wrong, by file. */
export const runExamples = async (examples: readonly Pick<Example, 'file'>[]): Promise<Map<string, string>> => {
  const errors = new Map<string, string>()
  const waiting = examples.map(({ file }) => file)
  // An example that ends its process or hangs costs that process; the next goes on behind it.
  while (waiting.length > 0) {
    // Made and removed here, since a process that is killed removes nothing.
    const temporary = mkdtempSync(join(tmpdir(), 'autodidact-examples-'))
    const child = fork(join(root, 'test/support/run-examples.ts'), waiting, { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, TMPDIR: temporary } })
    let written = ''
    child.stderr?.on('data', (chunk: Buffer) => (written += chunk.toString()))
    const kill = (): void => void child.kill('SIGKILL')
    let timer = setTimeout(kill, limit)
    child.on('message', (message) => {
      const { file, error } = outcome.parse(message)
      if (error !== undefined) errors.set(file, error)
      waiting.shift()
      clearTimeout(timer)
      timer = setTimeout(kill, limit)
    })
    await new Promise((resolve) => child.on('close', resolve))
    clearTimeout(timer)
    rmSync(temporary, { recursive: true, force: true })
    const crashed = waiting.shift()
    if (crashed !== undefined) errors.set(crashed, `ended its process or ran longer than ${limit / 1000} s\n${written}`)
  }
  return errors
}

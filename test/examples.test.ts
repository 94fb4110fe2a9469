import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { documentedBy, lacks } from './support/documentation.ts'
import { entries, root } from './support/entries.ts'
import { blocksOf, folder, runExamples, writeExamples } from './support/examples.ts'

const examples = writeExamples()

// Contract suites are shown as tests: their examples register with the runner that is running already.
const suites = examples.filter(({ code }) => /from 'vitest'/.test(code))
const programs = examples.filter((example) => !suites.includes(example))

describe.each(entries)('$specifier', ({ source }) => {
  test('documents everything it exports, functions with an example', () => {
    expect(documentedBy(source).map(lacks).filter((message) => message !== undefined)).toEqual([])
  })
})

describe('examples', () => {
  let errors = new Map<string, string>()
  beforeAll(async () => {
    errors = await runExamples(programs)
  }, 300_000)

  test.each(programs)('$name runs', ({ file }) => {
    expect(errors.get(file)).toBeUndefined()
  })

  test('are correctly typed', async () => {
    const compiler = promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'], { cwd: folder })
    const output = await compiler.then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    )
    // Back from `src__errors.ts.29.ts(31,7)` to `src/errors.ts(31,7)`; lines are those of the source.
    expect(output.replaceAll('__', '/').replaceAll(/\.\d+\.ts\(/g, '(')).toBe('')
  })
})

for (const { name, file } of suites) {
  describe(name, async () => {
    await import(pathToFileURL(file).href)
  })
}

describe('the extraction', () => {
  test('keeps line numbers and takes the comment’s margin away', () => {
    const text = ['/**', ' * Adds.', ' *', ' * ```ts', ' * const a = 1', ' *', ' *   a + 1', ' * ```', ' */'].join('\n')
    expect(blocksOf(text)).toEqual([{ line: 5, code: '\n\n\n\nconst a = 1\n\n  a + 1\n' }])
  })

  test('leaves blocks of other languages alone', () => {
    expect(blocksOf('```sh\nnpm ci\n```\n\n```ts\n1\n```\n')).toEqual([{ line: 6, code: '\n\n\n\n\n1\n' }])
  })
})

describe('the run', () => {
  test('tells broken examples from sound ones, and goes on behind each', async () => {
    const place = mkdtempSync(join(root, '.cache/run-'))
    const write = (name: string, code: string): { file: string } => {
      const file = join(place, `${name}.ts`)
      writeFileSync(file, code)
      return { file }
    }
    const sound = ["import { AutodidactError } from 'autodidact'", "console.assert(new AutodidactError('CLOSED', '').code === 'CLOSED')"].join('\n')
    const errors = await runExamples([
      write('assertion', 'console.assert(1 > 2)'),
      write('sound-1', sound),
      write('exit', 'process.exit(0)'),
      write('rejection', 'void Promise.reject(new Error("nobody waits"))'),
      write('export', "import { nothing } from 'autodidact'\nnothing()"),
      write('sound-2', sound),
    ])
    rmSync(place, { recursive: true })
    const found = Object.fromEntries([...errors].map(([file, error]) => [file.slice(place.length + 1), error]))
    expect(found).toEqual({
      'assertion.ts': expect.stringContaining('console.assert failed'),
      'exit.ts': expect.stringContaining('ended its process'),
      'rejection.ts': expect.stringContaining('nobody waits'),
      'export.ts': expect.stringContaining('nothing'),
    })
  })
})

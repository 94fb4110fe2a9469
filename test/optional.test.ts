import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { root } from './support/entries.ts'
import { packageOf } from './support/sources.ts'

/** All that a program which imports the root entry has to load. Command-line libraries and optional peers are not among it. */
const core = ['stemmer', 'uuid', 'zod']

/** The packages that a fresh process resolves when it imports a file. */
const packagesLoadedBy = (file: string): string[] => {
  const hook = pathToFileURL(join(root, 'test/support/record-packages.ts')).href
  const output = execFileSync(process.execPath, ['--import', hook, join(root, file), '--help'], { encoding: 'utf8' })
  const resolved = z.array(z.string()).parse(JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''))
  return [...new Set(resolved.map(packageOf))].filter((name) => !name.startsWith('node:')).toSorted()
}

test.each(['src/index.ts', 'src/agents/index.ts'])('%s loads only the core’s dependencies', (entry) => {
  expect(packagesLoadedBy(entry).filter((name) => !core.includes(name))).toEqual([])
})

test('the command line’s own libraries are seen by this check', () => {
  expect(packagesLoadedBy('src/cli/main.ts')).toContain('commander')
})

test('what the core loads is installed with the package', () => {
  const manifest = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining(core))
})

import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Imports the package in a process that takes itself for another Node. */
const importedIn = (node: string): string => {
  const disguise = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } })`
  const program = `try { await import(${JSON.stringify(join(import.meta.dirname, '../index.ts'))}); console.log('imported') } catch (error) { console.log(error.code, error.message) }`
  const { stdout } = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(disguise)}`, '--input-type=module', '-e', program], { encoding: 'utf8' })
  return stdout.trim()
}

test('an older Node is told what to do, when the package is imported', () => {
  expect(importedIn('20.20.2')).toMatch(/^OLD_NODE .*this is Node 20\.20\.2.*npm install node@24/)
  expect(importedIn('23.11.0')).toMatch(/^OLD_NODE/)
  expect(importedIn('26.0.0')).toBe('imported')
})

test('nothing is imported by a name that an older Node does not have: that would fail before anybody could say why', () => {
  const root = join(import.meta.dirname, '..')
  const files = globSync('**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'))
  const named = files.filter((file) => /^import [^'{]*\{[^}]*zstd[^}]*\} from 'node:zlib'|^import \{[^}]*\} from 'node:sqlite'/im.test(readFileSync(join(root, file), 'utf8')))
  expect(files.length).toBeGreaterThan(100)
  // A process of its own, which only a new Node starts.
  expect(named).toEqual(['agents/data-assistant/database/database-process.ts'])
})

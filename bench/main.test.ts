import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { dataFolder, readJsonLines } from './harness/data.ts'

const bench = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { encoding: 'utf8' })

describe('the command', () => {
  test('lists the benches when none is named', () => {
    expect(bench().stdout).toContain('storage-baseline')
  })

  test('prints one JSON object as its last line', () => {
    const { status, stdout, stderr } = bench('storage-baseline', '--calls', '20', '--json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const result = z.record(z.string(), z.number()).parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''))
    expect(result).toMatchObject({ calls: 20, insertP50Ms: expect.any(Number), readP95Ms: expect.any(Number) })
  })

  test('draws a table for people', () => {
    expect(bench('storage-baseline', '--calls', '20').stdout).toMatch(/│ read one row +│/)
  })

  test.each([[['nothing-of-that-name']], [['storage-baseline', '--calls', 'many']], [['storage-baseline', '--seeds', '0']]])('refuses %j', (args) => {
    const { status, stderr } = bench(...args)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error: /)
  })
})

describe('a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-data-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'stream.jsonl'), '{"text":"a"}\n\n{"text":1}\n')

  test('is asked for, looked for, and its files are', () => {
    expect(() => dataFolder(undefined, ['stream.jsonl'])).toThrow('--data DIR')
    expect(() => dataFolder(join(folder, 'no'), ['stream.jsonl'])).toThrow('There is no folder')
    expect(() => dataFolder(folder, ['stream.jsonl', 'options.json'])).toThrow('lacks options.json')
    expect(dataFolder(folder, ['stream.jsonl'])).toBe(folder)
  })

  test('names the line that has another shape', () => {
    expect(() => readJsonLines(join(folder, 'stream.jsonl'), z.object({ text: z.string() }))).toThrow('stream.jsonl:3: text')
    expect(readJsonLines(join(folder, 'stream.jsonl'), z.object({ text: z.union([z.string(), z.number()]) }))).toHaveLength(2)
  })
})

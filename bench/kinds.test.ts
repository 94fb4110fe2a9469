import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { execute } from './harness/execute.ts'
import { bench } from './kinds.bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-kinds-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fields = z.object({ other: z.number(), purity: z.number(), adjustedRand: z.number(), kinds: z.number(), names: z.array(z.string()) })

test('requests that share words become a kind of their own, and carry its name', async () => {
  const texts = ['cancel the order', 'cancel my order today', 'cancel order 7', 'rain in Oslo', 'will there be rain in Oslo', 'Oslo rain tomorrow']
  writeFileSync(join(folder, 'stream.jsonl'), texts.map((text) => JSON.stringify({ text, gold: text.includes('order') ? 'cancel' : 'weather' })).join('\n'))
  writeFileSync(join(folder, 'options.json'), JSON.stringify(['cancel', 'weather']))
  const { result, table } = await execute(bench, { data: folder, seeds: 2 })
  const { names, ...figures } = fields.parse(result)
  expect(figures).toEqual({ other: 0, purity: 1, adjustedRand: 1, kinds: 2 })
  expect(names.toSorted()).toEqual(['cancel order', 'rain oslo'])
  expect(table.rows).toHaveLength(5)
})

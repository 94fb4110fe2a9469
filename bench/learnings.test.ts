import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { execute } from './harness/execute.ts'
import { bench } from './learnings.bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-learnings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fields = z.object({ validatedShuffled: z.number(), everShuffled: z.number(), learnings: z.number(), validated: z.number(), helpfulFound: z.number().optional(), harmfulFound: z.number().optional(), goodFound: z.array(z.number()).optional(), harmfulAsGood: z.array(z.number()).optional() })

test('what is true is found, and chance is not taken for it', { timeout: 60_000 }, async () => {
  const { result, table } = await execute(bench, { seeds: 1, flags: { runs: 800, look: 100 } })
  const { validatedShuffled, everShuffled, goodFound = [], harmfulAsGood = [], ...figures } = fields.parse(result)
  expect(figures).toMatchObject({ helpfulFound: 1, harmfulFound: 1 })
  expect([goodFound, harmfulAsGood].map(({ length }) => length)).toEqual([5, 5])
  expect(goodFound.at(-1)).toBeGreaterThan(0.8)
  expect(harmfulAsGood.at(-1)).toBeLessThan(0.2)
  expect(validatedShuffled).toBeLessThanOrEqual(everShuffled)
  expect(everShuffled).toBeLessThanOrEqual(0.05)
  expect(table.rows).toHaveLength(10)
})

test('runs of others are looked at as they were and with their outcomes dealt out anew', async () => {
  const episodes = Array.from({ length: 60 }, (_, run) => ({
    task: 'x',
    steps: (run % 2 === 0 ? ['look', 'check', 'fix'] : ['look', 'fix']).map((action) => ({ action, input: `${action} ${run}` })),
    success: run % 2 === 0,
  }))
  writeFileSync(join(folder, 'episodes.jsonl'), episodes.map((episode) => JSON.stringify(episode)).join('\n'))
  const { result } = await execute(bench, { data: folder, seeds: 1 })
  const { validated, validatedShuffled, helpfulFound } = fields.parse(result)
  expect(validated).toBeGreaterThanOrEqual(2)
  expect({ validatedShuffled, helpfulFound }).toEqual({ validatedShuffled: 0, helpfulFound: undefined })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { execute } from './harness/execute.ts'
import { readEpisodes } from './harness/episodes.ts'
import { bench } from './workflows.bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-workflows-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fields = z.object({ found: z.number(), proven: z.number(), habitHelpful: z.number(), shuffledHelpful: z.number(), real: z.object({ runs: z.number(), standOut: z.number(), dealtMean: z.number() }) })

test('the sequence that helps is found and proven, and what stands out in real runs is counted', async () => {
  const episodes = Array.from({ length: 60 }, (_, run) => ({
    task: 'x',
    steps: (run % 2 === 0 ? ['look', 'check', 'fix'] : ['look', 'fix']).map((action) => ({ action, input: `${action} ${run}` })),
    success: run % 2 === 0,
  }))
  writeFileSync(join(folder, 'episodes.jsonl'), episodes.map((episode) => JSON.stringify(episode)).join('\n'))
  const { result, table } = await execute(bench, { data: folder, seeds: 1, flags: { observed: 300, runs: 500, units: 300, deals: 2 } })
  const { real, ...figures } = fields.parse(result)
  expect(figures).toEqual({ found: 1, proven: 1, habitHelpful: 0, shuffledHelpful: 0 })
  expect(real).toMatchObject({ runs: 60, standOut: 3 })
  expect(real.dealtMean).toBeLessThan(3)
  expect(table.rows.length).toBeGreaterThan(12)
})

test('episodes may be packed, and are refused by line', () => {
  const packed = mkdtempSync(join(folder, 'packed-'))
  writeFileSync(join(packed, 'episodes.jsonl.gz'), gzipSync('{"task": "x", "success": true, "steps": []}\n\n{"task": "y", "success": "no", "steps": []}\n'))
  expect(() => readEpisodes(packed)).toThrow(/episodes\.jsonl\.gz:3: success/)
  expect(() => readEpisodes(join(folder, 'nowhere'))).toThrow(/There is neither episodes\.jsonl nor/)
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { execute } from './harness/execute.ts'
import { bench } from './import.bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fields = z.object({
  brier: z.number(), baseBrier: z.number(), skill: z.number(), skillInterval: z.object({ low: z.number(), high: z.number() }), answer: z.string(), calibrationError: z.number(), errorGroups: z.number(), runs: z.number(), steps: z.number(),
})

const runs = async (successOf: (number: number) => boolean) => {
  const lines = Array.from({ length: 120 }, (_, number) =>
    JSON.stringify({ taskId: number, task: `task ${number}`, category: number % 2 === 0 ? 'even' : 'odd', success: successOf(number), steps: [{ action: 'look', output: 'it broke', ok: number % 3 > 0 }] }),
  )
  writeFileSync(join(folder, 'episodes.jsonl'), lines.join('\n'))
  return fields.parse((await execute(bench, { data: folder })).result)
}

test('a difference between kinds is found, and told with its interval', async () => {
  const result = await runs((number) => number % 2 === 0)
  expect(result).toMatchObject({ answer: 'better than the base rate', runs: 120, steps: 120, errorGroups: 1, baseBrier: 0.25 })
  expect(result.skill).toBeGreaterThan(0.5)
  expect(result.skillInterval.low).toBeLessThan(result.skill)
})

test('where there is none, it says so, and what it predicts is calibrated', async () => {
  const result = await runs((number) => (number * 7919) % 10 < 7)
  expect(result.answer).toBe('no signal')
  expect(result.calibrationError).toBeLessThan(0.1)
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { execute } from './harness/execute.ts'
import { Corpus } from './harness/corpus.ts'
import { bench } from './speed.bench.ts'

const above = z.number().positive()

const fields = z.object({
  recordP50Ms: above,
  recordFullP50Ms: above,
  recallP95Ms: above,
  decide10P95Ms: above,
  decide150P95Ms: above,
  openMs: above,
  replayPerSecond: above,
  rssMb: above,
  bytesPerRun: above,
  facts: z.number(),
  baseline: z.object({ insertP50Ms: above, searchP95Ms: above, openMs: above, readPerSecond: above }),
})

test('every figure is measured, in processes of their own', async () => {
  const { result, table } = await execute(bench, { flags: { documents: 60, namespaces: 2, calls: 10, openings: 1 } })
  // At least a record per run.
  expect(fields.parse(result).facts).toBeGreaterThan(60)
  expect(table.rows.length).toBeGreaterThan(8)
})

test('the corpus is the same for the same seed and has words of the frequency that text has', () => {
  const text = new Corpus(1).text(2000, 2000)
  expect(new Corpus(1).text(2000, 2000)).toBe(text)
  expect(new Corpus(2).text(2000, 2000)).not.toBe(text)
  const words = text.split(' ')
  expect(words.filter((word) => word === 'the').length).toBeGreaterThan(80)
  expect(new Set(words).size).toBeGreaterThan(500)
})

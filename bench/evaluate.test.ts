import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { seededRandom } from '../src/index.ts'
import { dataRoot } from '../test/support/data.ts'
import { bench } from './evaluate.bench.ts'
import { execute } from './harness/execute.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-evaluate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fields = z.object({
  ips: z.number(),
  snips: z.number(),
  ess: z.number(),
  refused: z.boolean(),
  largestWeight: z.number(),
  options: z.number(),
  verb: z.object({ ips: z.number().optional(), ess: z.number(), refusal: z.object({ code: z.string() }).optional() }),
})

const written = (rows: readonly string[]): string => {
  writeFileSync(join(folder, 'logged.csv'), ['option,hour,reward,propensity', ...rows].join('\n'))
  return folder
}

describe('a log of another system', () => {
  test('gives the same by its columns and through the product', async () => {
    const random = seededRandom(5)
    // Option 0 is drawn four times in five; each pays as often as the other.
    const rows = Array.from({ length: 500 }, () => (random() < 0.8 ? `0,9,${Number(random() < 0.3)},0.8` : `1,17,${Number(random() < 0.3)},0.2`))
    const { result, table } = await execute(bench, { data: written(rows) })
    const { ips, snips, ess, refused, verb, options, largestWeight } = fields.parse(result)
    expect({ refused, options, largestWeight }).toEqual({ refused: false, options: 2, largestWeight: 2.5 })
    expect(Math.abs(snips - 0.3)).toBeLessThan(0.08)
    expect(verb).toMatchObject({ ips: expect.closeTo(ips, 12), ess: expect.closeTo(ess, 9) })
    expect(table.rows).toContainEqual(['refused', 'false'])
  })

  test('is refused where a few rows would decide, with the figures for comparison', async () => {
    const rows = [...Array.from({ length: 300 }, () => '0,9,0,0.999'), '1,9,1,0.001']
    const { result } = await execute(bench, { data: written(rows) })
    const { ess, refused, verb, snips } = fields.parse(result)
    expect({ refused, code: verb.refusal?.code }).toEqual({ refused: true, code: 'LOW_EFFECTIVE_SAMPLE_SIZE' })
    expect(ess).toBeLessThan(5)
    expect(snips).toBeGreaterThan(0.5)
  })

  test.each([['option,reward\n1,1', 'propensity'], ['option,reward,propensity\n1,x,1', ':2']])('is named where it is wrong', async (content, named) => {
    writeFileSync(join(folder, 'logged.csv'), content)
    await expect(execute(bench, { data: folder })).rejects.toThrow(named)
  })
})

const published = join(dataRoot, 'logged/obd-men-bts')

test.skipIf(!existsSync(published))('the Open Bandit log of men gives the published figures to 1 %', async () => {
  const { result } = await execute(bench, { data: published })
  const { ips, snips, ess, refused, largestWeight } = fields.parse(result)
  expect(refused).toBe(false)
  for (const [value, expected] of [[ips, 0.003009], [snips, 0.003189], [ess, 656], [largestWeight, 178]] as const) {
    expect(Math.abs(value / expected - 1)).toBeLessThan(0.01)
  }
})

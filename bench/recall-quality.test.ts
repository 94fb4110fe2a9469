import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { execute } from './harness/execute.ts'
import { bench } from './recall-quality.bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-recall-'))
afterAll(() => rmSync(folder, { recursive: true }))

const garden = {
  id: 'garden',
  documents: [
    { id: 'd1', text: 'Tomatoes want six hours of sun a day and steady watering.' },
    { id: 'd2', text: 'Prune the apple tree in late winter before the buds open.' },
    { id: 'd3', text: 'Slugs avoid copper tape around the raised bed.' },
  ],
  queries: [
    { id: 'q1', text: 'when to prune an apple tree', relevant: ['d2'], category: 'trees' },
    { id: 'q2', text: 'how much sun do tomatoes want', relevant: ['d1', 'd3', 'elsewhere'], category: 'beds' },
    { id: 'q3', text: 'what of the harvest', relevant: ['elsewhere'], category: 'beds' },
  ],
}

/** The same ids in another collection must not be found from the first. */
const kitchen = {
  id: 'kitchen',
  documents: [{ id: 'd1', text: 'Prune jam needs lemon juice to set.' }],
  queries: [{ text: 'tell me about stainless steel', relevant: ['d1'] }],
}

test('shares of the relevant documents, by category, over all collections', async () => {
  writeFileSync(join(folder, 'collections.jsonl'), `${JSON.stringify(garden)}\n${JSON.stringify(kitchen)}\n`)
  const { result } = await execute(bench, { data: folder })
  expect(result).toMatchObject({
    // 1, ½ and 0: the second query finds one of the two documents that are there.
    r1: 0.5,
    r5: 0.5,
    r10: 0.5,
    mrr: 2 / 3,
    byCategory: { trees: { r1: 1, mrr: 1, queries: 1 }, beds: { r1: 0.5, mrr: 1, queries: 1 } },
    collections: 2,
    documents: 4,
    queries: 3,
    leftOut: 1,
    missing: 2,
  })
})

test('a set without a question that can be answered is refused', async () => {
  writeFileSync(join(folder, 'collections.jsonl'), JSON.stringify({ ...kitchen, queries: [] }))
  await expect(execute(bench, { data: folder })).rejects.toThrow('No query')
})

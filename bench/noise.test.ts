import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { seededRandom } from '../src/index.ts'
import { execute } from './harness/execute.ts'
import { bench } from './noise.bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-noise-'))
afterAll(() => rmSync(folder, { recursive: true }))

const topics = [
  { gold: 'weather', words: ['rain', 'cloud', 'sunny', 'storm'] },
  { gold: 'travel', words: ['flight', 'hotel', 'luggage', 'train'] },
  { gold: 'music', words: ['song', 'album', 'concert', 'guitar'] },
]

const fields = z.object({ clean: z.number(), flipped: z.number(), poisoned: z.number(), descriptions: z.number(), relevanceAlone: z.unknown() })

test('an agent that copies gets right by memory what descriptions do not tell it', async () => {
  const random = seededRandom(3)
  const one = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)] as Item
  const rows = Array.from({ length: 150 }, () => {
    const { gold, words } = one(topics)
    return JSON.stringify({ text: `${one(words)} ${one(words)} number${Math.floor(random() * 1e6)}`, gold })
  })
  writeFileSync(join(folder, 'stream.jsonl'), rows.join('\n'))
  // The descriptions point to the topics' first words only.
  writeFileSync(join(folder, 'options.json'), JSON.stringify(topics.map(({ gold, words }) => ({ id: gold, description: words[0] }))))
  const { result, table } = await execute(bench, { data: folder, seeds: 1, flags: { baseline: true } })
  const { clean, flipped, poisoned, descriptions, relevanceAlone } = fields.parse(result)
  expect(clean).toBeGreaterThan(descriptions)
  expect(clean).toBeGreaterThan(flipped)
  expect(clean).toBeGreaterThanOrEqual(poisoned)
  expect(poisoned).toBeGreaterThan(1 / 3)
  expect(relevanceAlone).toEqual({ clean: expect.any(Number), flipped: expect.any(Number), poisoned: expect.any(Number) })
  expect(table.rows).toHaveLength(3)
})

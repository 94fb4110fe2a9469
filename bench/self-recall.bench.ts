import { Autodidact, seededRandom } from '../src/index.ts'
import { defineBench, number } from './harness/bench.ts'
import { Corpus } from './harness/corpus.ts'
import { mean } from './harness/statistics.ts'

/** Items that are erased in one go. */
const erasedAtOnce = 50

export const bench = defineBench({
  name: 'self-recall',
  summary: 'items of knowledge are added, changed and erased at random: does each find itself?',
  seeds: 1,
  flags: {
    items: number(10_000, 'items at the end, at least'),
    percent: number(20, 'of the items that are erased again, and as many that get a new version'),
  },
  run: async ({ seeds, flags: { items, percent }, progress }) => {
    const shares: number[] = []
    let asked = 0
    for (let seed = 1; seed <= seeds; seed += 1) {
      const autodidact = await Autodidact.open(':memory:', { seed })
      const random = seededRandom(seed)
      const corpus = new Corpus(seed)
      const texts = new Map<string, string>()
      const anyOf = (): string => [...texts.keys()][Math.floor(random() * texts.size)] ?? ''
      progress.start(items * 2, 'items added, then asked for')
      for (let added = 0; texts.size < items; added += 1) {
        const text = corpus.text(6, 60)
        const { id, status } = await autodidact.remember({ content: text, ...(random() < 0.5 ? { title: corpus.text(2, 5) } : {}) })
        if (status === 'known') continue
        texts.set(id, text)
        if (random() * 100 < percent) {
          const changed = anyOf()
          const next = corpus.text(6, 60)
          const { id: version } = await autodidact.knowledge.update(changed, { content: next })
          texts.delete(changed)
          texts.set(version, next)
        }
        if (added % Math.ceil((erasedAtOnce * 100) / percent) === 0 && texts.size > 2 * erasedAtOnce) {
          const gone = Array.from({ length: erasedAtOnce }, anyOf)
          await autodidact.forget({ facts: gone })
          for (const version of gone) {
            texts.delete(version)
            // The version before is the present one again.
            const before = await autodidact.knowledge.get(version)
            if (before !== undefined && typeof before.content === 'string') texts.set(before.versions.at(-1)?.id ?? '', before.content)
          }
        }
        progress.advance()
      }
      let found = 0
      for (const [id, text] of texts) {
        const { items: recalled } = await autodidact.recall(text, { limit: 3 })
        if (recalled.some((item) => item.id === id)) found += 1
        progress.advance()
      }
      asked += texts.size
      shares.push(found / texts.size)
      await autodidact.close()
    }
    return { share: mean(shares), items: asked, seeds }
  },
  table: (result) => ({ head: ['figure', 'value'], rows: [['items asked for', result.items], ['found by their own text', result.share]] }),
})

import { basename, join } from 'node:path'
import { z } from 'zod'
import { Autodidact } from '../src/index.ts'
import { defineBench } from './harness/bench.ts'
import type { Progress } from './harness/bench.ts'
import { bm25 } from './harness/bm25.ts'
import { dataFolder, readJsonLines } from './harness/data.ts'
import { BenchFailure } from './harness/failure.ts'
import { mean, quantile } from './harness/statistics.ts'

const id = z.union([z.string(), z.number().transform(String)])

const collection = z.object({
  id,
  documents: z.array(z.object({ id, title: z.string().optional(), text: z.string() })),
  queries: z.array(
    z.object({ id: id.optional(), text: z.string(), relevant: z.array(id), category: id.optional(), type: id.optional() }),
  ),
})

type Collection = z.infer<typeof collection>

/** Looked at per query. */
const depth = 10

/** How well one query was served: shares of its relevant documents among the first so many, and 1 / place of the first of them (0: none). */
interface Quality {
  readonly r1: number
  readonly r5: number
  readonly r10: number
  readonly mrr: number
}

const qualityOf = (found: readonly string[], relevant: ReadonlySet<string>): Quality => {
  const share = (first: number): number => found.slice(0, first).filter((one) => relevant.has(one)).length / relevant.size
  const place = found.slice(0, depth).findIndex((one) => relevant.has(one))
  return { r1: share(1), r5: share(5), r10: share(10), mrr: place < 0 ? 0 : 1 / (place + 1) }
}

const average = (qualities: readonly Quality[]): Quality => ({
  r1: mean(qualities.map(({ r1 }) => r1)),
  r5: mean(qualities.map(({ r5 }) => r5)),
  r10: mean(qualities.map(({ r10 }) => r10)),
  mrr: mean(qualities.map(({ mrr }) => mrr)),
})

/** One query asked in three ways. */
interface Answered {
  readonly category: string | undefined
  /** With the defaults of `recall`. */
  readonly own: Quality
  /** Without its floor of relevance. */
  readonly floorless: Quality
  readonly baseline: Quality
  readonly items: number
  readonly durationMs: number
}

interface Counts {
  documents: number
  /** Queries none of whose relevant documents are in the collection. */
  leftOut: number
  /** Relevant documents that are named and not there. */
  missing: number
}

const askCollection = async (autodidact: Autodidact, { id: name, documents, queries }: Collection, counts: Counts, progress: Progress): Promise<Answered[]> => {
  const memory = autodidact.in(name)
  const unique = [...new Map(documents.map((document) => [document.id, document])).values()]
  counts.documents += unique.length
  progress.start(unique.length, `${name}: documents`)
  for (const { id, title, text } of unique) {
    await memory.remember({ id, content: text, ...(title === undefined ? {} : { title }) })
    progress.advance()
  }
  const baseline = bm25(unique.map((document) => ({ id: document.id, text: `${document.title ?? ''}\n${document.text}` })))
  const known = new Set(unique.map((document) => document.id))
  const answered: Answered[] = []
  progress.start(queries.length, `${name}: queries`)
  for (const { text, relevant: named, category, type } of queries) {
    progress.advance()
    const relevant = new Set(named.filter((one) => known.has(one)))
    counts.missing += new Set(named).size - relevant.size
    if (relevant.size === 0) {
      counts.leftOut += 1
      continue
    }
    const start = performance.now()
    const { items } = await memory.recall(text, { limit: depth, warnings: 0 })
    const durationMs = performance.now() - start
    const floorless = await memory.recall(text, { limit: depth, warnings: 0, floor: 0 })
    answered.push({
      category: category ?? type,
      own: qualityOf(items.map((item) => item.id), relevant),
      floorless: qualityOf(floorless.items.map((item) => item.id), relevant),
      baseline: qualityOf(baseline(text, depth), relevant),
      items: items.length,
      durationMs,
    })
  }
  return answered
}

const groups = (answered: readonly Answered[]): Record<string, Quality & { readonly queries: number }> => {
  const names = [...new Set(answered.flatMap(({ category }) => category ?? []))].toSorted()
  return Object.fromEntries(
    names.map((name) => {
      const members = answered.filter(({ category }) => category === name)
      return [name, { ...average(members.map(({ own }) => own)), queries: members.length }]
    }),
  )
}

const tableRow = (name: string, { r1, r5, r10, mrr }: Quality): readonly (string | number)[] => [name, r1, r5, r10, mrr]

export const bench = defineBench({
  name: 'recall-quality',
  summary: 'how many of the relevant documents recall finds: R@1, R@5, R@10 and MRR, with learning off',
  run: async ({ data, progress }) => {
    const folder = dataFolder(data, ['collections.jsonl'])
    const collections = readJsonLines(join(folder, 'collections.jsonl'), collection)
    const counts: Counts = { documents: 0, leftOut: 0, missing: 0 }
    const answered: Answered[] = []
    const autodidact = await Autodidact.open(':memory:', { learning: false, redact: false })
    try {
      for (const one of collections) answered.push(...(await askCollection(autodidact, one, counts, progress)))
    } finally {
      await autodidact.close()
    }
    if (answered.length === 0) throw new BenchFailure(`No query in ${folder} names a document of its collection.`)
    const durations = answered.map(({ durationMs }) => durationMs)
    return {
      data: basename(folder),
      ...average(answered.map(({ own }) => own)),
      byCategory: groups(answered),
      floorless: average(answered.map(({ floorless }) => floorless)),
      bm25: average(answered.map(({ baseline }) => baseline)),
      collections: collections.length,
      documents: counts.documents,
      queries: answered.length,
      leftOut: counts.leftOut,
      missing: counts.missing,
      items: mean(answered.map(({ items }) => items)),
      p50Ms: quantile(durations, 0.5),
      p95Ms: quantile(durations, 0.95),
    }
  },
  table: (result) => ({
    head: [result.data, 'R@1', 'R@5', 'R@10', 'MRR'],
    rows: [
      tableRow(`recall, ${result.queries} queries`, result),
      ...Object.entries(result.byCategory).map(([name, quality]) => tableRow(`  ${name}, ${quality.queries}`, quality)),
      tableRow('recall without its floor', result.floorless),
      tableRow('plain BM25', result.bm25),
    ],
  }),
})

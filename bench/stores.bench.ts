import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Autodidact, type AutodidactSettings } from '../src/index.ts'
import { defineBench, number } from './harness/bench.ts'
import { Corpus } from './harness/corpus.ts'
import { median, quantile } from './harness/statistics.ts'

const encryption = { key: '42'.repeat(32) }

const stores: readonly { readonly store: string; readonly path: string; readonly settings: AutodidactSettings }[] = [
  { store: 'file', path: 'agent.db', settings: {} },
  { store: 'encrypted file', path: 'agent.db', settings: { encryption } },
  { store: 'folder', path: 'agent/', settings: {} },
  { store: 'encrypted folder', path: 'agent/', settings: { encryption } },
]

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const megabytes = (bytes: number): number => bytes / 1024 / 1024

export const bench = defineBench({
  name: 'stores',
  summary: 'the same calls on each store, with and without a key: recording, recalling, opening, backing up and restoring',
  seeds: 1,
  flags: {
    runs: number(20_000, 'runs to record'),
    recalls: number(300, 'searches to time'),
  },
  run: async ({ flags, progress }) => {
    progress.start(stores.length * (flags.runs + flags.recalls), 'calls')
    const rows = []
    for (const { store, path, settings } of stores) {
      const folder = mkdtempSync(join(tmpdir(), 'autodidact-stores-'))
      try {
        const corpus = new Corpus(1)
        const at = join(folder, path)
        let autodidact = await Autodidact.open(at, { seed: 1, ...settings })
        const records: number[] = []
        for (let place = 0; place < flags.runs; place += 1) {
          const run = corpus.run(corpus.text(8, 40))
          records.push(await timed(() => autodidact.record(run)))
          progress.advance()
        }
        const recalls: number[] = []
        for (let place = 0; place < flags.recalls; place += 1) {
          const text = corpus.text(8, 40)
          recalls.push(await timed(() => autodidact.recall(text)))
          progress.advance()
        }
        await autodidact.close()
        const openMs = await timed(async () => {
          autodidact = await Autodidact.open(at, { seed: 1, ...settings })
          await autodidact.recall('the first question')
        })
        const copy = join(folder, 'copy')
        const backupMs = await timed(() => autodidact.backup(copy))
        const restoreMs = await timed(() => Autodidact.restore(copy, join(folder, 'restored')))
        const { storage } = await autodidact.report()
        await autodidact.close()
        rows.push({
          store,
          recordP50Ms: median(records),
          recordP95Ms: quantile(records, 0.95),
          recallP50Ms: median(recalls),
          recallP95Ms: quantile(recalls, 0.95),
          openMs,
          backupMs,
          restoreMs,
          megabytes: megabytes(storage.bytes),
        })
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
    return { runs: flags.runs, stores: rows }
  },
  table: ({ stores }) => ({
    head: ['', 'record p50', 'p95', 'recall p50', 'p95', 'open', 'backup', 'restore', 'MB'],
    rows: stores.map((row) => [
      row.store, row.recordP50Ms, row.recordP95Ms, row.recallP50Ms, row.recallP95Ms, row.openMs, row.backupMs, row.restoreMs, row.megabytes,
    ]),
  }),
})

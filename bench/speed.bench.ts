import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { bundle } from '../scripts/bundle.ts'
import { defineBench, number } from './harness/bench.ts'
import type { Progress } from './harness/bench.ts'
import type { BareTask } from './harness/bare-child.ts'
import { inChild } from './harness/child.ts'
import type { SpeedTask } from './harness/speed-child.ts'
import { sqliteBaseline } from './harness/sqlite-baseline.ts'
import { median, quantile } from './harness/statistics.ts'

const timing = z.object({ p50Ms: z.number(), p95Ms: z.number(), calls: z.number() })
const memory = { rssMb: z.number(), peakRssMb: z.number() }

const filled = z.object({ durations: z.array(z.number()), ...memory })
const used = z.object({ recall: timing, decide10: timing, decide150: timing, ...memory })
const opened = z.object({ openMs: z.number(), fileMs: z.number() })
const bareOpened = z.object({ openMs: z.number() })
const bareRead = z.object({ readMs: z.number() })
const replayed = z.object({ replayMs: z.number(), ...memory })

/**
 * On a machine with much memory V8 keeps up to three times 32 MB of young garbage and collects the old rarely, whatever the program needs. What is
 * asked is the need: the same calls in a heap of 128 MB with a young generation of 8 MB. The figure without the flags stands beside it.
 */
const boundedGarbage = ['--max-semi-space-size=8', '--max-old-space-size=128']

/** Of so many replays the median counts: the first may read the file from the disk, and the bare reading that it is compared with never does. */
const replaysTimed = 3

const root = join(import.meta.dirname, '..')

/**
 * The children run what users install, put together in a few files: types that are stripped at run time, or hundreds of modules, cost memory and start-up of their own. Returns the
 * folder they are in.
 */
const bundledChildren = async (): Promise<string> => {
  const folder = join(root, '.cache/bench')
  rmSync(folder, { recursive: true, force: true })
  await bundle({ 'speed-child': 'bench/harness/speed-child.ts', 'bare-child': 'bench/harness/bare-child.ts' }, folder)
  return folder
}

/** Throws away what was learned and leaves the log; returns the number of facts. */
const withoutSnapshots = (file: string): number => {
  const database = new DatabaseSync(file)
  try {
    database.exec('DELETE FROM snapshots')
    return Number(database.prepare('SELECT count(*) AS facts FROM facts').get()?.['facts'])
  } finally {
    database.close()
  }
}

const openingTimes = async (children: string, task: SpeedTask, openings: number, progress: Progress) => {
  const bare: BareTask = { mode: 'open', file: task.file, rows: 0, calls: 1 }
  const bareTimes: number[] = []
  const times: { openMs: number; fileMs: number; processMs: number }[] = []
  progress.start(openings, 'open in a new process')
  for (let place = 0; place < openings; place += 1) {
    const { result, processMs } = await inChild(join(children, 'speed-child.js'), task, progress)
    times.push({ ...opened.parse(result), processMs })
    bareTimes.push(bareOpened.parse((await inChild(join(children, 'bare-child.js'), bare, progress)).result).openMs)
    progress.advance()
  }
  return {
    openMs: median(times.map((one) => one.openMs)),
    openFileMs: median(times.map((one) => one.fileMs)),
    processMs: median(times.map((one) => one.processMs)),
    bareOpenMs: median(bareTimes),
  }
}

export const bench = defineBench({
  name: 'speed',
  summary: 'record, recall, decide, open and replay at size, beside bare SQLite',
  flags: {
    documents: number(100_000, 'runs to record'),
    namespaces: number(10, 'namespaces they are spread over'),
    calls: number(2000, 'timed calls per figure'),
    openings: number(11, 'processes started to time opening'),
  },
  run: async ({ flags: { documents, namespaces, calls, openings }, progress }) => {
    const folder = mkdtempSync(join(tmpdir(), 'autodidact-speed-'))
    const file = join(folder, 'speed.db')
    const children = await bundledChildren()
    const inMode = async (mode: SpeedTask['mode'], count: number, flags: readonly string[] = []): Promise<unknown> => {
      progress.start(count, mode)
      return (await inChild(join(children, 'speed-child.js'), { mode, file, namespaces, calls: count }, progress, flags)).result
    }
    const inBareMode = async (mode: BareTask['mode'], rows: number): Promise<unknown> => {
      progress.start(calls, `${mode}, bare SQLite`)
      return (await inChild(join(children, 'bare-child.js'), { mode, file, rows, calls }, progress)).result
    }
    try {
      const fill = filled.parse(await inMode('fill', documents))
      const bytesPerRun = statSync(file).size / documents
      const use = used.parse(await inMode('use', calls))
      const bounded = used.parse(await inMode('use', calls, boundedGarbage))
      const full = filled.parse(await inMode('full', Math.ceil(calls / 2)))
      const search = timing.parse(await inBareMode('search', Math.ceil(documents / namespaces)))
      const { bareOpenMs, ...opening } = await openingTimes(children, { mode: 'open', file, namespaces, calls: 1 }, openings, progress)
      const replays = async (mode: 'replay' | 'replay-all') => {
        const runs = []
        for (let run = 0; run < replaysTimed; run += 1) {
          withoutSnapshots(file)
          runs.push(replayed.parse(await inMode(mode, namespaces)))
        }
        return { ms: median(runs.map(({ replayMs }) => replayMs)), slowestMs: Math.max(...runs.map(({ replayMs }) => replayMs)), rssMb: Math.max(...runs.map(({ rssMb }) => rssMb)), peakRssMb: Math.max(...runs.map(({ peakRssMb }) => peakRssMb)) }
      }
      const facts = withoutSnapshots(file)
      const replay = await replays('replay')
      const { readMs } = bareRead.parse(await inBareMode('read', 0))
      const replayAll = await replays('replay-all')
      const bare = await sqliteBaseline({ calls: Math.max(100, calls), payload: Math.round(bytesPerRun), progress })
      return {
        recordP50Ms: quantile(fill.durations, 0.5),
        recordP95Ms: quantile(fill.durations, 0.95),
        recordFullP50Ms: quantile(full.durations, 0.5),
        recallP50Ms: use.recall.p50Ms,
        recallP95Ms: use.recall.p95Ms,
        decide10P50Ms: use.decide10.p50Ms,
        decide10P95Ms: use.decide10.p95Ms,
        decide150P50Ms: use.decide150.p50Ms,
        decide150P95Ms: use.decide150.p95Ms,
        ...opening,
        replayPerSecond: (facts / replay.ms) * 1000,
        slowestReplayPerSecond: (facts / replay.slowestMs) * 1000,
        replayAllPerSecond: (facts / replayAll.ms) * 1000,
        rssMb: bounded.rssMb,
        rssDefaultMb: use.rssMb,
        peakRssMb: Math.max(fill.peakRssMb, use.peakRssMb, replay.peakRssMb),
        fillRssMb: fill.rssMb,
        replayRssMb: replay.rssMb,
        bytesPerRun,
        baseline: {
          insertP50Ms: bare.insert.p50Ms,
          insertFullP50Ms: bare.insertFull.p50Ms,
          readP50Ms: bare.read.p50Ms,
          rowsPerSecond: 100_000 / bare.insertHundred.p50Ms,
          searchP95Ms: search.p95Ms,
          openMs: bareOpenMs,
          readPerSecond: (facts / readMs) * 1000,
        },
        facts,
        documents,
        namespaces,
        calls,
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  table: (result) => ({
    head: [`${result.documents.toLocaleString('en')} runs, ${result.namespaces} namespaces`, 'measured', 'to reach', 'bare SQLite'],
    rows: [
      ['record, p50 ms', result.recordP50Ms, 1, result.baseline.insertP50Ms],
      ['record, durability full, p50 ms', result.recordFullP50Ms, '', result.baseline.insertFullP50Ms],
      ['recall, p95 ms', result.recallP95Ms, 10, result.baseline.searchP95Ms],
      ['decide among 10, p95 ms', result.decide10P95Ms, 1, result.baseline.insertP50Ms],
      ['decide among 150, p95 ms', result.decide150P95Ms, 5, result.baseline.insertP50Ms],
      ['open to first decide, ms', result.openMs, 50, result.baseline.openMs],
      ['the same with starting Node, ms', result.processMs, '', ''],
      ['replay, facts per second', result.replayPerSecond, 50_000, result.baseline.readPerSecond],
      ['replay with all learners, facts per second', result.replayAllPerSecond, 50_000, ''],
      ['memory, MB', result.rssMb, 200, ''],
      ["memory with V8's own choice of garbage kept, MB", result.rssDefaultMb, '', ''],
      ['disk, bytes per run', result.bytesPerRun, '', ''],
    ],
  }),
})

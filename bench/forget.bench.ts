import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Autodidact, type ForgetReport, type Selector } from '../src/index.ts'
import { defineBench, number } from './harness/bench.ts'
import { copyOf, statesOf } from './harness/never-had.ts'
import { residueOf } from './harness/residue.ts'
import { everyLearner, live, type Sentinel, sentinelOf, worldSettings } from './harness/sentinel-world.ts'

const reader = join(import.meta.dirname, 'harness/forget-reader.ts')

/** Calls until an erasure is proven; more is a defect. */
const mostCalls = 20

const keepOwn = async (autodidact: Autodidact, { sentence }: Sentinel): Promise<void> => {
  const head = await autodidact.head()
  await autodidact.keep('host@1', () => ({ ...head, bytes: Buffer.from(`What a program made of the log: ${sentence}`) }))
}

/** Another process that holds on to an old state of the file until it is told to let go, and then reads on. */
const startReader = async (path: string, query: string): Promise<ChildProcess> => {
  const child = fork(reader, [path, query], { execArgv: [...process.execArgv, '--no-warnings'] })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The process that reads meanwhile has ended.')))
  ended.catch(() => undefined)
  await Promise.race([once(child, 'message'), ended])
  return child
}

/** Forgets while another process reads, and counts what is left then, and when everybody has gone. */
const forgotten = async (path: string, seed: number, sentinel: Sentinel, selector: Selector, traces: readonly string[]): Promise<{ reports: readonly ForgetReport[]; residue: number }> => {
  const other = await startReader(path, sentinel.sentence)
  const autodidact = await Autodidact.open(path, worldSettings(seed + 1_000))
  try {
    // What is in memory when they are forgotten must not come back either.
    await autodidact.recall(sentinel.sentence)
    const reports = [await autodidact.forget(selector)]
    other.send('let go')
    while (reports.at(-1)?.status === 'pending' && reports.length < mostCalls) reports.push(await autodidact.forget(selector))
    const residue = residueOf(path, traces)
    for (const learner of everyLearner) await autodidact.learned(learner)
    await autodidact.close()
    const end = once(other, 'exit')
    other.send('stop')
    await end
    return { reports, residue: residue + residueOf(path, traces) }
  } finally {
    other.kill()
    await autodidact.close()
  }
}

export const bench = defineBench({
  name: 'forget',
  summary: 'a sentence is spread over a log and forgotten: is a word of it left, and is what was learned that of a log that never had it?',
  seeds: 3,
  flags: { runs: number(300, 'runs in the log, every fifth of them with the sentence') },
  run: async ({ seeds, flags: { runs }, progress }) => {
    progress.start(seeds * runs, 'runs')
    let [offers, residue, before, facts, calls, pendingAtFirst, pieces, scannedBytes, scanFound, differing, untaught] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for (let seed = 1; seed <= seeds; seed += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'autodidact-forget-'))
      try {
        const [path, never] = [join(folder, 'agent.db'), join(folder, 'never.db')]
        const sentinel = sentinelOf(seed)
        const settings = worldSettings(seed)
        const autodidact = await Autodidact.open(path, settings)
        offers += await live(autodidact, runs, seed, sentinel, () => progress.advance())
        await keepOwn(autodidact, sentinel)
        // Saves what was learned, words of theirs included.
        await autodidact.close()
        // Whoever speaks through a source may also vote elsewhere, under their own name.
        const [selector, traces] = seed % 2 === 1 ? [{ user: sentinel.user }, [...sentinel.traces, ...sentinel.names]] : [{ source: sentinel.source }, sentinel.traces]
        before += residueOf(path, traces)
        const { reports, residue: left } = await forgotten(path, seed, sentinel, selector, traces)
        const [first, last] = [reports[0], reports.at(-1)]
        residue += left
        facts += first?.facts ?? 0
        calls += reports.length
        pendingAtFirst += first?.status === 'pending' ? 1 : 0
        pieces += last?.scan?.pieces ?? 0
        scannedBytes += last?.scan?.bytes ?? 0
        scanFound += last?.scan?.found ?? 0
        if (last?.status !== 'proven') throw new Error(`The erasure was not proven: ${last?.reason ?? 'no report'}`)
        await copyOf(path, never)
        const [states, others] = [await statesOf(path, everyLearner, settings), await statesOf(never, everyLearner, settings)]
        untaught += everyLearner.filter((learner) => others.get(learner.name)?.equals(learner.save(learner.initial())) === true).length
        differing += everyLearner.filter(({ name }) => others.get(name)?.equals(states.get(name) ?? Buffer.of()) !== true).length
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
    return { residue, statesEqual: differing === 0, learners: everyLearner.length, differing, untaught, offers, before, facts, calls, pendingAtFirst, pieces, scannedBytes, scanFound, runs, seeds }
  },
  table: (result) => ({
    head: ['figure', 'value'],
    rows: [
      ['runs', result.runs],
      ['seeds', result.seeds],
      ['what they did, offered to others as a workflow', result.offers],
      ['facts erased', result.facts],
      ['occurrences of the sentence, its words, their stems and the names before', result.before],
      ['and afterwards', result.residue],
      ['learners compared', result.learners],
      ['whose state is not that of a log that never had it', result.differing],
      ['and who had learned nothing', result.untaught],
      ['pieces that the scan looked for', result.pieces],
      ['and found in the end', result.scanFound],
    ],
  }),
})

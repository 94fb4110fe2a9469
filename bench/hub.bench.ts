import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { Autodidact } from '../src/index.ts'
import { defineBench, number } from './harness/bench.ts'
import { BenchFailure } from './harness/failure.ts'
import type { HubTask } from './harness/hub-child.ts'
import { judged, linesOf } from './harness/hub-lines.ts'
import { mean, quantile } from './harness/statistics.ts'

const child = join(import.meta.dirname, 'harness/hub-child.ts')

const begin = (task: HubTask): ChildProcess => fork(child, [JSON.stringify(task)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })

const gone = async (process: ChildProcess): Promise<void> => {
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit')
}

const ended = async (process: ChildProcess): Promise<void> => {
  await gone(process)
  if (process.exitCode !== 0) throw new BenchFailure(`A process of the bench ended with ${process.exitCode ?? process.signalCode}.`)
}

const failed = (process: ChildProcess): Promise<never> => gone(process).then(() => Promise.reject(new BenchFailure('A process of the bench ended before it was ready.')))

/** What a process says first. */
const ready = async (process: ChildProcess): Promise<unknown> => {
  const ending = failed(process)
  // Every process ends sometime; only one that ends too early is a failure.
  ending.catch(() => undefined)
  const [told]: unknown[] = await Promise.race([once(process, 'message'), ending])
  return told
}

const started = async (task: HubTask): Promise<ChildProcess> => {
  const process = begin(task)
  await ready(process)
  return process
}

/** Kills a process that is at work, and begins it anew a second later. */
const killedAndResumed = async (first: ChildProcess, task: HubTask, afterMs: number): Promise<void> => {
  first.send({ go: true })
  await sleep(afterMs)
  first.kill('SIGKILL')
  await gone(first)
  await sleep(1_000)
  const second = await started(task)
  second.send({ go: true })
  await ended(second)
}

const idsIn = async (file: string): Promise<string[]> => {
  const autodidact = await Autodidact.open(file, { readOnly: true })
  const ids: string[] = []
  for await (const { id } of autodidact.export({ kinds: ['knowledge.written'] })) ids.push(id)
  await autodidact.close()
  return ids
}

export const bench = defineBench({
  name: 'hub',
  summary: 'four processes share and subscribe; one subscriber is slow, one process is killed: who misses what, and how late?',
  flags: {
    messages: number(2_000, 'messages'),
    subscribers: number(20, 'subscribers, spread over the processes'),
    seconds: number(20, 'in which the messages are shared'),
    slow: number(15, 'milliseconds that the slow subscriber takes for each message'),
    idle: number(5, 'seconds of waiting for nothing, to measure what that costs'),
  },
  run: async ({ flags: { messages, subscribers, seconds, slow, idle }, progress }) => {
    const folder = mkdtempSync(join(tmpdir(), 'autodidact-hub-'))
    const file = join(folder, 'hub.db')
    try {
      await (await Autodidact.open(file)).close()
      progress.start(messages * subscribers, 'deliveries')
      const names = Array.from({ length: subscribers }, (_, at) => `agent-${at}`)
      const taskOf = (place: number): HubTask => ({
        mode: 'work',
        file,
        deliveries: join(folder, `deliveries-${place}`),
        process: place,
        subscribers: names.filter((_, at) => at % 4 === place),
        slow: { name: 'agent-0', ms: slow },
        shares: place === 3 ? 0 : Math.floor(messages / 3) + (place < messages % 3 ? 1 : 0),
        spanMs: seconds * 1_000,
        total: messages,
      })
      const sharing = await Promise.all([0, 1, 2].map((place) => started(taskOf(place))))
      // It only subscribes: what it had shared would not be shared after its death.
      const doomed = await started(taskOf(3))
      for (const process of sharing) process.send({ go: true })
      await Promise.all([...sharing.map(ended), killedAndResumed(doomed, taskOf(3), (seconds * 1_000) / 2)])
      const idling = begin({ ...taskOf(1), mode: 'idle', spanMs: idle * 1_000 })
      const { idleShare } = z.object({ idleShare: z.number() }).parse(await ready(idling))
      await ended(idling)
      const log = await idsIn(file)
      const deliveries = [0, 1, 2, 3].flatMap((place) => linesOf(readFileSync(taskOf(place).deliveries, 'utf8')))
      const results = names.map((name) => judged(deliveries.filter(({ subscriber }) => subscriber === name), log))
      const delays = (of: (subscriber: string) => boolean): number[] => deliveries.filter(({ what, subscriber }) => what === 'delivered' && of(subscriber)).map(({ delayMs }) => delayMs)
      const steady = delays((name) => name !== 'agent-0' && !taskOf(3).subscribers.includes(name))
      return {
        delivered: Math.min(...results.map((result) => result.delivered)),
        inOrder: mean(results.map(({ inOrder }) => Number(inOrder))),
        doubled: results.reduce((sum, result) => sum + result.doubled, 0),
        repeated: results.reduce((sum, result) => sum + result.repeated, 0),
        medianDelayMs: quantile(delays(() => true), 0.5),
        steadyMedianDelayMs: quantile(steady, 0.5),
        steadyP95DelayMs: quantile(steady, 0.95),
        idleShare,
        messages: log.length,
        subscribers,
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  table: (result) => ({
    head: [`${result.messages.toLocaleString('en')} messages, ${result.subscribers} subscribers`, 'measured', 'to reach'],
    rows: [
      ['share that the worst served subscriber was told', result.delivered, 1],
      ['subscribers that were told in the order of the log', result.inOrder, 1],
      ['messages told again after they were acknowledged', result.doubled, 0],
      ['messages told again that were not acknowledged', result.repeated, ''],
      ['delay, median ms', result.medianDelayMs, 100],
      ['the same without the slow and the killed', result.steadyMedianDelayMs, 100],
      ['the same, 95 %', result.steadyP95DelayMs, ''],
      ['processor while nothing happens, share of one core', result.idleShare, 0.01],
    ],
  }),
})

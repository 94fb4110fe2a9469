import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { AdaptiveExecution, Api, type Rate, type Step, type Task, type WorkStep } from '../src/agents/index.ts'
import { Autodidact, type AutodidactSettings, combined, type Random, seededRandom, success } from '../src/index.ts'
import { defineBench, number } from './harness/bench.ts'
import { mean, standardError } from './harness/statistics.ts'

/** One call, as the server saw it. */
interface Arrival {
  readonly at: number
  readonly key: string
}

/** A server that counts calls by key and needs a while for each. */
const countingServer = async (delayMs: number): Promise<{ readonly url: string; readonly arrivals: Arrival[]; readonly close: () => void }> => {
  const arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    arrivals.push({ at: performance.now(), key: String(request.headers['x-key']) })
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => void sleep(delayMs).then(() => response.end(Buffer.concat(parts))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals, close: () => void server.close() }
}

/** Most calls of one key in any stretch of time that begins with a call. */
const mostInWindow = (arrivals: readonly Arrival[], perMs: number): number =>
  arrivals.reduce((most, { at, key }) => Math.max(most, arrivals.filter((other) => other.key === key && other.at >= at && other.at < at + perMs).length), 0)

/** Steps that wait, each for at most two of those before it. */
const waitingSteps = (count: number, waitMs: number, random: Random): readonly WorkStep[] =>
  Array.from({ length: count }, (_, place) => {
    const after = place < 2 ? [] : [...new Set([0, 0].map(() => `s${Math.floor(random() * place)}`))]
    return { id: `s${place}`, after: random() < 0.5 ? after : [], run: () => sleep(waitMs) }
  })

const independentSteps = (count: number, waitMs: number): readonly WorkStep[] => Array.from({ length: count }, (_, place) => ({ id: `s${place}`, run: () => sleep(waitMs) }))

const replies = z.array(z.unknown())

const apiAt = (url: string, limit: Rate): Api =>
  new Api({
    call: async (requests, { endpoint, key, signal }) => {
      const reply = await fetch(endpoint ?? '', { method: 'POST', body: JSON.stringify(requests), headers: { 'x-key': key ?? '' }, signal })
      return replies.parse(await reply.json())
    },
    endpoints: [`${url}/a`, `${url}/b`],
    keys: ['one', 'two'],
    batchSize: 10,
    limit,
  })

const callingSteps = (count: number, api: Api): readonly Step[] => Array.from({ length: count }, (_, place) => ({ id: `r${place}`, api, request: () => place }))

/** Milliseconds of one task by one approach, on a file of its own. */
const timed = async (folder: string, approach: string, task: Task): Promise<number> => {
  const autodidact = await Autodidact.open(join(folder, `${approach}-${task.id}.db`), { points: { approach: { policy: { name: 'fixed', option: approach } } } })
  try {
    return (await new AdaptiveExecution({ autodidact }).execute(task)).durationMs
  } finally {
    await autodidact.close()
  }
}

/** What a task is worth: most for being done, some for being quick. */
const quick = { name: 'quick', of: ({ durationMs = 0 }) => 1 / (1 + durationMs / 20) }
const learning = (seed: number): AutodidactSettings => ({
  seed,
  points: { approach: { reward: combined('done-and-quick', [{ reward: success(), weight: 1 }, { reward: quick, weight: 1 }]) } },
})

/** Shares of tasks that were done by the approach that is quickest for them, in the last third: two kinds of tasks in turns, learned from the first on. */
const learnedShare = async (tasks: number, seed: number): Promise<number> => {
  const autodidact = await Autodidact.open(':memory:', learning(seed))
  const server = await countingServer(1)
  try {
    const execution = new AdaptiveExecution({ autodidact, seed })
    const taken: boolean[] = []
    for (let turn = 0; turn < tasks; turn += 1) {
      const [task, best]: [Task, string] =
        turn % 2 === 0
          ? [{ description: 'render the pages of the catalogue', category: 'render', steps: independentSteps(8, 4) }, 'parallel']
          : [{ description: 'fetch the prices of the shops', category: 'fetch', steps: callingSteps(20, apiAt(server.url, { calls: 2, perMs: 10 })) }, 'api_heavy']
      taken.push((await execution.execute(task)).approach === best)
    }
    return mean(taken.slice(-Math.ceil(tasks / 3)).map(Number))
  } finally {
    server.close()
    await autodidact.close()
  }
}

export const bench = defineBench({
  name: 'execution',
  summary: 'approaches of adaptive execution: time of a task with dependencies, calls as a server counts them, which approach is learned',
  seeds: 5,
  flags: {
    steps: number(40, 'steps of the task'),
    wait: number(10, 'what each of them waits, in ms'),
    requests: number(100, 'requests of the task that calls an API'),
    calls: number(5, 'calls that the API allows with each of two keys …'),
    per: number(100, '… in so many ms'),
    tasks: number(60, 'tasks from which the approach is learned'),
  },
  run: async ({ flags, seeds, progress }) => {
    progress.start(seeds * 7, 'tasks')
    const folder = mkdtempSync(join(tmpdir(), 'autodidact-execution-'))
    const times = new Map<string, number[]>()
    const calls = new Map<string, { made: number[]; most: number; times: number[] }>()
    const shares: number[] = []
    try {
      for (let seed = 1; seed <= seeds; seed += 1) {
        const steps = waitingSteps(flags.steps, flags.wait, seededRandom(seed))
        for (const approach of ['standard', 'incremental', 'parallel']) {
          const ms = await timed(folder, approach, { id: `work-${seed}`, description: 'wait for many', steps })
          times.set(approach, [...(times.get(approach) ?? []), ms])
          progress.advance()
        }
        for (const approach of ['standard', 'parallel', 'api_heavy']) {
          const server = await countingServer(2)
          const api = apiAt(server.url, { calls: flags.calls, perMs: flags.per })
          const ms = await timed(folder, approach, { id: `calls-${seed}`, description: 'ask many', steps: callingSteps(flags.requests, api) })
          server.close()
          const known = calls.get(approach) ?? { made: [], most: 0, times: [] }
          calls.set(approach, {
            made: [...known.made, server.arrivals.length],
            most: Math.max(known.most, mostInWindow(server.arrivals, flags.per)),
            times: [...known.times, ms],
          })
          progress.advance()
        }
        shares.push(await learnedShare(flags.tasks, seed))
        progress.advance()
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const msOf = (approach: string): number => mean(times.get(approach) ?? [])
    return {
      speedUp: msOf('standard') / msOf('parallel'),
      standardMs: msOf('standard'),
      incrementalMs: msOf('incremental'),
      parallelMs: msOf('parallel'),
      allowed: flags.calls,
      api: Object.fromEntries([...calls].map(([approach, { made, most, times: all }]) => [approach, { ms: mean(all), calls: mean(made), mostInWindow: most }])),
      learnedShare: mean(shares),
      learnedShareStandardError: standardError(shares),
      seeds,
    }
  },
  table: ({ standardMs, incrementalMs, parallelMs, allowed, api, learnedShare: share }) => ({
    head: ['figure', 'value'],
    rows: [
      ['standard, ms', standardMs],
      ['incremental, ms', incrementalMs],
      ['parallel, ms', parallelMs],
      ...Object.entries(api).flatMap(([approach, { ms, calls, mostInWindow: most }]): [string, number][] => [
        [`requests by ${approach}, ms`, ms],
        [`requests by ${approach}, calls`, calls],
        [`requests by ${approach}, most of a key in the stated time (allowed: ${allowed})`, most],
      ]),
      ['quickest approach taken in the last third', share],
    ],
  }),
})

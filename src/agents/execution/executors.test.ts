import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { virtualClock } from '../../../test/support/virtual-clock.ts'
import { Api } from './api.ts'
import { apiHeavy } from './api-heavy.ts'
import { Attempts } from './attempts.ts'
import { classifyError, defaultRetries } from './classify.ts'
import { machineClock } from './clock.ts'
import type { Executor } from './executor.ts'
import { noFixes } from './fixes.ts'
import { incremental } from './incremental.ts'
import { Journal } from './journal.ts'
import { parallel } from './parallel.ts'
import { planOf } from './plan.ts'
import { standard } from './standard.ts'
import type { Step, WorkStep } from './task.ts'

/** Carries steps out by one approach, and gives what they returned. */
const carryOut = async (executor: Executor, steps: readonly Step[], signal = new AbortController().signal): Promise<Map<string, unknown>> => {
  const outputs = new Map<string, unknown>()
  const settings = { retries: { ...defaultRetries, unknown: 0 }, backOff: {}, leastTrust: 'agent' as const, classify: classifyError, fixes: noFixes, tools: new Map(), clock: machineClock, random: () => 0 }
  const attempts = new Attempts(settings, undefined, outputs, new Journal())
  const perform = (group: readonly Step[], own = signal): Promise<void> => attempts.perform(group, own)
  await executor.execute({ plan: planOf(steps), outputs, signal, perform, checkpoint: () => Promise.resolve() })
  return outputs
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe.each([standard(), incremental(), parallel(), parallel({ atOnce: 2 }), apiHeavy()])('$name', (executor) => {
  test('does every step of any plan once, after all that it needs, with what they returned', async () => {
    const needs = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(needs, fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }), async (lists, turns) => {
        const begun: string[] = []
        const steps = lists.map((list, place): WorkStep => {
          const after = place === 0 ? [] : [...new Set(list.map((number) => `s${number % place}`))]
          const run: WorkStep['run'] = async ({ outputs }) => {
            begun.push(`s${place}`)
            expect(after.map((id) => outputs.get(id))).toEqual(after.map((id) => `done ${id}`))
            for (let left = turns[place] ?? 0; left > 0; left -= 1) await turn()
            return `done s${place}`
          }
          return { id: `s${place}`, after, run }
        })
        const outputs = await carryOut(executor, steps)
        expect(begun.toSorted()).toEqual(steps.map(({ id }) => id).toSorted())
        expect(Object.fromEntries(outputs)).toEqual(Object.fromEntries(steps.map(({ id }) => [id, `done ${id}`])))
      }),
      { numRuns: 30 },
    )
  })

  test('throws the very error of a step, and leaves nothing running behind it', async () => {
    const error = new Error('the bridge is out')
    let left = 0
    const waiting = (id: string): WorkStep => ({
      id,
      run: ({ signal }) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')))
          setTimeout(resolve, 5).unref()
        }).finally(() => (left += 1)),
    })
    const steps = [waiting('a'), { id: 'b', run: () => Promise.reject(error) }, { id: 'c', after: ['b'], run: () => expect.unreachable() }, waiting('d')]
    await expect(carryOut(executor, steps)).rejects.toBe(error)
    const seen = left
    await turn()
    expect(left).toBe(seen)
  })

  test('ends with the reason of the signal, also where a step does not look at it', async () => {
    const stop = new AbortController()
    const reason = new Error('the user has left')
    const steps = [
      { id: 'a', run: () => { stop.abort(reason); return new Promise(() => undefined) } },
      { id: 'b', after: ['a'], run: () => expect.unreachable() },
    ]
    await expect(carryOut(executor, steps, stop.signal)).rejects.toBe(reason)
  })
})

/** Two steps of which each ends only when the other has begun. */
const meeting = (): WorkStep[] => {
  const [left, right] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  return [
    { id: 'left', run: () => { left.resolve('left'); return right.promise } },
    { id: 'right', run: () => { right.resolve('right'); return left.promise } },
  ]
}

describe('parallel', () => {
  test('has independent steps under way at the same time', async () => {
    expect(Object.fromEntries(await carryOut(parallel(), meeting()))).toEqual({ left: 'right', right: 'left' })
    const stop = new AbortController()
    const alone = carryOut(standard(), meeting(), stop.signal)
    for (let turns = 0; turns < 50; turns += 1) await turn()
    stop.abort(new Error('they never meet'))
    await expect(alone).rejects.toThrow('they never meet')
  })

  test('has no more under way than it may', async () => {
    let [running, most] = [0, 0]
    const steps = Array.from({ length: 20 }, (_, place): WorkStep => ({
      id: `s${place}`,
      run: async () => {
        most = Math.max(most, (running += 1))
        await turn()
        running -= 1
      },
    }))
    await carryOut(parallel({ atOnce: 3 }), steps)
    expect(most).toBe(3)
  })

  test.each([{ atOnce: 0 }, { atOnce: Number.NaN }])('refuses %o', (settings) => {
    expect(() => parallel(settings)).toThrow('parallel: atOnce')
    expect(() => apiHeavy(settings)).toThrow('apiHeavy: atOnce')
  })
})

describe('api_heavy', () => {
  test('batches requests within the stated rate, as a server counts it, over endpoints and keys in turns', async () => {
    const limit = { calls: 3, perMs: 150 }
    const arrivals: { readonly at: number; readonly key: string; readonly endpoint: string; readonly size: number }[] = []
    const server = createServer((request, response) => {
      const at = performance.now()
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const numbers = JSON.parse(body) as number[]
        arrivals.push({ at, key: String(request.headers['x-key']), endpoint: request.url ?? '', size: numbers.length })
        response.end(JSON.stringify(numbers.map((number) => number * number)))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const api = new Api({
      call: async (requests, { endpoint, key, signal }) => {
        const reply = await fetch(endpoint ?? '', { method: 'POST', body: JSON.stringify(requests), headers: { 'x-key': key ?? '' }, signal })
        return (await reply.json()) as unknown[]
      },
      endpoints: [`${base}/a`, `${base}/b`, `${base}/c`],
      keys: ['one', 'two'],
      batchSize: 4,
      limit,
    })
    const steps = Array.from({ length: 58 }, (_, place): Step => ({ id: `square ${place}`, api, request: () => place }))
    const outputs = await carryOut(apiHeavy({ atOnce: 20 }), [
      ...steps,
      { id: 'sum', after: steps.map(({ id }) => id), run: (briefing) => steps.reduce((total, { id }) => total + Number(briefing.outputs.get(id)), 0) },
    ])

    expect(outputs.get('sum')).toBe((57 * 58 * 115) / 6)
    expect(outputs.get('square 7')).toBe(49)
    expect(arrivals.map(({ size }) => size).toSorted((left, right) => left - right)).toEqual([2, ...Array.from({ length: 14 }, () => 4)])
    expect(api.calls).toBe(15)
    // In any stretch of time that begins with a call, no key is seen more often than stated.
    const counted = arrivals.map(({ at, key }) => arrivals.filter((other) => other.key === key && other.at >= at && other.at < at + limit.perMs).length)
    expect(Math.max(...counted)).toBeLessThanOrEqual(limit.calls)
    const counts = (name: 'key' | 'endpoint'): number[] => [...Map.groupBy(arrivals, (arrival) => arrival[name]).values()].map((group) => group.length)
    expect(counts('endpoint')).toEqual([5, 5, 5])
    expect(counts('key').every((count) => count >= limit.calls)).toBe(true)
  })

  test('does other steps beside the calls, and sends what becomes ready later in calls of its own', async () => {
    const batches: unknown[][] = []
    const api = new Api({ call: (requests) => { batches.push([...requests]); return Promise.resolve(requests) }, batchSize: 10 })
    const outputs = await carryOut(apiHeavy(), [
      { id: 'plan', run: () => 'north' },
      { id: 'a', api, request: () => 'a' },
      { id: 'b', api, request: () => 'b' },
      { id: 'c', after: ['plan'], api, request: (made) => `c ${String(made.get('plan'))}` },
    ])
    expect(batches).toEqual([['a', 'b'], ['c north']])
    expect(outputs.get('c')).toBe('c north')
  })

  test('suits plans with several requests only', () => {
    const api = new Api({ call: (requests) => Promise.resolve(requests) })
    const call = (id: string): Step => ({ id, api, request: () => id })
    expect(apiHeavy().suits(planOf([call('a'), call('b')]))).toBe(true)
    expect(apiHeavy().suits(planOf([call('a'), { id: 'b', run: () => 1 }]))).toBe(false)
  })
})

/** An API that replies so, whatever it is asked. */
const replying = (reply: unknown): Api => new Api({ call: () => Promise.resolve(reply as unknown[]), batchSize: 2 })

describe('an API', () => {
  test('holds a slot until its call has ended, also where nobody waits for it any more', async () => {
    const clock = virtualClock()
    const api = new Api({ call: async (requests) => { await clock.wait(500); return requests }, limit: { calls: 1, perMs: 100 }, clock })
    const stop = new AbortController()
    const first = api.send(['a'], stop.signal)
    const second = api.send(['b'])
    stop.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await clock.drive(second)
    expect(clock.now()).toBe(500 + 100 + 500)
  })

  test('takes turns also without a limit, and when calls begin at the same moment', async () => {
    const seen: string[] = []
    const api = new Api({ call: (requests, { endpoint, key }) => { seen.push(`${endpoint} ${key}`); return Promise.resolve(requests) }, endpoints: ['x', 'y'], keys: ['1', '2', '3'] })
    await Promise.all([api.send([1]), api.send([2]), api.send([3]), api.send([4])])
    expect(seen).toEqual(['x 1', 'y 2', 'x 3', 'y 1'])
  })

  test('refuses replies that do not answer the requests', async () => {
    await expect(replying([1]).send([1, 2])).rejects.toThrow('call gave 1 replies for 2 requests')
    await expect(replying({ ok: true }).send([1, 2])).rejects.toThrow('call gave an object for 2 requests')
    await expect(new Api({ call: (requests) => Promise.resolve(requests) }).send([1, 2])).rejects.toThrow('a batch holds 1')
    const broken = new Api({ call: () => { throw new Error('at once') }, limit: { calls: 1, perMs: 1 } })
    await expect(broken.send([1])).rejects.toThrow('at once')
    await expect(broken.send([1])).rejects.toThrow('at once')
  })

  test.each([{}, { call: 7 }, { limit: { calls: 0, perMs: 1 } }, { limit: { calls: 1, perMs: 0 } }, { keys: [] }, { keys: ['a', 'b', 'a'] }, { endpoints: [''] }, { batchSize: 0.5 }, { limits: 3 }])('refuses %o', (settings) => {
    const call = { call: () => Promise.resolve([]), ...settings } as ConstructorParameters<typeof Api>[0]
    const given = Object.keys(settings).length === 0 ? ({} as typeof call) : call
    expect(() => new Api(given)).toThrow('Api')
  })

  test('refuses a limit that is none', () => {
    expect(() => new Api({ call: () => Promise.resolve([]), keys: ['a', 'b'], limit: { calls: 60_000, perMs: 1 } })).toThrow('120000 calls at once')
  })
})

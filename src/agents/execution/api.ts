import { z } from 'zod'
import { AutodidactError } from '../../errors.ts'
import { described, expectList } from '../../expect.ts'
import { callable, validated } from '../../log/validate.ts'
import { untilAborted } from '../abort.ts'
import { type Clock, machineClock } from './clock.ts'
import { type Permit, type Rate, RateLimit } from './rate-limit.ts'

/** Which way a call goes. */
export interface Route {
  /** Where to; undefined for an API without endpoints. */
  readonly endpoint: string | undefined
  /** By which key; undefined for an API without keys. */
  readonly key: string | undefined
  readonly signal: AbortSignal
}

/** How an {@link Api} is called. */
export interface ApiSettings {
  /**
   * Makes one call with one or more requests, and gives one reply for each, in their order. An `Error` among the replies is the failure of that request alone; what it
   * throws is the failure of all.
   */
  readonly call: (requests: readonly unknown[], route: Route) => Promise<readonly unknown[]>
  /** Most requests of one call; default 1. */
  readonly batchSize?: number
  /** Where calls go, in turns; a call that is tried again goes to the next. Default: none. */
  readonly endpoints?: readonly string[]
  /** By which keys, in turns. Default: none. */
  readonly keys?: readonly string[]
  /** How many calls may be made with each key, over all endpoints: `{ calls: 60, perMs: 60_000 }`. Default: no limit. */
  readonly limit?: Rate
  /** Default: the time of this machine. */
  readonly clock?: Clock
}

const route = z.string().min(1, 'is empty')

/** Slots of all keys together; more would be no limit. */
const mostCalls = 100_000

const settingsInput = z.strictObject({
  call: callable,
  batchSize: z.number().int().min(1).max(10_000).optional(),
  endpoints: z.array(route).min(1, 'is empty').optional(),
  // Named twice, a key would be called at twice its rate.
  keys: z.array(route).min(1, 'is empty').max(1000).refine((keys) => new Set(keys).size === keys.length, 'has a key twice').optional(),
  limit: z.strictObject({ calls: z.number().int().min(1).max(mostCalls), perMs: z.number().positive().max(86_400_000) }).optional(),
  clock: z.looseObject({ now: callable, wait: callable }).optional(),
})

/**
 * An API with its stated rate, its endpoints and its keys. Whoever calls it, from whichever task and by whichever approach, keeps the rate: one object for each API and process.
 *
 * The rate holds as the API counts it, in any stretch of time: a call waits until the call before it on the same slot has *ended* that long ago. A process that begins knows nothing of
 * the calls of others.
 *
 * @example
 * ```ts
 * import { Api } from 'autodidact/agents'
 *
 * const api = new Api({
 *   call: async (requests, { endpoint, key }) => requests.map((request) => `${endpoint}/${String(request)}?key=${key}`),
 *   endpoints: ['https://a.example', 'https://b.example'],
 *   keys: ['one', 'two'],
 *   batchSize: 10,
 *   limit: { calls: 5, perMs: 1000 },
 * })
 * console.assert((await api.send(['x', 'y'])).join() === 'https://a.example/x?key=one,https://a.example/y?key=one')
 * console.assert((await api.send(['z'])).join() === 'https://b.example/z?key=two')
 * ```
 */
export class Api {
  /** Most requests of one call. */
  readonly batchSize: number
  readonly #call: ApiSettings['call']
  readonly #endpoints: readonly (string | undefined)[]
  readonly #keys: readonly (string | undefined)[]
  readonly #limit: RateLimit | undefined
  #made = 0
  #turn = 0

  /** @throws AutodidactError `INVALID_INPUT` */
  constructor(settings: ApiSettings) {
    validated(settingsInput, settings, 'Api')
    const { call, batchSize = 1, endpoints = [undefined], keys = [undefined], limit, clock = machineClock } = settings
    if (limit !== undefined && limit.calls * keys.length > mostCalls) {
      throw new AutodidactError('INVALID_INPUT', `Api: the limit allows ${limit.calls * keys.length} calls at once, more than ${mostCalls}. State it for a shorter time.`)
    }
    this.#call = call
    this.batchSize = batchSize
    this.#endpoints = endpoints
    this.#keys = keys
    this.#limit = limit === undefined ? undefined : new RateLimit(keys, limit, clock)
  }

  /** Calls begun so far. */
  get calls(): number {
    return this.#made
  }

  /**
   * Makes one call with these requests as soon as the rate allows it.
   *
   * @returns a reply for each request, in their order; an `Error` where that request failed alone
   * @throws what the call throws, the reason of the signal, and AutodidactError `INVALID_INPUT` when there are more requests than a batch holds, or another number of replies than requests
   * @example
   * ```ts
   * import { Api } from 'autodidact/agents'
   *
   * const api = new Api({ call: async (requests) => requests.map((request) => Number(request) * 2), batchSize: 3 })
   * console.assert((await api.send([1, 2, 3])).join() === '2,4,6' && api.calls === 1)
   * ```
   */
  async send(requests: readonly unknown[], signal: AbortSignal = new AbortController().signal): Promise<readonly unknown[]> {
    expectList(requests, 'Api: requests')
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new AutodidactError('INVALID_INPUT', 'Api: signal is none. Pass that of an AbortController.')
    if (requests.length > this.batchSize) {
      throw new AutodidactError('INVALID_INPUT', `Api: ${requests.length} requests in one call, but a batch holds ${this.batchSize}. Send them in several calls.`)
    }
    const permit = await this.#permit(signal)
    const endpoint = this.#endpoints[this.#made % this.#endpoints.length]
    this.#made += 1
    // Given back when the call ends, also where nobody waits for it any more: until then the one who is called may still count it.
    const ended = this.#answered(requests, { endpoint, key: permit.key, signal }).finally(() => permit.release())
    ended.catch(() => undefined)
    const replies: unknown = await untilAborted(signal, () => ended)
    if (Array.isArray(replies) && replies.length === requests.length) return replies
    const given = Array.isArray(replies) ? `${replies.length} replies` : described(replies)
    throw new AutodidactError('INVALID_INPUT', `Api: call gave ${given} for ${requests.length} requests. It must give one for each, in their order.`)
  }

  /** Also what is no promise, or fails at once. */
  async #answered(requests: readonly unknown[], route: Route): Promise<readonly unknown[]> {
    return this.#call(requests, route)
  }

  #permit(signal: AbortSignal): Promise<Permit> | Permit {
    signal.throwIfAborted()
    if (this.#limit !== undefined) return this.#limit.take(signal)
    const key = this.#keys[this.#turn % this.#keys.length]
    this.#turn += 1
    return { key, release: () => undefined }
  }
}

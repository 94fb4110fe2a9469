import { AutodidactError } from '../errors.ts'
import type { Head, Storage } from '../storage/storage.ts'

/**
 * Pauses between two looks at the end of a log, in milliseconds: the shorter one after something arrived, growing to the longer one while nothing does. What another process
 * writes is seen after half of that on average. A look takes some 50 microseconds, but where a machine is virtual, waking up for it takes several hundred: the longer one is what costs less than a
 * hundredth of one core there, and leaves whoever waits a message within 100 milliseconds.
 */
const shortestPause = 10
const longestPause = 80
const growth = 1.2

/** Somebody who waits for the log to go on behind a place. */
interface Waiter {
  readonly sequence: number
  readonly answer: (head: Head | undefined) => void
  readonly fail: (error: unknown) => void
}

/** Everybody who waits at one log, and how to end the pause. */
interface Watch {
  readonly waiters: Set<Waiter>
  /** Ends the pause; undefined while there is none. */
  end: (() => void) | undefined
  /** Something arrived while somebody was looking. */
  again: boolean
}

/**
 * Tells those who follow a log that there is more of it: at once where this process wrote it, by looking at its end now and then where another one did. However many wait for one log, one looks,
 * and nobody does while nobody waits.
 */
export class Arrivals {
  readonly #storage: Pick<Storage, 'head'>
  readonly #watches = new Map<string, Watch>()
  #closed = false

  constructor(storage: Pick<Storage, 'head'>) {
    this.#storage = storage
  }

  /** Something was written to this log by this process. */
  arrived(namespace: string): void {
    const watch = this.#watches.get(namespace)
    if (watch === undefined) return
    watch.again = true
    watch.end?.()
  }

  /**
   * Waits until the log has a fact behind a place.
   *
   * @returns its end; undefined when the signal is given or the store is closed before
   * @throws what the storage throws, but for `CLOSED`
   */
  async beyond(namespace: string, sequence: number, signal: AbortSignal): Promise<Head | undefined> {
    if (this.#closed || signal.aborted) return undefined
    const head = await this.#head(namespace)
    if (head === undefined || head.sequence > sequence) return head
    return new Promise((resolve, reject) => {
      // It may have been closed while the end was looked up.
      if (this.#closed || signal.aborted) return resolve(undefined)
      const watch = this.#watches.get(namespace) ?? { waiters: new Set(), end: undefined, again: false }
      const leave = (): void => {
        watch.waiters.delete(waiter)
        signal.removeEventListener('abort', abandon)
        if (watch.waiters.size === 0) watch.end?.()
      }
      const waiter: Waiter = {
        sequence,
        answer: (found) => {
          leave()
          resolve(found)
        },
        fail: (error) => {
          leave()
          reject(error)
        },
      }
      const abandon = (): void => waiter.answer(undefined)
      signal.addEventListener('abort', abandon)
      watch.waiters.add(waiter)
      if (this.#watches.has(namespace)) return
      this.#watches.set(namespace, watch)
      void this.#look(namespace, watch)
    })
  }

  /** Whoever waits is told that nothing more comes. */
  close(): void {
    this.#closed = true
    for (const { waiters } of this.#watches.values()) for (const { answer } of waiters) answer(undefined)
  }

  /** Looks for as long as somebody waits. */
  async #look(namespace: string, watch: Watch): Promise<void> {
    try {
      for (let pause = shortestPause; watch.waiters.size > 0; ) {
        if (!watch.again) await paused(pause, watch)
        watch.again = false
        if (watch.waiters.size === 0) break
        const head = await this.#head(namespace)
        const told = [...watch.waiters].filter(({ sequence }) => head === undefined || head.sequence > sequence)
        pause = told.length > 0 ? shortestPause : Math.min(longestPause, pause * growth)
        for (const { answer } of told) answer(head)
      }
    } catch (error) {
      for (const { fail } of watch.waiters) fail(error)
    } finally {
      this.#watches.delete(namespace)
    }
  }

  async #head(namespace: string): Promise<Head | undefined> {
    try {
      return await this.#storage.head(namespace)
    } catch (error) {
      if (this.#closed || (AutodidactError.is(error) && error.code === 'CLOSED')) return undefined
      throw error
    }
  }
}

const paused = (milliseconds: number, watch: Watch): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      watch.end = undefined
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    watch.end = end
  })

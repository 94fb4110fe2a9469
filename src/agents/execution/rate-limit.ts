import type { Clock } from './clock.ts'

/** A permission for one call with a key; to be given back when the call has ended, however it did. */
export interface Permit {
  readonly key: string | undefined
  readonly release: () => void
}

/** At most so many calls in any stretch of time. */
export interface Rate {
  /** 1 or more. */
  readonly calls: number
  /** Milliseconds, above 0. */
  readonly perMs: number
}

interface Slot {
  readonly key: string | undefined
  /** When it may be used next. */
  readonly freeAt: number
}

interface Waiting {
  readonly grant: (permit: Permit) => void
}

/** A timer that is set, and how to stop it: one for nobody would keep the process from ending. */
interface Alarm {
  readonly at: number
  readonly stop: AbortController
}

/**
 * Keeps a rate as the one who is called counts it, however long calls are on their way: each key has as many slots as calls are allowed, and a slot rests for the whole stretch
 * *after its call has ended*. The call has arrived before it ended, and the next one of the slot arrives after it was sent, so two arrivals of a slot lie at least
 * the stretch apart, and no stretch sees more arrivals of a key than slots. The price: with calls of d ms, calls / (perMs + d) instead of calls / perMs.
 *
 * Keys take turns; whoever came first is served first.
 */
export class RateLimit {
  /** Those that no call has, in the order in which they may be used: all rest equally long. */
  #slots: Slot[]
  #first = 0
  readonly #clock: Clock
  readonly #restMs: number
  readonly #queue = new Set<Waiting>()
  #alarm: Alarm | undefined

  /** @param keys at least one; `undefined` where calls need none */
  constructor(keys: readonly (string | undefined)[], { calls, perMs }: Rate, clock: Clock) {
    // Slot by slot and key by key: keys then take turns.
    this.#slots = Array.from({ length: calls }, () => keys.map((key): Slot => ({ key, freeAt: -Infinity }))).flat()
    this.#restMs = perMs
    this.#clock = clock
  }

  /**
   * Waits for a slot.
   *
   * @throws the reason of the signal
   */
  take(signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const waiting: Waiting = {
        grant: (permit) => {
          signal.removeEventListener('abort', leave)
          resolve(permit)
        },
      }
      const leave = (): void => {
        this.#queue.delete(waiting)
        this.#setAlarm()
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#queue.add(waiting)
      this.#serve()
    })
  }

  #serve(): void {
    for (const waiting of this.#queue) {
      const now = this.#clock.now()
      const slot = this.#slots[this.#first]
      if (slot === undefined || slot.freeAt > now) break
      this.#first += 1
      this.#queue.delete(waiting)
      let isOut = true
      // Given back twice, it would be two.
      const release = (): void => {
        if (isOut) this.#release(slot.key)
        isOut = false
      }
      waiting.grant({ key: slot.key, release })
    }
    this.#setAlarm()
  }

  #release(key: string | undefined): void {
    // What was taken is thrown away now and then, so that each call costs the same however many slots there are.
    if (this.#first > this.#slots.length / 2) {
      this.#slots = this.#slots.slice(this.#first)
      this.#first = 0
    }
    this.#slots.push({ key, freeAt: this.#clock.now() + this.#restMs })
    this.#serve()
  }

  #setAlarm(): void {
    const next = this.#queue.size === 0 ? Infinity : (this.#slots[this.#first]?.freeAt ?? Infinity)
    if (next === this.#alarm?.at) return
    this.#alarm?.stop.abort()
    this.#alarm = undefined
    if (next === Infinity) return
    const alarm = { at: next, stop: new AbortController() }
    this.#alarm = alarm
    const ring = (): void => {
      if (this.#alarm !== alarm) return
      this.#alarm = undefined
      this.#serve()
    }
    // A timer may ring a moment early: who is served is decided by the clock. One that was stopped rings for nobody.
    void this.#clock.wait(Math.max(1, Math.ceil(next - this.#clock.now())), alarm.stop.signal).then(ring, ring)
  }
}

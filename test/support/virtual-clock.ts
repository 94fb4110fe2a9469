import { setImmediate as otherWork, setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../src/agents/index.ts'

interface Timer {
  readonly at: number
  readonly ring: () => void
}

/** A clock whose time passes only when nothing else is left to do: hours of waiting take no time, and always the same. */
export interface VirtualClock extends Clock {
  /** Every wait that was begun, in milliseconds. */
  readonly waits: readonly number[]
  /** Lets time pass until the work is done. */
  drive<Result>(work: Promise<Result>): Promise<Result>
}

export const virtualClock = (): VirtualClock => {
  let time = 0
  const timers = new Set<Timer>()
  const waits: number[] = []
  const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason)
      const timer = { at: time + milliseconds, ring: resolve }
      waits.push(milliseconds)
      timers.add(timer)
      signal?.addEventListener('abort', () => timers.delete(timer) && reject(signal.reason), { once: true })
    })
  const drive = async <Result>(work: Promise<Result>): Promise<Result> => {
    const state = { isDone: false }
    const done = work.finally(() => (state.isDone = true))
    done.catch(() => undefined)
    for (let idle = 0; !state.isDone && idle < 5000; ) {
      await otherWork()
      if (idle > 100) await sleep(1)
      const [next] = [...timers].sort((left, right) => left.at - right.at)
      // The store may wait for another process: nothing to wait for does not mean that nothing will come.
      idle = next === undefined ? idle + 1 : 0
      if (next === undefined || state.isDone) continue
      timers.delete(next)
      time = Math.max(time, next.at)
      next.ring()
    }
    if (!state.isDone) throw new Error('The work neither ends nor waits for anything.')
    return done
  }
  return { now: () => time, wait, waits, drive }
}

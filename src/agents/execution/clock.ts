import { setTimeout as sleep } from 'node:timers/promises'

/** How executors know and spend time; tests hand in their own. */
export interface Clock {
  /** Milliseconds that never go back. */
  readonly now: () => number
  /** Ends after so many milliseconds, or with the reason of the signal. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

/** The time of this machine since the process began. */
export const machineClock: Clock = {
  now: () => performance.now(),
  wait: async (milliseconds, signal) => {
    try {
      await sleep(milliseconds, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      // The timer gives an error of its own; whoever aborts expects to hear their reason.
      signal?.throwIfAborted()
      throw error
    }
  },
}

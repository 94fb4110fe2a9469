import { SingleBar } from 'cli-progress'
import type { Turn } from './simulation.ts'

/** A bar on standard error, where it does not mix with the result; silent when that is not a terminal. */
const drawBar = (format: string): SingleBar =>
  new SingleBar({
    format,
    barCompleteChar: '━',
    barIncompleteChar: '─',
    barsize: 30,
    stream: process.stderr,
    noTTYOutput: false,
    clearOnComplete: true,
    // Ctrl-C is for the stream to end by itself; the bar would end the process.
    gracefulExit: false,
  })

export interface TurnProgress {
  /** After each question; undefined for one that was left out. */
  readonly turn: (turn: Turn | undefined) => void
  readonly stop: () => void
}

/** How far the stream is, and how it goes. */
export const streamProgress = (total: number): TurnProgress => {
  let right = 0
  let asked = 0
  const bar = drawBar('  asking {bar} {value} of {total}, {share} right so far')
  bar.start(total, 0, { share: '0 %' })
  return {
    turn: (turn) => {
      if (turn !== undefined) asked += 1
      if (turn?.verdict === 'right') right += 1
      bar.increment(1, { share: `${Math.round((100 * right) / Math.max(1, asked))} %` })
    },
    stop: () => bar.stop(),
  }
}

/** How much of what earlier runs taught is taken in; shown only where there is more than a moment to wait. */
export const lessonProgress = (): ((done: number, total: number) => void) => {
  const fewest = 50
  const bar = drawBar('  taking in what earlier runs taught {bar} {value} of {total}')
  return (done, total) => {
    if (total < fewest) return
    if (done === 1) bar.start(total, 0)
    bar.update(done)
    if (done === total) bar.stop()
  }
}

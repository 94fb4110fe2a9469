import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Lesson } from './lessons.ts'

/** How far a sequence of lessons was learned: how many, and a digest of all of them in order. */
export interface Progress {
  readonly lessons: number
  readonly digest: string
}

/** Before the first lesson. */
export const noProgress: Progress = { lessons: 0, digest: '' }

/** After one more lesson. */
export const advanced = ({ lessons, digest }: Progress, { run, question, query, right, withheld }: Lesson): Progress => ({
  lessons: lessons + 1,
  digest: hash('sha256', JSON.stringify([digest, run, question, query ?? null, right, withheld ?? null]), 'base64'),
})

/** True if exactly these lessons come first. */
export const hasBegun = (progress: Progress, lessons: readonly Lesson[]): boolean =>
  progress.lessons <= lessons.length && lessons.slice(0, progress.lessons).reduce(advanced, noProgress).digest === progress.digest

/** A reasoner's state, and the lessons that it has learned. */
export interface SavedProgress {
  readonly progress: Progress
  readonly state: Uint8Array
}

const line = '\n'.charCodeAt(0)

const progressInput = z.object({ lessons: z.number().int().positive(), digest: z.string() })

/** As bytes: the progress as a line of JSON, and the state. */
export const bytesOf = ({ progress, state }: SavedProgress): Uint8Array => Buffer.concat([Buffer.from(`${JSON.stringify(progress)}\n`), state])

/** What {@link bytesOf} wrote; nothing if they are other bytes. */
export const savedIn = (bytes: Uint8Array): SavedProgress | undefined => {
  const end = bytes.indexOf(line)
  try {
    const progress = progressInput.parse(JSON.parse(Buffer.from(bytes.subarray(0, end)).toString()))
    return { progress, state: bytes.subarray(end + 1) }
  } catch {
    // A damaged state is none; the log has everything that it had.
    return undefined
  }
}

import type { Features } from './learner.ts'
import { stems } from '../text/words.ts'
import { expectNumber, expectObject, expectText } from '../expect.ts'
import { hashText } from './hash.ts'

/** What is known about the situation of a decision, besides the task: numbers in any unit, and categories. */
export type Context = Readonly<Record<string, number | string | boolean>>

/** The situation of a decision. */
export interface Situation {
  readonly task: string
  readonly context?: Context
  /** The caller's discrete state. */
  readonly state?: string
}

/** Words of a task that are read; a longer task is known by its beginning. It bounds a decision's features to about twice as many. */
export const longestTask = 400

/**
 * The feature that every situation has: it carries how good an option is in general. Small beside a text, because what an option did for one
 * text says little about the next (1 instead of .1 cost .01 to .04 of the reward on every stream measured); all there is without one.
 */
const constant = 0.1

/** Numbers nearer to zero than 2^-20 count as zero, numbers beyond 2^40 as 2^40. */
const smallestOctave = -20
const largestOctave = 40

const add = (values: Map<number, number>, name: string, value: number): void => {
  const hash = hashText(name)
  values.set(hash, (values.get(hash) ?? 0) + value)
}

/**
 * Unigrams and bigrams of stems, each 1 + ln(count), as one block of Euclidean length 1, so that long tasks weigh no more than short ones.
 * Stop words stay: "how much is" and "how do I" are different intents.
 */
const addText = (values: Map<number, number>, task: string): void => {
  const counts = new Map<string, number>()
  const count = (name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  let before = ''
  for (const stem of stems(task).slice(0, longestTask)) {
    count(`word ${stem}`)
    if (before !== '') count(`pair ${before} ${stem}`)
    before = stem
  }
  let squares = 0
  for (const times of counts.values()) squares += (1 + Math.log(times)) ** 2
  for (const [name, times] of counts) add(values, name, (1 + Math.log(times)) / Math.sqrt(squares))
}

/**
 * A number lies between two powers of two and counts for both, by its nearness to each: values of any unit work unscaled, near values share
 * what was learned, and a linear model can learn a curve.
 */
const addNumber = (values: Map<number, number>, name: string, value: number): void => {
  const size = Math.abs(value)
  const octave = Math.min(largestOctave, Math.log2(size))
  if (octave < smallestOctave) {
    add(values, `number ${name} zero`, 1)
    return
  }
  const lower = Math.floor(octave)
  const sign = value < 0 ? '-' : '+'
  add(values, `number ${name} ${sign}${lower}`, 1 - (octave - lower))
  if (octave > lower) add(values, `number ${name} ${sign}${lower + 1}`, octave - lower)
}

/**
 * Turns a situation into hashed sparse features: stems and pairs of neighbouring stems of the task (one block of length 1), numbers of the
 * context (two neighbouring powers of two), categories (`name=value`), the discrete state, and a small constant; scaled to length 1 as a whole.
 *
 * Names are hashed to 32 bits; hashes are ascending and unique. The caller refuses NaN and infinite numbers before.
 *
 * @example
 * ```ts
 * import { featurize } from 'autodidact'
 *
 * const features = featurize({ task: 'book a flight', context: { passengers: 2, cabin: 'economy' } })
 * console.assert(features.hashes.length === features.values.length)
 * ```
 */
export const featurize = (situation: Situation): Features => {
  expectObject(situation, 'featurize: situation')
  const { task, context = {}, state } = situation
  expectText(task, 'featurize: task')
  expectObject(context, 'featurize: context')
  if (state !== undefined) expectText(state, 'featurize: state')
  const values = new Map<number, number>()
  addText(values, task)
  for (const [name, value] of Object.entries(context)) {
    if (typeof value === 'number') {
      expectNumber(value, 'featurize: a number of the context')
      addNumber(values, name, value)
      continue
    }
    if (typeof value !== 'boolean') expectText(value, 'featurize: a category of the context')
    add(values, `category ${name}=${value}`, 1)
  }
  if (state !== undefined) add(values, `state ${state}`, 1)
  add(values, 'constant', constant)
  const hashes = Uint32Array.from(values.keys()).sort()
  // In the order of hashes, so that the order of the context's names does not even change the last bit.
  const squares = hashes.reduce((sum, hash) => sum + (values.get(hash) ?? 0) ** 2, 0)
  return { hashes, values: Float32Array.from(hashes, (hash) => (values.get(hash) ?? 0) / Math.sqrt(squares)) }
}

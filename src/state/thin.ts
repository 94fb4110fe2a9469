import { correctionIn } from '../learn/structures/correction.ts'
import { canonicalText } from '../log/blobs.ts'
import { textDigest } from '../log/canonical.ts'
import type { BlobReference, Fact, FactData } from '../log/fact.ts'
import { longestOpening } from '../log/longest-opening.ts'
import type { Json } from '../log/payload.ts'
import { stepsToRecovery } from '../log/steps-to-recovery.ts'

/**
 * How much of a fact goes: `details`, which only an export shows (inputs and outputs of steps that did not fail or follow one that did, hashes of prompts), or `texts`, also what recall would show
 * (answers, corrections, takeaways, all but the beginning of tasks).
 */
export type Thinness = 'details' | 'texts'

/** Characters of a comment that rewards look at. */
const longestComment = 1000

/** What is left of a fact. */
export interface Thinned {
  readonly data: Fact['data']
  readonly blobs: readonly BlobReference[]
  /** Hashes of the blobs that it still needs; of others it only keeps the hash, by which a payload is still compared. */
  readonly kept: readonly string[]
}

/**
 * A payload of which only that is left by which it is compared: verdicts depend on whether a correction is the answer. A payload that was moved into blobs in parts
 * is compared by what is between them, and keeps that.
 */
const digestOnly = (part: string, value: Json | undefined, blobs: readonly BlobReference[]): { readonly value: Json | undefined; readonly blobs: readonly BlobReference[] } => {
  const own = blobs.filter(({ place }) => place[0] === part)
  if (value === undefined || own.some(({ place }) => place.length > 1)) return { value, blobs: own }
  if (own.length > 0) return { value: '', blobs: own }
  return { value: '', blobs: [{ place: [part], hash: textDigest(canonicalText(value)), form: typeof value === 'string' ? 'text' : 'json' }] }
}

const others = (blobs: readonly BlobReference[], ...parts: readonly string[]): readonly BlobReference[] => blobs.filter(({ place }) => !parts.includes(String(place[0])))

const hashesOf = (blobs: readonly BlobReference[]): readonly string[] => blobs.map(({ hash }) => hash)

const runThinned = (data: FactData['run.recorded'], blobs: readonly BlobReference[], thinness: Thinness): Thinned => {
  const failed = data.steps.map(({ ok }) => ok === false)
  const isFailed = (place: number): boolean => failed[place] === true
  const isRecovery = (place: number): boolean => failed.slice(Math.max(0, place - stepsToRecovery), place + 1).includes(true)
  // Taken out by name, so that whatever else a step says of itself stays.
  const steps = data.steps.map(({ input, output, ...rest }, place) => ({
    ...rest,
    ...(input !== undefined && isRecovery(place) ? { input } : {}),
    ...(output !== undefined && isFailed(place) ? { output } : {}),
  }))
  const left = blobs.filter(({ place: [part, step, field] }) => {
    if (part !== 'steps') return true
    if (field === 'input') return isRecovery(Number(step))
    return field !== 'output' || isFailed(Number(step))
  })
  if (thinness === 'details') return { data: { ...data, steps }, blobs: left, kept: hashesOf(left) }
  const { takeaway: _takeaway, ...rest } = data
  const answer = digestOnly('response', data.response, blobs)
  const whole = others(left, 'task', 'takeaway', 'response')
  return {
    data: { ...rest, task: data.task.slice(0, longestOpening).toWellFormed(), steps, ...(answer.value === undefined ? {} : { response: answer.value }) },
    blobs: [...whole, ...answer.blobs],
    kept: hashesOf(whole),
  }
}

const adviceThinned = (data: FactData['advice.given'], blobs: readonly BlobReference[], thinness: Thinness): Thinned => {
  const left = others(blobs, 'shingles', 'answerShingles', ...(thinness === 'texts' ? ['task'] : []))
  const task = thinness === 'texts' ? data.task.slice(0, longestOpening).toWellFormed() : data.task
  return { data: { ...data, task, shingles: '', answerShingles: '' }, blobs: left, kept: hashesOf(left) }
}

const feedbackThinned = (data: FactData['feedback.received'], blobs: readonly BlobReference[]): Thinned => {
  const { comment } = data
  const correction = digestOnly('correction', data.correction, blobs)
  // What was learned of whoever put an answer right is learned again from these.
  const hashes = correctionIn({ data, blobs })
  return {
    data: {
      ...data,
      ...(hashes === undefined ? {} : { correctionHashes: hashes }),
      ...(comment === undefined ? {} : { comment: comment.slice(0, longestComment).toWellFormed() }),
      ...(correction.value === undefined ? {} : { correction: correction.value }),
    },
    blobs: correction.blobs,
    kept: [],
  }
}

/**
 * What pruning leaves of a fact: ids, features, propensities, rewards, and whatever else a learner or the credit join looks at. Thinning what is thin changes
 * nothing.
 *
 * @returns undefined for a fact of which all is needed
 */
export const thinned = ({ kind, data, blobs = [] }: Fact, thinness: Thinness): Thinned | undefined => {
  if (kind === 'run.recorded') return runThinned(data, blobs, thinness)
  if (kind === 'advice.given') return adviceThinned(data, blobs, thinness)
  if (kind === 'feedback.received' && thinness === 'texts') return feedbackThinned(data, blobs)
  return undefined
}

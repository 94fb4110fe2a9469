import type { Ask } from '../../decide/policy.ts'
import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import { hashText } from '../hash.ts'
import type { DecisionSettled, Features, Learner, Verdict } from '../learner.ts'
import { learnerName } from '../structures/learner-name.ts'
import { logisticPull, logit, sigmoid } from '../structures/logistic-step.ts'
import { WeightTable } from '../structures/weight-table.ts'

/** How the regressions learn. Another setting is another learner, folded from the log. */
export interface LogisticBanditSettings {
  /** Precision λ of each weight before the first observation, above 0. Default 1. */
  readonly precision?: number
  /** Binary logarithm of the number of slots per choice point, 8 to 26. Default 18: at most 2 MB. */
  readonly tableBits?: number
}

interface Point {
  /** Mean and precision of the weight of each (feature, option). */
  readonly table: WeightTable
  /** Sum of weight · reward and of weight, as if one reward of .5 had been seen before. */
  rewardSum: number
  weightSum: number
}

/** One table of bounded size per choice point. */
export type LogisticBanditState = Map<string, Point>

/** What is known of the options in a situation, aligned with `ask.options`, in logits. */
export interface LogisticEstimate {
  readonly means: Float64Array
  /** Standard deviations of the means. */
  readonly deviations: Float64Array
}

/** Reads the regressions. */
export interface LogisticBanditView {
  estimate(ask: Ask): LogisticEstimate
  /** By choice point: the mean reward, and how many weights there are. */
  table(): Readonly<Record<string, { readonly mean: number; readonly weights: number }>>
}

const defaults = { precision: 1, tableBits: 18 } as const

/** The base rate is kept this far from 0 and 1, where its logit would be infinite. */
const margin = 0.01

/** At the start of a saved state stands the length of its head. */
const lengthBytes = 4

const meanOf = ({ rewardSum, weightSum }: Point): number => Math.min(1 - margin, Math.max(margin, rewardSum / weightSum))

const sorted = (state: LogisticBanditState): [string, Point][] => [...state].sort(([left], [right]) => (left < right ? -1 : 1))

const save = (state: LogisticBanditState): Uint8Array => {
  const points = sorted(state)
  const head = new TextEncoder().encode(JSON.stringify(points.map(([name, { rewardSum, weightSum, table }]) => [name, rewardSum, weightSum, table.savedBytes])))
  const start = lengthBytes + head.length
  const bytes = new Uint8Array(points.reduce((sum, [, { table }]) => sum + table.savedBytes, start))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, head.length, true)
  bytes.set(head, lengthBytes)
  let at = start
  for (const [, { table }] of points) {
    table.write(view, at)
    at += table.savedBytes
  }
  return bytes
}

const load = (bytes: Uint8Array): LogisticBanditState => {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
    const rows = JSON.parse(new TextDecoder().decode(bytes.subarray(lengthBytes, lengthBytes + length))) as [string, number, number, number][]
    let at = lengthBytes + length
    return new Map(
      rows.map(([name, rewardSum, weightSum, size]) => {
        const table = WeightTable.load(bytes.subarray(at, at + size))
        at += size
        return [name, { table, rewardSum, weightSum }]
      }),
    )
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved logistic regressions are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * One logistic regression per option on hashed features, with a mean and a precision for each weight: the diagonal Laplace approximation of Chapelle and Li 2011,
 * for logistic Thompson sampling. An observation moves the means by {@link logisticPull} and adds x² p (1 − p) to the precisions.
 *
 * The intercept is the logit of the choice point's mean reward, and weights say how an option differs from it: an option never tried stands at the base rate.
 *
 * A withdrawn reward is one step back on the stored features, a changed one is withdrawn and learned anew: exact but for rounding for the last observation,
 * approximate for earlier ones; folding the log again is exact. All options of a choice point share one table of 2^18 slots.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { createLogisticBandit } from 'autodidact'
 *
 * const learner = createLogisticBandit({ precision: 2 })
 * console.assert(Object.keys(learner.view(learner.initial()).table()).length === 0)
 * ```
 */
export const createLogisticBandit = (settings: LogisticBanditSettings = {}): Learner<LogisticBanditState, LogisticBanditView> => {
  expectObject(settings, 'createLogisticBandit: settings')
  const { precision, tableBits } = { ...defaults, ...settings }
  expectPositive(precision, 'createLogisticBandit: precision')
  expectNumber(tableBits, 'createLogisticBandit: tableBits', 8, 26)

  const newPoint = (): Point => ({ table: new WeightTable(tableBits), rewardSum: 0.5, weightSum: 1 })
  const untouched = newPoint()

  /** Logit and Σ x²/q of an option. */
  const scoreOf = (point: Point, { hashes, values }: Features, option: number): { logits: number; spread: number } => {
    let [logits, spread] = [logit(meanOf(point)), 0]
    for (let index = 0; index < hashes.length; index += 1) {
      const slot = point.table.slot(hashes[index] ?? 0, option)
      const value = values[index] ?? 0
      logits += point.table.weight(slot) * value
      spread += (value * value) / (point.table.accumulator(slot) || precision)
    }
    return { logits, spread }
  }

  /** Moves the means along the features, and adds what was observed to the precisions, or takes it out again. */
  const move = ({ table }: Point, { hashes, values }: Features, option: number, pull: number, information: number): void => {
    for (let index = 0; index < hashes.length; index += 1) {
      const slot = table.slot(hashes[index] ?? 0, option)
      const value = values[index] ?? 0
      const before = table.accumulator(slot) || precision
      const after = Math.max(precision, before + information * value * value)
      table.set(slot, table.weight(slot) + (pull * value) / Math.min(before, after), after)
    }
  }

  const learn = (point: Point, features: Features, option: number, { reward, weight }: Verdict): void => {
    const { logits, spread } = scoreOf(point, features, option)
    const pull = logisticPull(logits, spread, reward, weight)
    const chance = sigmoid(logits + pull * spread)
    move(point, features, option, pull, weight * chance * (1 - chance))
    point.rewardSum += weight * reward
    point.weightSum += weight
  }

  /** What the last observation did is undone by this, but for rounding; what an earlier one did, nearly. */
  const unlearn = (point: Point, features: Features, option: number, { reward, weight }: Verdict): void => {
    point.rewardSum -= weight * reward
    point.weightSum -= weight
    const chance = sigmoid(scoreOf(point, features, option).logits)
    move(point, features, option, -weight * (reward - chance), -weight * chance * (1 - chance))
  }

  const settle = (state: LogisticBanditState, { point: name, option: id, features, previous, current }: DecisionSettled): void => {
    const point = state.get(name) ?? newPoint()
    state.set(name, point)
    const option = hashText(id)
    if (previous !== undefined) unlearn(point, features, option, previous)
    if (current !== undefined) learn(point, features, option, current)
  }

  return {
    name: learnerName('logistic-bandit', { precision, tableBits }, defaults),
    version: 1,
    handles: ['decision.settled'],
    initial: () => new Map(),
    learn: (state, experience) => {
      if (experience.kind === 'decision.settled') settle(state, experience)
      return state
    },
    view: (state) => ({
      estimate: ({ point: name, options, features }) => {
        const point = state.get(name) ?? untouched
        const [means, deviations] = [new Float64Array(options.length), new Float64Array(options.length)]
        for (const [place, { id }] of options.entries()) {
          const { logits, spread } = scoreOf(point, features, hashText(id))
          means[place] = logits
          deviations[place] = Math.sqrt(spread)
        }
        return { means, deviations }
      },
      table: () => Object.fromEntries(sorted(state).map(([name, point]) => [name, { mean: meanOf(point), weights: point.table.used() }])),
    }),
    save,
    load,
  }
}

/** The regressions with their default settings. */
export const logisticBandit = createLogisticBandit()

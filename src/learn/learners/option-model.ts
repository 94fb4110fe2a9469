import { hashText } from '../hash.ts'
import type { Ask } from '../../decide/policy.ts'
import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import { LeastSquares } from '../structures/least-squares.ts'
import type { DecisionSettled, Experience, Features, Learner } from '../learner.ts'
import { learnerName } from '../structures/learner-name.ts'
import { WeightTable } from '../structures/weight-table.ts'

/** How the option model learns. Another setting is another model, under a name of its own. */
export interface OptionModelSettings {
  /** AdaGrad's step for the weights of an option; above 0. Default .15. */
  readonly step?: number
  /** How many settlements the starting weights of the prior are worth; above 0. Default 3. */
  readonly priorCertainty?: number
  /** Binary logarithm of the number of slots per choice point, 8 to 26. Default 19: at most 4 MB. */
  readonly tableBits?: number
}

const defaults: Required<OptionModelSettings> = { step: 0.15, priorCertainty: 3, tableBits: 19 }

/** Added to AdaGrad's sums, so that a small error makes a small first step. */
const firstSquares = 1e-3

/**
 * Least weight of what an option itself has learned. While one option is taken nearly always, its rewards vary for other reasons than its weights,
 * and the blend alone would conclude that weights say nothing, or the opposite; above 0, equal descriptions leave the order to experience.
 */
const leastTrust = 0.05

/** What is learned about one choice point. */
interface Point {
  /** Weights of each (feature, option). */
  readonly table: WeightTable
  /** Weights on similarity, 1, and what the table says; shared by all options. */
  readonly blend: LeastSquares
  /** Sum of weight · reward and of weight, as if one reward of .5 had been seen before. */
  rewardSum: number
  weightSum: number
}

/** One entry per choice point: grows with their number, not with the number of decisions. */
export type OptionModelState = Map<string, Point>

/** Reads the model for a policy. */
export interface OptionModelView {
  /** How much better than the mean of the choice point each option is expected to be, aligned with `ask.options`. An option like nothing tried stands near 0. */
  values(ask: Ask): Float64Array
  /** Expected raw reward of each option in [0, 1], aligned with `ask.options`. */
  expected(ask: Ask): Float64Array
  /** Running mean of the raw rewards of a choice point, in [0, 1]; .5 before the first. */
  mean(point: string): number
  /** How many verdicts were learned at a choice point, each by its weight. */
  settled(point: string): number
  /** Every choice point, as plain data. */
  table(): Readonly<Record<string, OptionModelPoint>>
}

/** What is known of a choice point as a whole; the weights of single features are hashed and say nothing by themselves. */
export interface OptionModelPoint {
  /** Running mean of the raw rewards, in [0, 1]. */
  readonly mean: number
  /** Verdicts learned, each by its weight. */
  readonly settled: number
  /** How much similarity, a constant, and what options have learned count. */
  readonly blend: readonly [similarity: number, constant: number, learned: number]
  /** Slots of the table of weights in use. */
  readonly slots: number
}

const meanOf = (point: Point): number => point.rewardSum / point.weightSum

/** The blend of the inputs (similarity, 1, what the table says). */
const predict = ({ blend }: Point, inputs: readonly number[]): number => {
  const [similarity = 0, constant = 0, trust = 0] = blend.weights
  return similarity * (inputs[0] ?? 0) + constant * (inputs[1] ?? 0) + Math.max(leastTrust, trust) * (inputs[2] ?? 0)
}

const learned = ({ table }: Point, { hashes, values }: Features, option: number): number => {
  let sum = 0
  for (let index = 0; index < hashes.length; index += 1) sum += table.weight(table.slot(hashes[index] ?? 0, option)) * (values[index] ?? 0)
  return sum
}

/**
 * One step of AdaGrad on the weights of an option. `observed` is what the step adds to the sums of squares: the weight of a new reward, 0 for a
 * correction, which is no new observation.
 */
const descend = ({ table }: Point, { hashes, values }: Features, option: number, step: number, error: number, observed: number): void => {
  for (let index = 0; index < hashes.length; index += 1) {
    const slot = table.slot(hashes[index] ?? 0, option)
    const gradient = error * (values[index] ?? 0)
    const squares = (table.accumulator(slot) || firstSquares) + observed * gradient * gradient
    table.set(slot, table.weight(slot) + (step * gradient) / Math.sqrt(squares), squares)
  }
}

const isDecision = (experience: Experience): experience is DecisionSettled => experience.kind === 'decision.settled'

/** A choice point on its way to its bytes: the lengths of its name and of its table, the name, its numbers, the table. */
interface Encoded {
  readonly title: Uint8Array
  readonly numbers: readonly number[]
  readonly table: WeightTable
}

const encoded = (name: string, { blend, rewardSum, weightSum, table }: Point): Encoded => ({
  title: new TextEncoder().encode(name),
  numbers: [...blend.weights, ...blend.covariance, rewardSum, weightSum],
  table,
})

const lengthOf = ({ title, numbers, table }: Encoded): number => 8 + title.length + 8 * numbers.length + table.savedBytes

/** All of them one behind the other, each written where it comes to lie: tables are large, and a copy for each layer is memory that the process would keep. */
const encode = (points: readonly Encoded[]): Uint8Array => {
  const bytes = new Uint8Array(points.reduce((sum, point) => sum + lengthOf(point), 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const point of points) {
    const { title, numbers, table } = point
    view.setUint32(at, title.length, true)
    view.setUint32(at + 4, table.savedBytes, true)
    bytes.set(title, at + 8)
    const start = at + 8 + title.length
    for (const [index, value] of numbers.entries()) view.setFloat64(start + index * 8, value, true)
    table.write(view, start + numbers.length * 8)
    at += lengthOf(point)
  }
  return bytes
}

/**
 * The learner behind the default policy: what each option of a choice point is worth in a situation.
 *
 * Per option a sparse linear model of hashed features is fitted to reward − mean reward of the choice point, by squared loss and AdaGrad
 * (Duchi, Hazan, Singer 2011). A second, tiny regression shared by all options blends three inputs: the similarity of the task to the option's
 * description, a constant, and what the option's own weights say. It starts at (.5, 0, 1) and is the guard against noise: where
 * feedback contradicts itself, what single options have learned predicts little, its weight falls, and descriptions decide.
 *
 * Centring by the mean makes an option that was never tried stand at 0, above one that failed, whatever the range of the rewards.
 *
 * A changed reward is one step on the stored features, by the difference of the rewards at today's step size; a withdrawn one is changed to the mean
 * of the others. That undoes an option's only reward nearly exactly and later ones approximately; folding the log again is exact.
 *
 * All features of a choice point share one table of 2^19 slots, whatever the number of options: bounded, with a little noise when nearly full.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { createOptionModel } from 'autodidact'
 *
 * const model = createOptionModel({ step: 0.1 })
 * console.assert(model.view(model.initial()).mean('tool') === 0.5)
 * ```
 */
export const createOptionModel = (settings: OptionModelSettings = {}): Learner<OptionModelState, OptionModelView> => {
  expectObject(settings, 'createOptionModel: settings')
  const { step = defaults.step, priorCertainty = defaults.priorCertainty, tableBits = defaults.tableBits } = settings
  expectPositive(step, 'createOptionModel: step')
  expectPositive(priorCertainty, 'createOptionModel: priorCertainty')
  expectNumber(tableBits, 'createOptionModel: tableBits', 8, 26)

  const newPoint = (): Point => ({
    table: new WeightTable(tableBits),
    blend: new LeastSquares([0.5, 0, 1], priorCertainty),
    rewardSum: 0.5,
    weightSum: 1,
  })
  const untouched = newPoint()
  const numbersPerPoint = untouched.blend.weights.length + untouched.blend.covariance.length + 2

  const settle = (state: OptionModelState, { point: name, option: id, features, similarity, previous, current }: DecisionSettled): void => {
    if (previous === undefined && current === undefined) return
    const point = state.get(name) ?? newPoint()
    state.set(name, point)
    const option = hashText(id)
    const inputs = [similarity, 1, learned(point, features, option)]
    if (previous !== undefined) {
      point.rewardSum -= previous.weight * previous.reward
      point.weightSum -= previous.weight
    }
    const mean = meanOf(point)
    if (previous === undefined && current !== undefined) {
      const error = current.reward - mean - predict(point, inputs)
      descend(point, features, option, step * current.weight, error, current.weight)
      point.blend.learn(inputs, current.reward - mean, current.weight)
    } else {
      const pull = (verdict = { reward: mean, weight: 0 }): number => verdict.weight * (verdict.reward - mean)
      const change = pull(current) - pull(previous)
      descend(point, features, option, step, change, 0)
      point.blend.revise(inputs, change)
    }
    if (current !== undefined) {
      point.rewardSum += current.weight * current.reward
      point.weightSum += current.weight
    }
  }

  const decode = (bytes: Uint8Array): OptionModelState => {
    const state: OptionModelState = new Map()
    try {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let at = 0; at < bytes.length;) {
        const start = at + 8 + view.getUint32(at, true)
        const tableAt = start + numbersPerPoint * 8
        const end = tableAt + view.getUint32(at + 4, true)
        const point = { ...newPoint(), table: WeightTable.load(bytes.subarray(tableAt, end)) }
        const { weights, covariance } = point.blend
        const number = (index: number): number => view.getFloat64(start + index * 8, true)
        for (let index = 0; index < weights.length; index += 1) weights[index] = number(index)
        for (let index = 0; index < covariance.length; index += 1) covariance[index] = number(weights.length + index)
        point.rewardSum = number(numbersPerPoint - 2)
        point.weightSum = number(numbersPerPoint - 1)
        state.set(new TextDecoder().decode(bytes.subarray(at + 8, start)), point)
        at = end
      }
    } catch (cause) {
      throw new AutodidactError('CORRUPT', 'The saved option model is damaged. Drop this snapshot and fold the log again.', { cause })
    }
    return state
  }

  return {
    name: learnerName('option-model', { step, priorCertainty, tableBits }, defaults),
    version: 1,
    handles: ['decision.settled'],
    initial: () => new Map(),
    learn: (state, experience) => {
      if (isDecision(experience)) settle(state, experience)
      return state
    },
    view: (state) => {
      const values = (ask: Ask): Float64Array => {
        const point = state.get(ask.point) ?? untouched
        return Float64Array.from(ask.options, ({ id }, index) =>
          predict(point, [ask.similarities[index] ?? 0, 1, learned(point, ask.features, hashText(id))]),
        )
      }
      const mean = (point: string): number => meanOf(state.get(point) ?? untouched)
      const settled = (point: string): number => (state.get(point)?.weightSum ?? untouched.weightSum) - untouched.weightSum
      const table = (): Record<string, OptionModelPoint> =>
        Object.fromEntries(
          [...state.keys()].sort().map((name) => {
            const { blend, table: weights } = state.get(name) ?? untouched
            const [similarity = 0, constant = 0, trust = 0] = blend.weights
            return [name, { mean: mean(name), settled: settled(name), blend: [similarity, constant, trust], slots: weights.used() }]
          }),
        )
      return { values, mean, settled, table, expected: (ask) => values(ask).map((value) => Math.min(1, Math.max(0, mean(ask.point) + value))) }
    },
    save: (state) => encode([...state.keys()].sort().map((name) => encoded(name, state.get(name) ?? untouched))),
    load: decode,
  }
}

/** The option model with its default settings. */
export const optionModel = createOptionModel()

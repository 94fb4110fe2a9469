import { hashText } from '../../decide/hash.ts'
import type { Ask } from '../../decide/policy.ts'
import { AutodidactError } from '../../errors.ts'
import type { DecisionSettled, Experience, Features, Learner } from '../learner.ts'
import { WeightTable } from '../weight-table.ts'

/** How the option model learns. Changing any of them calls for folding the log again. */
export interface OptionModelSettings {
  /** AdaGrad's step for the weights of an option. Default .1. */
  readonly step?: number
  /** AdaGrad's step for the prior that all options share. Default .1. */
  readonly priorStep?: number
  /** Binary logarithm of the slots per choice point. Default 18. */
  readonly tableBits?: number
}

/** What is learned about one choice point. */
interface Point {
  readonly table: WeightTable
  /** Weights on (similarity, 1), shared by all options, and their AdaGrad accumulators. */
  readonly prior: Float64Array
  readonly priorSquares: Float64Array
  /** Sums of weight · reward and of weight, starting as if one reward of .5 had been seen. */
  rewardSum: number
  weightSum: number
}

export type OptionModelState = Map<string, Point>

/** Reads the model of one choice point for a policy. */
export interface OptionModelView {
  /** How much better than the choice point's mean each option is expected to be, aligned with `ask.options`. An option never tried and like nothing stands near 0. */
  values(ask: Ask): Float64Array
  /** Expected raw reward of each option in [0, 1], aligned with `ask.options`. */
  expected(ask: Ask): Float64Array
  /** Running mean of the rewards of a choice point; .5 before the first. */
  mean(point: string): number
}

const newPoint = (tableBits: number): Point => ({
  table: new WeightTable(tableBits),
  prior: Float64Array.of(0.5, 0),
  priorSquares: new Float64Array(2),
  rewardSum: 0.5,
  weightSum: 1,
})

const meanOf = (point: Point | undefined): number => (point === undefined ? 0.5 : point.rewardSum / point.weightSum)

const predict = (point: Point, features: Features, option: number, similarity: number): number => {
  const { table, prior } = point
  let sum = (prior[0] ?? 0) * similarity + (prior[1] ?? 0)
  for (let index = 0; index < features.hashes.length; index += 1) {
    sum += table.weight(table.slot(features.hashes[index] ?? 0, option)) * (features.values[index] ?? 0)
  }
  return sum
}

const headerNumbers = 6

/**
 * The learner behind the default policy; see the file's head.
 */
export const createOptionModel = (settings: OptionModelSettings = {}): Learner<OptionModelState, OptionModelView> => {
  const { step = 0.1, priorStep = 0.1, tableBits = 18 } = settings

  const descend = (point: Point, settled: DecisionSettled, error: number): void => {
    const { table, prior, priorSquares } = point
    const option = hashText(settled.option)
    const { hashes, values } = settled.features
    for (let index = 0; index < hashes.length; index += 1) {
      const slot = table.slot(hashes[index] ?? 0, option)
      const gradient = error * (values[index] ?? 0)
      const squares = table.accumulator(slot) + gradient * gradient
      if (squares > 0) table.set(slot, table.weight(slot) + (step * gradient) / Math.sqrt(squares), squares)
    }
    for (const [index, value] of [settled.similarity, 1].entries()) {
      const gradient = error * value
      const squares = (priorSquares[index] ?? 0) + gradient * gradient
      priorSquares[index] = squares
      if (squares > 0) prior[index] = (prior[index] ?? 0) + (priorStep * gradient) / Math.sqrt(squares)
    }
  }

  const settle = (state: OptionModelState, settled: DecisionSettled): void => {
    let point = state.get(settled.point)
    if (point === undefined) {
      point = newPoint(tableBits)
      state.set(settled.point, point)
    }
    const { previous, current } = settled
    const predicted = predict(point, settled.features, hashText(settled.option), settled.similarity)
    const centre = meanOf(point)
    let error = 0
    if (current !== undefined) error += current.weight * (current.reward - centre - (previous === undefined ? predicted : 0))
    if (previous !== undefined) error -= previous.weight * (previous.reward - centre - (current === undefined ? predicted : 0))
    descend(point, settled, error)
    point.rewardSum += (current === undefined ? 0 : current.weight * current.reward) - (previous === undefined ? 0 : previous.weight * previous.reward)
    point.weightSum += (current?.weight ?? 0) - (previous?.weight ?? 0)
  }

  return {
    name: 'option-model',
    version: 1,
    handles: ['decision.settled'],
    initial: () => new Map(),
    learn: (state, experience: Experience) => {
      if (experience.kind === 'decision.settled') settle(state, experience as DecisionSettled)
      return state
    },
    view: (state) => {
      const values = (ask: Ask): Float64Array => {
        const point = state.get(ask.point)
        const similarity = (index: number): number => ask.similarities[index] ?? 0
        if (point === undefined) return Float64Array.from(ask.options, (_, index) => 0.5 * similarity(index))
        return Float64Array.from(ask.options, (option, index) => predict(point, ask.features, hashText(option.id), similarity(index)))
      }
      return {
        values,
        expected: (ask) => {
          const mean = meanOf(state.get(ask.point))
          return values(ask).map((value) => Math.min(1, Math.max(0, mean + value)))
        },
        mean: (point) => meanOf(state.get(point)),
      }
    },
    save: (state) => {
      const parts: Uint8Array[] = []
      for (const [name, point] of [...state].sort(([left], [right]) => (left < right ? -1 : 1))) {
        const title = new TextEncoder().encode(name)
        const table = point.table.save()
        const numbers = Float64Array.of(...point.prior, ...point.priorSquares, point.rewardSum, point.weightSum)
        const part = new Uint8Array(8 + title.length + headerNumbers * 8 + table.length)
        const view = new DataView(part.buffer)
        view.setUint32(0, title.length, true)
        view.setUint32(4, table.length, true)
        part.set(title, 8)
        for (const [index, value] of numbers.entries()) view.setFloat64(8 + title.length + index * 8, value, true)
        part.set(table, 8 + title.length + headerNumbers * 8)
        parts.push(part)
      }
      return new Uint8Array(Buffer.concat(parts))
    },
    load: (bytes) => {
      const state: OptionModelState = new Map()
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      try {
        for (let at = 0; at < bytes.length;) {
          const titleLength = view.getUint32(at, true)
          const tableLength = view.getUint32(at + 4, true)
          const numbersAt = at + 8 + titleLength
          const numbers = Array.from({ length: headerNumbers }, (_, index) => view.getFloat64(numbersAt + index * 8, true))
          const tableAt = numbersAt + headerNumbers * 8
          const [weight = 0, constant = 0, weightSquares = 0, constantSquares = 0, rewardSum = 0.5, weightSum = 1] = numbers
          state.set(new TextDecoder().decode(bytes.subarray(at + 8, numbersAt)), {
            table: WeightTable.load(bytes.subarray(tableAt, tableAt + tableLength)),
            prior: Float64Array.of(weight, constant),
            priorSquares: Float64Array.of(weightSquares, constantSquares),
            rewardSum,
            weightSum,
          })
          at = tableAt + tableLength
        }
      } catch (cause) {
        throw new AutodidactError('CORRUPT', 'The saved option model is damaged. Drop this snapshot and fold the log again.', { cause })
      }
      return state
    },
  }
}

/** The option model with its default settings. */
export const optionModel = createOptionModel()

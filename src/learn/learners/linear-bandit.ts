import type { Ask } from '../../decide/policy.ts'
import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import type { DecisionSettled, Learner, Numbers, Verdict } from '../learner.ts'
import { learnerName } from '../structures/learner-name.ts'
import { Cholesky, dot, quadratic } from '../structures/symmetric.ts'

/** How the regressions learn. Another setting is another learner, folded from the log. */
export interface LinearBanditSettings {
  /** Ridge λ, above 0: how many observations of an input of 1 the start at 0 is worth. Default 1. */
  readonly ridge?: number
  /**
   * Forgetting factor γ, above 0 and at most 1: what was learned counts γ times as much after each further verdict of the choice point. About 1 / (1 − γ)
   * verdicts are remembered. Default 1: all.
   */
  readonly forgetting?: number
  /** Whether the mean reward of the choice point is taken from each reward, so that an option never tried stands at the mean. Default true. */
  readonly centred?: boolean
  /** Whether there is an input that is always 1. Default true. */
  readonly intercept?: boolean
}

/** Most names of numbers that a choice point learns from; further ones are passed over. */
export const mostInputs = 32
/** Larger numbers count as this: scale your own to about 1. */
const largestInput = 100

/** Sums over what an option earned, each by the weight of its verdict; of n inputs, `gram` has n² numbers, row by row. */
interface Arm {
  settled: number
  /** Σ r and Σ 1, which are never forgotten. */
  rewards: number
  weights: number
  /** Σ x xᵀ, without the ridge. */
  gram: Float64Array
  /** The same with the square of the forgetting factor; absent where nothing is forgotten. */
  squared: Float64Array | undefined
  /** Σ r x. */
  target: Float64Array
  /** Σ x. */
  inputs: Float64Array
  /** Verdicts of the choice point when these sums were last aged. */
  time: number
}

interface Pool {
  /** In how many settled decisions each number occurred. Inputs are in the order of their sorted names, after the intercept. */
  names: Map<string, number>
  readonly arms: Map<string, Arm>
  /** Verdicts learned, where any are forgotten. */
  time: number
}

/** n² numbers per option taken, with n inputs, at most 33: grows with the number of options. */
export type LinearBanditState = Map<string, Pool>

/** What is known of the options in a situation, aligned with `ask.options`. */
export interface LinearEstimate {
  /** Expected reward less the mean of the choice point (where it is centred): θᵀx. */
  readonly values: Float64Array
  /** How uncertain that is, in units of the noise: √(xᵀA⁻¹x). */
  readonly widths: Float64Array
}

/** The regression of one option, as plain data. */
export interface LinearOption {
  readonly settled: number
  /** θ by name of the input; `''` is the intercept. */
  readonly weights: Readonly<Record<string, number>>
}

/** Reads the regressions. */
export interface LinearBanditView {
  estimate(ask: Ask): LinearEstimate
  /** Mean reward of a choice point, in [0, 1], as if one of .5 had been seen before; 0 where rewards are not centred. */
  mean(point: string): number
  table(): Readonly<Record<string, Readonly<Record<string, LinearOption>>>>
}

const defaults = { ridge: 1, forgetting: 1, centred: true, intercept: true } as const

const sorted = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] => [...map].sort(([left], [right]) => (left < right ? -1 : 1))

const namesOf = ({ names }: Pool): string[] => [...names.keys()].sort()

const newPool = (): Pool => ({ names: new Map(), arms: new Map(), time: 0 })

const scale = (values: Float64Array, factor: number): void => {
  for (let place = 0; place < values.length; place += 1) values[place] = (values[place] ?? 0) * factor
}

const accumulate = (values: Float64Array, more: Float64Array, factor = 1): void => {
  for (let place = 0; place < values.length; place += 1) values[place] = (values[place] ?? 0) + factor * (more[place] ?? 0)
}

/** Adds factor · x xᵀ. */
const addOuter = (gram: Float64Array, inputs: Float64Array, factor: number): void => {
  const size = inputs.length
  for (let place = 0; place < gram.length; place += 1) {
    gram[place] = (gram[place] ?? 0) + factor * (inputs[Math.floor(place / size)] ?? 0) * (inputs[place % size] ?? 0)
  }
}

/** The numbers of one arm at other places; what was not there is 0. */
const moved = (arm: Arm, places: readonly number[]): Arm => {
  const before = arm.inputs.length
  const vector = (values: Float64Array): Float64Array => Float64Array.from(places, (place) => values[place] ?? 0)
  const matrix = (values: Float64Array): Float64Array =>
    Float64Array.from(places.flatMap((row) => places.map((column) => (row < 0 || column < 0 ? 0 : (values[row * before + column] ?? 0)))))
  const squared = arm.squared === undefined ? undefined : matrix(arm.squared)
  return { ...arm, gram: matrix(arm.gram), squared, target: vector(arm.target), inputs: vector(arm.inputs) }
}

/** Sums of less than this are rounding errors. */
const nothing = 1e-9

const isNothing = (sums: Float64Array): boolean => sums.every((sum) => Math.abs(sum) < nothing)

const isEmpty = ({ settled, rewards, weights, gram, target, inputs }: Arm): boolean =>
  settled === 0 && [gram, target, inputs, Float64Array.of(rewards, weights)].every(isNothing)

/** Whether an input occurs in nothing that the option earned. */
const isIdle = ({ inputs, gram, target }: Arm, place: number): boolean => {
  const row = gram.subarray(place * inputs.length, (place + 1) * inputs.length)
  return isNothing(row) && isNothing(target.subarray(place, place + 1))
}

type SavedArm = [option: string, settled: number, rewards: number, weights: number, time: number, gram: number[], squared: number[] | null, target: number[], inputs: number[]]
type SavedPool = [point: string, names: [string, number][], time: number, arms: SavedArm[]]

const decode = (bytes: Uint8Array): LinearBanditState => {
  try {
    const pools = JSON.parse(new TextDecoder().decode(bytes)) as SavedPool[]
    return new Map(
      pools.map(([point, names, time, arms]) => {
        const loaded = arms.map(([option, settled, rewards, weights, time, gram, squared, target, inputs]): [string, Arm] => [
          option,
          {
            settled,
            rewards,
            weights,
            time,
            gram: Float64Array.from(gram),
            squared: squared === null ? undefined : Float64Array.from(squared),
            target: Float64Array.from(target),
            inputs: Float64Array.from(inputs),
          },
        ])
        return [point, { names: new Map(names), time, arms: new Map(loaded) }]
      }),
    )
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved regressions are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

const encode = (state: LinearBanditState): Uint8Array => {
  const pools = sorted(state).map(([point, { names, arms, time }]): SavedPool => [
    point,
    sorted(names),
    time,
    sorted(arms).map(([option, { settled, rewards, weights, time, gram, squared, target, inputs }]): SavedArm => [
      ...([option, settled, rewards, weights, time] as const),
      [...gram],
      squared === undefined ? null : [...squared],
      [...target],
      [...inputs],
    ]),
  ])
  return new TextEncoder().encode(JSON.stringify(pools))
}

/**
 * One ridge regression per option on the numbers of the context: what LinUCB (Li and others 2010, disjoint) and linear Thompson sampling
 * (Agrawal and Goyal 2013) choose by.
 *
 *     A = λI + Σ x xᵀ,  b = Σ r x,  θ = A⁻¹ b
 *
 * x is 1 and the numbers of the context, in the order of their names; absent ones are 0, and truth values are 0 and 1. Numbers beyond ±100 count as ±100, names
 * beyond the first 32 are passed over. Words are no numbers: for texts use a policy on the option model.
 *
 * With a forgetting factor γ it is D-LinUCB (Russac, Vernade and Cappé 2019): A ← γA + x xᵀ + (1 − γ)λI, and every verdict of the choice point ages
 * all its options.
 *
 * Without forgetting everything is a sum: exactly invertible and mergeable, up to 32 names. With it, a changed reward counts at today's age.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { createLinearBandit } from 'autodidact'
 *
 * const learner = createLinearBandit({ forgetting: 0.99 })
 * console.assert(learner.inverse === undefined)
 * ```
 */
export const createLinearBandit = (settings: LinearBanditSettings = {}): Learner<LinearBanditState, LinearBanditView> => {
  expectObject(settings, 'createLinearBandit: settings')
  const { ridge, forgetting, centred, intercept } = { ...defaults, ...settings }
  expectPositive(ridge, 'createLinearBandit: ridge')
  expectPositive(forgetting, 'createLinearBandit: forgetting')
  expectNumber(forgetting, 'createLinearBandit: forgetting', 0, 1)
  const first = intercept ? 1 : 0

  const inputsOf = (names: readonly string[], context: Numbers | undefined): Float64Array => {
    const inputs = new Float64Array(first + names.length).fill(1, 0, first)
    for (const [place, name] of names.entries()) {
      const value = context !== undefined && Object.hasOwn(context, name) ? (context[name] ?? 0) : 0
      inputs[first + place] = Math.min(largestInput, Math.max(-largestInput, value))
    }
    return inputs
  }

  /** Gives the pool other names, and all its sums their places among them. */
  const rename = (pool: Pool, names: Map<string, number>): void => {
    const before = namesOf(pool)
    pool.names = names
    const after = namesOf(pool)
    if (before.length === after.length && before.every((name, place) => name === after[place])) return
    const places = [...Array(first).keys(), ...after.map((name) => before.indexOf(name)).map((place) => (place < 0 ? -1 : first + place))]
    for (const [option, arm] of pool.arms) pool.arms.set(option, moved(arm, places))
  }

  /** Makes room for the numbers of a context, as far as there is any, and counts them. */
  const admit = (pool: Pool, context: Numbers | undefined, change: number): void => {
    const names = new Map(pool.names)
    for (const name of Object.keys(context ?? {}).sort()) {
      if (names.has(name) || names.size < mostInputs) names.set(name, (names.get(name) ?? 0) + change)
    }
    rename(pool, names)
  }

  /** Drops options and numbers of which nothing is left in the sums. In a part of a log counts may be negative: what is taken back there was learned before. */
  const prune = (pool: Pool, option: string): void => {
    const arm = pool.arms.get(option)
    if (arm !== undefined && isEmpty(arm)) pool.arms.delete(option)
    const names = namesOf(pool)
    const idle = names.filter((name, place) => pool.names.get(name) === 0 && [...pool.arms.values()].every((arm) => isIdle(arm, first + place)))
    if (idle.length > 0) rename(pool, new Map([...pool.names].filter(([name]) => !idle.includes(name))))
  }

  const newArm = (pool: Pool): Arm => {
    const size = first + pool.names.size
    const square = (): Float64Array => new Float64Array(size * size)
    const squared = forgetting < 1 ? square() : undefined
    return { settled: 0, rewards: 0, weights: 0, time: pool.time, gram: square(), squared, target: new Float64Array(size), inputs: new Float64Array(size) }
  }

  const aged = (arm: Arm, time: number): Arm => {
    if (forgetting === 1 || arm.time === time) return arm
    const factor = forgetting ** (time - arm.time)
    for (const values of [arm.gram, arm.target, arm.inputs]) scale(values, factor)
    if (arm.squared !== undefined) scale(arm.squared, factor * factor)
    arm.time = time
    return arm
  }

  const settle = (state: LinearBanditState, settled: DecisionSettled, removed: Verdict | undefined, added: Verdict | undefined): LinearBanditState => {
    const { point, option, context } = settled
    const pool = state.get(point) ?? newPool()
    state.set(point, pool)
    const change = Number(added !== undefined) - Number(removed !== undefined)
    admit(pool, context, change)
    if (change > 0 && forgetting < 1) pool.time += 1
    const arm = aged(pool.arms.get(option) ?? newArm(pool), pool.time)
    const inputs = inputsOf(namesOf(pool), context)
    for (const [verdict, sign] of [[removed, -1], [added, 1]] as const) {
      if (verdict === undefined) continue
      const weight = sign * verdict.weight
      addOuter(arm.gram, inputs, weight)
      if (arm.squared !== undefined) addOuter(arm.squared, inputs, weight)
      accumulate(arm.target, inputs, weight * verdict.reward)
      accumulate(arm.inputs, inputs, weight)
      arm.rewards += weight * verdict.reward
      arm.weights += weight
    }
    arm.settled += change
    pool.arms.set(option, arm)
    prune(pool, option)
    if (pool.arms.size === 0) state.delete(point)
    return state
  }

  const meanOf = (pool: Pool | undefined): number => {
    if (!centred) return 0
    let [rewards, weights] = [0.5, 1]
    for (const arm of pool?.arms.values() ?? []) {
      rewards += arm.rewards
      weights += arm.weights
    }
    return rewards / weights
  }

  /** A with its ridge, and b less the mean of the choice point. */
  const regression = (arm: Arm, mean: number): { factor: Cholesky; weights: Float64Array } => {
    const size = arm.inputs.length
    const matrix = Float64Array.from(arm.gram)
    for (let place = 0; place < size; place += 1) matrix[place * size + place] = (matrix[place * size + place] ?? 0) + ridge
    const factor = new Cholesky(matrix, size)
    const target = Float64Array.from(arm.target)
    accumulate(target, arm.inputs, -mean)
    return { factor, weights: factor.solve(target) }
  }

  /** An arm of today, without changing the state. */
  const present = (pool: Pool, arm: Arm): Arm =>
    aged({ ...arm, gram: arm.gram.slice(), squared: arm.squared?.slice(), target: arm.target.slice(), inputs: arm.inputs.slice() }, pool.time)

  const view = (state: LinearBanditState): LinearBanditView => ({
    mean: (point) => meanOf(state.get(point)),
    estimate: ({ point, options, context }) => {
      const pool = state.get(point) ?? newPool()
      // Also numbers that nobody has learned from make an untried option uncertain.
      const unknown = Object.keys(context ?? {}).filter((name) => !pool.names.has(name))
      const mean = meanOf(pool)
      const inputs = inputsOf(namesOf(pool), context)
      const strange = inputsOf(unknown, context).subarray(first)
      const beyond = dot(strange, strange) / ridge
      const untried = Math.sqrt(dot(inputs, inputs) / ridge + beyond)
      const values = new Float64Array(options.length)
      const widths = new Float64Array(options.length).fill(untried)
      for (const [place, { id }] of options.entries()) {
        const known = pool.arms.get(id)
        if (known === undefined) continue
        const arm = present(pool, known)
        const { factor, weights } = regression(arm, mean)
        values[place] = dot(weights, inputs)
        const solved = factor.solve(inputs)
        const spread = arm.squared === undefined ? dot(inputs, solved) : quadratic(arm.squared, solved) + ridge * dot(solved, solved)
        widths[place] = Math.sqrt(Math.max(0, spread) + beyond)
      }
      return { values, widths }
    },
    table: () =>
      Object.fromEntries(
        sorted(state).map(([point, pool]) => {
          const mean = meanOf(pool)
          const names = [...(intercept ? [''] : []), ...namesOf(pool)]
          const options = sorted(pool.arms).map(([option, known]): [string, LinearOption] => {
            const { weights } = regression(present(pool, known), mean)
            return [option, { settled: known.settled, weights: Object.fromEntries(names.map((name, place) => [name, weights[place] ?? 0])) }]
          })
          return [point, Object.fromEntries(options)]
        }),
      ),
  })

  /** Adds what another log taught about a choice point. */
  const mergePool = (state: LinearBanditState, point: string, given: Pool): void => {
    const pool = state.get(point) ?? newPool()
    state.set(point, pool)
    const all = new Map(pool.names)
    for (const [name, count] of given.names) all.set(name, (all.get(name) ?? 0) + count)
    const names = new Map(sorted(all).slice(0, mostInputs))
    const other: Pool = { ...given, arms: new Map(given.arms) }
    rename(pool, names)
    rename(other, names)
    for (const [option, more] of other.arms) {
      const arm = pool.arms.get(option) ?? newArm(pool)
      arm.settled += more.settled
      arm.rewards += more.rewards
      arm.weights += more.weights
      accumulate(arm.gram, more.gram)
      accumulate(arm.target, more.target)
      accumulate(arm.inputs, more.inputs)
      pool.arms.set(option, arm)
    }
    for (const option of other.arms.keys()) prune(pool, option)
    if (pool.arms.size === 0) state.delete(point)
  }

  const learner: Learner<LinearBanditState, LinearBanditView> = {
    name: learnerName('linear-bandit', { ridge, forgetting, centred, intercept }, defaults),
    version: 1,
    handles: ['decision.settled'],
    initial: () => new Map(),
    learn: (state, experience) => (experience.kind === 'decision.settled' ? settle(state, experience, experience.previous, experience.current) : state),
    view,
    save: encode,
    load: decode,
  }
  if (forgetting < 1) return learner
  return {
    ...learner,
    inverse: (state, experience) => (experience.kind === 'decision.settled' ? settle(state, experience, experience.current, experience.previous) : state),
    merge: (left, right) => {
      const merged = decode(encode(left))
      for (const [point, pool] of right) mergePool(merged, point, pool)
      return merged
    },
  }
}

/** The regressions with their default settings. */
export const linearBandit = createLinearBandit()

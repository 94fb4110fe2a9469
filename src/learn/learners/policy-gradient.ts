import type { Ask } from '../../decide/policy.ts'
import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject, expectPositive } from '../../expect.ts'
import type { Episode, EpisodeSettled, Features, Learner, Numbers } from '../learner.ts'
import { earned, returns } from '../structures/episode-rewards.ts'
import { parameters as newParameters } from '../structures/adam.ts'
import { learnerName } from '../structures/learner-name.ts'
import { softmax } from '../structures/softmax.ts'
import { type Gradient, type Network, newGradient, newNetwork, SoftmaxNetwork } from '../structures/softmax-network.ts'

/** How the gradient is followed. Another setting is another learner, folded from the log. */
export interface PolicyGradientSettings {
  /** Units of the hidden layer, a whole number up to 1,024; 0 for a linear policy. Default 0. */
  readonly hidden?: number
  /** Length of a step of Adam, above 0. Default .01. */
  readonly rate?: number
  /** Discount γ of what comes later, in [0, 1]. Default .99. */
  readonly discount?: number
  /**
   * What returns are compared with. `mean`: the mean of all returns of the choice point so far. `episode`: the mean of their own episode, in units of its standard
   * deviation; for long episodes. (One of a single step has nothing to compare with and takes the other.) Default `mean`.
   */
  readonly baseline?: 'mean' | 'episode'
  /** Weight of the entropy bonus, which keeps the policy from settling too early; 0 or more. Default .01. */
  readonly entropy?: number
  /** `features`: words, categories, state and numbers, hashed to 256 inputs. `numbers`: the numbers of the context as they are; scale them to about 1. Default `features`. */
  readonly inputs?: 'features' | 'numbers'
  /** Of the first weights of the hidden layer. Default 0. */
  readonly seed?: number
}

interface Point {
  readonly network: Network
  /** Names of the numbers, in the order in which they were first learned of. */
  readonly names: string[]
  /** Sum of weight · return, and of weight. */
  returnSum: number
  weightSum: number
  episodes: number
}

/** One network per choice point: per option taken or offered as many weights as there are inputs or hidden units. Grows with the number of options. */
export type PolicyGradientState = Map<string, Point>

/** The weights of one choice point, as plain data. */
export interface PolicyParameters {
  readonly episodes: number
  /** Mean of the returns so far. */
  readonly baseline: number
  /** Names of the inputs; `''` is the constant, and hashed inputs have none. */
  readonly inputs: readonly string[]
  /** Of one input after the other, for all hidden units. */
  readonly hidden: readonly number[]
  readonly options: Readonly<Record<string, readonly number[]>>
}

/** Reads the policy. */
export interface PolicyGradientView {
  /** Preferences of the options, aligned with `ask.options`: the policy takes them in proportion to their exponentials. */
  preferences(ask: Ask): Float64Array
  /** All weights by choice point. */
  table(): Readonly<Record<string, PolicyParameters>>
}

const defaults = { hidden: 0, rate: 0.01, discount: 0.99, baseline: 'mean', entropy: 0.01, inputs: 'features', seed: 0 } as const

/** Most units of the hidden layer. */
const mostUnits = 1024
/** Inputs that features are hashed to. */
const buckets = 256
/** Most names of numbers that a choice point learns from, and the largest number. */
const mostNames = 64
const largestNumber = 100

const sorted = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] => [...map].sort(([left], [right]) => (left < right ? -1 : 1))

const newPoint = (): Point => ({ network: newNetwork(), names: [], returnSum: 0, weightSum: 0, episodes: 0 })

/** The constant, then each feature in the place that its hash says, with the sign of another bit of it (Weinberger and others 2009). */
const hashedInputs = ({ hashes, values }: Features): Float64Array => {
  const inputs = new Float64Array(1 + buckets)
  inputs[0] = 1
  for (const [index, hash] of hashes.entries()) {
    const place = 1 + (hash % buckets)
    inputs[place] = (inputs[place] ?? 0) + (hash < 2 ** 31 ? 1 : -1) * (values[index] ?? 0)
  }
  return inputs
}

const numberInputs = (names: readonly string[], context: Numbers = {}): Float64Array => {
  const inputs = new Float64Array(1 + names.length).fill(1, 0, 1)
  for (const [place, name] of names.entries()) {
    const value = Object.hasOwn(context, name) ? (context[name] ?? 0) : 0
    inputs[1 + place] = Math.min(largestNumber, Math.max(-largestNumber, value))
  }
  return inputs
}

const meanAndDeviation = (values: readonly number[]): { mean: number; deviation: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) }
}

const plainParameters = ({ network, names, returnSum, weightSum, episodes }: Point, inputs: 'features' | 'numbers'): PolicyParameters => ({
  episodes,
  baseline: weightSum > 0 ? returnSum / weightSum : 0,
  inputs: inputs === 'numbers' ? ['', ...names] : [''],
  hidden: [...network.hidden.values],
  options: Object.fromEntries(sorted(network.options).map(([option, { values }]) => [option, [...values]])),
})

interface SavedParameters {
  readonly values: number[]
  readonly first: number[]
  readonly second: number[]
}
type SavedPoint = [point: string, rest: { names: string[]; returnSum: number; weightSum: number; episodes: number; time: number }, hidden: SavedParameters, options: [string, SavedParameters][]]

const saved = ({ values, first, second }: Network['hidden']): SavedParameters => ({ values: [...values], first: [...first], second: [...second] })

const loaded = ({ values, first, second }: SavedParameters): Network['hidden'] => ({
  values: Float64Array.from(values),
  first: Float64Array.from(first),
  second: Float64Array.from(second),
})

const decode = (bytes: Uint8Array): PolicyGradientState => {
  try {
    const points = JSON.parse(new TextDecoder().decode(bytes)) as SavedPoint[]
    return new Map(
      points.map(([point, { time, ...rest }, hidden, options]) => [
        point,
        { ...rest, network: { time, hidden: loaded(hidden), options: new Map(options.map(([option, weights]) => [option, loaded(weights)])) } },
      ]),
    )
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved policy is damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * REINFORCE with a baseline (Williams 1992; Sutton and Barto 2018, section 13.4): a softmax over preferences that are linear in the situation, or come from one hidden
 * layer, moved after each episode along
 *
 *     Σ_t ∇ ln π(a_t | s_t) (G_t − b) + β ∇ H(π(· | s_t)),  G_t = Σ_k γ^k r_{t+k}
 *
 * by Adam. Steps at which the agent took another option than advised are left out, because their option was not drawn from the policy.
 *
 * For control with many steps. For choosing one of several tools the other policies learn more from the same feedback; see the benches.
 *
 * A changed reward is one step along the difference of the two gradients; folding the log again is exact. Weights that were imported take the place of those of
 * their choice point, where they are of the same shape.
 *
 * @throws AutodidactError INVALID_INPUT when a setting is out of range
 *
 * @example
 * ```ts
 * import { createPolicyGradient } from 'autodidact'
 *
 * const learner = createPolicyGradient({ hidden: 128, inputs: 'numbers', baseline: 'episode', rate: 0.003 })
 * console.assert(Object.keys(learner.view(learner.initial()).table()).length === 0)
 * ```
 */
export const createPolicyGradient = (settings: PolicyGradientSettings = {}): Learner<PolicyGradientState, PolicyGradientView> => {
  expectObject(settings, 'createPolicyGradient: settings')
  const { hidden, rate, discount, baseline, entropy, inputs, seed } = { ...defaults, ...settings }
  expectNumber(hidden, 'createPolicyGradient: hidden', 0, mostUnits)
  expectPositive(rate, 'createPolicyGradient: rate')
  expectNumber(discount, 'createPolicyGradient: discount', 0, 1)
  expectNumber(entropy, 'createPolicyGradient: entropy', 0)
  expectNumber(seed, 'createPolicyGradient: seed')
  if (!Number.isInteger(hidden) || !['mean', 'episode'].includes(baseline) || !['features', 'numbers'].includes(inputs)) {
    throw new AutodidactError(
      'INVALID_INPUT',
      'createPolicyGradient: hidden is a whole number, baseline "mean" or "episode", inputs "features" or "numbers". Correct the one that is not.',
    )
  }
  const shape = { hidden, rate, seed }

  const inputsOf = (point: Point, { features, context }: { readonly features: Features; readonly context?: Numbers }): Float64Array =>
    inputs === 'features' ? hashedInputs(features) : numberInputs(point.names, context)

  /** Adds the gradient of an episode, times `sign`. */
  const addEpisode = (point: Point, network: SoftmaxNetwork, gradient: Gradient, episode: Episode, sign: 1 | -1): void => {
    const steps = earned(episode, discount)
    const sums = returns(steps.map(({ reward }) => reward), discount)
    const own = meanAndDeviation(sums)
    const alone = baseline === 'mean' || steps.length === 1
    const mean = point.weightSum > 0 ? point.returnSum / point.weightSum : own.mean
    for (const [place, { transition, weight }] of steps.entries()) {
      const { option, options, followed } = transition
      if (!followed) continue
      const sum = sums[place] ?? 0
      const advantage = alone ? sum - mean : (sum - own.mean) / (own.deviation + 1e-9)
      const layer = inputsOf(point, transition)
      const shares = softmax(network.preferences(layer, options))
      const disorder = -shares.reduce((total, share) => total + (share > 0 ? share * Math.log(share) : 0), 0)
      const pulls = shares.map((share, index) => {
        const towards = (options[index] === option ? 1 : 0) - share
        const apart = share > 0 ? -share * (Math.log(share) + disorder) : 0
        return sign * weight * (advantage * towards + entropy * apart)
      })
      network.addTo(gradient, layer, options, pulls)
    }
  }

  const addReturns = (point: Point, episode: Episode, sign: 1 | -1): void => {
    const steps = earned(episode, discount)
    for (const [place, sum] of returns(steps.map(({ reward }) => reward), discount).entries()) {
      const weight = sign * (steps[place]?.weight ?? 1)
      point.returnSum += weight * sum
      point.weightSum += weight
    }
    // Of weights that were imported, episodes of before may be taken back that they do not count.
    point.episodes = Math.max(0, point.episodes + sign)
    if (point.episodes === 0) [point.returnSum, point.weightSum] = [0, 0]
  }

  const settle = (state: PolicyGradientState, { point: name, previous, current }: EpisodeSettled): void => {
    const point = state.get(name) ?? newPoint()
    state.set(name, point)
    if (inputs === 'numbers') {
      for (const { context = {} } of current?.transitions ?? []) {
        for (const number of Object.keys(context).sort()) if (!point.names.includes(number) && point.names.length < mostNames) point.names.push(number)
      }
    }
    const network = new SoftmaxNetwork(shape, point.network)
    const gradient = newGradient()
    if (previous !== undefined) {
      addReturns(point, previous, -1)
      addEpisode(point, network, gradient, previous, -1)
    }
    if (current !== undefined) {
      addEpisode(point, network, gradient, current, 1)
      addReturns(point, current, 1)
    }
    network.ascend(gradient)
  }

  /** Whether weights are of a network of this shape: as many inputs, and as many hidden units, as this learner has. */
  const fits = ({ inputs: names, hidden: weights, options }: PolicyParameters): boolean => {
    if (inputs === 'features' && names.length > 1) return false
    const widest = inputs === 'features' ? 1 + buckets : names.length
    const layer = hidden === 0 ? widest : hidden + 1
    const hiddenFits = hidden === 0 ? weights.length === 0 : weights.length % hidden === 0 && weights.length <= hidden * widest
    return hiddenFits && Object.values(options).every((values) => values.length <= layer)
  }

  /** Weights that were imported have not moved yet: Adam knows nothing of their slopes. Those of another shape are another learner's. */
  const importPoint = (state: PolicyGradientState, name: string, imported: PolicyParameters): void => {
    if (!fits(imported)) return
    const options = new Map(Object.entries(imported.options).map(([option, values]) => [option, newParameters(Float64Array.from(values))]))
    const network = { ...newNetwork(), hidden: newParameters(Float64Array.from(imported.hidden)), options }
    const { episodes, inputs: names } = imported
    // Their mean weighs about as much as the episodes that it is said to come from: a power of two, by which it can be multiplied and divided without rounding.
    const weightSum = episodes === 0 ? 0 : 2 ** Math.floor(Math.log2(episodes))
    state.set(name, { network, names: names.slice(1), returnSum: weightSum * imported.baseline, weightSum, episodes })
  }

  return {
    name: learnerName('policy-gradient', { hidden, rate, discount, baseline, entropy, inputs, seed }, defaults),
    version: 1,
    handles: ['episode.settled', 'state.imported'],
    initial: () => new Map(),
    learn: (state, experience) => {
      if (experience.kind === 'episode.settled') settle(state, experience)
      else if (experience.kind === 'state.imported' && experience.data.form === 'policy-parameters') importPoint(state, experience.data.point, experience.data.parameters)
      return state
    },
    view: (state) => ({
      preferences: (ask) => {
        const point = state.get(ask.point) ?? newPoint()
        return new SoftmaxNetwork(shape, point.network).preferences(inputsOf(point, ask), ask.options.map(({ id }) => id))
      },
      table: () => Object.fromEntries(sorted(state).map(([name, point]): [string, PolicyParameters] => [name, plainParameters(point, inputs)])),
    }),
    published: {
      view: 'policy_params',
      rows: (state) => sorted(state).map(([name, point]) => ({ name, json: JSON.stringify(plainParameters(point, inputs)) })),
    },
    save: (state) => {
      const points = sorted(state).map(([name, { network, ...rest }]): SavedPoint => [
        name,
        { ...rest, time: network.time },
        saved(network.hidden),
        sorted(network.options).map(([option, weights]) => [option, saved(weights)]),
      ])
      return new TextEncoder().encode(JSON.stringify(points))
    },
    load: decode,
  }
}

/** A linear policy with the default settings. */
export const policyGradient = createPolicyGradient()

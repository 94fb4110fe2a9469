import { type Features, softmax } from './ranker.ts'

/** Alternatives of which at least one was right, with their features one after the other: few arrays, since there are hundreds of choices in memory. */
interface Choice {
  /** How many features each alternative has. */
  readonly lengths: readonly number[]
  readonly features: Float64Array
  readonly values: Float64Array
  readonly right: readonly boolean[]
}

/** What a {@link LogLinear} has learned, in few arrays: the weights by place, and all alternatives of all choices one after the other. */
export interface SavedLogLinear {
  readonly weighed: Float64Array
  readonly weights: Float64Array
  readonly squares: Float64Array
  /** How many alternatives each choice has. */
  readonly alternatives: Int32Array
  readonly lengths: Int32Array
  readonly right: Uint8Array
  readonly features: Float64Array
  readonly values: Float64Array
  readonly cursor: number
}

/** AdaGrad: step size of features that have an initial weight and of all others, and where the sums of squared slopes start. */
const fixedRate = 0.2
const sparseRate = 0.1
const initialSquares = 1

/** The pull of each weight towards where it started. */
const decay = 1e-3

/** Latest choices that are kept, and how many of them are gone over again with each new one. */
const memory = 400
const rehearsals = 8

/**
 * A conditional log-linear model (McFadden's conditional logit): the probability of an alternative is the softmax of its weighted features. Fitted by
 * AdaGrad (Duchi et al. 2011) on the log-likelihood of the right alternatives, going over earlier choices again with every new one.
 */
export class LogLinear {
  readonly #weights: Map<number, number>
  readonly #squares = new Map<number, number>()
  readonly #prior: readonly number[]
  readonly #choices: Choice[] = []
  #cursor = 0

  /** @param prior initial weights of the first features; all others start at 0 */
  constructor(prior: readonly number[]) {
    this.#prior = prior
    this.#weights = new Map(prior.entries())
  }

  /** Continues where another one with the same initial weights was saved. */
  static from(prior: readonly number[], saved: SavedLogLinear): LogLinear {
    const model = new LogLinear(prior)
    saved.weighed.forEach((feature, place) => {
      model.#weights.set(feature, saved.weights[place] ?? 0)
      model.#squares.set(feature, saved.squares[place] ?? initialSquares)
    })
    let alternative = 0
    let place = 0
    for (const alternatives of saved.alternatives) {
      const lengths = [...saved.lengths.subarray(alternative, alternative + alternatives)]
      const right = Array.from(saved.right.subarray(alternative, alternative + alternatives), Boolean)
      const end = lengths.reduce((sum, length) => sum + length, place)
      model.#choices.push({ lengths, right, features: saved.features.slice(place, end), values: saved.values.slice(place, end) })
      alternative += alternatives
      place = end
    }
    model.#cursor = saved.cursor
    return model
  }

  /** The score of an alternative; differences of scores are log-odds. */
  score(features: Features): number {
    let sum = 0
    for (const [feature, value] of features) sum += value * (this.#weights.get(feature) ?? 0)
    return sum
  }

  /** Learns a choice; nothing happens if no alternative was right. */
  learn(alternatives: readonly Features[], right: readonly boolean[]): void {
    if (!right.includes(true)) return
    const choice = choiceOf(alternatives, right)
    this.#step(choice)
    for (let count = 0; count < Math.min(rehearsals, this.#choices.length); count += 1) {
      this.#cursor = (this.#cursor + 1) % this.#choices.length
      const earlier = this.#choices[this.#cursor]
      if (earlier !== undefined) this.#step(earlier)
    }
    this.#choices.push(choice)
    if (this.#choices.length > memory) this.#choices.shift()
  }

  /** Learns that an alternative is wrong, whichever other is right. */
  learnWrong(alternatives: readonly Features[], wrong: readonly boolean[]): void {
    if (wrong.includes(false)) this.#step(choiceOf(alternatives, wrong.map((one) => !one)))
  }

  save(): SavedLogLinear {
    const weighed = [...this.#weights.keys()]
    return {
      weighed: Float64Array.from(weighed),
      weights: Float64Array.from(this.#weights.values()),
      squares: Float64Array.from(weighed, (feature) => this.#squares.get(feature) ?? initialSquares),
      alternatives: Int32Array.from(this.#choices, ({ lengths }) => lengths.length),
      lengths: Int32Array.from(this.#choices.flatMap(({ lengths }) => lengths)),
      right: Uint8Array.from(this.#choices.flatMap(({ right }) => right.map(Number))),
      features: joined(this.#choices.map(({ features }) => features)),
      values: joined(this.#choices.map(({ values }) => values)),
      cursor: this.#cursor,
    }
  }

  #step({ lengths, features, values, right }: Choice): void {
    const p = softmax(this.#scores(lengths, features, values))
    let mass = 0
    right.forEach((isRight, at) => { if (isRight) mass += p[at] ?? 0 })
    const slopes = new Map<number, number>()
    let place = 0
    lengths.forEach((length, at) => {
      const probability = p[at] ?? 0
      const error = (right[at] === true ? probability / Math.max(mass, 1e-12) : 0) - probability
      for (const end = place + length; place < end; place += 1) {
        const feature = features[place] ?? 0
        slopes.set(feature, (slopes.get(feature) ?? 0) + error * (values[place] ?? 0))
      }
    })
    for (const [feature, likelihood] of slopes) {
      const weight = this.#weights.get(feature) ?? 0
      const slope = likelihood - decay * (weight - (this.#prior[feature] ?? 0))
      const squares = (this.#squares.get(feature) ?? initialSquares) + slope * slope
      this.#squares.set(feature, squares)
      this.#weights.set(feature, weight + ((feature < this.#prior.length ? fixedRate : sparseRate) * slope) / Math.sqrt(squares))
    }
  }

  #scores(lengths: readonly number[], features: Float64Array, values: Float64Array): number[] {
    let place = 0
    return lengths.map((length) => {
      let sum = 0
      for (const end = place + length; place < end; place += 1) sum += (values[place] ?? 0) * (this.#weights.get(features[place] ?? 0) ?? 0)
      return sum
    })
  }
}

const choiceOf = (alternatives: readonly Features[], right: readonly boolean[]): Choice => ({
  lengths: alternatives.map((features) => features.length),
  // Numbers of pairs of words go beyond 32 bits.
  features: Float64Array.from(alternatives.flatMap((features) => features.map(([feature]) => feature))),
  values: Float64Array.from(alternatives.flatMap((features) => features.map(([, value]) => value))),
  right,
})

const joined = (parts: readonly Float64Array[]): Float64Array => {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let start = 0
  for (const part of parts) {
    whole.set(part, start)
    start += part.length
  }
  return whole
}

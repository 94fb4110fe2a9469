import { type Features, softmax } from './ranker.ts'

/** Alternatives of which at least one was right: the features of each, and which of them were right. */
interface Choice {
  readonly alternatives: readonly Features[]
  readonly right: readonly boolean[]
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

  /** The score of an alternative; differences of scores are log-odds. */
  score(features: Features): number {
    let sum = 0
    for (const [feature, value] of features) sum += value * (this.#weights.get(feature) ?? 0)
    return sum
  }

  /** Learns a choice; nothing happens if no alternative was right. */
  learn(alternatives: readonly Features[], right: readonly boolean[]): void {
    if (!right.includes(true)) return
    const choice = { alternatives, right }
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
    if (wrong.includes(false)) this.#step({ alternatives, right: wrong.map((one) => !one) })
  }

  #step({ alternatives, right }: Choice): void {
    const p = softmax(alternatives.map((features) => this.score(features)))
    let mass = 0
    right.forEach((isRight, at) => { if (isRight) mass += p[at] ?? 0 })
    const slopes = new Map<number, number>()
    alternatives.forEach((features, at) => {
      const probability = p[at] ?? 0
      const error = (right[at] === true ? probability / Math.max(mass, 1e-12) : 0) - probability
      for (const [feature, value] of features) slopes.set(feature, (slopes.get(feature) ?? 0) + error * value)
    })
    for (const [feature, likelihood] of slopes) {
      const weight = this.#weights.get(feature) ?? 0
      const slope = likelihood - decay * (weight - (this.#prior[feature] ?? 0))
      const squares = (this.#squares.get(feature) ?? initialSquares) + slope * slope
      this.#squares.set(feature, squares)
      this.#weights.set(feature, weight + ((feature < this.#prior.length ? fixedRate : sparseRate) * slope) / Math.sqrt(squares))
    }
  }
}

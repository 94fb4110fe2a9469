/** One judged answer: the signs of certainty it had, and whether it was right. */
interface Judged {
  readonly signs: readonly number[]
  readonly right: boolean
}

/** How many judged answers the threshold looks back on. */
const memory = 300

/** Earlier answers gone over again with each new one. */
const rehearsals = 10

/** The wanted precision is aimed at from above, corrected by at most this much, and believed to hold for this many answers before any was given. */
const margin = 0.005
const largestCorrection = 0.08
const inertia = 10

/** Judged answers needed before the threshold is learned; until then it stays at {@link cautious}. */
const fewest = 20
const cautious = 0.5

/**
 * The probability that an answer is right, and the threshold above which answering keeps a wanted precision. Both are learned from how earlier answers went:
 * a logistic regression over signs of certainty (AdaGrad on the log-loss), and the lowest threshold whose answers so far would have been precise enough.
 */
export class Confidence {
  readonly #weights: number[]
  readonly #squares: number[]
  readonly #precision: number
  readonly #judged: Judged[] = []
  #cursor = 0
  #given = 0
  #givenRight = 0
  #threshold = cautious

  /**
   * @param prior initial weight of each sign; the last one is for the constant that is added to the signs
   * @param precision wanted share of right answers among those given, in (0, 1)
   */
  constructor(prior: readonly number[], precision: number) {
    this.#weights = [...prior]
    this.#squares = prior.map(() => 2)
    this.#precision = precision
  }

  /** The probability that an answer with these signs is right. */
  of(signs: readonly number[]): number {
    return 1 / (1 + Math.exp(-this.#sum(signs)))
  }

  /** The lowest confidence at which to answer. */
  get threshold(): number {
    return this.#threshold
  }

  /** Learns how an answer with these signs went. */
  learn(signs: readonly number[], right: boolean): void {
    if (this.of(signs) >= this.#threshold) {
      this.#given += 1
      if (right) this.#givenRight += 1
    }
    const judged = { signs, right }
    this.#judged.push(judged)
    if (this.#judged.length > memory) this.#judged.shift()
    this.#step(judged)
    for (let count = 0; count < Math.min(rehearsals, this.#judged.length - 1); count += 1) {
      this.#cursor = (this.#cursor + 1) % this.#judged.length
      const earlier = this.#judged[this.#cursor]
      if (earlier !== undefined) this.#step(earlier)
    }
    if (this.#judged.length >= fewest) this.#threshold = this.#lowest()
  }

  #step({ signs, right }: Judged): void {
    const error = Number(right) - this.of(signs)
    ;[...signs, 1].forEach((sign, at) => {
      const slope = error * sign
      const squares = (this.#squares[at] ?? 1) + slope * slope
      this.#squares[at] = squares
      this.#weights[at] = (this.#weights[at] ?? 0) + (0.3 * slope) / Math.sqrt(squares)
    })
  }

  #sum(signs: readonly number[]): number {
    let sum = this.#weights.at(-1) ?? 0
    signs.forEach((sign, at) => { sum += sign * (this.#weights[at] ?? 0) })
    return sum
  }

  /**
   * Going down from the most confident of the judged answers, the last point at which they were precise enough. The ranking gets better as it learns, so that
   * what was seen is too pessimistic: the precision asked of it is corrected by that of the answers really given.
   */
  #lowest(): number {
    const achieved = (this.#givenRight + inertia * this.#precision) / (this.#given + inertia)
    const correction = Math.max(-largestCorrection, Math.min(largestCorrection, 2 * (this.#precision - achieved)))
    const wanted = this.#precision + margin + correction
    let right = 0
    let threshold = 0.95
    const judged = this.#judged.map(({ signs, right: isRight }) => ({ confidence: this.of(signs), right: isRight }))
    judged.toSorted((a, b) => b.confidence - a.confidence).forEach((one, at) => {
      if (one.right) right += 1
      if (right / (at + 1) >= wanted) threshold = one.confidence
    })
    return threshold
  }
}

/** One judged answer: the signs of certainty it had, and whether it was right. */
interface Judged {
  readonly signs: readonly number[]
  readonly right: boolean
}

/** What a {@link Confidence} has learned. */
export interface SavedConfidence {
  readonly weights: readonly number[]
  readonly squares: readonly number[]
  readonly judged: readonly Judged[]
  readonly cursor: number
  readonly price: number
}

/** Judged answers that are kept, and how many of them are gone over again with each new one. */
const memory = 300
const rehearsals = 10

/** AdaGrad: step size, and where the sums of squared slopes start. */
const rate = 0.1
const initialSquares = 2

/** The wanted precision is aimed at from this much above. */
const margin = 0.01

/** The price of a wrong answer, in right ones: where it starts, how far it can go, and how fast it follows what was achieved. */
const firstPrice = 0.5
const lowestPrice = 0.15
const highestPrice = 20
const priceRate = 0.05

/**
 * The probability that an answer is right, and the threshold above which to answer.
 *
 * The probability is a logistic regression over signs of certainty (AdaGrad on the log-loss, with rehearsal), learned also from answers that were withheld.
 *
 * The threshold solves: as many right answers as possible, of which at least the share τ are right. With a Lagrange multiplier λ for the
 * constraint, answering with probability p of being right is worth p + λ(p - τ), so that it pays from p = λτ / (1 + λ). λ follows by dual ascent: it grows
 * with each wrong answer given, and shrinks with each right one, by what that used or saved of the allowance (online convex optimisation with
 * long-term constraints, Mahdavi et al. 2012; here with steps in ln λ). So one threshold holds for all, rather than each stage of learning having
 * to be as precise as the whole: what is uncertain in the beginning is made up for by what is known later.
 */
export class Confidence {
  readonly #weights: number[]
  readonly #squares: number[]
  readonly #target: number
  readonly #judged: Judged[]
  #cursor: number
  #price: number

  /**
   * @param prior initial weight of each sign; the last one is for the constant that is added to the signs
   * @param precision wanted share of right answers among those given, in (0, 1)
   */
  constructor(prior: readonly number[], precision: number, saved?: SavedConfidence) {
    this.#weights = [...(saved?.weights ?? prior)]
    this.#squares = [...(saved?.squares ?? prior.map(() => initialSquares))]
    this.#judged = [...(saved?.judged ?? [])]
    this.#cursor = saved?.cursor ?? 0
    this.#price = saved?.price ?? firstPrice
    this.#target = precision + Math.min(margin, (1 - precision) / 2)
  }

  /** The probability that an answer with these signs is right. */
  of(signs: readonly number[]): number {
    let sum = this.#weights.at(-1) ?? 0
    signs.forEach((sign, at) => { sum += sign * (this.#weights[at] ?? 0) })
    return 1 / (1 + Math.exp(-sum))
  }

  /** The lowest confidence at which to answer, in (0, 1). */
  get threshold(): number {
    return (this.#price * this.#target) / (1 + this.#price)
  }

  /** Learns how an answer with these signs went. */
  learn(signs: readonly number[], right: boolean): void {
    if (this.of(signs) >= this.threshold) {
      const price = this.#price * Math.exp(priceRate * (this.#target - Number(right)))
      this.#price = Math.min(highestPrice, Math.max(lowestPrice, price))
    }
    const judged = { signs, right }
    this.#step(judged)
    for (let count = 0; count < Math.min(rehearsals, this.#judged.length); count += 1) {
      this.#cursor = (this.#cursor + 1) % this.#judged.length
      const earlier = this.#judged[this.#cursor]
      if (earlier !== undefined) this.#step(earlier)
    }
    this.#judged.push(judged)
    if (this.#judged.length > memory) this.#judged.shift()
  }

  save(): SavedConfidence {
    return { weights: this.#weights, squares: this.#squares, judged: this.#judged, cursor: this.#cursor, price: this.#price }
  }

  #step({ signs, right }: Judged): void {
    const error = Number(right) - this.of(signs)
    this.#weights.forEach((weight, at) => {
      const slope = error * (signs[at] ?? 1)
      const squares = (this.#squares[at] ?? initialSquares) + slope * slope
      this.#squares[at] = squares
      this.#weights[at] = weight + (rate * slope) / Math.sqrt(squares)
    })
  }
}

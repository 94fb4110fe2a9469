import { Logistic, type SavedLogistic } from './logistic.ts'

/** What a {@link Confidence} has learned. */
export interface SavedConfidence extends SavedLogistic {
  readonly price: number
}

/** How certain the initial weights are: the inverse of their variance. */
const certainty = 2

/** The wanted precision is aimed at from this much above. */
const margin = 0.01

/** The price of a wrong answer, in right ones: where it starts, how far it can go, and how fast it follows what was achieved. */
const firstPrice = 1
const lowestPrice = 0.15
const highestPrice = 20
const priceRate = 0.2

/**
 * The probability that an answer is right, and the threshold above which to answer.
 *
 * The probability is a logistic regression over signs of certainty, learned from every answer that was judged, also from those that were withheld.
 *
 * The threshold solves: as many right answers as possible, of which at least the share τ are right. With a Lagrange multiplier λ for the
 * constraint, answering with probability p of being right is worth p + λ(p - τ), so that it pays from p = λτ / (1 + λ). λ follows by dual ascent: it grows
 * with each wrong answer given, and shrinks with each right one, by what that used or saved of the allowance (online convex optimisation with
 * long-term constraints, Mahdavi et al. 2012; here with steps in ln λ). So one threshold holds for all, rather than each stage of learning having
 * to be as precise as the whole: what is uncertain in the beginning is made up for by what is known later. What is still owed at any time is
 * ln(λ / first λ) / rate answers, 8 where λ is 5, however many were given; a higher rate owes less and follows faster when questions change their kind, but
 * gives up right answers where a hard beginning would have been made up for.
 */
export class Confidence {
  readonly #logistic: Logistic
  readonly #target: number
  #price: number

  /**
   * @param prior initial weight of each sign; the last one is for the constant that is added to the signs
   * @param precision wanted share of right answers among those given, in (0, 1)
   */
  constructor(prior: readonly number[], precision: number, saved?: SavedConfidence) {
    this.#logistic = new Logistic(prior, certainty, saved)
    this.#target = precision + Math.min(margin, (1 - precision) / 2)
    this.#price = saved?.price ?? firstPrice
  }

  /** The probability that an answer with these signs is right. */
  of(signs: readonly number[]): number {
    return this.#logistic.predict(signs)
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
    this.#logistic.learn(signs, right)
  }

  save(): SavedConfidence {
    return { ...this.#logistic.save(), price: this.#price }
  }
}

import { logisticPull, sigmoid } from './logistic-step.ts'
import { dot, quadratic } from './symmetric.ts'

/** The 95 % quantile of the standard normal distribution. */
const oneSided = 1.6448536269514722

/** What a {@link BoundedChance} knows, as JSON can hold it. */
export interface SavedBoundedChance {
  readonly weights: readonly number[]
  /** Rows of the covariance, one after the other. */
  readonly covariance: readonly number[]
}

/**
 * A logistic regression that knows how much it knows: a Gaussian belief over its weights, with their full covariance, so that a combination of signs that was seldom met
 * is uncertain even where each sign by itself is well known. One observation at a time: the weights go where the observation and what was believed before agree best, the precision grows by
 * x xᵀ p (1 − p), which the formula of Sherman and Morrison takes over to the covariance (Spiegelhalter and Lauritzen 1990; with a diagonal in place of
 * the covariance, Chapelle and Li 2011).
 */
export class BoundedChance {
  readonly #weights: Float64Array
  readonly #covariance: Float64Array

  constructor({ weights, covariance }: SavedBoundedChance) {
    this.#weights = Float64Array.from(weights)
    this.#covariance = Float64Array.from(covariance)
  }

  /** Weights that are believed before anything was seen, each with variance 1 and independent of the others. */
  static before(weights: readonly number[]): BoundedChance {
    return new BoundedChance({ weights, covariance: weights.flatMap((_, row) => weights.map((__, column) => Number(row === column))) })
  }

  save(): SavedBoundedChance {
    return { weights: [...this.#weights], covariance: [...this.#covariance] }
  }

  /** @param signs as many as there are weights */
  learn(signs: readonly number[], happened: boolean): void {
    const [weights, covariance, seen] = [this.#weights, this.#covariance, Float64Array.from(signs)]
    const size = weights.length
    const direction = weights.map((_, row) => dot(covariance.subarray(row * size, (row + 1) * size), seen))
    const spread = dot(direction, seen)
    const pull = logisticPull(dot(weights, seen), spread, Number(happened), 1)
    for (const [place, along] of direction.entries()) weights[place] = (weights[place] ?? 0) + pull * along
    const chance = sigmoid(dot(weights, seen))
    const gained = (chance * (1 - chance)) / (1 + chance * (1 - chance) * spread)
    for (const [row, left] of direction.entries()) {
      for (const [column, right] of direction.entries()) covariance[row * size + column] = (covariance[row * size + column] ?? 0) - gained * left * right
    }
  }

  /** The chance is above this with a probability of 95 %, as far as is known. */
  atLeast(signs: readonly number[]): number {
    const asked = Float64Array.from(signs)
    // Rounding may make a tiny variance negative.
    return sigmoid(dot(this.#weights, asked) - oneSided * Math.sqrt(Math.max(0, quadratic(this.#covariance, asked))))
  }
}

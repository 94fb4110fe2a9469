/** What a {@link Logistic} has learned. */
export interface SavedLogistic {
  readonly weights: readonly number[]
  readonly covariance: readonly number[]
}

/** The least variance of an observation: what seemed certain and was wrong must still move the weights. */
const leastVariance = 1e-4

/**
 * Logistic regression, one observation at a time: a normal distribution of the weights, which every observation makes narrower (the Laplace
 * approximation in sequence; Spiegelhalter & Lauritzen 1990, "Sequential updating of conditional probabilities on directed graphical structures", section 5).
 * As good as fitting all observations anew each time, and they need not be kept. Memory grows with the square of the number of inputs only.
 */
export class Logistic {
  readonly #weights: number[]
  /** Of the weights, row by row. */
  readonly #covariance: number[]

  /**
   * @param start mean of the weights before the first observation; the last one is for a constant input of 1
   * @param certainty inverse variance of each of them, above 0: about how many doubtful observations the start is worth times 4
   */
  constructor(start: readonly number[], certainty: number, saved?: SavedLogistic) {
    this.#weights = [...(saved?.weights ?? start)]
    this.#covariance = [...(saved?.covariance ?? start.flatMap((_, row) => start.map((__, column) => (row === column ? 1 / certainty : 0))))]
  }

  /** The probability that an observation with these inputs is true. */
  predict(inputs: readonly number[]): number {
    let sum = 0
    this.#weights.forEach((weight, at) => { sum += weight * (inputs[at] ?? 1) })
    return 1 / (1 + Math.exp(-sum))
  }

  /** Learns whether an observation with these inputs was true. */
  learn(inputs: readonly number[], isTrue: boolean): void {
    const probability = this.predict(inputs)
    const variance = Math.max(leastVariance, probability * (1 - probability))
    const size = this.#weights.length
    const direction = this.#weights.map((_, row) => {
      let sum = 0
      for (let column = 0; column < size; column += 1) sum += (this.#covariance[row * size + column] ?? 0) * (inputs[column] ?? 1)
      return sum
    })
    const spread = direction.reduce((sum, value, at) => sum + value * (inputs[at] ?? 1), 1 / variance)
    direction.forEach((down, row) => {
      direction.forEach((across, column) => {
        const at = row * size + column
        this.#covariance[at] = (this.#covariance[at] ?? 0) - (down * across) / spread
      })
      // The narrower covariance times the inputs is the same direction, shorter.
      this.#weights[row] = (this.#weights[row] ?? 0) + (Number(isTrue) - probability) * (down / (spread * variance))
    })
  }

  save(): SavedLogistic {
    return { weights: this.#weights, covariance: this.#covariance }
  }
}

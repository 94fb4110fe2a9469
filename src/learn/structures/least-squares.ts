/**
 * Ridge regression on a few inputs, one observation at a time: recursive least squares.
 * Source: Ljung, "System Identification", section 11.2, without forgetting.
 */
export class LeastSquares {
  readonly weights: Float64Array
  /** Inverse of the regularised moment matrix, row by row. */
  readonly covariance: Float64Array

  /**
   * @param start weights before the first observation
   * @param certainty how many observations of an input of 1 the start is worth; above 0
   */
  constructor(start: readonly number[], certainty: number) {
    const size = start.length
    this.weights = Float64Array.from(start)
    this.covariance = new Float64Array(size * size)
    for (let index = 0; index < size; index += 1) this.covariance[index * size + index] = 1 / certainty
  }

  predict(inputs: readonly number[]): number {
    let sum = 0
    for (let index = 0; index < this.weights.length; index += 1) sum += (this.weights[index] ?? 0) * (inputs[index] ?? 0)
    return sum
  }

  /** Learns that `inputs` came with `target`, believed with `weight` above 0. */
  learn(inputs: readonly number[], target: number, weight: number): void {
    const error = target - this.predict(inputs)
    const direction = this.#direction(inputs)
    let spread = 1 / weight
    for (const [index, value] of direction.entries()) spread += value * (inputs[index] ?? 0)
    const { weights, covariance } = this
    const size = weights.length
    for (const [row, down] of direction.entries()) {
      weights[row] = (weights[row] ?? 0) + (down / spread) * error
      for (const [column, across] of direction.entries()) {
        const at = row * size + column
        covariance[at] = (covariance[at] ?? 0) - (down * across) / spread
      }
    }
  }

  /** Corrects an observation made before: its target, times its weight, changed by `change`. Exact when `inputs` are the same as then. */
  revise(inputs: readonly number[], change: number): void {
    for (const [index, value] of this.#direction(inputs).entries()) this.weights[index] = (this.weights[index] ?? 0) + value * change
  }

  #direction(inputs: readonly number[]): number[] {
    const size = this.weights.length
    return Array.from({ length: size }, (_, row) => {
      let sum = 0
      for (let column = 0; column < size; column += 1) sum += (this.covariance[row * size + column] ?? 0) * (inputs[column] ?? 0)
      return sum
    })
  }
}

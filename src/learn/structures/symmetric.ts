/**
 * Symmetric positive definite matrices of a few rows, by their Cholesky factor. Rows lie one after the other.
 * Source: Golub and Van Loan, "Matrix Computations", 4.2.
 */
export class Cholesky {
  readonly size: number
  readonly #factor: Float64Array

  /** @param matrix symmetric and positive definite; `size` rows of `size` numbers */
  constructor(matrix: Float64Array, size: number) {
    this.size = size
    const factor = new Float64Array(size * size)
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column <= row; column += 1) {
        let sum = matrix[row * size + column] ?? 0
        for (let inner = 0; inner < column; inner += 1) sum -= (factor[row * size + inner] ?? 0) * (factor[column * size + inner] ?? 0)
        // Rounding may push a tiny pivot to 0 or below it.
        factor[row * size + column] = row === column ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / (factor[column * size + column] ?? 1)
      }
    }
    this.#factor = factor
  }

  /** L⁻¹ v. */
  #forward(vector: Float64Array): Float64Array {
    const { size } = this
    const solved = new Float64Array(size)
    for (let row = 0; row < size; row += 1) {
      let sum = vector[row] ?? 0
      for (let column = 0; column < row; column += 1) sum -= (this.#factor[row * size + column] ?? 0) * (solved[column] ?? 0)
      solved[row] = sum / (this.#factor[row * size + row] ?? 1)
    }
    return solved
  }

  /** A⁻¹ v. */
  solve(vector: Float64Array): Float64Array {
    const { size } = this
    const solved = this.#forward(vector)
    for (let row = size - 1; row >= 0; row -= 1) {
      let sum = solved[row] ?? 0
      for (let below = row + 1; below < size; below += 1) sum -= (this.#factor[below * size + row] ?? 0) * (solved[below] ?? 0)
      solved[row] = sum / (this.#factor[row * size + row] ?? 1)
    }
    return solved
  }
}

/** vᵀ M v. */
export const quadratic = (matrix: Float64Array, vector: Float64Array): number => {
  const size = vector.length
  let sum = 0
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) sum += (vector[row] ?? 0) * (matrix[row * size + column] ?? 0) * (vector[column] ?? 0)
  }
  return sum
}

/** vᵀ w. */
export const dot = (left: Float64Array, right: Float64Array): number => {
  let sum = 0
  for (let place = 0; place < left.length; place += 1) sum += (left[place] ?? 0) * (right[place] ?? 0)
  return sum
}

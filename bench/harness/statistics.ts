/** The value below which a share `q` in [0, 1] of the values lies, interpolated linearly; NaN without values. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const position = q * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

/** The middle value; NaN without values. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The arithmetic mean; NaN without values. */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The sample standard deviation divided by √n: how far the mean of such a sample lies from the true one; NaN below two values. */
export const standardError = (values: readonly number[]): number => {
  if (values.length < 2) return Number.NaN
  const centre = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
  return Math.sqrt(variance / values.length)
}

/** Means of `parts` consecutive stretches of equal length (the first ones a value longer when it does not divide): the curve of a stream. */
export const stretches = (values: readonly number[], parts = 10): number[] =>
  Array.from({ length: parts }, (_, part) => {
    const from = Math.ceil((part * values.length) / parts)
    const to = Math.ceil(((part + 1) * values.length) / parts)
    return mean(values.slice(from, to))
  })

import { incompleteBeta } from './incomplete-beta.ts'

/** Above so many degrees of freedom Student's distribution is taken at these: the quantiles differ by less than 1e-6. */
const mostDegrees = 1e6

const halvings = 100

/**
 * The value below which a share of Student's t distribution lies; right to 1e-9, also with few degrees of freedom, where the normal distribution is far off.
 *
 * @param share above one half, below 1
 * @param degrees of freedom, above 0; need not be whole
 */
export const studentQuantile = (share: number, degrees: number): number => {
  const held = Math.min(degrees, mostDegrees)
  const tail = 2 * (1 - share)
  // P(|T| > t) = I_x(ν/2, 1/2) with x = ν / (ν + t²): where that meets the tail, by halving.
  let [low, high] = [0, 1]
  for (let halving = 0; halving < halvings; halving += 1) {
    const middle = (low + high) / 2
    if (incompleteBeta(held / 2, 0.5, middle) < tail) low = middle
    else high = middle
  }
  const x = (low + high) / 2
  return Math.sqrt((held * (1 - x)) / x)
}

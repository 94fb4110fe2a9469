import { AutodidactError } from '../errors.ts'
import { described } from '../expect.ts'
import { softmax } from '../learn/structures/softmax.ts'
import type { Distribution } from './policy.ts'

/** Values that differ by less are equal: the difference is rounding. */
const tie = 1e-12

const highest = (values: Float64Array): number => {
  let most = -Infinity
  for (const value of values) if (value > most) most = value
  return most
}

/** How many draws estimate the probabilities of a Thompson policy. */
export const defaultDraws = 100

/** More would take seconds for what a policy with exact weights tells at once. */
const mostDraws = 100_000

/** @throws AutodidactError INVALID_INPUT when it is no whole number from 1 to 100,000 */
export const expectDraws = (draws: number, what: string): void => {
  if (Number.isInteger(draws) && draws >= 1 && draws <= mostDraws) return
  throw new AutodidactError('INVALID_INPUT', `${what} is ${described(draws)}. It is how many draws estimate the probabilities; pass a whole number from 1 to ${mostDraws}.`)
}

/**
 * The share 1 − epsilon goes to the options of the highest value, in equal parts; epsilon is shared by all options. So the propensity of
 * every option of K is at least epsilon / K, and the price of exploration is at most epsilon of the reward.
 */
export const greedyShares = (values: Float64Array, epsilon: number): Distribution => {
  const best = highest(values) - tie
  let ties = 0
  for (const value of values) if (value >= best) ties += 1
  return values.map((value) => (value >= best ? (1 - epsilon) / ties : 0) + epsilon / values.length)
}

/** Every option gets at least floor / K, and the rest as it was: a share `floor` of the decisions is uniform. */
export const withFloor = (shares: Distribution, floor: number): Distribution => shares.map((share) => (1 - floor) * share + floor / shares.length)

/** Boltzmann: shares in proportion to exp(value / temperature); temperature in the unit of the values, above 0. */
export const softmaxShares = (values: Float64Array, temperature: number): Distribution => softmax(values.map((value) => value / temperature))

/**
 * Inverse gap weighting (Foster and Rakhlin 2020, SquareCB): an option that is worse than the best by a gap g gets 1 / (K + γ g), the best the rest. Equal
 * bests share it.
 */
export const inverseGapShares = (values: Float64Array, gamma: number): Distribution => {
  const best = highest(values)
  const shares = values.map((value) => 1 / (values.length + gamma * (best - value)))
  let ties = 0
  let others = 0
  for (const [place, value] of values.entries()) {
    if (value >= best - tie) ties += 1
    else others += shares[place] ?? 0
  }
  return shares.map((share, place) => ((values[place] ?? 0) >= best - tie ? (1 - others) / ties : share))
}

/**
 * Estimates how often each of some options is the best when their values are drawn at random: the share of `draws` in which it was. Of options that draw the
 * same, the first wins.
 *
 * @param draw a value of the option at this place
 */
export const winningShares = (options: number, draws: number, draw: (place: number) => number): Distribution => {
  const shares = new Float64Array(options)
  for (let round = 0; round < draws; round += 1) {
    let winner = 0
    let most = -Infinity
    for (let place = 0; place < options; place += 1) {
      const value = draw(place)
      if (value > most) [winner, most] = [place, value]
    }
    shares[winner] = (shares[winner] ?? 0) + 1 / draws
  }
  return shares
}

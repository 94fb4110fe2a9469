import { expectList, expectNumber, expectObject } from '../../expect.ts'
import { defaultAlpha, expectAlpha, type Interval, turningPoint } from './interval.ts'

/** Bets λ = ½, ¼, … and how much is set on each: 1 / (k (k + 1)), so that no scale of the values has to be known. */
const bets = Array.from({ length: 30 }, (_, place) => {
  const bet = 2 ** -(place + 1)
  return { bet, price: -Math.log(1 - bet) - bet, logShare: -Math.log((place + 1) * (place + 2)) }
})

/** Its square is still a number. */
const largestWeight = 1e100

/** ln Σ exp: the largest is taken out, so that nothing overflows. */
const logSum = (terms: readonly number[]): number => {
  const most = terms.reduce((left, right) => Math.max(left, right), -Infinity)
  return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0))
}

/**
 * Lower bound of the mean of values of 0 or more, valid at all times at once, without a bound on the values, and where their expectations change
 * over time and depend on what came before: then it bounds the mean of these expectations.
 *
 * For every bet λ in (0, 1) exp(λ Σ (Yᵢ − μᵢ) − ψ(λ) Σ (Yᵢ − Ŷᵢ)²) is a supermartingale, with ψ(λ) = −ln(1 − λ) − λ and Ŷᵢ the mean of the values before,
 * at most 1; so is a mixture over λ, and Ville's inequality bounds it.
 *
 * Sources: Fan, Grama, Liu 2015; Howard, Ramdas, McAuliffe, Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences".
 */
export class RobustLowerBound {
  #count = 0
  #sum = 0
  #deviations = 0

  /** @param value 0 or more, finite */
  add(value: number): void {
    const expected = this.#count === 0 ? 0 : Math.min(1, this.#sum / this.#count)
    this.#deviations += (value - expected) ** 2
    this.#sum += value
    this.#count += 1
  }

  /** At most the mean of the values; 0 before the first. */
  at(alpha: number): number {
    if (this.#count === 0) return 0
    const limit = -Math.log(alpha)
    const tooLow = (mean: number): boolean =>
      logSum(bets.map(({ bet, price, logShare }) => logShare + bet * (this.#sum - this.#count * mean) - price * this.#deviations)) >= limit
    if (!tooLow(0)) return 0
    return turningPoint(0, this.#sum / this.#count, (mean) => !tooLow(mean))
  }
}

/** A reward in [0, 1] and its importance weight π(a|x) / p, 0 or more. */
export interface WeightedReward {
  readonly weight: number
  readonly reward: number
}

/**
 * Interval of the value of a policy from importance-weighted rewards that needs no assumption but that the propensities are right: valid for any sample size,
 * any weights, logs whose policy learned on the way, and at all times at once. The lower end bounds the mean of w·r, the upper one that of
 * w·(1 − r), whose expectation is 1 − value.
 *
 * Wide where weights are large: that is what such a log can prove.
 *
 * @example
 * ```ts
 * import { robustInterval } from 'autodidact'
 *
 * const rewards = Array.from({ length: 2_000 }, (_, index) => ({ weight: 1, reward: index % 2 }))
 * const { low, high } = robustInterval(rewards)
 * console.assert(low > 0.44 && low < 0.5 && high > 0.5 && high < 0.56)
 * ```
 */
export const robustInterval = (sample: readonly WeightedReward[], alpha = defaultAlpha): Interval => {
  expectList(sample, 'robustInterval: sample')
  expectAlpha(alpha, 'robustInterval')
  const gained = new RobustLowerBound()
  const missed = new RobustLowerBound()
  for (const one of sample) {
    expectObject(one, 'robustInterval: a reward of the sample')
    const { weight, reward } = one
    expectNumber(weight, 'robustInterval: weight', 0, largestWeight)
    expectNumber(reward, 'robustInterval: reward', 0, 1)
    gained.add(weight * reward)
    missed.add(weight * (1 - reward))
  }
  return { low: Math.min(1, gained.at(alpha / 2)), high: Math.max(0, 1 - missed.at(alpha / 2)) }
}

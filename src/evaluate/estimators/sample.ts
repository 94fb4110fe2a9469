import { expectFunction, expectList, expectNumber, expectObject } from '../../expect.ts'

/** Beyond this a weight says that something is wrong with the propensities, and its square might be infinite. */
const largest = 1e100

/** What a log says of one decision, and what another policy would have done there. */
export interface LoggedReward {
  /** Importance weight w = π(a|x) / p of the option taken; 0 or more. */
  readonly weight: number
  /** Raw reward r of the option taken, in [0, 1]. */
  readonly reward: number
  /** q̂(x, a): what a reward model that has not seen this run expects of the option taken, in [0, 1]. */
  readonly predicted: number
  /** Σ π(a|x) q̂(x, a): what it expects of the other policy, in [0, 1]. */
  readonly expected: number
}

/** The value of a policy, its mean reward, as far as one formula can tell it from a log. */
export interface PointEstimate {
  readonly value: number
  /** Of sampling alone, not of bias; in units of reward. */
  readonly standardError: number
}

/** One formula for the value of a policy; NaN for a log in which it would never have done what was done. */
export type Estimator = (sample: readonly LoggedReward[]) => PointEstimate

export const sumOf = <Item>(items: readonly Item[], term: (item: Item) => number): number => items.reduce((sum, item) => sum + term(item), 0)

/** The mean of terms with its standard error. */
export const meanWithError = (terms: readonly number[]): PointEstimate => {
  const value = sumOf(terms, (term) => term) / terms.length
  const squares = sumOf(terms, (term) => (term - value) ** 2)
  return { value, standardError: Math.sqrt(squares / Math.max(1, terms.length - 1) / terms.length) }
}

/** @throws AutodidactError `INVALID_INPUT` when it is no list of logged rewards */
export const expectSample = (sample: readonly LoggedReward[], what: string): void => {
  expectList(sample, `${what}: sample`)
  for (const one of sample) {
    expectObject(one, `${what}: a decision of the sample`)
    expectNumber(one.weight, `${what}: weight`, 0, largest)
    expectNumber(one.reward, `${what}: reward`, 0, 1)
    expectNumber(one.predicted, `${what}: predicted`, 0, 1)
    expectNumber(one.expected, `${what}: expected`, 0, 1)
  }
}

/** @throws AutodidactError `INVALID_INPUT` when it is no list of weights */
export const expectWeights = (weights: readonly number[], what: string): void => {
  expectList(weights, `${what}: weights`)
  for (const weight of weights) expectNumber(weight, `${what}: a weight`, 0, largest)
}

/** What an estimator makes of a sample. @throws AutodidactError `INVALID_INPUT` when it is none */
export const applied = (estimator: Estimator, sample: readonly LoggedReward[]): PointEstimate => {
  expectFunction(estimator, 'estimate: estimator')
  const made = estimator(sample)
  expectObject(made, 'estimate: what the estimator returned')
  return made
}

import type { FiniteModel, Outcome } from './finite.ts'

/** Values change by less than this from one sweep to the next when they are taken as final. */
const precision = 1e-13
const mostSweeps = 1_000_000

/** A probability per action in each state. */
export type StateShares = (state: number) => ArrayLike<number>

const outcomeValue = (outcomes: readonly Outcome[], values: Float64Array, discount: number): number => {
  let value = 0
  for (const { probability, reward, terminated, next } of outcomes) value += probability * (reward + (terminated ? 0 : discount * (values[next] ?? 0)))
  return value
}

/** Expected return of an episode, over the states it may start in. */
export const startValue = ({ start }: FiniteModel, values: Float64Array): number => start.reduce((sum, probability, state) => sum + probability * (values[state] ?? 0), 0)

/** Repeats a sweep until it changes nothing. */
const fixedPoint = (states: number, sweep: (values: Float64Array) => Float64Array): Float64Array => {
  let values: Float64Array = new Float64Array(states)
  for (let round = 0; round < mostSweeps; round += 1) {
    const next = sweep(values)
    let change = 0
    for (const [state, value] of next.entries()) change = Math.max(change, Math.abs(value - (values[state] ?? 0)))
    values = next
    if (change < precision) break
  }
  return values
}

const bestSweep = (model: FiniteModel, discount: number) => (values: Float64Array): Float64Array =>
  Float64Array.from({ length: model.states }, (_, state) =>
    (model.outcomes[state] ?? []).reduce((best, outcomes) => Math.max(best, outcomeValue(outcomes, values, discount)), -Infinity),
  )

const policySweep = (model: FiniteModel, shares: readonly ArrayLike<number>[], discount: number) => (values: Float64Array): Float64Array =>
  Float64Array.from({ length: model.states }, (_, state) =>
    (model.outcomes[state] ?? []).reduce((sum, outcomes, action) => {
      const share = shares[state]?.[action] ?? 0
      return share === 0 ? sum : sum + share * outcomeValue(outcomes, values, discount)
    }, 0),
  )

/**
 * The value of each state when the best is always done, without a limit of steps: value iteration (Bellman 1957).
 *
 * @param discount γ in [0, 1]; with 1 the task must end of itself under the best policy
 */
export const optimalValues = (model: FiniteModel, discount: number): Float64Array => fixedPoint(model.states, bestSweep(model, discount))

/** The value of each state when the best is done with so many steps left: the best there is under a limit of steps. */
export const optimalValuesWithin = (model: FiniteModel, steps: number): Float64Array => {
  let values: Float64Array = new Float64Array(model.states)
  const sweep = bestSweep(model, 1)
  for (let left = 0; left < steps; left += 1) values = sweep(values)
  return values
}

/** The places of the best actions in each state, as far as they differ by less than 1e-9; shared equally. */
export const greedyPolicy = (model: FiniteModel, values: Float64Array, discount: number): StateShares => {
  const shares = Array.from({ length: model.states }, (_, state) => {
    const worths = (model.outcomes[state] ?? []).map((outcomes) => outcomeValue(outcomes, values, discount))
    const best = worths.reduce((left, right) => Math.max(left, right), -Infinity)
    const ties = worths.filter((worth) => worth > best - 1e-9).length
    return worths.map((worth) => (worth > best - 1e-9 ? 1 / ties : 0))
  })
  return (state) => shares[state] ?? []
}

/** The expected undiscounted return of each state within so many steps, exactly, when actions are taken with these shares. */
export const policyValuesWithin = (model: FiniteModel, policy: StateShares, steps: number): Float64Array => {
  const shares = Array.from({ length: model.states }, (_, state) => policy(state))
  const sweep = policySweep(model, shares, 1)
  let values: Float64Array = new Float64Array(model.states)
  for (let left = 0; left < steps; left += 1) values = sweep(values)
  return values
}

import type { FactData } from '../log/fact.ts'
import { packBytes, unpackValues } from '../log/packed.ts'
import type { Distribution } from './policy.ts'

type Stored = FactData['decision.made']['probabilities']

/** With more exceptions than this, an array of float32 is the shorter form. */
const mostExceptions = 8

/** The probabilities as a fact holds them: most policies give all options but a few the same one. */
export const packProbabilities = (weights: Distribution): Stored => {
  const counts = new Map<number, number>()
  for (const weight of weights) counts.set(weight, (counts.get(weight) ?? 0) + 1)
  let floor = 0
  let most = 0
  for (const [weight, count] of counts) {
    if (count > most) [floor, most] = [weight, count]
  }
  if (weights.length - most > mostExceptions) return { packed: packBytes(Float32Array.from(weights)) }
  const exceptions: [number, number][] = []
  for (let place = 0; place < weights.length; place += 1) {
    const weight = weights[place] ?? 0
    if (weight !== floor) exceptions.push([place, weight])
  }
  return { floor, exceptions }
}

/** The probabilities of a logged decision, aligned with its option set; exact for the short form, to float32 for the long one. */
export const unpackProbabilities = (stored: Stored, options: number): Distribution => {
  if ('packed' in stored) return Float64Array.from(unpackValues(stored.packed))
  const weights = new Float64Array(options).fill(stored.floor)
  for (const [place, weight] of stored.exceptions) weights[place] = weight
  return weights
}

/**
 * Whether the option drawn was not (among) the most probable: taken to learn about it, rather than because it seemed best. From the probabilities as they are stored, so
 * that everybody who tells of a decision says the same.
 *
 * @param propensity of the option drawn
 */
export const isExploration = (stored: Stored, propensity: number): boolean => {
  if ('packed' in stored) return Math.fround(propensity) < unpackValues(stored.packed).reduce((left, right) => Math.max(left, right), 0)
  // The floor is the probability of at least one option: of the most.
  return propensity < stored.exceptions.reduce((most, [, probability]) => Math.max(most, probability), stored.floor)
}

import type { Complexity } from '../learn/structures/complexity.ts'

/** What tasks are compared by. */
export interface Subject {
  readonly category?: string | undefined
  readonly type?: string | undefined
  readonly complexity: Complexity
}

/** How much each part counts in a similarity; they sum to 1. */
export interface Weights {
  readonly category: number
  readonly type: number
  readonly complexity: number
  readonly text: number
}

/** Category .4, type .3, complexity .2, words .1. What the task does not tell counts for its words: they are all that is known then. */
export const weightsFor = ({ category, type }: Subject): Weights => {
  const weights = { category: category === undefined ? 0 : 0.4, type: type === undefined ? 0 : 0.3, complexity: 0.2 }
  return { ...weights, text: 1 - weights.category - weights.type - weights.complexity }
}

/** Similarity of a pattern to a task without a look at the words of either, in [0, 1 − weight of the text]. */
export const structuralSimilarity = (task: Subject, pattern: Subject, weights: Weights): number =>
  (task.category === pattern.category ? weights.category : 0) +
  (task.type === pattern.type ? weights.type : 0) +
  (task.complexity === pattern.complexity ? weights.complexity : 0)

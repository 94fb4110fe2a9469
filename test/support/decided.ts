import { featurize } from '../../src/learn/features.ts'
import type { DecisionSettled, EpisodeSettled, Transition } from '../../src/learn/learner.ts'

/** A settled decision at the point `tool`, as far as it is said. */
export const decided = (given: Partial<DecisionSettled> & { readonly option: string }): DecisionSettled => ({
  kind: 'decision.settled',
  sequence: 1,
  occurredAt: 0,
  run: 'run',
  decision: 'decision',
  point: 'tool',
  followed: true,
  propensity: 0.5,
  features: featurize({ task: '' }),
  similarity: 0,
  ...given,
})

/** One step of an episode, as far as it is said: by default one of the options `a` and `b`. */
export const transition = (given: Partial<Transition> & { readonly option: string }): Transition => ({
  decision: 'decision',
  options: ['a', 'b'],
  followed: true,
  propensity: 0.5,
  features: featurize({ task: '' }),
  weight: 1,
  terminated: false,
  truncated: false,
  ...given,
})

/** A settled episode at the point `tool`, as far as it is said. */
export const episode = (given: Partial<EpisodeSettled>): EpisodeSettled => ({
  kind: 'episode.settled',
  sequence: 1,
  occurredAt: 0,
  run: 'run',
  point: 'tool',
  ...given,
})

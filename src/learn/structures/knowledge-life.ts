import { oneSided, wilson } from '../../evaluate/statistics/wilson.ts'
import type { KnowledgeState } from '../../log/kinds/knowledge-moved.ts'

/** When an item moves from one state to another. */
export interface LifeThresholds {
  /** Uses before anything is concluded. */
  readonly leastUses: number
  /** Success rate from which an item is validated. */
  readonly validatedFrom: number
  /** Success rate below which it is deprecated. */
  readonly deprecatedBelow: number
}

/** 80 % and 5 uses, and below 40 %. */
export const lifeThresholds: LifeThresholds = { leastUses: 5, validatedFrom: 0.8, deprecatedBelow: 0.4 }

/** As many of the latest uses are judged by: an item that was good a hundred uses ago may not be so today. */
export const latestUses = 50

/** One use: how much of it was good, and how much bad; both 0 or more, together at most 1. */
export interface Use {
  /** Tells it from others, so that a verdict that changes changes this one. */
  readonly key: number
  readonly up: number
  readonly down: number
}

/** How the latest uses went, with the bounds that the true rate lies above, and below, with a confidence of 95 % each. */
export interface UseRate {
  readonly uses: number
  readonly rate: number
  readonly low: number
  readonly high: number
}

export const rateOf = (uses: readonly Use[]): UseRate => {
  let [up, total] = [0, 0]
  for (const use of uses) {
    up += use.up
    total += use.up + use.down
  }
  const { rate = 0, low, high } = wilson(up, total, oneSided)
  return { uses: uses.length, rate, low, high }
}

/**
 * The state that an item is in after its latest uses. What is archived or quarantined stays so, whatever happens: somebody put it there.
 *
 * - experimental → validated: the rate is high enough, and the true one is above ½ with a confidence of 95 %.
 * - any → deprecated: the rate is low, and the true one is below ½ with that confidence.
 * - validated → experimental: the true rate is below the threshold with that confidence, or no more than every second use goes well: it is to prove itself again.
 * - deprecated → validated: like an experimental one, by its uses since it was deprecated.
 */
export const stateAfter = (state: KnowledgeState, latest: readonly Use[], { leastUses, validatedFrom, deprecatedBelow }: LifeThresholds = lifeThresholds): KnowledgeState => {
  if (state === 'archived' || state === 'quarantined') return state
  const { uses, rate, low, high } = rateOf(latest)
  if (uses < leastUses) return state
  if (rate < deprecatedBelow && high < 0.5) return 'deprecated'
  if (rate >= validatedFrom && low > 0.5) return 'validated'
  return state === 'validated' && (high < validatedFrom || rate <= 0.5) ? 'experimental' : state
}

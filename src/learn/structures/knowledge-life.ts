import { betaBinomialInterval } from '../../statistics/sequential/beta-binomial.ts'
import type { KnowledgeState } from '../../log/kinds/knowledge-moved.ts'
import type { UseSums } from './use-counts.ts'

export type { UseSums } from './use-counts.ts'

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

/** Share of all items of which an end of the interval is ever wrong; each end alone is wrong for half of them. */
const alpha = 0.2

/** A success rate, with bounds that the true one lies above, and below, with a confidence of 90 % each, at all times at once: however often somebody looks. */
export interface UseRate {
  readonly uses: number
  /** In [0, 1]; 0 without uses. */
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** Whether somebody has put an item where nobody is told of it. */
export const isHeld = ({ state }: { readonly state: KnowledgeState }): boolean => state === 'quarantined' || state === 'archived'

/** Share of the uses that went well, in [0, 1]; 0 without any. */
export const shareOf = ({ up, down }: UseSums): number => (up + down > 0 ? Math.max(0, up) / (Math.max(0, up) + Math.max(0, down)) : 0)

/** Source of the interval: {@link betaBinomialInterval}. */
export const rateOf = (sums: UseSums): UseRate => {
  const [up, down] = [Math.max(0, sums.up), Math.max(0, sums.down)]
  return { uses: sums.uses, rate: shareOf(sums), ...betaBinomialInterval(up, up + down, alpha) }
}

/**
 * The state that an item is in after the uses since it came into its present one. What is archived or quarantined stays so, whatever happens: somebody put it there.
 *
 * - experimental or deprecated → validated: the rate is high enough, and the true one is above ½ with confidence.
 * - experimental or validated → deprecated: the rate is low, and the true one is below ½ with confidence.
 * - validated → experimental: the true rate is below the threshold with confidence, or no more than every second use goes well: it is to prove itself again.
 */
export const stateAfter = (state: KnowledgeState, since: UseSums, { leastUses, validatedFrom, deprecatedBelow }: LifeThresholds = lifeThresholds): KnowledgeState => {
  if (isHeld({ state }) || since.uses < leastUses) return state
  const rate = shareOf(since)
  // The interval takes a thousand times as long as the rate, and mostly is not asked for.
  if (state !== 'deprecated' && rate < deprecatedBelow && rateOf(since).high < 0.5) return 'deprecated'
  if (state !== 'validated') return rate >= validatedFrom && rateOf(since).low > 0.5 ? 'validated' : state
  return rate <= 0.5 || (rate < validatedFrom && rateOf(since).high < validatedFrom) ? 'experimental' : state
}

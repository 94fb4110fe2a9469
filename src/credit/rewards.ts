import type { Dossier } from './dossier.ts'

/** What one decision of a run is worth, as far as is known. */
export interface DecisionReward {
  /** Its id. */
  readonly decision: string
  readonly point: string
  /** The option really taken. */
  readonly option: string
  /** In [0, 1]. */
  readonly reward: number
}

/**
 * What the decisions of a run are worth; those that nobody has judged are not there. For receipts, which are made after the commit: a reward of somebody's own that
 * fails must not make a record look as if it had, so its decisions are left out here, and learning says what is wrong.
 */
export const rewardsOf = (dossier: Dossier): readonly DecisionReward[] => {
  const rewards: DecisionReward[] = []
  for (const decision of dossier.decisions.values()) {
    try {
      const { option, verdict } = dossier.settlementOf(decision)
      if (verdict !== undefined) rewards.push({ decision: decision.id, point: decision.point, option, reward: verdict.reward })
    } catch {
      continue
    }
  }
  return rewards
}

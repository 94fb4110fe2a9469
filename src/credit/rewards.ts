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

/** What the decisions of a run are worth; those that nobody has judged, or whose reward gave no number, are not there. */
export const rewardsOf = (dossier: Dossier): readonly DecisionReward[] =>
  [...dossier.decisions.values()].flatMap((decision) => {
    const { option, verdict } = dossier.settlementOf(decision)
    return verdict === undefined ? [] : { decision: decision.id, point: decision.point, option, reward: verdict.reward }
  })

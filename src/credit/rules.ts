import { contentDigest } from '../log/canonical.ts'
import { RefusedRewards } from './refused-rewards.ts'
import type { Reward } from './reward.ts'
import { defaultVerdictWeights, judgeLevels, type VerdictWeights } from './votes.ts'

/** How the log is read as credit. */
export interface CreditRules {
  /** How much a verdict of each level is believed. */
  readonly weights: VerdictWeights
  /** What the decisions of a choice point are worth by the evidence; undefined where the verdict itself is the reward. */
  readonly rewardAt: (point: string) => Reward | undefined
  /** Tells these rules from others; empty for the default ones. What was learned under other rules is another state. */
  readonly key: string
  /** What those rewards gave that is no number. */
  readonly refused: RefusedRewards
}

/** What may be set. */
export interface CreditSettings {
  readonly weights?: Partial<VerdictWeights>
  /** Of every choice point that has none of its own. */
  readonly reward?: Reward
  readonly rewards?: ReadonlyMap<string, Reward>
}

const described = (reward: Reward | undefined): unknown => (reward === undefined ? undefined : [reward.name, reward.settings ?? {}])

export const creditRules = ({ weights, reward, rewards = new Map() }: CreditSettings = {}): CreditRules => {
  const all = { ...defaultVerdictWeights, ...weights }
  const ordinary = judgeLevels.every((level) => all[level] === defaultVerdictWeights[level])
  const own = [...rewards].map(([point, one]) => [point, described(one)] as const).sort(([left], [right]) => (left < right ? -1 : 1))
  const unrewarded = reward === undefined && own.length === 0
  const content = unrewarded ? all : { weights: all, reward: described(reward) ?? null, points: own }
  return { weights: all, rewardAt: (point) => rewards.get(point) ?? reward, key: ordinary && unrewarded ? '' : contentDigest(content).slice(0, 8), refused: new RefusedRewards() }
}

/** Verdicts as they are, with their default weights. */
export const defaultRules: CreditRules = creditRules()

import type { Share } from '../../statistics/share.ts'
import { wilson } from '../../statistics/wilson.ts'
import type { RunTable } from './run-table.ts'

/** Recorded runs: how many, and how they went. */
export interface RunCounts {
  /** Recorded runs. */
  readonly runs: number
  /** Those with a verdict, out of the recorded ones. */
  readonly verified: Share
  /** Those with a reward above one half, out of the verified ones. */
  readonly success: Share
  /** Mean reward of the verified runs, in [0, 1], every run counted alike; absent without verified runs. */
  readonly reward?: number
}

/** A reward above this is a success. */
export const successFrom = 0.5

/** Mean of some rewards, which rounding must not push out of [0, 1]; nothing without any. */
export const meanReward = ({ settled, reward }: { readonly settled: number; readonly reward: number }): { readonly reward?: number } =>
  settled > 0 ? { reward: Math.min(1, Math.max(0, reward / settled)) } : {}

/** How the runs in some rows went. */
export const runCounts = (table: RunTable, rows: readonly number[]): RunCounts => {
  const rewards = table.reward.told(rows)
  return {
    runs: rows.length,
    verified: wilson(rewards.length, rows.length),
    success: wilson(rewards.filter((reward) => reward > successFrom).length, rewards.length),
    ...meanReward({ settled: rewards.length, reward: rewards.reduce((sum, reward) => sum + reward, 0) }),
  }
}

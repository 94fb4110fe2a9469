import type { DecisionReward } from '../credit/rewards.ts'
import type { Standing } from '../storage/storage.ts'

/** What became of one part of a record. */
export interface ReceiptPart {
  readonly part: string
  readonly status: 'stored' | 'merged' | 'refused'
  /** Why it was refused, or what was changed. */
  readonly reason?: string
}

/** The truth about a write: made after it was committed. */
export interface RecordReceipt {
  readonly run: string
  /** `merged`: the same run with the same content was there already. */
  readonly status: 'stored' | 'merged'
  readonly parts: readonly ReceiptPart[]
  /** How recall treats the run now. */
  readonly standing: Standing
  /** What the decisions of the run are worth now; those that nobody has judged are not there. */
  readonly rewards: readonly DecisionReward[]
}

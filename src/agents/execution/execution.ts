import type { Decision } from '../../decide/choose.ts'
import type { RecordReceipt } from '../../record/receipt.ts'
import type { Warning } from '../../warning.ts'
import type { Failure, Recovery } from './journal.ts'
import type { Outputs } from './task.ts'

/** What a caller may say of one execution. */
export interface ExecuteSettings {
  /** Ends it. A task under `incremental` can be taken up again; another one is recorded without a verdict. */
  readonly signal?: AbortSignal
}

/** What came of a task. */
export interface Execution {
  /** Names it in `feedback`. */
  readonly run: string
  /** Id of the task. */
  readonly task: string | undefined
  readonly approach: string
  /** Which approach was drawn, with which probability, and why; of a task that was taken up again, as it was drawn then. Undefined where nothing could be decided. */
  readonly decision: Decision | undefined
  /** True for a task that went on where another process had died over it. */
  readonly resumed: boolean
  /** Whether all steps were done, and the check says that it went well. */
  readonly success: boolean
  /** The very error that the step which failed for good threw at first; undefined when all were done. */
  readonly error: unknown
  /** What the steps that were done returned. */
  readonly outputs: Outputs
  /** Every error, also of steps that were done in the end; those of an earlier process by name and message. */
  readonly failures: readonly Failure[]
  readonly recoveries: readonly Recovery[]
  /** What it had that success may be owed to, as it was recorded. */
  readonly factors: readonly string[]
  /** What the approach has earned so far, in [0, 1]; undefined where nobody has judged it. */
  readonly reward: number | undefined
  readonly durationMs: number
  /** Undefined when it could not be written; a warning says why. */
  readonly receipt: RecordReceipt | undefined
  readonly warnings: readonly Warning[]
}

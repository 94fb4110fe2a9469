import type { Share } from '../statistics/share.ts'
import type { ExportSettings } from '../export/export.ts'
import type { Json } from '../log/payload.ts'
import type { PruneReport } from '../state/prune.ts'

/** A run that somebody was not content with, in their words. */
export interface IssueExample {
  readonly run: string
  readonly agent?: string
  readonly task: string
  /** What was answered; absent where it was not told, or was pruned. */
  readonly response?: Json
  /** The right answer, where somebody gave it. */
  readonly correction?: Json
  /** Mean of the ratings of the run, in [0, 1]; absent where nobody rated. */
  readonly rating?: number
  /** What people wrote, the latest last. */
  readonly comments: readonly string[]
}

/** What is not good enough in one kind of task. */
export interface Issue {
  /** The category that was given, or the kind that the tasks are like. */
  readonly kind: string
  /** Runs rated below one half, or corrected. */
  readonly runs: number
  /** The same out of all runs of the kind with a verdict. */
  readonly share: Share
  /** Runs of these that were rated below one half. */
  readonly badRatings: number
  /** Runs of these whose answer was replaced by another. */
  readonly corrections: number
  /** The latest, at most as many as were asked for. */
  readonly examples: readonly IssueExample[]
}

/** Training data that could be made of the log. */
export interface ExportProposal {
  /** `demonstrations`: tasks with a right answer. `preferences`: tasks with a wrong answer and the one that somebody gave instead. */
  readonly use: 'demonstrations' | 'preferences'
  /** Runs. */
  readonly examples: number
  /** Different tasks among them. */
  readonly tasks: number
  /** Different users among them, those that are not named as one: a test set is split off by user. */
  readonly users: number
  /** By kind of task, the most first; at most five. */
  readonly kinds: readonly { readonly kind: string; readonly examples: number }[]
  /** True from a hundred different tasks on. */
  readonly isWorthwhile: boolean
  /** What `export` takes to give the facts of these runs, and those of others that were written meanwhile. */
  readonly settings: ExportSettings
  /** All of it in one line. */
  readonly answer: string
}

/** What could be improved, what was tidied up, and what the log is good for. */
export interface Improvement {
  /** The kinds of tasks with the most such runs first. */
  readonly issues: readonly Issue[]
  /** What was pruned or, in a dry run, would be; absent for a store that cannot. */
  readonly pruned?: PruneReport
  /** Both uses, whether they are worth while or not. */
  readonly exports: readonly ExportProposal[]
}

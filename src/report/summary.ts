import type { ExperimentStatus } from '../evaluate/experiments/experiment.ts'
import type { SourceReputation } from '../learn/learners/source-reputation.ts'
import type { LessonReport } from './lessons.ts'
import type { FactorPerformance } from '../evaluate/metrics/factors.ts'
import type { GroupPerformance } from '../evaluate/metrics/groups.ts'
import type { Performance } from '../evaluate/metrics/performance.ts'
import type { RunCounts } from '../evaluate/metrics/run-counts.ts'
import type { ActionFigures } from '../evaluate/metrics/steps.ts'
import type { Share } from '../statistics/share.ts'
import type { KindStatistics } from '../learn/learners/task-statistics.ts'
import type { Recommendation } from './recommendations/recommendation.ts'

/** One tenth of the recorded runs, in the order in which they happened. */
export interface TenthReport extends RunCounts {
  /** 1 to 10. */
  readonly tenth: number
  /** When its first run happened, in milliseconds since 1970-01-01 UTC; absent when it has none. */
  readonly since?: number
}

/** The runs of one agent. */
export interface AgentReport extends RunCounts {
  /** Absent for runs that name no agent. */
  readonly agent?: string
  /** Over all kinds of task; of the hundred agents with the most runs. */
  readonly performance?: Performance
}

/** The runs of one kind of task. */
export interface KindReport extends Omit<KindStatistics, 'success'> {
  /** Runs with a reward above one half, out of those with a verdict, every run counted alike: the number of every rendering, and that of `performance.success`. */
  readonly interval: Share
  /** Mean reward of the runs with a verdict, weighted by how much each verdict is to be believed; in [0, 1]. */
  readonly weightedReward: number
  /** Over all agents, every run counted alike, those without a verdict too; of the hundred kinds with the most runs. */
  readonly performance?: Performance
}

/** One option of a choice point. */
export interface OptionReport {
  readonly option: string
  /** Decisions that drew it. */
  readonly chosen: number
  /** Decisions with a verdict in which it was really taken. */
  readonly settled: number
  /** Mean reward of these, in [0, 1], every decision counted alike; absent without any. */
  readonly reward?: number
}

/** One named choice point. */
export interface PointReport {
  readonly point: string
  readonly decisions: number
  /** Decisions with a verdict. */
  readonly settled: number
  /** Those where the agent did as advised, out of those with a verdict. */
  readonly followed: Share
  /** Those that drew an option of less than the highest probability, out of those in which not all options were equally likely: where all are, as by `uniform`, there is none to depart from. */
  readonly explored: Share
  /** Mean reward of the settled decisions, in [0, 1]; absent without any. */
  readonly reward?: number
  /** Most often chosen first. */
  readonly options: readonly OptionReport[]
}

/** How an item that was recalled did. */
export interface ItemReport {
  readonly id: string
  /** Task of the run or title of the knowledge; absent when it was forgotten. */
  readonly task?: string
  /** Settled runs that were shown it. */
  readonly runs: number
  /** Weight of the verdicts for it, out of all weight. */
  readonly helped: Share
}

/** What people and programs said of runs. */
export interface FeedbackReport {
  /** All that was received. */
  readonly received: number
  /** Ratings above one half. */
  readonly up: number
  /** Ratings below one half. */
  readonly down: number
  readonly corrections: number
  /** Outcomes from outside. */
  readonly outcomes: number
  readonly comments: number
  readonly retracted: number
  /** Different people or programs. */
  readonly authors: number
}

/** The file and what is kept beside the log. */
export interface StorageReport {
  /** Facts of the namespace that are in the log. */
  readonly facts: number
  /** Bytes of the whole store, all namespaces together. */
  readonly bytes: number
  /** Snapshots that this process could not write; they only save time. */
  readonly failedSnapshots: number
  /** What a confirmed write survives. */
  readonly durability: 'none' | 'process' | 'power'
}

/** How one agent does one kind of task, and what its latest runs spend their time on. */
export interface GroupReport extends GroupPerformance {
  /** At most three actions of its latest runs: those that take the most time, or where steps do not tell, those that fail or are used most. Empty for fewer than five runs. */
  readonly steps: readonly ActionFigures[]
}

/** What the namespace has learned so far, as far as it can be counted. */
export interface LearnedReport {
  /** Pairs of a kind of task and an approach that went well three times or more. */
  readonly patterns: number
  /** What may be recalled: judged runs, and pieces of knowledge. */
  readonly memories: number
  /** What agents said they owed their success to: at most three, the surest first. */
  readonly factors: readonly FactorPerformance[]
}

/** An experiment at a choice point, and its present answer. */
export type ExperimentReport = Pick<ExperimentStatus, 'id' | 'point' | 'state' | 'startedAt' | 'winner' | 'answer'>

/** Whether it is learning. Plain data; all times are milliseconds since 1970-01-01 UTC. */
export interface Report extends RunCounts {
  readonly namespace: string
  /** When the first fact was written; absent when there is none. */
  readonly since?: number
  /** When the last fact was written. */
  readonly until?: number
  /** Advice given. */
  readonly advice: number
  /** Advised runs that were never recorded, so far. */
  readonly unrecorded: number
  /** Advised runs whose deadline passed without a verdict. */
  readonly expired: number
  /** Pieces of knowledge written. */
  readonly knowledge: number
  /** Most runs first. */
  readonly kinds: readonly KindReport[]
  /** Ten entries, the trend; none where there are fewer than 50 runs, five in each, which tell too little. */
  readonly tenths: readonly TenthReport[]
  /** Most runs first. */
  readonly agents: readonly AgentReport[]
  /** Most decisions first. */
  readonly points: readonly PointReport[]
  readonly items: {
    /** Different items ever shown in a settled run. */
    readonly shown: number
    /** At most five, by the lower end of their interval, where they helped more often than not; what was withheld at times only where its effect is shown to be good. */
    readonly helpful: readonly ItemReport[]
    /** At most five, by the upper end of their interval, where they did not; what was withheld at times only where its effect is shown to be bad. */
    readonly harmful: readonly ItemReport[]
  }
  readonly feedback: FeedbackReport
  readonly storage: StorageReport
  /** All runs together. */
  readonly overall: Performance
  /** By kind of task and agent, the most runs first; at most a hundred. */
  readonly groups: readonly GroupReport[]
  /** How many groups there are. */
  readonly groupCount: number
  readonly learned: LearnedReport
  /** What to change, the most urgent first. Made anew for each report; empty when there is nothing that the runs show. */
  readonly recommendations: readonly Recommendation[]
  /** Those that were not stopped, in the order in which they began. */
  readonly experiments: readonly ExperimentReport[]
  /** Knowledge whose effect is told by `withholding`, what pays first; at most 20. Empty where nothing was ever left out by a draw. */
  readonly lessons: readonly LessonReport[]
  /** Sources whose items were shown to runs that others judged, those in the worst repute first; at most 20. */
  readonly sources: readonly SourceReputation[]
}

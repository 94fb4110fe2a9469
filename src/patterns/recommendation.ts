import type { Complexity } from '../learn/structures/complexity.ts'
import type { ShareDifference } from '../statistics/newcombe.ts'
import type { Share } from '../statistics/share.ts'

/** How patterns are kept and recommendations made of them; every field has a default. */
export interface PatternSettings {
  /** Patterns that are kept, from 10 to 1,000,000. Default 1,000. */
  readonly patternLimit?: number
  /** Solutions that are kept, cases of one error and one fix, from 10 to 100,000; see `errorFixes`. Default 1,024. */
  readonly solutionLimit?: number
  /** Runs that are not more similar than this do not count, in [0, 1). Default .3. */
  readonly similarityThreshold?: number
  /** How many runs one similar run counts as, above 0 to 10. Above 1 the confidence rises sooner, and is no lower bound of 95 % any more. Default 1. */
  readonly confidenceBoost?: number
}

/** A task to be done. */
export interface RecommendInput {
  /** In words. */
  readonly task: string
  /** Kind of task, as runs are recorded with. */
  readonly category?: string
  /** What kind of work it is within its category. */
  readonly type?: string
  /** Names of what must be done before it; at most 1,000. */
  readonly dependencies?: readonly string[]
  /** How much work it is estimated to be, 0 or more in the unit that runs are recorded with. */
  readonly effort?: number
  /** For whom: only runs of this user, and of nobody in particular, are named as similar. What is recommended counts all. */
  readonly user?: string
  /** Similar runs that are named; default 5, at most 32. */
  readonly limit?: number
}

/** What is known of one way to go about such tasks. */
export interface ApproachEvidence {
  readonly approach: string
  /** Similar runs that took it. */
  readonly runs: number
  /**
   * Share of them that went well, each by its similarity and by how much its verdict is to be believed: `of` is what they amount to, less than `runs`. Wilson's 95 %
   * interval.
   */
  readonly success: Share
  /** Mean duration of those that told theirs, in milliseconds. */
  readonly durationMs?: number
}

/** An approach that is not recommended, and how the recommended one compares. */
export interface AlternativeApproach extends ApproachEvidence {
  /** Success of the recommended approach less that of this one, with its 95 % interval. */
  readonly difference: ShareDifference
}

/** What agents said they owed their success to, or a tool. */
export interface NamedEvidence {
  readonly name: string
  /** Similar runs of the recommended approach that had it; of a tool: that tried it, whether it then failed or not. */
  readonly runs: number
  /** Of these runs. */
  readonly success: Share
  /** Success with it less success without it, with its 95 % interval. */
  readonly difference: ShareDifference
}

/** A tool, how the runs that tried it went, and how often it failed by itself. */
export interface ToolEvidence extends NamedEvidence {
  /** Of the tool in these runs. */
  readonly calls: number
  /** Calls that failed. */
  readonly failed: number
}

/** A past run like the task. */
export interface SimilarRun {
  readonly run: string
  readonly task: string
  /** In [0, 1]. */
  readonly similarity: number
  readonly approach: string
  /** Its verdict, in [0, 1]. */
  readonly reward: number
}

/** How to go about a task, by what similar runs came to. */
export interface Recommendation {
  /** The approach whose success is surest; `standard` where no similar run is known. */
  readonly approach: string
  /** Lower end of the 95 % interval of its success (Wilson 1927), in [0, 1]; 0 where no similar run is known. */
  readonly confidence: number
  readonly complexity: Complexity
  /** What is known of the approach; absent where no similar run is known. */
  readonly evidence?: ApproachEvidence
  /** The other approaches of similar runs, the surest first. */
  readonly alternatives: readonly AlternativeApproach[]
  /** At most five of each, the surest first; those that are shown to make it worse, and tools that always failed, are left out. */
  readonly tools: readonly ToolEvidence[]
  readonly factors: readonly NamedEvidence[]
  /** Both those that went well and those that did not; the most similar first. */
  readonly similar: readonly SimilarRun[]
  /** All of it in words, a line each. */
  readonly recommendations: readonly string[]
}

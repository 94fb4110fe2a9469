import { z } from 'zod'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import type { Share } from '../../statistics/share.ts'
import { wilson } from '../../statistics/wilson.ts'
import { percentText } from '../../statistics/in-words.ts'
import { callable, validated } from '../../log/validate.ts'
import type { LearnedReport, PointReport, Report } from '../../report/summary.ts'
import type { Execution } from './execution.ts'
import type { Task } from './task.ts'

/** How a loop works. */
export interface LoopSettings {
  /** Ends the loop, and the task under way. */
  readonly signal?: AbortSignal
  /** Told after each task. */
  readonly onExecution?: (execution: Execution) => void
  /** Told after every `reportEvery` tasks. */
  readonly onReport?: (summary: LoopSummary) => void
  /** 1 or more. Default 10. */
  readonly reportEvery?: number
}

/** What one approach has earned, in all the log. */
export interface ApproachSummary {
  readonly approach: string
  /** Tasks that it was chosen for. */
  readonly chosen: number
  /** Mean reward of those that were judged, as a share of them, with its interval. */
  readonly reward: Share
}

/** What was done, and what is known by now. */
export interface LoopSummary {
  /** Tasks of this loop that came to an end. */
  readonly executed: number
  readonly succeeded: number
  readonly failed: number
  /** Tasks of this loop that were done before under their id, or are under way elsewhere. */
  readonly skipped: number
  /** Tasks in which a step failed and was done in the end. */
  readonly recovered: number
  /** Of the whole log of the project, the best lower end first. */
  readonly approaches: readonly ApproachSummary[]
  /** What follows from them, in words, each with its evidence. */
  readonly insights: readonly string[]
  /** Everything else that the log says. */
  readonly report: Report
}

/** What the loop needs of an execution; the class itself would import this file in a circle. */
export interface Executing {
  readonly autodidact: Autodidact
  readonly point: string
  executeTaskWithLearning(task: Task, settings: { readonly signal?: AbortSignal }): Promise<Execution>
}

const settingsInput = z.strictObject({
  signal: z.instanceof(AbortSignal).optional(),
  onExecution: callable.optional(),
  onReport: callable.optional(),
  reportEvery: z.number().int().min(1).optional(),
})

/** A loop that is started again comes upon what it has done. */
const isElsewhere = (error: unknown): boolean => AutodidactError.is(error) && ['ALREADY_EXISTS', 'BUSY', 'CONFLICT'].includes(error.code)

const isIterable = (tasks: unknown): boolean => typeof tasks === 'object' && tasks !== null && (Symbol.iterator in tasks || Symbol.asyncIterator in tasks)

/** Carries out task after task; see {@link AdaptiveExecution.continuousLearningLoop}. */
export const learningLoop = async (execution: Executing, tasks: Iterable<Task> | AsyncIterable<Task>, settings: LoopSettings): Promise<LoopSummary> => {
  validated(settingsInput, settings, 'continuousLearningLoop')
  if (!isIterable(tasks)) throw new AutodidactError('INVALID_INPUT', 'continuousLearningLoop: tasks is no list. Pass a list of tasks, or anything that can be iterated over.')
  const { signal, onExecution, onReport, reportEvery = 10 } = settings
  const counts = { executed: 0, succeeded: 0, failed: 0, skipped: 0, recovered: 0 }
  // Asked anew each time: it may be aborted while a task is under way.
  const isOver = (): boolean => signal?.aborted === true
  if (!isOver()) {
    for await (const task of tasks) {
      try {
        const done = await execution.executeTaskWithLearning(task, signal === undefined ? {} : { signal })
        counts.executed += 1
        counts[done.success ? 'succeeded' : 'failed'] += 1
        if (done.recoveries.length > 0) counts.recovered += 1
        onExecution?.(done)
      } catch (error) {
        // What is thrown then is the reason of the signal, which ends the loop and is no failure.
        if (!isOver() && !isElsewhere(error)) throw error
        if (!isOver()) counts.skipped += 1
      }
      if (isOver()) break
      if (counts.executed % reportEvery === 0) onReport?.(await summaryOf(execution, counts))
    }
  }
  return summaryOf(execution, counts)
}

const summaryOf = async ({ autodidact, point }: Executing, counts: Pick<LoopSummary, 'executed' | 'succeeded' | 'failed' | 'skipped' | 'recovered'>): Promise<LoopSummary> => {
  const report = await autodidact.report()
  const approaches = approachesOf(report.points.find((one) => one.point === point))
  return { ...counts, approaches, insights: [...insightsOf(approaches), ...factorInsights(report.learned)], report }
}

const approachesOf = (point: PointReport | undefined): ApproachSummary[] =>
  (point?.options ?? [])
    .map(({ option, chosen, settled, reward = 0 }) => ({ approach: option, chosen, reward: wilson(reward * settled, settled) }))
    .sort((left, right) => right.reward.low - left.reward.low)

/** Fewer judged tasks than this say too little to speak of. */
const leastTasks = 5

const interval = ({ rate = 0, low, high }: Share, what: string): string => `${percentText(rate)} of ${what}, ${percentText(low)} to ${percentText(high)}`

const described = ({ reward }: ApproachSummary): string => interval(reward, `${reward.of} tasks`)

/** What can be said of the approaches with 95 % confidence, and what cannot be said yet. */
const insightsOf = (approaches: readonly ApproachSummary[]): string[] => {
  const known = approaches.filter(({ reward }) => reward.of >= leastTasks)
  const [best] = known
  if (best === undefined) return [`No approach has ${leastTasks} judged tasks yet: there is nothing to be said of them.`]
  const worse = known.filter(({ reward }) => reward.high < best.reward.low)
  const open = known.filter((one) => one !== best && !worse.includes(one))
  return [
    `"${best.approach}" earned most: ${described(best)}.`,
    ...worse.map((one) => `"${one.approach}" earned less: ${described(one)}.`),
    ...open.map((one) => `"${one.approach}" cannot be told from it yet: ${described(one)}.`),
  ]
}

/** What tasks had in common that went well more often than not, as far as there are enough of them. */
const factorInsights = ({ factors }: LearnedReport): string[] => {
  const told = factors.filter(({ runs, success: { rate = 0 } }) => runs >= leastTasks && rate > 0.5)
  return told.length === 0 ? [] : [`Success factors: ${told.map(({ factor, runs, success }) => `"${factor}" (${interval(success, `${runs} tasks`)})`).join(', ')}.`]
}

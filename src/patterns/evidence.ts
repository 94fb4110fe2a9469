import { dossiersOf, outcomeKinds } from '../credit/run-facts.ts'
import type { Verdict } from '../learn/learner.ts'
import { type ExecutionPattern, type PatternTally, standardApproach, type ToolTally } from '../learn/learners/execution-patterns.ts'
import { type Calls, callsOf } from '../learn/structures/calls.ts'
import { complexityOf } from '../learn/structures/complexity.ts'
import { wilson } from '../statistics/wilson.ts'
import type { Share } from '../statistics/share.ts'
import type { Scope } from '../scope.ts'
import type { SimilarRun } from './recommendation.ts'
import { type Subject, structuralSimilarity, type Weights } from './similarity.ts'

/** Runs that are looked up by the words of the task. Each counts, also those of the very same task: recall shows one of them, and how often it went wrong is lost. */
const mostFound = 64
/** What is less relevant is not looked at, as in recall. */
const floor = 0.2

/** Runs, and what they amount to. */
export class Evidence {
  runs = 0
  weight = 0
  reward = 0

  /** @param share how much each of the runs counts */
  add({ runs, weight, reward }: PatternTally, share: number): void {
    this.runs += runs
    this.weight += share * weight
    this.reward += share * reward
  }

  get share(): Share {
    return wilson(this.reward, this.weight)
  }
}

/** Runs that tried a tool, and its calls in them. */
export class ToolEvidence extends Evidence {
  calls = 0
  failed = 0

  call({ calls, failed }: Calls): void {
    this.calls += calls
    this.failed += failed
  }
}

/** Everything known of one approach to such tasks. */
export class ApproachTally extends Evidence {
  readonly approach: string
  readonly tools = new Map<string, ToolEvidence>()
  readonly factors = new Map<string, Evidence>()
  #timed = 0
  #durationMs = 0

  constructor(approach: string) {
    super()
    this.approach = approach
  }

  get durationMs(): number | undefined {
    return this.#timed === 0 ? undefined : this.#durationMs / this.#timed
  }

  time(durationMs: number | undefined, share: number): void {
    if (durationMs === undefined) return
    this.#timed += share
    this.#durationMs += share * durationMs
  }
}

const addFactor = (factors: Map<string, Evidence>, name: string, tally: PatternTally, share: number): void => {
  const known = factors.get(name) ?? new Evidence()
  known.add(tally, share)
  factors.set(name, known)
}

const addTool = (tools: Map<string, ToolEvidence>, name: string, tally: ToolTally, share: number): void => {
  const known = tools.get(name) ?? new ToolEvidence()
  known.add(tally, share)
  known.call(tally)
  tools.set(name, known)
}

/** Calls of a run that its pattern has counted. */
const noCalls: Calls = { calls: 0, failed: 0 }

/** A run that the words of the task have found. */
interface FoundRun extends Subject {
  readonly run: string
  readonly user: string | undefined
  readonly task: string
  readonly relevance: number
  readonly approach: string
  readonly verdict: Verdict
  readonly calls: ReadonlyMap<string, Calls>
  readonly factors: readonly string[]
  readonly durationMs: number | undefined
}

const runsFoundBy = async ({ storage, namespace }: Scope, task: string): Promise<FoundRun[]> => {
  const hits = await storage.search({ namespace, text: task, limit: mostFound, standings: ['success', 'failure'], kinds: ['episode'] })
  const near = hits.filter(({ relevance }) => relevance >= floor)
  const dossiers = await dossiersOf(storage, namespace, near.map(({ id }) => id), [...outcomeKinds, 'decision.made'])
  return near.flatMap(({ id, relevance }): FoundRun[] => {
    const dossier = dossiers.get(id)
    const data = dossier?.recorded?.data
    if (dossier?.verdict === undefined || data === undefined) return []
    const { category, type, dependencies, effort, factors = [], steps, durationMs } = data
    return [
      {
        run: id,
        user: dossier.recorded?.user,
        task: data.task,
        relevance,
        category,
        type,
        complexity: complexityOf({ description: data.task, category, dependencies, effort }),
        approach: dossier.approach ?? standardApproach,
        verdict: dossier.verdict,
        calls: callsOf(steps.map(({ action }) => action), steps.flatMap(({ ok }, place) => (ok === false ? place : []))),
        factors,
        durationMs,
      },
    ]
  })
}

/** What similar runs say, by approach, and the ones among them that were found by their words. */
export interface SimilarRuns {
  readonly approaches: readonly ApproachTally[]
  /** The most similar first. */
  readonly runs: readonly (SimilarRun & { readonly user: string | undefined })[]
}

/**
 * Everything that is similar enough, each run by its similarity: patterns tell of all runs what does not depend on their words, and the words of the task find the
 * runs that are the more similar for theirs. So every run counts once, however many there are.
 *
 * @param boost how many runs one run counts as
 */
export const similarRuns = async (
  scope: Scope,
  task: string,
  subject: Subject,
  patterns: readonly ExecutionPattern[],
  { weights, threshold, boost }: { readonly weights: Weights; readonly threshold: number; readonly boost: number },
): Promise<SimilarRuns> => {
  const approaches = new Map<string, ApproachTally>()
  const at = (approach: string): ApproachTally => {
    const tally = approaches.get(approach) ?? new ApproachTally(approach)
    approaches.set(approach, tally)
    return tally
  }
  for (const pattern of patterns) {
    const similarity = structuralSimilarity(subject, pattern, weights)
    if (similarity <= threshold) continue
    const tally = at(pattern.approach)
    tally.add(pattern, boost * similarity)
    tally.time(pattern.durationMs, similarity * pattern.runs)
    for (const [name, own] of pattern.tools) addTool(tally.tools, name, own, boost * similarity)
    for (const [name, own] of pattern.factors) addFactor(tally.factors, name, own, boost * similarity)
  }
  const runs: (SimilarRun & { readonly user: string | undefined })[] = []
  for (const run of await runsFoundBy(scope, task)) {
    const structural = structuralSimilarity(subject, run, weights)
    const similarity = structural + weights.text * run.relevance
    if (similarity <= threshold) continue
    const isCounted = structural > threshold
    const { weight, reward } = run.verdict
    const own = { runs: isCounted ? 0 : 1, weight, reward: weight * reward }
    const share = isCounted ? similarity - structural : similarity
    const tally = at(run.approach)
    tally.add(own, boost * share)
    tally.time(run.durationMs, share)
    for (const [name, calls] of run.calls) addTool(tally.tools, name, { ...own, ...(isCounted ? noCalls : calls) }, boost * share)
    for (const name of new Set(run.factors)) addFactor(tally.factors, name, own, boost * share)
    runs.push({ run: run.run, user: run.user, task: run.task, similarity, approach: run.approach, reward })
  }
  return { approaches: [...approaches.values()], runs: runs.sort((left, right) => right.similarity - left.similarity || (left.run < right.run ? -1 : 1)) }
}

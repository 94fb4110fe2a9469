import { z } from 'zod'
import type { ExperimentStatus } from '../evaluate/experiments/experiment.ts'
import { statuses } from '../evaluate/experiments/status.ts'
import { noticeDeadlines } from '../credit/deadlines.ts'
import { performancesBy } from '../evaluate/metrics/groups.ts'
import { runCounts } from '../evaluate/metrics/run-counts.ts'
import { performanceOf } from '../evaluate/metrics/performance.ts'
import type { RunTable } from '../evaluate/metrics/run-table.ts'
import { knowledgeItems, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import { type KindStatistics, taskStatistics } from '../learn/learners/task-statistics.ts'
import { replay } from '../learn/replay.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { kinds } from '../log/kinds/index.ts'
import type { FactKind } from '../log/fact.ts'
import { validated } from '../log/validate.ts'
import { whole } from '../log/blobs.ts'
import type { Scope } from '../scope.ts'
import { groupReports, patternsIn } from './performance.ts'
import { defaultLimits } from './recommendations/recommend.ts'
import type { RecommendationLimits } from './recommendations/recommendation.ts'
import type { ExperimentReport, ItemReport, KindReport, Report } from './summary.ts'
import { lessonsOf, verdictOf } from './lessons.ts'
import { sourcesOf } from './sources.ts'
import { Tally } from './tally.ts'
import { wilson } from '../statistics/wilson.ts'

const shownFactors = 3

/** Items named as most and as least helpful. */
const shownItems = 5

/** Of which it is asked at once whether they are still there. */
const itemsAtOnce = 50

const settingsInput = z.strictObject({
  limits: z
    .strictObject({
      durationMs: z.number().positive().default(defaultLimits.durationMs),
      iterations: z.number().positive().default(defaultLimits.iterations),
      success: z.number().min(0).max(1).default(defaultLimits.success),
      errors: z.number().positive().default(defaultLimits.errors),
    })
    .prefault({}),
  minPriority: z.number().int().min(1).max(10).default(1),
})

/** What a report recommends; every field has a default. */
export interface ReportSettings {
  /** From where on runs are slow, long, or fail too often. */
  readonly limits?: RecommendationLimits
  /** Only recommendations of at least this priority, 1 to 10. Default 1. */
  readonly minPriority?: number
}

/**
 * Whether the agents of this namespace learn: how many of their runs go well, by kind of task, by tenth of the log, by agent; how long they take and whether that gets better, with the
 * test that says so; what is chosen and what it earns; which memories help; what people say; what could be made better, and by how much.
 *
 * Reads the log once, and the latest runs of each kind of task and agent once more; time is linear in its length, and memory about 250 bytes a run.
 *
 * @throws AutodidactError `INVALID_INPUT`, and what the storage throws
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.record({ task: 'refund order 1187', category: 'refund', success: true })
 * await autodidact.record({ task: 'refund order 1190', category: 'refund', success: false })
 *
 * const { runs, success, kinds } = await autodidact.report()
 * console.assert(runs === 2 && success.rate === 0.5 && success.low < 0.1 && success.high > 0.9)
 * console.assert(kinds[0]?.kind === 'refund')
 * await autodidact.close()
 * ```
 */
export const report = async (scope: Scope, given: ReportSettings = {}): Promise<Report> => {
  const settings = validated(settingsInput, given, 'report')
  await noticeDeadlines(scope, Infinity)
  return betweenErasures(scope.storage, scope.namespace, () => reported(scope, settings))
}

const reported = async (scope: Scope, { limits, minPriority }: z.output<typeof settingsInput>): Promise<Report> => {
  const { storage, namespace, runner, settings } = scope
  // First, because a run without a category belongs to a kind that was learned.
  const statistics = await runner.view(namespace, taskStatistics)
  const tally = new Tally((recorded) => statistics.kindOf(recorded))
  const all: FactKind[] = Object.values(kinds).map(({ kind }) => kind)
  await replay({ storage, namespace, credit: settings.credit }, [...all, 'run.settled', 'decision.settled'], (experience) => tally.add(experience))
  const { groups, groupCount, recommendations } = await groupReports(scope, tally.table, limits)
  return {
    namespace,
    ...(tally.since === undefined ? {} : { since: tally.since }),
    ...(tally.until === undefined ? {} : { until: tally.until }),
    ...tally.runs,
    advice: tally.advice,
    unrecorded: tally.unrecorded,
    expired: tally.expired,
    knowledge: tally.knowledge,
    kinds: kindReports(statistics.kinds(), tally.table),
    tenths: tally.tenths,
    agents: tally.agents,
    points: tally.points,
    items: await itemReports(scope, tally),
    feedback: tally.feedback,
    storage: { facts: tally.facts, bytes: await storage.size(), failedSnapshots: runner.failedSnapshots, durability: storage.capabilities.durability },
    overall: performanceOf(tally.table, tally.table.rows),
    groups,
    groupCount,
    learned: { patterns: patternsIn(tally.table), memories: tally.runs.verified.count + tally.knowledge, factors: tally.factors.best(shownFactors) },
    recommendations: recommendations.filter(({ priority }) => priority >= minPriority),
    lessons: await lessonsOf(scope, (ids) => titlesOf(scope, ids)),
    sources: await sourcesOf(scope),
    experiments: (await statuses(scope)).filter(({ state }) => state !== 'stopped').map(experimentReport),
  }
}

const experimentReport = ({ id, point, state, startedAt, winner, answer }: ExperimentStatus): ExperimentReport => ({
  id,
  point,
  state,
  startedAt,
  ...(winner === undefined ? {} : { winner }),
  answer,
})

const kindReports = (kinds: readonly KindStatistics[], table: RunTable): KindReport[] => {
  const performances = performancesBy(table, (row) => table.kind.at(row))
  const rows = Map.groupBy(table.rows, (row) => table.kind.at(row))
  return kinds.map(({ success: weightedReward, ...statistics }): KindReport => {
    const performance = performances.get(statistics.kind)
    const { success } = performance ?? runCounts(table, rows.get(statistics.kind) ?? [])
    return { ...statistics, runs: success.of, interval: success, weightedReward, ...(performance === undefined ? {} : { performance }) }
  })
}

const byId = (left: ItemReport, right: ItemReport): number => (left.id < right.id ? -1 : 1)

/** Whether runs that were shown it went well more often than not; or, where draws decided whether it was shown, whether that made them go better: above 0, below 0, or 0 where that is open. */
const leaningOf = ({ id, helped }: ItemReport, knowledge: KnowledgeItemsView): number => {
  const effect = knowledge.get(id)?.effect
  return effect === undefined ? (helped.rate ?? 0.5) - 0.5 : { pays: 1, hurts: -1, open: 0 }[verdictOf(effect)]
}

const itemReports = async (scope: Scope, tally: Tally): Promise<Report['items']> => {
  const knowledge = await scope.runner.view(scope.namespace, knowledgeItems)
  const all = [...tally.items].map(([id, { up, down, runs }]): ItemReport => ({ id, runs, helped: wilson(up, up + down) }))
  const helpful = all.filter((item) => leaningOf(item, knowledge) > 0).sort((left, right) => right.helped.low - left.helped.low || byId(left, right))
  const harmful = all.filter((item) => leaningOf(item, knowledge) < 0).sort((left, right) => left.helped.high - right.helped.high || byId(left, right))
  return { shown: all.length, helpful: await firstThere(scope, helpful), harmful: await firstThere(scope, harmful) }
}

/** The first so many that are still there, with what they are called: what was forgotten stands in the advice of others, and helps nobody any more. */
const firstThere = async (scope: Scope, items: readonly ItemReport[]): Promise<ItemReport[]> => {
  const found: ItemReport[] = []
  for (let from = 0; from < items.length && found.length < shownItems; from += itemsAtOnce) {
    const some = items.slice(from, from + itemsAtOnce)
    const titles = await titlesOf(scope, some.map(({ id }) => id))
    for (const item of some) {
      const task = titles.get(item.id)
      if (titles.has(item.id)) found.push(task === undefined ? item : { ...item, task })
    }
  }
  return found.slice(0, shownItems)
}

/** What runs and versions of knowledge that are there are called; undefined for those without a title. */
const titlesOf = async (scope: Scope, ids: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> => {
  const titles = new Map<string, string | undefined>()
  if (ids.length === 0) return titles
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ids })) {
    for (const fact of page) {
      if (fact.kind === 'run.recorded') titles.set(fact.id, (await whole(scope.storage, fact, ['task'])).data.task)
      if (fact.kind !== 'knowledge.written') continue
      titles.set(fact.id, (await whole(scope.storage, fact, ['title'])).data.title)
    }
  }
  return titles
}

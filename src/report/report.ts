import { type KindStatistics, taskStatistics } from '../learn/learners/task-statistics.ts'
import { replay } from '../learn/replay.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { kinds } from '../log/kinds/index.ts'
import type { FactKind } from '../log/fact.ts'
import { whole } from '../log/blobs.ts'
import type { Scope } from '../scope.ts'
import type { ItemReport, KindReport, Report } from './summary.ts'
import { Tally } from './tally.ts'
import { wilson } from '../evaluate/statistics/wilson.ts'

/** Items named as most and as least helpful. */
const shownItems = 5

/**
 * Whether the agents of this namespace learn: how many of their runs go well, by kind of task, by tenth of the log, by agent; what is chosen and what it
 * earns; which memories help; what people say.
 *
 * Reads the log once; time is linear in its length, and memory about a hundred bytes a run.
 *
 * @throws AutodidactError what the storage throws
 */
export const report = (scope: Scope): Promise<Report> => betweenErasures(scope.storage, scope.namespace, () => reported(scope))

const reported = async (scope: Scope): Promise<Report> => {
  const { storage, namespace, runner, settings } = scope
  // First, because a run without a category belongs to a kind that was learned.
  const statistics = await runner.view(namespace, taskStatistics)
  const tally = new Tally((recorded) => statistics.kindOf(recorded))
  const all: FactKind[] = Object.values(kinds).map(({ kind }) => kind)
  await replay({ storage, namespace, credit: settings.credit }, [...all, 'run.settled', 'decision.settled'], (experience) => tally.add(experience))
  return {
    namespace,
    ...(tally.since === undefined ? {} : { since: tally.since }),
    ...(tally.until === undefined ? {} : { until: tally.until }),
    ...tally.runs,
    advice: tally.advice,
    unrecorded: tally.unrecorded,
    expired: tally.expired,
    knowledge: tally.knowledge,
    kinds: statistics.kinds().map(kindReport),
    tenths: tally.tenths,
    agents: tally.agents,
    points: tally.points,
    items: await itemReports(scope, tally),
    feedback: tally.feedback,
    storage: { facts: tally.facts, bytes: await storage.size(), failedSnapshots: runner.failedSnapshots, durability: storage.capabilities.durability },
  }
}

const kindReport = (statistics: KindStatistics): KindReport => ({ ...statistics, interval: wilson(statistics.success * statistics.runs, statistics.runs) })

const byId = (left: ItemReport, right: ItemReport): number => (left.id < right.id ? -1 : 1)

const rate = ({ helped }: ItemReport): number => helped.rate ?? 0.5

const itemReports = async (scope: Scope, tally: Tally): Promise<Report['items']> => {
  const all = [...tally.items].map(([id, { up, down, runs }]): ItemReport => ({ id, runs, helped: wilson(up, up + down) }))
  const helpful = all
    .filter((item) => rate(item) > 0.5)
    .sort((left, right) => right.helped.low - left.helped.low || byId(left, right))
    .slice(0, shownItems)
  const harmful = all
    .filter((item) => rate(item) < 0.5)
    .sort((left, right) => left.helped.high - right.helped.high || byId(left, right))
    .slice(0, shownItems)
  const titles = await titlesOf(scope, [...helpful, ...harmful].map(({ id }) => id))
  const titled = (item: ItemReport): ItemReport => {
    const task = titles.get(item.id)
    return task === undefined ? item : { ...item, task }
  }
  return { shown: all.length, helpful: helpful.map(titled), harmful: harmful.map(titled) }
}

const titlesOf = async (scope: Scope, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const titles = new Map<string, string>()
  if (ids.length === 0) return titles
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ids })) {
    for (const fact of page) {
      if (fact.kind === 'run.recorded') titles.set(fact.id, (await whole(scope.storage, fact, ['task'])).data.task)
      if (fact.kind !== 'knowledge.written') continue
      const { title } = (await whole(scope.storage, fact, ['title'])).data
      if (title !== undefined) titles.set(fact.id, title)
    }
  }
  return titles
}

import { AutodidactError } from '../../errors.ts'
import { packBytes, unpackHashes, unpackSignedHashes } from '../../log/packed.ts'
import { hashText } from '../hash.ts'
import type { Experience, Learner, RunSettled, Verdict } from '../learner.ts'
import { count, pour, quantile, type QuantileSketch } from '../structures/quantile-sketch.ts'
import { RecentNumbers } from '../structures/recent-numbers.ts'
import { summable } from '../structures/summable.ts'
import { topicHashes } from '../structures/topic.ts'
import { type SavedClusters, TopicClusters, type TopicClusterSettings } from '../structures/topic-clusters.ts'

/** The kind of tasks that fit no cluster. */
export const otherKind = 'other'

/**
 * Measured on four streams of requests, five shuffles each: a smaller cosine puts more under one name than belongs together, a greater one leaves more over
 * (docs/decisions/0026-kinds-of-tasks.md).
 */
export const clusterSettings: TopicClusterSettings = { most: 512, nearness: 0.3, settledAfter: 5, reserved: [otherKind] }

/** Runs whose cluster is remembered, 8 bytes each in a snapshot, so that a verdict that changes is taken out where it was counted. */
export const rememberedRuns = 16_384

/** How the runs of one kind of task went. */
export interface KindStatistics {
  /** The category that was given, or up to three words (where those are taken, more) that tell a learned cluster from the others, or `other`. */
  readonly kind: string
  /** True when the kind is a learned cluster. */
  readonly learned: boolean
  /** Runs with a verdict. */
  readonly runs: number
  /** Runs that ended with an error. */
  readonly failures: number
  /** Mean reward, weighted by how much each verdict is to be believed; in [0, 1]. */
  readonly success: number
  /** Milliseconds, over the runs that told theirs; quantiles are within 2 %. */
  readonly duration?: { readonly mean: number; readonly median: number; readonly p95: number }
  /** Mean over the runs that told theirs, in the caller's currency. */
  readonly cost?: number
  /** Mean over the runs that told theirs. */
  readonly tokens?: number
  /** Mean number of steps. */
  readonly steps: number
}

export interface TaskStatisticsView {
  /** Every kind that has runs, most runs first, then by name. */
  kinds(): KindStatistics[]
  /**
   * The kind that a run of this category or, without one, on this task belongs to; `other` when it is like none seen.
   *
   * @param run `topic`, as it was recorded, saves taking it from the text of the task
   */
  kindOf(run: { readonly category?: string | undefined; readonly task: string; readonly topic?: string | undefined }): string
  /** By the name that {@link TaskStatisticsView.kinds} gives it; of a category and a cluster of the same name, the one with more runs. */
  of(kind: string): KindStatistics | undefined
  /** The same as plain data by name, to be compared with other versions; what was learned from words is marked as such. */
  table(): Readonly<Record<string, Omit<KindStatistics, 'kind' | 'learned'>>>
}

interface Sum {
  runs: number
  total: number
}

interface Row {
  runs: number
  failures: number
  weight: number
  reward: number
  readonly steps: Sum
  readonly duration: Sum
  readonly cost: Sum
  readonly tokens: Sum
  readonly durations: QuantileSketch
}

/** What a row is about: a category by its name, a cluster by its place, or {@link otherKey}. */
type Key = string | number

/** A run in no cluster, or in one that has dissolved. */
const otherKey = -1

export interface TaskStatisticsState {
  readonly rows: Map<Key, Row>
  readonly clusters: TopicClusters
  /** Clusters of the latest runs without a category, or {@link otherKey}, by the hash of the run; the one judged first is first. */
  readonly assigned: RecentNumbers
}

const newSum = (): Sum => ({ runs: 0, total: 0 })

const newRow = (): Row => ({
  runs: 0,
  failures: 0,
  weight: 0,
  reward: 0,
  steps: newSum(),
  duration: newSum(),
  cost: newSum(),
  tokens: newSum(),
  durations: new Map(),
})

const addTo = (sum: Sum, value: number | undefined, sign: 1 | -1): void => {
  if (value === undefined) return
  sum.runs += sign
  sum.total = sum.runs === 0 ? 0 : sum.total + sign * summable(value)
}

const addRun = ({ rows }: TaskStatisticsState, key: Key, run: RunSettled, verdict: Verdict, sign: 1 | -1): void => {
  const row = rows.get(key) ?? newRow()
  rows.set(key, row)
  row.runs += sign
  row.failures += run.failed ? sign : 0
  row.weight += sign * verdict.weight
  row.reward += sign * verdict.weight * verdict.reward
  addTo(row.steps, run.steps, sign)
  addTo(row.duration, run.durationMs, sign)
  addTo(row.cost, run.cost, sign)
  addTo(row.tokens, run.tokens, sign)
  if (run.durationMs !== undefined) count(row.durations, run.durationMs, sign)
  // What is left of the sums are rounding errors.
  if (row.runs === 0) rows.delete(key)
}

/** Adds to one what another has, which has nothing afterwards: most clusters are of one run, and a new row for each would be garbage. */
const moveSum = (from: Sum, to: Sum): void => {
  to.runs += from.runs
  to.total += from.total
  from.runs = 0
  from.total = 0
}

/** Counts the runs of a cluster that has dissolved with the others; another has its place, and its row. */
const moveToOther = ({ rows }: TaskStatisticsState, place: number): void => {
  const row = rows.get(place)
  if (row === undefined) return
  const other = rows.get(otherKey) ?? newRow()
  rows.set(otherKey, other)
  for (const name of ['runs', 'failures', 'weight', 'reward'] as const) {
    other[name] += row[name]
    row[name] = 0
  }
  moveSum(row.steps, other.steps)
  moveSum(row.duration, other.duration)
  moveSum(row.cost, other.cost)
  moveSum(row.tokens, other.tokens)
  pour(row.durations, other.durations)
  row.durations.clear()
}

/** The key of the row that a run without a category is counted in; undefined when it was counted too long ago to tell. */
const assign = (state: TaskStatisticsState, { run, task, topic, previous }: RunSettled): Key | undefined => {
  const { assigned, clusters } = state
  const hash = hashText(run)
  const known = assigned.get(hash)
  if (known !== undefined) return clusters.placeOf(known) ?? otherKey
  if (previous !== undefined) return undefined
  const joined = clusters.join(topic ?? topicHashes(task), task)
  if (joined?.dissolved === true) moveToOther(state, joined.place)
  assigned.add(hash, joined?.cluster ?? otherKey)
  return joined?.place ?? otherKey
}

const settle = (state: TaskStatisticsState, run: RunSettled): TaskStatisticsState => {
  const { category, previous, current } = run
  const key = category === undefined ? assign(state, run) : category
  if (key === undefined) return state
  if (current !== undefined) addRun(state, key, run, current, 1)
  if (previous !== undefined) addRun(state, key, run, previous, -1)
  return state
}

const isRun = (experience: Experience): experience is RunSettled => experience.kind === 'run.settled'

const meanOf = (sum: Sum): number | undefined => (sum.runs > 0 ? sum.total / sum.runs : undefined)

const kindOf = ({ clusters }: TaskStatisticsState, key: Key): string => (typeof key === 'string' ? key : (clusters.nameAt(key) ?? otherKind))

const summary = (state: TaskStatisticsState, key: Key, row: Row): KindStatistics => {
  const [mean, median, p95] = [meanOf(row.duration), quantile(row.durations, 0.5), quantile(row.durations, 0.95)]
  const [cost, tokens] = [meanOf(row.cost), meanOf(row.tokens)]
  return {
    kind: kindOf(state, key),
    learned: typeof key === 'number' && key !== otherKey,
    runs: row.runs,
    failures: row.failures,
    success: row.weight > 0 ? row.reward / row.weight : 0,
    ...(mean !== undefined && median !== undefined && p95 !== undefined && { duration: { mean, median, p95 } }),
    ...(cost !== undefined && { cost }),
    ...(tokens !== undefined && { tokens }),
    steps: meanOf(row.steps) ?? 0,
  }
}

interface Saved {
  readonly rows: readonly (readonly [Key, Omit<Row, 'durations'> & { readonly durations: readonly (readonly [number, number])[] }])[]
  readonly clusters: SavedClusters
  /** Typed arrays as base64: the runs, and the cluster of each. */
  readonly assigned: { readonly runs: string; readonly clusters: string }
}

const byNumber = ([left]: readonly [number, unknown], [right]: readonly [number, unknown]): number => left - right

/** Clusters by place, then categories by name. */
const byKey = ([left]: readonly [Key, unknown], [right]: readonly [Key, unknown]): number => {
  if (typeof left === 'number') return typeof right === 'number' ? left - right : -1
  return typeof right === 'number' || left > right ? 1 : -1
}

const encode = ({ rows, clusters, assigned }: TaskStatisticsState): Uint8Array => {
  const saved: Saved = {
    rows: [...rows].sort(byKey).map(([key, row]) => [key, { ...row, durations: [...row.durations].sort(byNumber) }]),
    clusters: clusters.save(),
    assigned: { runs: packBytes(assigned.keys()), clusters: packBytes(assigned.numbers()) },
  }
  return new TextEncoder().encode(JSON.stringify(saved))
}

const decode = (bytes: Uint8Array): TaskStatisticsState => {
  try {
    const { rows, clusters, assigned } = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    return {
      rows: new Map(rows.map(([key, row]) => [key, { ...row, durations: new Map(row.durations) }])),
      clusters: new TopicClusters(clusterSettings, clusters),
      assigned: new RecentNumbers(rememberedRuns, unpackHashes(assigned.runs), unpackHashes(assigned.clusters)),
    }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved statistics of tasks are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * Per kind of task: how often, how well, how long, at what cost. The kind is the category that was given; without one it is learned from the words of the
 * tasks ({@link TopicClusters}): a task joins the nearest cluster that has a cosine of .3 or more with it, or founds one. At most 512 at a time; one that
 * fewer than five tasks have joined makes room for a new one, and its runs are counted as `other`.
 *
 * A kind is named by the words that its first five tasks share and others do not, as they were written; from then on its name stays.
 *
 * A changed or withdrawn verdict is exact: its run is taken out of the row it was counted in. Of the runs without a category that holds for the latest
 * 16,384; of others the kinds keep what was said first. Neither inverse nor merge is declared, because clusters depend on who came first, and stay. Grows by
 * one row per category; a snapshot has at most about 400 kB besides.
 *
 * @example
 * ```ts
 * import { Autodidact, taskStatistics } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * for (const order of [7, 8, 9]) await autodidact.record({ task: `Please cancel my order ${order} and refund it`, success: true })
 * const [kind] = (await autodidact.learned(taskStatistics)).kinds()
 * console.assert(kind?.kind === 'cancel order refund' && kind.learned && kind.runs === 3)
 * await autodidact.close()
 * ```
 */
export const taskStatistics: Learner<TaskStatisticsState, TaskStatisticsView> = {
  name: 'task-statistics',
  version: 4,
  handles: ['run.settled'],
  initial: () => ({ rows: new Map(), clusters: new TopicClusters(clusterSettings), assigned: new RecentNumbers(rememberedRuns) }),
  learn: (state, experience) => (isRun(experience) ? settle(state, experience) : state),
  view: (state) => {
    const kinds = (): KindStatistics[] =>
      [...state.rows]
        .map(([key, row]) => summary(state, key, row))
        .sort((left, right) => right.runs - left.runs || (left.kind < right.kind ? -1 : 1))
    return {
      kinds,
      kindOf: ({ category, task, topic }) =>
        category ?? kindOf(state, state.clusters.find(topic === undefined ? topicHashes(task) : unpackSignedHashes(topic)) ?? otherKey),
      of: (kind) => kinds().find((statistics) => statistics.kind === kind),
      table: () => Object.fromEntries(kinds().map(({ kind, learned, ...statistics }) => [learned ? `${kind} (learned)` : kind, statistics])),
    }
  },
  save: encode,
  load: decode,
}

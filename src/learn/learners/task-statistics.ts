import { hashText } from '../../decide/hash.ts'
import { AutodidactError } from '../../errors.ts'
import type { Experience, Features, Learner, RunSettled, Verdict } from '../learner.ts'
import { count, quantile, type QuantileSketch } from '../quantile-sketch.ts'

/** Most clusters that are learned; tasks that fit none after that are counted together as `other`. */
export const mostClusters = 256
/** Cosine similarity from which a task belongs to a cluster. */
export const clusterSimilarity = 0.5
/** The kind of tasks that fit no cluster. */
export const otherKind = 'other'

/** How the runs of one kind of task went. */
export interface KindStatistics {
  /** The category that was given, or `task-` and the hash of the first task of a learned cluster, or `other`. */
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
  /** The kind a run of this category or, without one, of these features belongs to; `other` when it is like none seen. */
  kindOf(task: { readonly category?: string; readonly features: Features }): string
  of(kind: string): KindStatistics | undefined
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

interface Cluster {
  readonly kind: string
  readonly hashes: readonly number[]
  /** Scaled to Euclidean length 1. */
  readonly values: readonly number[]
}

export interface TaskStatisticsState {
  readonly rows: Map<string, Row>
  /** In the order of their first task. */
  clusters: Cluster[]
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

const lengthOf = (values: Float32Array): number => {
  let squares = 0
  for (const value of values) squares += value * value
  return Math.sqrt(squares)
}

const cosine = (cluster: Cluster, features: Features, length: number): number => {
  let sum = 0
  for (let left = 0, right = 0; left < cluster.hashes.length && right < features.hashes.length;) {
    const ours = cluster.hashes[left] ?? 0
    const theirs = features.hashes[right] ?? 0
    if (ours === theirs) sum += (cluster.values[left] ?? 0) * (features.values[right] ?? 0)
    if (ours <= theirs) left += 1
    if (theirs <= ours) right += 1
  }
  return sum / length
}

/**
 * The first cluster that is near enough, in order of creation. First, not nearest: clusters that are added later never change where an earlier
 * task belongs, so a verdict that changes finds the row it was counted in.
 */
const findCluster = (state: TaskStatisticsState, features: Features): Cluster | undefined => {
  const length = lengthOf(features.values)
  if (length === 0) return undefined
  return state.clusters.find((cluster) => cosine(cluster, features, length) >= clusterSimilarity)
}

const categoryPrefix = 'category '
const clusterPrefix = 'cluster '

/** Key of a row; the prefix keeps a category that is called like a cluster apart from it. */
const keyOf = (state: TaskStatisticsState, { category, features }: { readonly category?: string; readonly features: Features }): string => {
  if (category !== undefined) return categoryPrefix + category
  return clusterPrefix + (findCluster(state, features)?.kind ?? otherKind)
}

const founded = (state: TaskStatisticsState, { category, features }: RunSettled): void => {
  const length = lengthOf(features.values)
  if (category !== undefined || length === 0 || state.clusters.length >= mostClusters || findCluster(state, features) !== undefined) return
  const kind = `task-${hashText(features.hashes.join(' ')).toString(16).padStart(8, '0')}`
  if (state.clusters.some((cluster) => cluster.kind === kind)) return
  state.clusters.push({ kind, hashes: [...features.hashes], values: Array.from(features.values, (value) => value / length) })
}

const addTo = (sum: Sum, value: number | undefined, sign: 1 | -1): void => {
  if (value === undefined) return
  sum.runs += sign
  sum.total = sum.runs === 0 ? 0 : sum.total + sign * value
}

const addRun = (state: TaskStatisticsState, run: RunSettled, verdict: Verdict, sign: 1 | -1): void => {
  const key = keyOf(state, run)
  const row = state.rows.get(key) ?? newRow()
  state.rows.set(key, row)
  row.runs += sign
  row.failures += run.failed ? sign : 0
  row.weight += sign * verdict.weight
  row.reward += sign * verdict.weight * verdict.reward
  addTo(row.steps, run.steps, sign)
  addTo(row.duration, run.durationMs, sign)
  addTo(row.cost, run.cost, sign)
  addTo(row.tokens, run.tokens, sign)
  if (run.durationMs !== undefined) count(row.durations, run.durationMs, sign)
  if (row.runs !== 0) return
  // What is left of the sums are rounding errors.
  state.rows.delete(key)
  // Once all places have been taken, tasks were counted as `other` for want of a place; a place that became free could claim them back.
  if (state.clusters.length < mostClusters) state.clusters = state.clusters.filter((cluster) => clusterPrefix + cluster.kind !== key)
}

const settle = (state: TaskStatisticsState, run: RunSettled, removed: Verdict | undefined, added: Verdict | undefined): TaskStatisticsState => {
  if (added !== undefined) {
    founded(state, run)
    addRun(state, run, added, 1)
  }
  if (removed !== undefined) addRun(state, run, removed, -1)
  return state
}

const isRun = (experience: Experience): experience is RunSettled => experience.kind === 'run.settled'

const meanOf = (sum: Sum): number | undefined => (sum.runs > 0 ? sum.total / sum.runs : undefined)

const summary = (key: string, row: Row): KindStatistics => {
  const kind = key.slice(key.indexOf(' ') + 1)
  const [mean, median, p95] = [meanOf(row.duration), quantile(row.durations, 0.5), quantile(row.durations, 0.95)]
  const [cost, tokens] = [meanOf(row.cost), meanOf(row.tokens)]
  return {
    kind,
    learned: key.startsWith(clusterPrefix) && kind !== otherKind,
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
  rows: [string, Omit<Row, 'durations'> & { durations: [number, number][] }][]
  clusters: Cluster[]
}

const byKey = ([left]: readonly [string | number, unknown], [right]: readonly [string | number, unknown]): number => (left < right ? -1 : 1)

const decode = (bytes: Uint8Array): TaskStatisticsState => {
  try {
    const { rows, clusters } = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    return { rows: new Map(rows.map(([key, row]) => [key, { ...row, durations: new Map(row.durations) }])), clusters }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved statistics of tasks are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * Per kind of task: how often, how well, how long, at what cost. The kind is the category that was given; without one it is a learned cluster:
 * deterministic online leader clustering, where a task joins the first cluster whose first task has a cosine of .5 or more with it, or founds one
 * while there are fewer than 256.
 *
 * Exactly invertible: a changed or withdrawn verdict leaves no trace but the first tasks of clusters that others have joined. Not mergeable,
 * because clusters depend on who came first. Grows by one row per category, and at most 256 clusters.
 *
 * @example
 * ```ts
 * import { taskStatistics } from 'autodidact'
 *
 * console.assert(taskStatistics.view(taskStatistics.initial()).kinds().length === 0)
 * ```
 */
export const taskStatistics: Learner<TaskStatisticsState, TaskStatisticsView> = {
  name: 'task-statistics',
  version: 1,
  handles: ['run.settled'],
  initial: () => ({ rows: new Map(), clusters: [] }),
  learn: (state, experience) => (isRun(experience) ? settle(state, experience, experience.previous, experience.current) : state),
  inverse: (state, experience) => (isRun(experience) ? settle(state, experience, experience.current, experience.previous) : state),
  view: (state) => {
    const kinds = (): KindStatistics[] =>
      [...state.rows]
        .map(([key, row]) => summary(key, row))
        .sort((left, right) => right.runs - left.runs || (left.kind < right.kind ? -1 : 1))
    return {
      kinds,
      kindOf: (task) => keyOf(state, task).replace(/^(?:category|cluster) /, ''),
      of: (kind) => kinds().find((statistics) => statistics.kind === kind),
    }
  },
  save: (state) => {
    const rows = [...state.rows].sort(byKey).map(([key, row]) => [key, { ...row, durations: [...row.durations].sort(byKey) }])
    return new TextEncoder().encode(JSON.stringify({ rows, clusters: state.clusters }))
  },
  load: decode,
}

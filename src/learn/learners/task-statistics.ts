import { AutodidactError } from '../../errors.ts'
import { LeaderClusters, type Leader } from '../structures/leader-clusters.ts'
import type { Experience, Features, Learner, RunSettled, Verdict } from '../learner.ts'
import { count, quantile, type QuantileSketch } from '../structures/quantile-sketch.ts'

/** Most clusters that are learned; tasks that fit none after that are counted together as `other`. */
export const mostClusters = 256
/** Cosine similarity from which a task belongs to a cluster. */
export const clusterSimilarity = 0.4
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

export interface TaskStatisticsState {
  readonly rows: Map<string, Row>
  readonly clusters: LeaderClusters
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

const newClusters = (leaders?: readonly Leader[]): LeaderClusters => new LeaderClusters(mostClusters, clusterSimilarity, leaders)

const categoryPrefix = 'category '
const clusterPrefix = 'cluster '

/** Key of a row; the prefix keeps a category that is called like a cluster apart from it. */
const keyOf = (category: string | undefined, cluster: () => string | undefined): string =>
  category === undefined ? clusterPrefix + (cluster() ?? otherKind) : categoryPrefix + category

const kindOf = (key: string): string => key.slice(key.indexOf(' ') + 1)

const addTo = (sum: Sum, value: number | undefined, sign: 1 | -1): void => {
  if (value === undefined) return
  sum.runs += sign
  sum.total = sum.runs === 0 ? 0 : sum.total + sign * value
}

const addRun = ({ rows }: TaskStatisticsState, key: string, run: RunSettled, verdict: Verdict, sign: 1 | -1): void => {
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

const settle = (state: TaskStatisticsState, run: RunSettled): TaskStatisticsState => {
  const { category, features, previous, current } = run
  const key = keyOf(category, () => (current === undefined ? state.clusters.find(features) : state.clusters.join(features)))
  if (current !== undefined) addRun(state, key, run, current, 1)
  if (previous !== undefined) addRun(state, key, run, previous, -1)
  return state
}

const isRun = (experience: Experience): experience is RunSettled => experience.kind === 'run.settled'

const meanOf = (sum: Sum): number | undefined => (sum.runs > 0 ? sum.total / sum.runs : undefined)

const summary = (key: string, row: Row): KindStatistics => {
  const kind = kindOf(key)
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
  leaders: Leader[]
}

const byKey = ([left]: readonly [string | number, unknown], [right]: readonly [string | number, unknown]): number => (left < right ? -1 : 1)

const decode = (bytes: Uint8Array): TaskStatisticsState => {
  try {
    const { rows, leaders } = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    return { rows: new Map(rows.map(([key, row]) => [key, { ...row, durations: new Map(row.durations) }])), clusters: newClusters(leaders) }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved statistics of tasks are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * Per kind of task: how often, how well, how long, at what cost. The kind is the category that was given; without one it is a learned cluster:
 * deterministic online leader clustering, where a task joins the first cluster whose first task has a cosine of .4 or more with it, or founds one
 * while there are fewer than 256.
 *
 * A changed or withdrawn verdict is exact: its run is taken out of the row it was counted in. Neither inverse nor merge is declared, because
 * clusters depend on who came first, and stay. Grows by one row per category, and at most 256 clusters.
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
  initial: () => ({ rows: new Map(), clusters: newClusters() }),
  learn: (state, experience) => (isRun(experience) ? settle(state, experience) : state),
  view: (state) => {
    const kinds = (): KindStatistics[] =>
      [...state.rows]
        .map(([key, row]) => summary(key, row))
        .sort((left, right) => right.runs - left.runs || (left.kind < right.kind ? -1 : 1))
    return {
      kinds,
      kindOf: ({ category, features }) => kindOf(keyOf(category, () => state.clusters.find(features))),
      of: (kind) => kinds().find((statistics) => statistics.kind === kind),
    }
  },
  save: (state) => {
    const rows = [...state.rows].sort(byKey).map(([key, row]) => [key, { ...row, durations: [...row.durations].sort(byKey) }])
    return new TextEncoder().encode(JSON.stringify({ rows, leaders: state.clusters.leaders }))
  },
  load: decode,
}

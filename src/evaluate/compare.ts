import { AutodidactError } from '../errors.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { comparedOn, type RunComparison, stratified } from './metrics/comparison.ts'
import { measuredRuns } from './metrics/measured-runs.ts'
import type { ShareDifference } from '../statistics/newcombe.ts'

/** Two agents on one kind of task. */
export interface CategoryComparison extends RunComparison {
  /** The category that was given, or the kind that the tasks are like. */
  readonly category: string
}

/** Two agents, kind of task by kind of task. Differences are of the first less the second; all intervals are of 95 %. */
export interface AgentComparison {
  readonly first: string
  readonly second: string
  /** Those that both of them did, the most runs first. */
  readonly categories: readonly CategoryComparison[]
  /** Kinds of tasks that only one of them did: nothing is compared there. */
  readonly onlyFirst: readonly string[]
  readonly onlySecond: readonly string[]
  /** Success over the kinds that both did, each compared within itself, so that whoever had the easier tasks is not taken for the better one. */
  readonly overall: ShareDifference & { readonly moreSuccessful: 'first' | 'second' | 'not shown' }
  /** All of it in one line. */
  readonly answer: string
}

const agentName = name

const points = (value: number): string => `${value < 0 ? '−' : '+'}${(Math.abs(value) * 100).toFixed(1)} points`

const answerOf = ({ first, second, categories, overall }: Omit<AgentComparison, 'answer'>): string => {
  if (categories.length === 0) return `There is no kind of task that both "${first}" and "${second}" did.`
  const evidence = `${points(overall.difference)} of success (95 %: ${points(overall.low)} to ${points(overall.high)}) over ${categories.length} kinds of tasks`
  if (overall.moreSuccessful === 'not shown') return `Neither is shown to succeed more often: "${first}" over "${second}" ${evidence}.`
  return `"${overall.moreSuccessful === 'first' ? first : second}" succeeds more often: "${first}" over "${second}" ${evidence}.`
}

/**
 * Two agents on the tasks that both of them did: success with the interval of the difference, durations with that of their ratio, kind by kind and together. It is no experiment:
 * within a kind, one may still have had the easier tasks.
 *
 * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID` for an agent without recorded runs, and what the storage throws
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * for (let order = 0; order < 20; order += 1) {
 *   await autodidact.record({ task: `refund order ${order}`, category: 'refund', agent: 'clerk', success: order % 10 > 0, durationMs: 900 + order })
 *   await autodidact.record({ task: `refund order ${order}`, category: 'refund', agent: 'trainee', success: order % 2 > 0, durationMs: 2000 + order })
 * }
 * const { categories, overall, answer } = await autodidact.compare('clerk', 'trainee')
 * console.assert(categories[0]?.moreSuccessful === 'first' && categories[0].faster === 'first')
 * console.assert(overall.low > 0 && answer.startsWith('"clerk" succeeds more often'))
 * await autodidact.close()
 * ```
 */
export const compare = async (scope: Scope, first: string, second: string): Promise<AgentComparison> => {
  const agents = [validated(agentName, first, 'compare: agent'), validated(agentName, second, 'compare: against')] as const
  if (agents[0] === agents[1]) throw new AutodidactError('INVALID_INPUT', `compare: both agents are "${first}". Name two different ones.`)
  return betweenErasures(scope.storage, scope.namespace, () => compared(scope, ...agents))
}

const compared = async (scope: Scope, first: string, second: string): Promise<AgentComparison> => {
  const table = await measuredRuns(scope)
  const byAgent = Map.groupBy(table.rows, (row) => table.agent.at(row))
  const kindsOf = (agent: string): Map<string, number[]> => {
    const rows = byAgent.get(agent)
    if (rows !== undefined) return Map.groupBy(rows, (row) => table.kind.at(row) ?? '')
    const known = [...byAgent.keys()].flatMap((other) => other ?? []).slice(0, 20)
    throw new AutodidactError('UNKNOWN_ID', `No run of an agent "${agent}" is recorded. ${known.length === 0 ? 'No run names its agent yet.' : `There are: ${known.join(', ')}.`}`)
  }
  const [own, other] = [kindsOf(first), kindsOf(second)]
  const categories = [...own]
    .flatMap(([category, rows]): CategoryComparison[] => {
      const against = other.get(category)
      return against === undefined ? [] : [{ category, ...comparedOn(table, rows, against) }]
    })
    .toSorted((left, right) => right.first.runs + right.second.runs - left.first.runs - left.second.runs || (left.category < right.category ? -1 : 1))
  const overall = stratified(categories)
  const result = {
    first,
    second,
    categories,
    onlyFirst: [...own.keys()].filter((category) => !other.has(category)).toSorted(),
    onlySecond: [...other.keys()].filter((category) => !own.has(category)).toSorted(),
    overall: { ...overall, moreSuccessful: overall.low > 0 ? 'first' : overall.high < 0 ? 'second' : 'not shown' },
  } as const
  return { ...result, answer: answerOf(result) }
}

import { errorsOf } from '../../learn/structures/recoveries.ts'
import type { FactOf } from '../../log/fact.ts'
import type { Json } from '../../log/payload.ts'

/** Errors of some runs that differ only in numbers, paths, ids and quoted names, or those of one tool that fails without a word. */
export interface ErrorGroup {
  /** The error with what differs masked; absent where the tool fails without a word. */
  readonly template?: string
  /** The tool that failed; absent where the run ended with it and no step did. */
  readonly tool?: string
  /** What the tool was given the last time. */
  readonly input?: Json
  readonly times: number
  /** Ids of the runs that had it. */
  readonly runs: ReadonlySet<string>
}

interface Group {
  template?: string
  tool?: string
  input?: Json
  times: number
  readonly runs: Set<string>
}

/** The errors of some runs in groups, those of the most runs first. */
export const errorGroupsIn = (runs: readonly FactOf<'run.recorded'>[]): readonly ErrorGroup[] => {
  const groups = new Map<string, Group>()
  const count = (run: string, error: Pick<Group, 'template' | 'tool' | 'input'>): void => {
    const key = JSON.stringify([error.tool ?? null, error.template ?? null])
    const group = groups.get(key) ?? { ...error, times: 0, runs: new Set<string>() }
    groups.set(key, group)
    group.times += 1
    group.runs.add(run)
    if (error.input !== undefined) group.input = error.input
  }
  for (const run of runs) {
    const told = errorsOf(run)
    for (const { template, tool, input } of told) {
      count(run.id, { template: template.text, ...(tool === undefined ? {} : { tool }), ...(input === undefined ? {} : { input }) })
    }
    const wordy = new Set(told.map(({ tool }) => tool))
    for (const { action, ok } of run.data.steps) if (ok === false && !wordy.has(action)) count(run.id, { tool: action })
  }
  return [...groups].toSorted(([leftKey, left], [rightKey, right]) => right.runs.size - left.runs.size || (leftKey < rightKey ? -1 : 1)).map(([, group]) => group)
}

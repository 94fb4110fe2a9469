import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject } from '../../expect.ts'
import type { Experience, Learner, RunSettled, Verdict } from '../learner.ts'
import { callsOf } from '../structures/calls.ts'
import { type Complexity, complexityOf } from '../structures/complexity.ts'
import { learnerName } from '../structures/learner-name.ts'
import { summable } from '../structures/summable.ts'

/** The approach of a run that tells none. */
export const standardApproach = 'standard'

/** Patterns that are kept by default. */
const defaultPatternLimit = 1_000
const mostPatterns = 1_000_000

/** Actions, and factors, that one pattern counts. */
const mostNames = 32

/** Settings of {@link createExecutionPatterns}. */
export interface ExecutionPatternsSettings {
  /** Patterns that are kept, from 10 to 1,000,000. Default 1,000. */
  readonly patternLimit?: number
}

/** Runs with a verdict, and what they came to. */
export interface PatternTally {
  readonly runs: number
  /** Sum of the weights of their verdicts. */
  readonly weight: number
  /** Sum of weight · reward. */
  readonly reward: number
}

/** Runs that tried a tool, whether it then failed or not, and its calls in them. */
export interface ToolTally extends PatternTally {
  readonly calls: number
  /** Calls that failed. */
  readonly failed: number
}

/** Runs of one kind of task that were gone about in one way. */
export interface ExecutionPattern extends PatternTally {
  readonly category?: string
  readonly type?: string
  readonly complexity: Complexity
  readonly approach: string
  /** Mean duration of the runs that told theirs, in milliseconds. */
  readonly durationMs?: number
  /** Mean number of steps. */
  readonly steps: number
  /** By action: the runs that tried it. */
  readonly tools: ReadonlyMap<string, ToolTally>
  /** By what the agents said they owed their success to. */
  readonly factors: ReadonlyMap<string, PatternTally>
}

export interface ExecutionPatternsView {
  /** Most runs first, then by name. */
  patterns(): readonly ExecutionPattern[]
}

interface Tally {
  runs: number
  weight: number
  reward: number
}

interface ToolSums extends Tally {
  calls: number
  failed: number
}

interface Row extends Tally {
  readonly category: string | undefined
  readonly type: string | undefined
  readonly complexity: Complexity
  readonly approach: string
  /** Of the last run that was counted. */
  touched: number
  timed: number
  durationMs: number
  steps: number
  readonly tools: Map<string, ToolSums>
  readonly factors: Map<string, Tally>
}

type KeyParts = { readonly [Part in 'category' | 'type']?: Row[Part] } & Pick<Row, 'complexity' | 'approach'>

/** The longest untouched first. */
export type ExecutionPatternsState = Map<string, Row>

/** What a row is about. No name is empty, and none has a line break. */
const keyOf = ({ category = '', type = '', complexity, approach }: KeyParts): string => `${category}\n${type}\n${complexity}\n${approach}`

/** Counts a run in, changes it, or takes it out. What was dropped since it was counted is not in these sums, and cannot be taken out of them. */
const add = (tally: Tally, previous: Verdict | undefined, current: Verdict | undefined): void => {
  tally.runs = Math.max(0, tally.runs + Number(current !== undefined) - Number(previous !== undefined))
  const weight = tally.weight + (current?.weight ?? 0) - (previous?.weight ?? 0)
  const reward = tally.reward + (current === undefined ? 0 : current.weight * current.reward) - (previous === undefined ? 0 : previous.weight * previous.reward)
  // What is left of the sums of none are rounding errors.
  tally.weight = tally.runs === 0 ? 0 : Math.max(0, weight)
  tally.reward = tally.runs === 0 ? 0 : Math.min(tally.weight, Math.max(0, reward))
}

/** Of several the one that came first. */
const dropRarest = <Named extends Tally>(tallies: Map<string, Named>): void => {
  const fewest = Math.min(...[...tallies.values()].map(({ runs }) => runs))
  const rarest = [...tallies].find(([, { runs }]) => runs === fewest)
  if (rarest !== undefined) tallies.delete(rarest[0])
}

/** What is counted by its name; nothing where it was dropped since the run was counted first. */
const addNamed = <Named extends Tally>(tallies: Map<string, Named>, name: string, empty: () => Named, previous: Verdict | undefined, current: Verdict | undefined): Named | undefined => {
  const known = tallies.get(name)
  if (known === undefined && previous !== undefined) return undefined
  const tally = known ?? empty()
  if (known === undefined && tallies.size >= mostNames) dropRarest(tallies)
  add(tally, previous, current)
  if (tally.runs === 0) tallies.delete(name)
  else tallies.set(name, tally)
  return tally
}

const nothing = (): Tally => ({ runs: 0, weight: 0, reward: 0 })

const noCalls = (): ToolSums => ({ runs: 0, weight: 0, reward: 0, calls: 0, failed: 0 })

/** A run tries a tool once however often it calls it; its calls are counted beside. */
const addTools = (tools: Row['tools'], { actions, failures, previous, current }: RunSettled): void => {
  const change = Number(current !== undefined) - Number(previous !== undefined)
  for (const [name, { calls, failed }] of callsOf(actions, failures)) {
    const tool = addNamed(tools, name, noCalls, previous, current)
    if (tool === undefined) continue
    tool.calls = Math.max(0, tool.calls + change * calls)
    tool.failed = Math.max(0, Math.min(tool.calls, tool.failed + change * failed))
  }
}

const newRow = ({ category, type }: RunSettled, complexity: Complexity, approach: string): Row => ({
  category, type, complexity, approach, touched: 0, runs: 0, weight: 0, reward: 0, timed: 0, durationMs: 0, steps: 0, tools: new Map(), factors: new Map(),
})

/**
 * Drops an eighth when there are too many: of the half that was not touched for longest, those with the fewest runs. What is often done stays however old it is,
 * and what is new gets its time to become so.
 */
const makeRoom = (state: ExecutionPatternsState, limit: number): void => {
  if (state.size <= limit) return
  const oldest = [...state].slice(0, Math.ceil(state.size / 2))
  const rarest = oldest.toSorted(([, left], [, right]) => left.runs - right.runs || left.touched - right.touched)
  for (const [key] of rarest.slice(0, Math.max(state.size - limit, Math.floor(limit / 8)))) state.delete(key)
}

const settle = (state: ExecutionPatternsState, run: RunSettled, limit: number): ExecutionPatternsState => {
  const { task, category, type, dependencies, effort, approach = standardApproach, factors, durationMs, steps, sequence, previous, current } = run
  const complexity = complexityOf({ description: task, category, dependencies, effort })
  const key = keyOf({ category, type, complexity, approach })
  const known = state.get(key)
  if (known === undefined && previous !== undefined) return state
  const row = known ?? newRow(run, complexity, approach)
  const change = Number(current !== undefined) - Number(previous !== undefined)
  add(row, previous, current)
  addTools(row.tools, run)
  if (factors !== undefined) for (const factor of new Set(factors)) addNamed(row.factors, factor, nothing, previous, current)
  row.steps = row.runs === 0 ? 0 : Math.max(0, row.steps + change * steps)
  if (durationMs !== undefined) {
    row.timed = Math.max(0, row.timed + change)
    row.durationMs = row.timed === 0 ? 0 : Math.max(0, row.durationMs + change * summable(durationMs))
  }
  row.touched = sequence
  state.delete(key)
  // Without runs it is as if there had never been any.
  if (row.runs > 0) state.set(key, row)
  makeRoom(state, limit)
  return state
}

const isRun = (experience: Experience): experience is RunSettled => experience.kind === 'run.settled'

const patternOf = ({ category, type, complexity, approach, runs, weight, reward, timed, durationMs, steps, tools, factors }: Row): ExecutionPattern => ({
  ...(category === undefined ? {} : { category }),
  ...(type === undefined ? {} : { type }),
  complexity,
  approach,
  runs,
  weight,
  reward,
  ...(timed === 0 ? {} : { durationMs: durationMs / timed }),
  steps: steps / runs,
  tools,
  factors,
})

type SavedRow = Omit<Row, 'tools' | 'factors'> & { readonly tools: readonly (readonly [string, ToolSums])[]; readonly factors: readonly (readonly [string, Tally])[] }

const decode = (bytes: Uint8Array): ExecutionPatternsState => {
  try {
    const rows = JSON.parse(new TextDecoder().decode(bytes)) as SavedRow[]
    return new Map(rows.map((row) => [keyOf(row), { ...row, tools: new Map(row.tools), factors: new Map(row.factors) }]))
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved execution patterns are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

const defaults = { patternLimit: defaultPatternLimit }

/**
 * {@link executionPatterns} that keeps another number of patterns.
 *
 * @throws AutodidactError INVALID_INPUT when the limit is no number from 10 to 1,000,000
 *
 * @example
 * ```ts
 * import { createExecutionPatterns } from 'autodidact'
 *
 * console.assert(createExecutionPatterns({ patternLimit: 2000 }).name !== createExecutionPatterns().name)
 * ```
 */
export const createExecutionPatterns = (settings: ExecutionPatternsSettings = {}): Learner<ExecutionPatternsState, ExecutionPatternsView> => {
  expectObject(settings, 'createExecutionPatterns: settings')
  const { patternLimit = defaultPatternLimit } = settings
  expectNumber(patternLimit, 'createExecutionPatterns: patternLimit', 10, mostPatterns)
  return {
    name: learnerName('execution-patterns', { patternLimit }, defaults),
    version: 3,
    handles: ['run.settled'],
    initial: () => new Map(),
    learn: (state, experience) => (isRun(experience) ? settle(state, experience, patternLimit) : state),
    view: (state) => ({
      patterns: () =>
        [...state]
          .toSorted(([left, { runs: fewer }], [right, { runs: more }]) => more - fewer || (left < right ? -1 : 1))
          .map(([, row]) => patternOf(row)),
    }),
    // In the order of the state, which says what was not touched for longest.
    save: (state) => new TextEncoder().encode(JSON.stringify([...state.values()].map((row) => ({ ...row, tools: [...row.tools], factors: [...row.factors] })))),
    load: decode,
  }
}

/**
 * How runs went by category, type, complexity and approach: successes and failures alike, with how long they took, the tools that were tried and what agents said
 * they owed their success to. What is recommended from it is up to `recommend`.
 *
 * Bounded: 1,000 patterns of at most 32 tools and 32 factors each, where a new name takes the place of the rarest. When there are more patterns, an eighth goes: of
 * the half that was not touched for longest, those with the fewest runs. A changed or withdrawn verdict is exact for patterns that were not dropped since. Neither inverse nor merge is
 * declared, because what is dropped depends on what came before.
 *
 * Folded from the first time that somebody asks for a recommendation: see `docs/execution-patterns.md`.
 *
 * @example
 * ```ts
 * import { Autodidact, executionPatterns } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:', { learners: [executionPatterns] })
 * await autodidact.record({ task: 'add the login form', category: 'frontend', type: 'feature', approach: 'incremental', success: true })
 * const [pattern] = (await autodidact.learned(executionPatterns)).patterns()
 * console.assert(pattern?.approach === 'incremental' && pattern.complexity === 'low' && pattern.runs === 1)
 * await autodidact.close()
 * ```
 */
export const executionPatterns: Learner<ExecutionPatternsState, ExecutionPatternsView> = createExecutionPatterns()

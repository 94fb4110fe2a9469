import { AutodidactError } from '../../errors.ts'
import type { FactOf } from '../../log/fact.ts'
import { iterationsOf } from '../../log/iterations.ts'
import { longestOpening } from '../../log/longest-opening.ts'
import { packBytes } from '../../log/packed.ts'
import type { Experience, Learner, RunSettled, Verdict } from '../learner.ts'
import { attemptsOf, brokenOffAt } from '../structures/attempts.ts'
import { fixId } from '../structures/fix-id.ts'
import { takenOver } from '../structures/fix-slots.ts'
import { RecentMap } from '../structures/recent-map.ts'
import { errorsOf } from '../structures/recoveries.ts'
import { summable } from '../structures/summable.ts'
import { topicHashes } from '../structures/topic.ts'

/** Runs that are kept, the latest. */
const mostRuns = 4_096
/** Actions of a run that are kept, after repetitions in a row have become one. */
const mostActions = 64
/** Errors of a run against which something was tried, or nothing. */
const mostErrors = 16

/** An error of a run, and what was tried against it: hashes and names, no words. */
export interface OutlinedError {
  /** Hash of its template. */
  readonly error: number
  /** The tool that failed, where it was a step that did. */
  readonly tool?: string
  /** What was tried: as an id, and the names of its actions. Absent where nothing was. */
  readonly fix?: string
  readonly actions?: readonly string[]
  readonly helped?: boolean
}

/** What a run did, and how it went: no word of its task, its inputs and its outputs. */
export interface RunOutline {
  readonly run: string
  readonly agent?: string
  readonly category?: string
  /** Hashed terms of the topic of its task, as base64; of a run without a category. */
  readonly topic?: string
  /** What it tried, also what failed, repetitions in a row taken as one; the first 64. */
  readonly actions: readonly string[]
  /** Places in `actions` of what failed; absent where nothing did. */
  readonly failed?: readonly number[]
  /** The last action that failed and never succeeded afterwards; absent where there is none. */
  readonly brokenOffAt?: string
  /** Of the last step, also where it failed. */
  readonly last?: string
  /** So many as `metrics.iterations` says, or else as there are. */
  readonly steps: number
  readonly durationMs?: number
  readonly approach?: string
  readonly errors: readonly OutlinedError[]
  /** When it was recorded, in milliseconds since 1970-01-01 UTC. */
  readonly seenAt: number
  /** Undefined while nobody has judged it. */
  readonly verdict?: Verdict
}

export interface RunOutlinesView {
  /** The latest 4,096 runs in the order of their records; the same list until one is added or judged. */
  runs(): readonly RunOutline[]
  /** Runs by their last action, as plain data to be compared with other versions. */
  table(): Readonly<Record<string, { readonly runs: number; readonly judged: number; readonly good: number }>>
}

export interface RunOutlinesState {
  readonly runs: RecentMap<string, RunOutline>
  /** What was last asked for, until something changes. */
  asked: readonly RunOutline[] | undefined
}

const errorsIn = (fact: FactOf<'run.recorded'>): OutlinedError[] => {
  const errors = new Map<string, OutlinedError>()
  for (const { template, message, tool, input, attempt } of errorsOf(fact)) {
    const tried = attempt === undefined ? {} : { fix: fixId(undefined, takenOver(attempt.steps, { message, input, tool }).slotted.steps), actions: attempt.steps.map(({ action }) => action), helped: attempt.helped }
    const error = { error: template.hash, ...(tool === undefined ? {} : { tool }), ...tried }
    errors.set(`${error.error} ${tried.fix ?? ''} ${String(tried.helped)}`, error)
    if (errors.size === mostErrors) break
  }
  return [...errors.values()]
}

const outlineOf = (fact: FactOf<'run.recorded'>): RunOutline => {
  const { id, agent, occurredAt, data } = fact
  const { category, task, topic, steps, durationMs, approach } = data
  const last = steps.at(-1)?.action
  const attempts = attemptsOf(steps.map(({ action }) => action), steps.flatMap(({ ok }, place) => (ok === false ? place : [])))
  const failed = attempts.failed.filter((place) => place < mostActions)
  const broken = brokenOffAt(attempts)
  return {
    run: id,
    ...(agent === undefined ? {} : { agent }),
    ...(category === undefined ? { topic: topic ?? packBytes(Int32Array.from(topicHashes(task.slice(0, longestOpening)))) } : { category }),
    actions: attempts.actions.slice(0, mostActions),
    ...(failed.length === 0 ? {} : { failed }),
    ...(broken === undefined ? {} : { brokenOffAt: broken }),
    ...(last === undefined ? {} : { last }),
    steps: summable(iterationsOf(data)),
    ...(durationMs === undefined ? {} : { durationMs: summable(durationMs) }),
    ...(approach === undefined ? {} : { approach }),
    errors: errorsIn(fact),
    seenAt: occurredAt,
  }
}

const record = (state: RunOutlinesState, fact: FactOf<'run.recorded'>): RunOutlinesState => {
  state.runs.set(fact.id, outlineOf(fact))
  state.asked = undefined
  if (state.runs.size > mostRuns) state.runs.dropOldest()
  return state
}

const settle = (state: RunOutlinesState, { run, approach: taken, current }: RunSettled): RunOutlinesState => {
  const known = state.runs.get(run)
  if (known === undefined) return state
  const { verdict: _before, approach, ...outline } = known
  const now = taken ?? approach
  state.runs.set(run, { ...outline, ...(now === undefined ? {} : { approach: now }), ...(current === undefined ? {} : { verdict: { reward: current.reward, weight: current.weight } }) })
  state.asked = undefined
  return state
}

const learn = (state: RunOutlinesState, experience: Experience): RunOutlinesState => {
  if (experience.kind === 'run.recorded') return record(state, experience)
  return experience.kind === 'run.settled' ? settle(state, experience) : state
}

const tableOf = (runs: Iterable<RunOutline>): Record<string, { runs: number; judged: number; good: number }> => {
  const rows = new Map<string, { runs: number; judged: number; good: number }>()
  for (const { last = '(nothing)', verdict } of runs) {
    const row = rows.get(last) ?? { runs: 0, judged: 0, good: 0 }
    row.runs += 1
    row.judged += Number(verdict !== undefined)
    row.good += Number((verdict?.reward ?? 0) > 0.5)
    rows.set(last, row)
  }
  return Object.fromEntries(rows)
}

type SavedOutline = Omit<RunOutline, 'actions' | 'last' | 'brokenOffAt'> & { readonly actions: readonly number[]; readonly last?: number; readonly brokenOffAt?: number }

interface Saved {
  /** Of actions, each once. */
  readonly names: readonly string[]
  readonly runs: readonly SavedOutline[]
}

const encode = ({ runs }: RunOutlinesState): Uint8Array => {
  const places = new Map<string, number>()
  const placeOf = (name: string): number => {
    const place = places.get(name) ?? places.size
    places.set(name, place)
    return place
  }
  const outlines = [...runs.values()].map(({ actions, last, brokenOffAt: broken, ...outline }) => ({
    ...outline,
    actions: actions.map(placeOf),
    ...(last === undefined ? {} : { last: placeOf(last) }),
    ...(broken === undefined ? {} : { brokenOffAt: placeOf(broken) }),
  }))
  const saved: Saved = { names: [...places.keys()], runs: outlines }
  return new TextEncoder().encode(JSON.stringify(saved))
}

const decode = (bytes: Uint8Array): RunOutlinesState => {
  try {
    const { names, runs } = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    const outlines = runs.map(({ actions, last, brokenOffAt: broken, ...outline }): RunOutline => ({
      ...outline,
      actions: actions.map((place) => names[place] ?? ''),
      ...(last === undefined ? {} : { last: names[last] ?? '' }),
      ...(broken === undefined ? {} : { brokenOffAt: names[broken] ?? '' }),
    }))
    return { runs: new RecentMap(outlines.map((outline) => [outline.run, outline])), asked: undefined }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved outlines of runs are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * What the latest runs did and how they went, as names of actions, hashes and numbers: what learnings are extracted from, by {@link Learnings}. A verdict that changes or is withdrawn is exact
 * as long as its run is kept.
 *
 * Bounded: 4,096 runs of at most 64 actions and 16 errors. Neither inverse nor merge is declared, because which runs are the latest depends on what came after.
 *
 * Folded from the first time that somebody asks for learnings: see `docs/learnings.md`.
 *
 * @example
 * ```ts
 * import { Autodidact, runOutlines } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:', { learners: [runOutlines] })
 * await autodidact.record({ task: 'refund order 7', steps: [{ action: 'lookup' }, { action: 'refund' }], success: true })
 * const [outline] = (await autodidact.learned(runOutlines)).runs()
 * console.assert(outline?.actions.join() === 'lookup,refund' && outline.verdict?.reward === 1)
 * await autodidact.close()
 * ```
 */
export const runOutlines: Learner<RunOutlinesState, RunOutlinesView> = {
  name: 'run-outlines',
  version: 4,
  handles: ['run.recorded', 'run.settled'],
  initial: () => ({ runs: new RecentMap(), asked: undefined }),
  learn,
  view: (state) => ({
    runs: () => (state.asked ??= [...state.runs.values()]),
    table: () => tableOf(state.runs.values()),
  }),
  save: encode,
  load: decode,
}

import { contentDigest } from '../../log/canonical.ts'
import type { FactOf } from '../../log/fact.ts'
import type { Json } from '../../log/payload.ts'
import { type Spread, distributionOf } from '../../statistics/quantiles.ts'

type Recorded = FactOf<'run.recorded'>
type Step = Recorded['data']['steps'][number]

/** Steps of a run that are looked at, its first. */
const mostSteps = 500

const stepsOf = ({ data }: Recorded): readonly Step[] => data.steps.slice(0, mostSteps)

/** What one action was used for, how long it took, how often it failed. */
export interface ActionFigures {
  readonly action: string
  /** Runs that used it. */
  readonly runs: number
  readonly uses: number
  readonly failures: number
  /** Milliseconds of those uses that told; absent where none did. */
  readonly duration?: Spread
  /** Part of the time of all steps that told theirs, in [0, 1]; absent where none did. */
  readonly share?: number
}

const timeOf = (steps: readonly { readonly step: Step }[]): number => steps.reduce((sum, { step }) => sum + (step.durationMs ?? 0), 0)

/** The actions of some runs: those that take the most time first, then those that fail most, then those that are used most. */
export const actionsOf = (runs: readonly Recorded[]): ActionFigures[] => {
  const uses = runs.flatMap((run) => stepsOf(run).map((step) => ({ run: run.id, step })))
  const all = timeOf(uses)
  return [...Map.groupBy(uses, ({ step }) => step.action)]
    .map(([action, own]): ActionFigures => {
      const duration = distributionOf(own.flatMap(({ step }) => step.durationMs ?? []))
      return {
        action,
        runs: new Set(own.map(({ run }) => run)).size,
        uses: own.length,
        failures: own.filter(({ step }) => step.ok === false).length,
        ...(duration === undefined ? {} : { duration }),
        ...(duration === undefined || all === 0 || !Number.isFinite(all) ? {} : { share: timeOf(own) / all }),
      }
    })
    .toSorted((left, right) => (right.share ?? 0) - (left.share ?? 0) || right.failures - left.failures || right.uses - left.uses || (left.action < right.action ? -1 : 1))
}

/** What could be left out of a run. */
export interface Saving {
  readonly run: string
  /** Milliseconds; 0 where the steps did not tell how long they took. */
  readonly durationMs: number
  /** Steps that need not be done, or need not be waited for one after the other. */
  readonly steps: number
}

/** References to the parts of a step's payload that are stored elsewhere. */
const blobsOf = ({ blobs = [] }: Recorded, place: number, part: 'input' | 'output'): readonly string[] =>
  blobs.filter((blob) => blob.place[0] === 'steps' && Number(blob.place[1]) === place && blob.place[2] === part).map(({ hash }) => hash)

/** The same for the same content, however long it is. */
const digestOf = (run: Recorded, place: number, part: 'input' | 'output', value: Json | undefined): string => contentDigest([value ?? null, blobsOf(run, place, part)])

const isNothing = (value: Json | undefined): boolean => value === undefined || value === null || value === ''

/** A call of a tool, and what came of it. */
interface Call {
  readonly run: string
  readonly call: string
  readonly result: string
  readonly durationMs: number
}

const callsOf = (run: Recorded): Call[] =>
  stepsOf(run).flatMap((step, place) => {
    if (step.ok === false || isNothing(step.output)) return []
    const call = `${step.action} ${digestOf(run, place, 'input', step.input)}`
    return [{ run: run.id, call, result: digestOf(run, place, 'output', step.output), durationMs: step.durationMs ?? 0 }]
  })

/**
 * What each run did again that had been done before, in it or in an earlier one: the same action with the same input, whose result was the same every time. Each first call is
 * needed. Where inputs and results were pruned nothing is known, and nothing is counted.
 */
export const repeatsIn = (runs: readonly Recorded[]): Saving[] => {
  const all = runs.flatMap(callsOf)
  const results = Map.groupBy(all, ({ call }) => call)
  const constant = new Set([...results].filter(([, calls]) => calls.length > 1 && calls.every(({ result }) => result === calls[0]?.result)).map(([call]) => call))
  const seen = new Set<string>()
  const repeated = all.filter(({ call }) => {
    if (!constant.has(call)) return false
    const isRepeat = seen.has(call)
    seen.add(call)
    return isRepeat
  })
  const byRun = Map.groupBy(repeated, ({ run }) => run)
  return runs.map(({ id }) => {
    const own = byRun.get(id) ?? []
    return { run: id, durationMs: own.reduce((sum, { durationMs }) => sum + durationMs, 0), steps: own.length }
  })
}

/** Words and numbers by which one step may need another; shorter ones are everywhere. */
const tokensOf = (value: Json | undefined): Set<string> => new Set((JSON.stringify(value) ?? '').toLowerCase().match(/[\p{L}\p{N}_.-]{3,}/gu))

/** Longer results are not searched for what a later step may have taken from them: the step counts as dependent. */
const longestSearched = 20_000

const lengthOf = (value: Json | undefined): number => (typeof value === 'string' ? value.length : JSON.stringify(value ?? null).length)

/** Neighbouring steps of a run that could be done at the same time, as far as one can see. What came of each is looked at once, when another wants to join. */
class Batch {
  readonly #run: Recorded
  readonly #steps: Step[] = []
  readonly #places: number[] = []
  /** Words that were known before the first of them: those of the task, and of its input. */
  readonly #known: readonly ReadonlySet<string>[]
  /** Of those that were looked at so far: words of their results, and what they were called with. */
  readonly #given = new Set<string>()
  readonly #inputs = new Set<string>()
  #looked = 0
  /** False once a result cannot be searched: the next step may have taken anything from it. */
  #isClear = true

  /** @param task its words */
  constructor(run: Recorded, task: ReadonlySet<string>, first: Step) {
    this.#run = run
    this.#known = [task, ...(isNothing(first.input) ? [] : [tokensOf(first.input)])]
  }

  /** Whether a step took nothing from the results of these that it could not have known before them. */
  admits(place: number, { action, input }: Step): boolean {
    if (this.#steps[0]?.action !== action || isNothing(input) || blobsOf(this.#run, place, 'input').length > 0) return false
    this.#look()
    if (!this.#isClear || this.#inputs.has(digestOf(this.#run, place, 'input', input))) return false
    return ![...tokensOf(input)].some((token) => this.#given.has(token) && !this.#known.some((words) => words.has(token)))
  }

  #look(): void {
    for (; this.#looked < this.#steps.length && this.#isClear; this.#looked += 1) {
      const [step, place] = [this.#steps[this.#looked], this.#places[this.#looked] ?? -1]
      const output = step?.output
      this.#isClear = !isNothing(output) && blobsOf(this.#run, place, 'output').length === 0 && lengthOf(output) <= longestSearched
      if (!this.#isClear) return
      this.#inputs.add(digestOf(this.#run, place, 'input', step?.input))
      for (const token of tokensOf(output)) this.#given.add(token)
    }
  }

  add(place: number, step: Step): void {
    this.#steps.push(step)
    this.#places.push(place)
  }

  /** All but the longest. */
  get saving(): Omit<Saving, 'run'> {
    const durations = this.#steps.map(({ durationMs = 0 }) => durationMs)
    const longest = durations.reduce((most, duration) => Math.max(most, duration), 0)
    return { durationMs: durations.reduce((sum, duration) => sum + duration, 0) - longest, steps: Math.max(0, durations.length - 1) }
  }
}

/**
 * What each run would save if steps that do not need one another were done at the same time: neighbouring successful uses of one action with different inputs, none of which holds a word that came
 * first in a result of the others. That says nothing of what the steps change outside. Saved is all but the longest of them; where inputs, results or durations are
 * missing, nothing.
 */
export const parallelIn = (runs: readonly Recorded[]): Saving[] =>
  runs.map((run) => {
    const task = tokensOf(run.data.task)
    const batches: Batch[] = []
    for (const [place, step] of stepsOf(run).entries()) {
      const isUsable = step.ok !== false && step.durationMs !== undefined
      let batch = batches.at(-1)
      if (batch === undefined || !isUsable || !batch.admits(place, step)) batches.push((batch = new Batch(run, task, step)))
      if (isUsable) batch.add(place, step)
    }
    const savings = batches.map(({ saving }) => saving)
    return { run: run.id, durationMs: savings.reduce((sum, { durationMs }) => sum + durationMs, 0), steps: savings.reduce((sum, { steps }) => sum + steps, 0) }
  })

import { z } from 'zod'
import { AutodidactError, wordsOf } from '../errors.ts'
import { expectText } from '../expect.ts'
import { workload } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { advise, type Advice, type AdviseSettings } from '../advise/advise.ts'
import type { Scope } from '../scope.ts'
import { type Warning, warningOf } from '../warning.ts'
import type { OutcomeInput, RecordInput, StepInput } from '../record/input.ts'
import type { RecordReceipt } from '../record/receipt.ts'
import { record } from '../record/record.ts'
import { type Notes, validNotes, validResponse } from './valid-notes.ts'

/** What `run` is told: the task, and what `advise` takes. */
export interface RunInput extends AdviseSettings {
  readonly task: string
  /** What kind of work it is within its category, such as `feature` or `bugfix`. */
  readonly type?: string
  /** Names of what had to be done before it; at most 1,000. */
  readonly dependencies?: readonly string[]
  /** How much work it is estimated to be, 0 or more in a unit of your own. */
  readonly effort?: number
}

/** Everything else in it is checked by `advise`. */
const runInput = z.custom<RunInput>((input) => typeof input === 'object' && input !== null, 'must be an object with a task').transform((input) => ({ ...input }))

const workloadInput = z.object(workload)

/** Lets the agent's work say more about the run than its response. */
export interface RunNotes {
  /** Adds a step, behind those that were noted before. */
  step(step: StepInput): void
  /** Says how it went; the last word counts. Work that throws has failed, whatever was said. */
  outcome(outcome: OutcomeInput): void
  /** One sentence to remember from the run; the last one counts. */
  takeaway(sentence: string): void
  /** A named measurement, finite and in a unit of your own; the last value of a name counts. */
  metric(name: string, value: number): void
  /** Says what was really done at a choice point. */
  taken(point: string, option: string): void
  /** Says which recalled items were really used. */
  used(...items: readonly string[]): void
  /** How the agent went about it; the last word counts. Default: the option taken at the choice point `approach`, where there was one. */
  approach(name: string): void
  /** What it owed its success to, by names of your own; added to those that were noted before. */
  factor(...names: readonly string[]): void
  /** Names the agent that did it, where who asked for the advice is another one; the last name counts. */
  agent(name: string): void
}

/** What came of a run: the agent's response, whatever happened to the record of it. */
export interface RunResult<Response> {
  readonly run: string
  readonly response: Response
  readonly advice: Advice
  /** Undefined when the run could not be written; a warning says why. */
  readonly receipt: RecordReceipt | undefined
  readonly warnings: readonly Warning[]
}

/** The host took the work back, by an `AbortSignal` or its time-out. */
const isAbort = (error: unknown): boolean => error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')

/**
 * Advises, runs the agent's work, and records it with its duration: also when it fails or is aborted, and then the work's own error is thrown.
 *
 * A response is no proof of success: without an outcome from `notes.outcome`, the run is unverified until someone judges it. An error counts as a
 * failure; an abort as nothing, since it says nothing about the advice.
 *
 * @throws whatever `work` throws, and what `advise` throws for bad input
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { response, run } = await autodidact.run({ task: 'Add 2 and 2', choices: { tool: ['calculator'] } }, (advice, notes) => {
 *   notes.step({ action: advice.choose['tool'] ?? 'calculator', ok: true })
 *   notes.outcome({ success: true, judge: 'check' })
 *   return 4
 * })
 * console.assert(response === 4 && run.startsWith('run_'))
 * await autodidact.close()
 * ```
 */
export const run = async <Response>(
  scope: Scope,
  input: RunInput,
  work: (advice: Advice, notes: RunNotes) => Response | Promise<Response>,
): Promise<RunResult<Awaited<Response>>> => {
  const { task, type, dependencies, effort, ...settings } = validated(runInput, input, 'run')
  // Before the work, and not when it is to be written down.
  validated(workloadInput, { type, dependencies, effort }, 'run')
  if (typeof work !== 'function') {
    throw new AutodidactError('INVALID_INPUT', 'run: work is missing. Pass the function that does the work, such as (advice) => answer(advice.prompt). Nothing was written.')
  }
  const advice = await advise(scope, task, settings)
  const startedAt = scope.clock()
  const started = performance.now()
  const notes: Notes = { steps: [], metrics: new Map(), taken: new Map() }
  const write = (said: Notes, more: Partial<RecordInput>): Promise<RecordReceipt> =>
    record(scope, { ...recordOf(input, advice, said), startedAt, durationMs: performance.now() - started, ...more })
  // Who wants errors thrown is told of a wrong note with one.
  const usable = (): ReturnType<typeof validNotes> => (scope.settings.onError === 'throw' ? { notes, warnings: [] } : validNotes(notes))
  let response: Awaited<Response>
  try {
    response = await work(advice, notebook(notes))
  } catch (error) {
    try {
      const { notes: said } = usable()
      await write(said, { outcome: outcomeOf(error, said.outcome) })
    } catch (failure) {
      // The work's own error is what the caller must hear; that it was not recorded goes along where there is room for it.
      if (error instanceof Error && error.cause === undefined && Object.isExtensible(error)) error.cause = failure
    }
    throw error
  }
  const { notes: said, warnings: leftOut } = usable()
  const answered = scope.settings.onError === 'throw' ? { said: { response }, warnings: [] } : validResponse(response)
  const warnings = [...advice.warnings, ...leftOut, ...answered.warnings]
  try {
    return { run: advice.run, response, advice, receipt: await write(said, answered.said), warnings }
  } catch (failure) {
    if (scope.settings.onError === 'throw') throw failure
    return { run: advice.run, response, advice, receipt: undefined, warnings: [...warnings, warningOf(failure)] }
  }
}

/** What an error says of a run: that it failed, whatever the work had noted before, unless it was aborted. */
const outcomeOf = (error: unknown, noted: OutcomeInput | undefined): OutcomeInput => {
  const message = wordsOf(error)
  if (isAbort(error)) return { ...noted, error: message }
  const { cost, tokens } = noted ?? {}
  return { success: false, error: message, ...(cost === undefined ? {} : { cost }), ...(tokens === undefined ? {} : { tokens }) }
}

const agentOf = (input: RunInput, notes: Notes): Pick<RecordInput, 'agent'> => {
  const agent = notes.agent ?? input.agent
  return agent === undefined ? {} : { agent }
}

const recordOf = (input: RunInput, advice: Advice, notes: Notes): RecordInput => ({
  advice,
  ...(input.category === undefined ? {} : { category: input.category }),
  ...(input.type === undefined ? {} : { type: input.type }),
  ...(input.dependencies === undefined ? {} : { dependencies: input.dependencies }),
  ...(input.effort === undefined ? {} : { effort: input.effort }),
  ...(input.context === undefined ? {} : { context: input.context }),
  ...(input.state === undefined ? {} : { state: input.state }),
  ...agentOf(input, notes),
  ...(input.agentVersion === undefined ? {} : { agentVersion: input.agentVersion }),
  ...(input.user === undefined ? {} : { user: input.user }),
  ...(input.session === undefined ? {} : { session: input.session }),
  ...(input.source === undefined ? {} : { source: input.source }),
  steps: notes.steps,
  ...(notes.outcome === undefined ? {} : { outcome: notes.outcome }),
  ...(notes.takeaway === undefined ? {} : { takeaway: notes.takeaway }),
  ...(notes.metrics.size === 0 ? {} : { metrics: byName(notes.metrics, 'metric') }),
  ...(notes.taken.size === 0 ? {} : { taken: byName(notes.taken, 'taken') }),
  ...(notes.used === undefined ? {} : { used: notes.used }),
  ...(notes.approach === undefined ? {} : { approach: notes.approach }),
  ...(notes.factors === undefined ? {} : { factors: notes.factors }),
})

/** A note under a name that is no text would be lost without a word. */
const byName = <Value>(notes: ReadonlyMap<string, Value>, note: string): Record<string, Value> => {
  for (const name of notes.keys()) expectText(name, `run: name of a note with ${note}`)
  return Object.fromEntries(notes)
}

const notebook = (notes: Notes): RunNotes => ({
  step: (step) => void notes.steps.push(step),
  outcome: (outcome) => {
    notes.outcome = outcome
  },
  takeaway: (sentence) => {
    notes.takeaway = sentence
  },
  metric: (name, value) => void notes.metrics.set(name, value),
  taken: (point, option) => void notes.taken.set(point, option),
  used: (...items) => {
    notes.used = [...(notes.used ?? []), ...items]
  },
  approach: (name) => {
    notes.approach = name
  },
  factor: (...names) => {
    notes.factors = [...(notes.factors ?? []), ...names]
  },
  agent: (name) => {
    notes.agent = name
  },
})

import type { Random } from '../../decide/random.ts'
import { wordsOf } from '../../errors.ts'
import type { Trust } from '../../log/fact.ts'
import { type Warning, warningOf } from '../../warning.ts'
import { untilAborted } from '../abort.ts'
import { type BackOff, backOffMs } from './back-off.ts'
import { type ErrorClass, errorClasses, type Retries } from './classify.ts'
import type { Clock } from './clock.ts'
import { applyFix, type Fix, type FixSource, isApplicable, isTrusted, knownFixes, type Tool } from './fixes.ts'
import { type Journal, writable } from './journal.ts'
import { type CallStep, isCall, type Outputs, type Step, toolOf, type WorkStep } from './task.ts'

/** What the attempts of all tasks have in common. */
export interface AttemptSettings {
  readonly retries: Retries
  readonly backOff: BackOff
  readonly classify: (error: unknown) => ErrorClass
  readonly fixes: FixSource
  readonly tools: ReadonlyMap<string, Tool>
  readonly leastTrust: Trust
  readonly clock: Clock
  readonly random: Random
}

/** Different fixes that are tried on one step. */
const mostFixes = 3

/** What came of one try of one step. */
interface Try {
  readonly input: unknown
  readonly output?: unknown
  readonly failed?: { readonly error: unknown }
  readonly durationMs: number
}

/** What is known of a step that is being tried. */
interface Trouble {
  /** The first error: whatever comes of it, this is what the caller hears. */
  readonly original: unknown
  readonly counts: Map<ErrorClass, number>
  readonly fixed: Set<string>
  /** The fix that was applied before the next try. */
  fix?: string
}

/** A step that has just failed. */
interface Failed {
  readonly step: Step
  readonly error: unknown
  readonly input: unknown
  readonly trouble: Trouble
}

/** Does the steps of one task, with their retries and fixes. */
export class Attempts {
  readonly #settings: AttemptSettings
  readonly #category: string | undefined
  readonly #outputs: Map<string, unknown>
  readonly #journal: Journal
  readonly #passedOver = new Set<string>()
  readonly warnings: Warning[] = []

  constructor(settings: AttemptSettings, category: string | undefined, outputs: Map<string, unknown>, journal: Journal) {
    this.#settings = settings
    this.#category = category
    this.#outputs = outputs
    this.#journal = journal
  }

  /**
   * Tries steps together until all are done: those that failed once more, after a fix or a wait, as often as the class of their errors allows.
   *
   * @throws the first error of a step that has failed for good; the reason of the signal
   */
  async perform(steps: readonly Step[], signal: AbortSignal): Promise<void> {
    const troubles = new Map<string, Trouble>()
    let pending = steps
    for (let attempt = 1; ; attempt += 1) {
      const tries = await this.#try(pending, attempt, signal)
      const failed: Failed[] = []
      for (const [place, step] of pending.entries()) {
        const one = tries[place]
        if (one === undefined) continue
        this.#note(step, one)
        if (one.failed === undefined) this.#done(step, one.output, attempt, troubles.get(step.id))
        else failed.push({ step, error: one.failed.error, input: one.input, trouble: troubleOf(troubles, step, one.failed.error) })
      }
      if (failed.length === 0) return
      const spent = failed.filter(({ step, error, trouble }) => this.#countsTooMany(step, error, trouble, attempt))
      if (spent[0] !== undefined) throw spent[0].trouble.original
      const applied = new Map<string, boolean>()
      let isFixed = true
      for (const one of failed) isFixed = (await this.#fix(one, applied, signal)) && isFixed
      if (!isFixed) await this.#settings.clock.wait(backOffMs(attempt, this.#settings.random, this.#settings.backOff), signal)
      pending = failed.map(({ step }) => step)
    }
  }

  #done({ id }: Step, output: unknown, attempts: number, trouble: Trouble | undefined): void {
    this.#outputs.set(id, output)
    if (trouble !== undefined) this.#journal.recoveries.push({ step: id, attempts, ...(trouble.fix === undefined ? {} : { fix: trouble.fix }) })
  }

  #note(step: Step, { input, output, failed, durationMs }: Try): void {
    const result = failed === undefined ? { output, ok: true } : { output: wordsOf(failed.error), ok: false }
    this.#journal.note({ action: toolOf(step), input, ...result, durationMs })
  }

  /** Whether the step has had all the retries that errors of this class get. */
  #countsTooMany(step: Step, error: unknown, { counts }: Trouble, attempt: number): boolean {
    const kind = this.#classOf(error)
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    this.#journal.failures.push({ step: step.id, attempt, class: kind, error })
    return count > this.#settings.retries[kind]
  }

  /** A classification of one's own that fails must not hide the error that it was to classify. */
  #classOf(error: unknown): ErrorClass {
    try {
      const kind = this.#settings.classify(error)
      return errorClasses.includes(kind) ? kind : 'unknown'
    } catch (failure) {
      this.#warn('CLASSIFICATION_FAILED', failure)
      return 'unknown'
    }
  }

  /**
   * Applies the best fix that was not tried on this step; whether one was, and all of it. Steps that fail together often fail of the same: a fix is applied once for all of them.
   *
   * @param applied whether the fixes worked that were applied since the steps failed, by their ids
   */
  async #fix({ step, error, input, trouble }: Failed, applied: Map<string, boolean>, signal: AbortSignal): Promise<boolean> {
    delete trouble.fix
    const { tools, leastTrust } = this.#settings
    if (trouble.fixed.size >= mostFixes) return false
    const known = await this.#known(step, error, input, signal)
    const fix = known.find((one) => !trouble.fixed.has(one.id) && isApplicable(one, tools) && isTrusted(one, leastTrust))
    if (fix === undefined) {
      const untrusted = known.find((one) => !trouble.fixed.has(one.id) && isApplicable(one, tools))
      if (untrusted !== undefined) this.#passOver(untrusted, step, `its steps come from a source of the trust "${untrusted.trust ?? ''}". Look at them first; "leastTrust" of the settings says what is applied`)
      else if (tools.size > 0) await this.#tellPassedOver(step, error, input, new Set(known.map(({ id }) => id)), signal)
      return false
    }
    trouble.fixed.add(fix.id)
    const worked = applied.get(fix.id) ?? (await this.#apply(fix, step, error, signal))
    applied.set(fix.id, worked)
    if (worked) trouble.fix = fix.id
    return worked
  }

  async #apply(fix: Fix, { id }: Step, error: unknown, signal: AbortSignal): Promise<boolean> {
    const done = await applyFix(fix, this.#settings.tools, { error, step: id, signal })
    for (const one of done) this.#journal.note(one)
    return done.every(({ ok }) => ok)
  }

  /** Says which fix would have been applied, had it been surer: whoever waits for a fix to be applied should know why it is not. */
  async #tellPassedOver(step: Step, error: unknown, input: unknown, recommended: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const unsure = (await this.#known(step, error, input, signal, { confidence: 0 })).find((one) => !recommended.has(one.id) && isApplicable(one, this.#settings.tools))
    if (unsure !== undefined) this.#passOver(unsure, step, `its confidence is ${unsure.confidence.toFixed(2)}, below the limit. It rises when the fix is seen to help`)
  }

  #passOver({ id }: Fix, step: Step, reason: string): void {
    if (this.#passedOver.has(id)) return
    this.#passedOver.add(id)
    this.warnings.push({ code: 'FIX_PASSED_OVER', message: `The fix "${id}" was not applied to the step "${step.id}": ${reason}.` })
  }

  /**
   * A source of fixes that fails knows none: the step's own error is what matters.
   *
   * @throws the reason of the signal, also where the source does not end
   */
  async #known(step: Step, error: unknown, given: unknown, signal: AbortSignal, settings: { readonly confidence?: number } = {}): Promise<readonly Fix[]> {
    try {
      const category = this.#category === undefined ? {} : { category: this.#category }
      const input = writable(given)
      const wanted = { message: wordsOf(error), tool: toolOf(step), ...category, ...(input === undefined ? {} : { input }) }
      return await untilAborted(signal, () => knownFixes(this.#settings.fixes, wanted, settings))
    } catch (failure) {
      signal.throwIfAborted()
      this.#warn('NO_FIXES', failure)
      return []
    }
  }

  #warn(code: string, failure: unknown): void {
    const warning = { ...warningOf(failure), code }
    if (!this.warnings.some(({ code: known, message }) => known === code && message === warning.message)) this.warnings.push(warning)
  }

  async #try(steps: readonly Step[], attempt: number, signal: AbortSignal): Promise<readonly Try[]> {
    const calls = steps.filter(isCall)
    const tries = calls.length === 0 ? [] : await this.#call(calls, signal)
    for (const step of steps) if (!isCall(step)) tries.push(await this.#run(step, attempt, signal))
    return tries
  }

  async #run(step: WorkStep, attempt: number, signal: AbortSignal): Promise<Try> {
    const { input } = step
    const outputs: Outputs = this.#outputs
    const started = this.#settings.clock.now()
    const since = (): number => this.#settings.clock.now() - started
    try {
      const output = await untilAborted(signal, () => step.run({ input, outputs, attempt, signal }))
      return { input, output, durationMs: since() }
    } catch (error) {
      signal.throwIfAborted()
      return { input, failed: { error }, durationMs: since() }
    }
  }

  /** All in one call; what fails before it, or alone in it, fails alone. */
  async #call(steps: readonly CallStep[], signal: AbortSignal): Promise<Try[]> {
    const started = this.#settings.clock.now()
    const requests = steps.map((step) => this.#request(step))
    const sendable = requests.flatMap((request) => ('error' in request ? [] : [request.input]))
    let replies: readonly unknown[] | undefined
    let failure: unknown
    try {
      replies = sendable.length === 0 ? [] : await steps[0]?.api.send(sendable, signal)
    } catch (error) {
      signal.throwIfAborted()
      failure = error
    }
    const durationMs = this.#settings.clock.now() - started
    const waiting = [...(replies ?? [])]
    return requests.map((request): Try => {
      if ('error' in request) return { input: undefined, failed: { error: request.error }, durationMs }
      const { input } = request
      if (replies === undefined) return { input, failed: { error: failure }, durationMs }
      const output = waiting.shift()
      return output instanceof Error ? { input, failed: { error: output }, durationMs } : { input, output, durationMs }
    })
  }

  #request({ request }: CallStep): { readonly input: unknown } | { readonly error: unknown } {
    try {
      return { input: request(this.#outputs) }
    } catch (error) {
      return { error }
    }
  }
}

const troubleOf = (troubles: Map<string, Trouble>, { id }: Step, error: unknown): Trouble => {
  const trouble = troubles.get(id) ?? { original: error, counts: new Map(), fixed: new Set() }
  troubles.set(id, trouble)
  return trouble
}

import { z } from 'zod'
import type { Decision } from '../decide/choose.ts'
import { AutodidactError, wordsOf } from '../errors.ts'
import { validated } from '../log/validate.ts'
import type { RecordReceipt } from '../record/receipt.ts'
import { type Warning, warningOf } from '../warning.ts'
import { Attempts } from './execution/attempts.ts'
import type { Checkpoint, KeptFailure } from './execution/checkpoints.ts'
import { type Claimed, UnderWay } from './execution/claims.ts'
import { contextOf, type Ending, judged, outcomeOf, responseOf, succeeded } from './execution/ending.ts'
import type { ExecuteSettings, Execution } from './execution/execution.ts'
import { factorsOf } from './execution/factors.ts'
import { isFaithful } from './execution/faithful.ts'
import { type Failure, Journal, writable } from './execution/journal.ts'
import { expectAll, expectReady } from './execution/obligations.ts'
import { type Plan, planOf } from './execution/plan.ts'
import { learningLoop, type LoopSettings, type LoopSummary } from './execution/learning-loop.ts'
import { type ExecutionSettings, type Prepared, prepared } from './execution/settings.ts'
import { expectTask, type Task } from './execution/task.ts'

/** A task under way. */
interface Underway {
  readonly task: Task
  readonly plan: Plan
  readonly advice: Checkpoint['advice']
  readonly decision: Decision | undefined
  readonly approach: string
  readonly resumed: boolean
  readonly outputs: Map<string, unknown>
  readonly journal: Journal
  /** Time spent by earlier processes. */
  readonly spentMs: number
  readonly startedAt: number
  readonly warnings: Warning[]
  /** Whether another process could go on with it where this one is. */
  kept: boolean
}

/** An execution, and how it ended: what was thrown may be anything, `undefined` too. */
interface Attempted {
  readonly execution: Execution
  readonly ending: Ending
}

const executeInput = z.strictObject({ signal: z.instanceof(AbortSignal).optional() })

/**
 * Carries out tasks of several steps, by the approach that is expected to earn most for such a task, and learns from how it went.
 *
 * The approach is chosen like every other option: logged with its probability before anything is done, and rewarded when the run is recorded. A step that fails is tried again, as often as the class
 * of its error allows, after the best known fix or a wait.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 * import { AdaptiveExecution } from 'autodidact/agents'
 *
 * const autodidact = await Autodidact.open(':memory:', { seed: 1 })
 * const execution = new AdaptiveExecution({ autodidact, backOff: { firstMs: 1 } })
 * let calls = 0
 * const { outputs, recoveries } = await execution.execute({
 *   description: 'add up the orders of two shops',
 *   steps: [
 *     { id: 'north', run: () => 20 },
 *     { id: 'south', run: () => { if ((calls += 1) === 1) throw new Error('connection reset'); return 22 } },
 *     { id: 'sum', after: ['north', 'south'], run: ({ outputs }) => Number(outputs.get('north')) + Number(outputs.get('south')) },
 *   ],
 * })
 * console.assert(outputs.get('sum') === 42 && recoveries[0]?.step === 'south')
 * await autodidact.close()
 * ```
 */
export class AdaptiveExecution {
  readonly #settings: Prepared
  readonly #running = new Set<string>()

  /** @throws AutodidactError `INVALID_INPUT`, `DUPLICATE_OPTION` */
  constructor(settings: ExecutionSettings) {
    this.#settings = prepared(settings)
  }

  /** The log of the project. */
  get autodidact(): Prepared['autodidact'] {
    return this.#settings.autodidact
  }

  /** The choice point of the approach. */
  get point(): string {
    return this.#settings.point
  }

  /**
   * Carries out a task, and throws what it fails of.
   *
   * @throws the very error that the step which failed for good threw at first, the reason of the signal, and AutodidactError `INVALID_INPUT`; for the id of a task `CONFLICT` and `BUSY` while it is under way in
   * this process or another one, `ALREADY_EXISTS` when it was done
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { AdaptiveExecution } from 'autodidact/agents'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const execution = new AdaptiveExecution({ autodidact })
   * const error = new Error('permission denied')
   * const task = { description: 'read the secret', steps: [{ id: 'read', run: () => { throw error } }] }
   * console.assert((await execution.execute(task).catch((thrown: unknown) => thrown)) === error)
   * await autodidact.close()
   * ```
   */
  async execute(task: Task, settings: ExecuteSettings = {}): Promise<Execution> {
    const { execution, ending } = await this.#attempt(task, settings)
    if (ending.kind === 'failed') throw ending.error
    return execution
  }

  /**
   * Carries out a task, and tells how it went, also when it failed.
   *
   * @throws the reason of the signal, and AutodidactError `INVALID_INPUT`; for the id of a task `CONFLICT`, `BUSY`, `ALREADY_EXISTS` as {@link AdaptiveExecution.execute}
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { AdaptiveExecution } from 'autodidact/agents'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const execution = new AdaptiveExecution({ autodidact })
   * const task = { description: 'read the secret', steps: [{ id: 'read', run: () => { throw new Error('permission denied') } }] }
   * const { success, failures, reward } = await execution.executeTaskWithLearning(task)
   * console.assert(!success && failures[0]?.class === 'fatal' && reward === 0)
   * await autodidact.close()
   * ```
   */
  async executeTaskWithLearning(task: Task, settings: ExecuteSettings = {}): Promise<Execution> {
    return (await this.#attempt(task, settings)).execution
  }

  /**
   * Carries out task after task, and tells what was learned: after every so many of them, and at the end. Without tasks it looks at what the log says already. A task that fails does not
   * end it; a signal does, between two tasks or in the middle of one, and what was learned until then is told.
   *
   * @param tasks may come as long as they like
   * @throws what `tasks` throws, and AutodidactError `INVALID_INPUT` for what is no task
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   * import { AdaptiveExecution } from 'autodidact/agents'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const execution = new AdaptiveExecution({ autodidact })
   * const tasks = ['north', 'south'].map((shop) => ({ description: `count the orders of ${shop}`, steps: [{ id: 'count', run: () => shop.length }] }))
   * const { executed, succeeded, approaches } = await execution.continuousLearningLoop(tasks)
   * console.assert(executed === 2 && succeeded === 2 && approaches[0]?.approach === 'standard')
   * await autodidact.close()
   * ```
   */
  continuousLearningLoop(tasks: Iterable<Task> | AsyncIterable<Task> = [], settings: LoopSettings = {}): Promise<LoopSummary> {
    return learningLoop(this, tasks, settings)
  }

  async #attempt(task: Task, settings: ExecuteSettings): Promise<Attempted> {
    validated(executeInput, settings, 'execute')
    expectTask(task)
    const plan = planOf(task.steps, task.version)
    const { signal = new AbortController().signal } = settings
    signal.throwIfAborted()
    if (task.id === undefined) return this.#carryOut(task, plan, signal)
    if (this.#running.has(task.id)) throw new AutodidactError('CONFLICT', `The task "${task.id}" is under way. Wait for it, or give this one another id.`)
    this.#running.add(task.id)
    try {
      return await this.#alone(task, task.id, plan, signal)
    } finally {
      this.#running.delete(task.id)
    }
  }

  /** Carries out a task with an id, which no other process does meanwhile, and which was not done before. */
  async #alone(task: Task, id: string, plan: Plan, signal: AbortSignal): Promise<Attempted> {
    const { checkpoints, claims } = this.#settings
    const warnings: Warning[] = []
    const claimed = await quietly(warnings, () => claims.claim(id))
    try {
      const ended = await quietly(warnings, async () => checkpoints.ended?.(id))
      if (ended?.digest === plan.digest) {
        throw new AutodidactError('ALREADY_EXISTS', `The task "${id}" was done before: its run is "${ended.run}". To do it again, give it another id or another version.`)
      }
      return await this.#carryOut(task, plan, signal, warnings, claimed)
    } finally {
      await quietly(warnings, async () => claimed?.release())
    }
  }

  async #carryOut(task: Task, plan: Plan, signal: AbortSignal, warnings: Warning[] = [], claimed?: Claimed): Promise<Attempted> {
    const underway = (await this.#resumed(task, plan, warnings)) ?? (await this.#begun(task, plan, warnings))
    await quietly(underway.warnings, async () => claimed?.confirm())
    const executor = this.#settings.executors.get(underway.approach)
    if (executor === undefined) throw new AutodidactError('NO_OPTIONS', `No executor is called "${underway.approach}". Pass one that suits every plan, such as standard().`)
    const attempts = new Attempts(this.#settings, task.category, underway.outputs, underway.journal)
    const checkpoint = executor.resumes === true && task.id !== undefined ? await this.#checkpointing(underway, task.id) : () => Promise.resolve()
    let ending: Ending
    try {
      await executor.execute({
        plan,
        outputs: underway.outputs,
        signal,
        perform: async (steps, own = signal) => {
          expectReady(steps, underway.outputs)
          await attempts.perform(steps, own)
        },
        checkpoint,
      })
      expectAll(plan, underway.outputs, underway.approach)
      ending = await judged(task, underway.outputs, signal)
    } catch (error) {
      ending = signal.aborted ? { kind: 'open', error: signal.reason } : { kind: 'failed', error }
    }
    underway.warnings.push(...attempts.warnings)
    if (ending.kind === 'open') {
      // What can be taken up again is not over: it is recorded when it is.
      if (!underway.kept) await this.#ended(underway, ending, [])
      throw ending.error
    }
    const factors = factorsOf(task, plan, underway.journal, underway.outputs, underway.warnings)
    const receipt = await this.#ended(underway, ending, factors)
    return { execution: this.#told(underway, ending, factors, receipt), ending }
  }

  /** Chooses an approach; the choice is in the log before anything is done. */
  async #begun(task: Task, plan: Plan, warnings: Warning[]): Promise<Underway> {
    const { autodidact, executors, point, name, clock } = this.#settings
    const offered = [...executors.values()].filter((executor) => (executor.resumes !== true || task.id !== undefined) && executor.suits(plan))
    const { category, user, session } = task
    const advice = await autodidact.advise(task.description, {
      choices: { [point]: offered.map((executor) => ({ id: executor.name, description: executor.description })) },
      context: contextOf(task, plan),
      recall: false,
      agent: name,
      source: name,
      ...(category === undefined ? {} : { category }),
      ...(user === undefined ? {} : { user }),
      ...(session === undefined ? {} : { session }),
    })
    const decision = advice.decisions[point]
    const { id, run, task: text, logged } = advice
    return {
      task,
      plan,
      advice: { id, run, task: text, logged },
      decision,
      approach: decision?.option ?? '',
      resumed: false,
      outputs: new Map(),
      journal: new Journal(),
      spentMs: 0,
      startedAt: clock.now(),
      warnings: [...warnings, ...advice.warnings],
      kept: false,
    }
  }

  /** The task as a process that died has left it: its approach is the one that was logged, and nothing is chosen anew. */
  async #resumed(task: Task, plan: Plan, warnings: Warning[]): Promise<Underway | undefined> {
    const { checkpoints, executors, clock } = this.#settings
    const { id } = task
    if (id === undefined) return undefined
    const kept = await quietly(warnings, () => checkpoints.load(id))
    if (typeof kept !== 'object' || kept === null || kept.digest !== plan.digest || executors.get(kept.approach)?.resumes !== true) return undefined
    const { advice, decision, approach, outputs, notes, recoveries, failures = [], durationMs } = kept
    return {
      task,
      plan,
      advice,
      decision,
      approach,
      resumed: true,
      outputs: new Map(outputs.map(([step, output]) => [step, output])),
      journal: new Journal(notes, recoveries, failures.map(restored)),
      spentMs: durationMs,
      startedAt: clock.now(),
      warnings,
      kept: true,
    }
  }

  /**
   * Keeps what is done so far. After an erasure anywhere in the project nothing is kept any more: what was returned before it may be what was to be forgotten.
   */
  async #checkpointing(underway: Underway, id: string): Promise<() => Promise<void>> {
    const { autodidact, checkpoints, clock } = this.#settings
    const { plan, advice, decision, approach, outputs, journal, spentMs, startedAt, warnings } = underway
    const begun = await quietly(warnings, () => autodidact.head())
    const told = new Set<string>()
    return async () => {
      const faithful: [step: string, output?: unknown][] = []
      // What a step returned may be changed by a later one, so all are looked at each time.
      for (const [step, output] of outputs) {
        const json = writable(output)
        if (isFaithful(output, json)) faithful.push(json === undefined ? [step] : [step, json])
        else if (told.size < told.add(step).size) warnings.push(notKept(step))
      }
      underway.kept = false
      await quietly(warnings, async () => {
        if (begun === undefined || (await autodidact.head()).epoch !== begun.epoch) return
        const durationMs = spentMs + clock.now() - startedAt
        const { notes, recoveries } = journal
        const failures = journal.failures.map(keptFailure)
        const choice = decision === undefined ? {} : { decision }
        underway.kept = await checkpoints.save(id, { digest: plan.digest, approach, advice, ...choice, outputs: faithful, notes, recoveries, failures, durationMs })
      })
    }
  }

  /** Recorded first: a process that dies in between leaves a task that is done, and not one that nobody knows of. */
  async #ended(underway: Underway, ending: Ending, factors: readonly string[]): Promise<RecordReceipt | undefined> {
    const receipt = await this.#recorded(underway, ending, factors)
    const { task: { id }, advice, plan, warnings } = underway
    const { checkpoints } = this.#settings
    if (id === undefined) return receipt
    const isDone = receipt !== undefined && ending.kind === 'done' && succeeded(ending.outcome)
    if (isDone) await quietly(warnings, async () => checkpoints.end?.(id, { digest: plan.digest, run: advice.run }))
    await quietly(warnings, () => checkpoints.clear(id))
    return receipt
  }

  /** Writes the run down; what cannot be written must not hide how the task went. */
  async #recorded(underway: Underway, ending: Ending, factors: readonly string[]): Promise<RecordReceipt | undefined> {
    const { task, plan, advice, approach, outputs, journal } = underway
    const { autodidact, name } = this.#settings
    const { category, user, session } = task
    try {
      return await autodidact.record({
        advice,
        approach,
        ...(factors.length === 0 ? {} : { factors }),
        context: contextOf(task, plan),
        ...(task.type === undefined ? {} : { type: task.type }),
        ...(task.effort === undefined ? {} : { effort: task.effort }),
        ...(task.dependencies === undefined ? {} : { dependencies: task.dependencies.slice(0, mostDependencies) }),
        steps: journal.notes,
        ...(ending.kind === 'done' ? { response: responseOf(plan, outputs) } : {}),
        outcome: outcomeOf(ending),
        metrics: { steps: plan.order.length, calls: plan.calls, failures: journal.notes.filter(({ ok }) => ok === false).length, recoveries: journal.recoveries.length },
        durationMs: this.#durationOf(underway),
        agent: name,
        source: name,
        ...(category === undefined ? {} : { category }),
        ...(user === undefined ? {} : { user }),
        ...(session === undefined ? {} : { session }),
      })
    } catch (error) {
      underway.warnings.push(warningOf(error))
      return undefined
    }
  }

  #durationOf({ spentMs, startedAt }: Underway): number {
    return Math.max(0, spentMs + this.#settings.clock.now() - startedAt)
  }

  #told(underway: Underway, ending: Exclude<Ending, { kind: 'open' }>, factors: readonly string[], receipt: RecordReceipt | undefined): Execution {
    const { task, advice, approach, decision, resumed, outputs, journal, warnings } = underway
    return {
      run: advice.run,
      task: task.id,
      approach,
      decision,
      resumed,
      success: ending.kind === 'done' && succeeded(ending.outcome),
      error: ending.kind === 'done' ? undefined : ending.error,
      outputs,
      failures: journal.failures,
      recoveries: journal.recoveries,
      factors,
      reward: receipt?.rewards.find(({ point }) => point === this.#settings.point)?.reward,
      durationMs: this.#durationOf(underway),
      receipt,
      warnings,
    }
  }
}

/** What only saves work must not stop it; that somebody else is at it does. */
const quietly = async <Result>(warnings: Warning[], act: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await act()
  } catch (error) {
    if (error instanceof UnderWay) throw error
    const warning = { ...warningOf(error), code: 'CHECKPOINT_FAILED' }
    if (!warnings.some(({ code, message }) => code === warning.code && message === warning.message)) warnings.push(warning)
    return undefined
  }
}

const keptFailure = ({ error, ...failure }: Failure): KeptFailure => {
  return { ...failure, name: error instanceof Error ? error.name : 'Error', message: wordsOf(error, false) }
}

/** An error of another process, as far as it is known. */
const restored = ({ name, message, ...failure }: KeptFailure): Failure => ({ ...failure, error: Object.assign(new Error(message), { name }) })

const notKept = (step: string): Warning => ({
  code: 'OUTPUT_NOT_KEPT',
  message: `The step "${step}" returned what JSON does not hold as it is, such as a Map, a date or bytes. It is in no checkpoint: after a crash the step is done again. Return plain data to have it kept.`,
})

/** So many of its tasks a record may build on. */
const mostDependencies = 1000

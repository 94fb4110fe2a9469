import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { validated } from '../log/validate.ts'
import type { RecordReceipt } from '../record/receipt.ts'
import { type Warning, warningOf } from '../warning.ts'
import { Attempts } from './execution/attempts.ts'
import type { Claimed } from './execution/claims.ts'
import { contextOf, type Ending, judged, outcomeOf, responseOf, succeeded } from './execution/ending.ts'
import type { ExecuteSettings, Execution } from './execution/execution.ts'
import { factorsOf } from './execution/factors.ts'
import { expectAll, expectReady } from './execution/obligations.ts'
import { begin, checkpointing, isRecorded, type OngoingTask, quietly, resume } from './execution/ongoing-task.ts'
import { type Plan, planOf } from './execution/plan.ts'
import { learningLoop, type LoopSettings, type LoopSummary } from './execution/learning-loop.ts'
import { type ExecutionSettings, type Prepared, prepared } from './execution/settings.ts'
import { expectTask, type Task } from './execution/task.ts'

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
    const { autodidact, checkpoints, claims } = this.#settings
    const warnings: Warning[] = []
    const claimed = await quietly(warnings, () => claims.claim(id))
    try {
      const ended = await quietly(warnings, async () => checkpoints.ended?.(id))
      if (ended?.digest === plan.digest && (await quietly(warnings, () => isRecorded(autodidact, ended.run))) === true) {
        // The process that did it may have died before it could.
        await quietly(warnings, () => checkpoints.clear(id))
        throw new AutodidactError('ALREADY_EXISTS', `The task "${id}" was done before: its run is "${ended.run}". To do it again, give it another id or another version.`)
      }
      return await this.#carryOut(task, plan, signal, warnings, claimed)
    } finally {
      await quietly(warnings, async () => claimed?.release())
    }
  }

  async #carryOut(task: Task, plan: Plan, signal: AbortSignal, warnings: Warning[] = [], claimed?: Claimed): Promise<Attempted> {
    const ongoing = (await resume(this.#settings, task, plan, warnings)) ?? (await begin(this.#settings, task, plan, warnings))
    await quietly(ongoing.warnings, async () => claimed?.confirm())
    const executor = this.#settings.executors.get(ongoing.approach)
    if (executor === undefined) throw new AutodidactError('NO_OPTIONS', `No executor is called "${ongoing.approach}". Pass one that suits every plan, such as standard().`)
    const attempts = new Attempts(this.#settings, task.category, ongoing.outputs, ongoing.journal)
    const checkpoint = executor.resumes === true && task.id !== undefined ? await checkpointing(this.#settings, ongoing, task.id) : () => Promise.resolve()
    let ending: Ending
    try {
      await executor.execute({
        plan,
        outputs: ongoing.outputs,
        signal,
        perform: async (steps, own = signal) => {
          expectReady(steps, ongoing.outputs)
          await attempts.perform(steps, own)
        },
        checkpoint,
      })
      expectAll(plan, ongoing.outputs, ongoing.approach)
      ending = await judged(task, ongoing.outputs, signal)
    } catch (error) {
      ending = signal.aborted ? { kind: 'open', error: signal.reason } : { kind: 'failed', error }
    }
    ongoing.warnings.push(...attempts.warnings)
    if (ending.kind === 'open') {
      // What can be taken up again is not over: it is recorded when it is.
      if (!ongoing.kept) await this.#ended(ongoing, ending, [])
      throw ending.error
    }
    const factors = factorsOf(task, plan, ongoing.journal, ongoing.outputs, ongoing.warnings)
    const receipt = await this.#ended(ongoing, ending, factors)
    return { execution: this.#told(ongoing, ending, factors, receipt), ending }
  }

  /** That it is done is kept before its run is recorded, and counts once that is: so it makes no difference between which of the two a process dies. */
  async #ended(ongoing: OngoingTask, ending: Ending, factors: readonly string[]): Promise<RecordReceipt | undefined> {
    const { task: { id }, advice, plan, warnings } = ongoing
    const { checkpoints } = this.#settings
    const isDone = ending.kind === 'done' && succeeded(ending.outcome)
    if (id !== undefined && isDone) await quietly(warnings, async () => checkpoints.end?.(id, { digest: plan.digest, run: advice.run }))
    const receipt = await this.#recorded(ongoing, ending, factors)
    if (id !== undefined) await quietly(warnings, () => checkpoints.clear(id))
    return receipt
  }

  /** Writes the run down; what cannot be written must not hide how the task went. */
  async #recorded(ongoing: OngoingTask, ending: Ending, factors: readonly string[]): Promise<RecordReceipt | undefined> {
    const { task, plan, advice, approach, outputs, journal } = ongoing
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
        durationMs: this.#durationOf(ongoing),
        agent: name,
        source: name,
        ...(category === undefined ? {} : { category }),
        ...(user === undefined ? {} : { user }),
        ...(session === undefined ? {} : { session }),
      })
    } catch (error) {
      ongoing.warnings.push(warningOf(error))
      return undefined
    }
  }

  #durationOf({ spentMs, startedAt }: OngoingTask): number {
    return Math.max(0, spentMs + this.#settings.clock.now() - startedAt)
  }

  #told(ongoing: OngoingTask, ending: Exclude<Ending, { kind: 'open' }>, factors: readonly string[], receipt: RecordReceipt | undefined): Execution {
    const { task, advice, approach, decision, resumed, outputs, journal, warnings } = ongoing
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
      durationMs: this.#durationOf(ongoing),
      receipt,
      warnings,
    }
  }
}

/** So many of its tasks a record may build on. */
const mostDependencies = 1000

import type { Decision } from '../../decide/choose.ts'
import { AutodidactError, wordsOf } from '../../errors.ts'
import { type Warning, warningOf } from '../../warning.ts'
import type { Checkpoint, KeptFailure } from './checkpoints.ts'
import { UnderWay } from './claims.ts'
import { contextOf } from './ending.ts'
import { isFaithful } from './faithful.ts'
import { type Failure, Journal, writable } from './journal.ts'
import type { Plan } from './plan.ts'
import type { Prepared } from './settings.ts'
import type { Task } from './task.ts'

/** A task under way. */
export interface OngoingTask {
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

/** Chooses an approach; the choice is in the log before anything is done. */
export const begin = async (settings: Prepared, task: Task, plan: Plan, warnings: readonly Warning[]): Promise<OngoingTask> => {
  const { autodidact, executors, point, name, clock } = settings
  const offered = [...executors.values()].filter((executor) => (executor.resumes !== true || task.id !== undefined) && executor.suits(plan))
  if (offered.length === 0) throw nothingSuits(executors.keys(), task, plan)
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

/** The task as a process that died has left it: its approach is the one that was logged, and nothing is chosen anew; undefined where there is none to go on with. */
export const resume = async (settings: Prepared, task: Task, plan: Plan, warnings: Warning[]): Promise<OngoingTask | undefined> => {
  const { autodidact, checkpoints, executors, clock } = settings
  const { id } = task
  if (id === undefined) return undefined
  const kept = await quietly(warnings, () => checkpoints.load(id))
  if (typeof kept !== 'object' || kept === null || kept.digest !== plan.digest || executors.get(kept.approach)?.resumes !== true) return undefined
  // The process died behind the record of a failure: that run is over, and this is the next one.
  if ((await quietly(warnings, () => isRecorded(autodidact, kept.advice.run))) === true) return undefined
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
export const checkpointing = async (settings: Prepared, ongoing: OngoingTask, id: string): Promise<() => Promise<void>> => {
  const { autodidact, checkpoints, clock } = settings
  const { plan, advice, decision, approach, outputs, journal, spentMs, startedAt, warnings } = ongoing
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
    ongoing.kept = false
    await quietly(warnings, async () => {
      if (begun === undefined || (await autodidact.head()).epoch !== begun.epoch) return
      const durationMs = spentMs + clock.now() - startedAt
      const { notes, recoveries } = journal
      const failures = journal.failures.map(keptFailure)
      const choice = decision === undefined ? {} : { decision }
      ongoing.kept = await checkpoints.save(id, { digest: plan.digest, approach, advice, ...choice, outputs: faithful, notes, recoveries, failures, durationMs })
    })
  }
}

/** Whether a run is over: it is recorded once. */
export const isRecorded = async (autodidact: Prepared['autodidact'], run: string): Promise<boolean> => {
  for await (const { id } of autodidact.export({ kinds: ['run.recorded'], runs: [run] })) if (id === run) return true
  return false
}

/** What only saves work must not stop it; that somebody else is at it does. */
export const quietly = async <Result>(warnings: Warning[], act: () => Promise<Result>): Promise<Result | undefined> => {
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

const nothingSuits = (names: Iterable<string>, { id }: Task, { order }: Plan): AutodidactError =>
  new AutodidactError(
    'NO_OPTIONS',
    `None of the executors (${[...names].join(', ')}) suits this task of ${order.length} ${order.length === 1 ? 'step' : 'steps'} ${id === undefined ? 'without an id' : 'with an id'}. Pass one that suits every task, such as standard().`,
  )

const notKept = (step: string): Warning => ({
  code: 'OUTPUT_NOT_KEPT',
  message: `The step "${step}" returned what JSON does not hold as it is, such as a Map, a date or bytes. It is in no checkpoint: after a crash the step is done again. Return plain data to have it kept.`,
})

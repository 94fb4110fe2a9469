import { z } from 'zod'
import { context, name, task as text } from '../../log/kinds/shared.ts'
import { callable, validated } from '../../log/validate.ts'
import { AutodidactError } from '../../errors.ts'
import type { OutcomeInput } from '../../record/input.ts'
import { Api } from './api.ts'

/** What the steps done so far have returned, by their ids. */
export type Outputs = ReadonlyMap<string, unknown>

/** What a step gets to work with. */
export interface StepBriefing {
  readonly input: unknown
  readonly outputs: Outputs
  /** 1 at first, 2 when it is tried for the second time, … */
  readonly attempt: number
  /** Aborted when the task is, or another step has failed for good. */
  readonly signal: AbortSignal
}

interface StepHead {
  /** Unlike that of any other step of the task. */
  readonly id: string
  /** Ids of the steps that must be done before. */
  readonly after?: readonly string[]
  /** What it works with, as it is recorded: its name tells known fixes apart. Default: its id. */
  readonly tool?: string
}

/** A step that is a function. */
export interface WorkStep extends StepHead {
  /** Handed to `run`, and recorded. */
  readonly input?: unknown
  readonly run: (briefing: StepBriefing) => unknown
}

/** A step that is a request to an API, by itself or with others in one call. */
export interface CallStep extends StepHead {
  readonly api: Api
  /** The request, from what the steps before it have returned. */
  readonly request: (outputs: Outputs) => unknown
}

export type Step = WorkStep | CallStep

/** Something to be done in steps. */
export interface Task {
  /** Names it: a task with an id that a process died over is taken up again by its id. */
  readonly id?: string
  /** Of what its steps do: change it with their code, so that a checkpoint of the code before is not gone on with. */
  readonly version?: string
  /** What is to be done, in words. */
  readonly description: string
  readonly steps: readonly Step[]
  /** Kind of task: `backend`, `migration`, … */
  readonly category?: string
  /** A narrower kind. */
  readonly type?: string
  /** Ids of the tasks that it builds on; only their number is learned from. */
  readonly dependencies?: readonly string[]
  /** Estimate in a unit of your own, 0 or more. */
  readonly effort?: number
  /** Finite numbers and categories that describe the situation. */
  readonly context?: Readonly<Record<string, number | string | boolean>>
  readonly user?: string
  readonly session?: string
  /**
   * Says how it went once all steps are done: true or false are judged by `check`. What it throws fails the task; anything else it returns is `INVALID_INPUT`, and no verdict is written. Default: it was a success, judged by `host`.
   */
  readonly check?: (outputs: Outputs) => boolean | OutcomeInput | Promise<boolean | OutcomeInput>
  /**
   * What it had that success may be owed to, by at most 97 names of your own, once it has ended, well or not: `recommend` compares tasks with and without each. The engine adds `error_recovery` (a step failed
   * and was done in the end), `api_integration` (there were requests) and `dependency_resolution` (it builds on other tasks).
   */
  readonly factors?: (outputs: Outputs) => readonly string[]
}

/** As many as a record of a run takes. */
const mostSteps = 10_000

const head = { id: name, after: z.array(name).max(mostSteps).optional(), tool: name.optional() }

const stepInput = z.union([
  z.strictObject({ ...head, run: callable, input: z.unknown().optional() }),
  z.strictObject({ ...head, api: z.instanceof(Api), request: callable }),
])

const taskInput = z.strictObject({
  id: name.optional(),
  version: name.optional(),
  description: text,
  steps: z.array(stepInput).min(1, 'has no step').max(mostSteps, `has more than ${mostSteps} steps`),
  category: name.optional(),
  type: name.optional(),
  dependencies: z.array(name).optional(),
  effort: z.number().min(0).optional(),
  context: context.optional(),
  user: name.optional(),
  session: name.optional(),
  check: callable.optional(),
  factors: callable.optional(),
})

/**
 * Refuses what is no task.
 *
 * @throws AutodidactError `INVALID_INPUT` naming the field
 */
export const expectTask = (task: Task): void => {
  validated(taskInput, task, 'task')
}

/** Whether it is a request to an API. */
export const isCall = (step: Step): step is CallStep => 'api' in step

/** By which fixes know it, and under which it is recorded. */
export const toolOf = ({ tool, id }: Step): string => tool ?? id

/** The error of a plan that cannot be carried out. */
export const badPlan = (message: string): AutodidactError => new AutodidactError('INVALID_INPUT', `task: ${message} Nothing was written; correct it and call again.`)

import { z } from 'zod'
import { wordsOf } from '../errors.ts'
import * as recorded from '../log/kinds/run-recorded.ts'
import { byName, context, judge, name, task, text, time, workload } from '../log/kinds/shared.ts'

const payload = z.unknown().optional()

/** An error in words, or one that was caught. */
const failure = z.union([text, z.instanceof(Error).transform((error) => wordsOf(error).toWellFormed())])

// As they stand in the log, but for what is made of payloads and errors on the way into it.
const step = z.strictObject({ ...recorded.step.shape, input: payload, output: payload, error: failure.optional() })

const outcome = z.strictObject({ ...recorded.outcome.shape, judge: judge.default('host'), error: failure.optional() })

/** The part of an advice that a record needs; an id alone is enough. */
const advice = z.union([name, z.object({ id: name, run: name, task: z.string(), logged: z.boolean().default(true) })])

/** What `record` takes. */
export const recordInput = z.strictObject({
  run: name.optional(),
  advice: advice.optional(),
  task: task.optional(),
  category: name.optional(),
  ...workload,
  approach: name.optional(),
  factors: z.array(name).max(100).optional(),
  context: context.optional(),
  state: name.optional(),
  steps: z.array(step).max(10_000).optional(),
  response: payload,
  takeaway: text.optional(),
  metrics: byName(z.number()).optional(),
  /** Short for `outcome: { success }`. */
  success: z.boolean().optional(),
  outcome: outcome.optional(),
  startedAt: time.optional(),
  endedAt: time.optional(),
  durationMs: z.number().min(0).optional(),
  taken: byName(name).optional(),
  used: z.array(name).max(10_000).optional(),
  agent: name.optional(),
  agentVersion: name.optional(),
  user: name.optional(),
  session: name.optional(),
  source: name.optional(),
  trust: z.enum(['user', 'agent', 'tool', 'imported', 'recalled']).optional(),
  occurredAt: time.optional(),
})

/** What an agent did on a task, and how it went. Everything but the task (or the advice that has one) is optional. */
export interface RecordInput {
  /** The run's id; default: that of the advice, or a new one. The same id with the same content is written once. */
  readonly run?: string
  /** The advice that the agent worked with, or its id. */
  readonly advice?: string | { readonly id: string; readonly run: string; readonly task: string; readonly logged?: boolean }
  /** What was asked; default: the task of the advice. */
  readonly task?: string
  /** Kind of task, where the host knows it; otherwise kinds are learned. */
  readonly category?: string
  /** What kind of work it is within its category, such as `feature` or `bugfix`. */
  readonly type?: string
  /** Names of what had to be done before it; at most 1,000. */
  readonly dependencies?: readonly string[]
  /** How much work it was estimated to be, 0 or more in a unit of your own; what is above 2, and above 5, counts as more complex. */
  readonly effort?: number
  /** How the agent went about it, such as `incremental`; default: the option taken at the choice point `approach`, where there was one. */
  readonly approach?: string
  /** What it owed its success to, by names of your own; at most 100. */
  readonly factors?: readonly string[]
  /** Finite numbers and categories that describe the situation. */
  readonly context?: Readonly<Record<string, number | string | boolean>>
  readonly state?: string
  readonly steps?: readonly StepInput[]
  /** Any JSON value. */
  readonly response?: unknown
  /** One sentence to remember from the run; it is searched like the task. */
  readonly takeaway?: string
  /** Named measurements in units of your own. */
  readonly metrics?: Readonly<Record<string, number>>
  /** Short for `outcome: { success }`, judged by the host. */
  readonly success?: boolean
  /** Without an outcome the run is unverified: stored, but neither recalled nor learned from until someone judges it. */
  readonly outcome?: OutcomeInput
  /** Milliseconds since 1970-01-01 UTC, fractions cut off. */
  readonly startedAt?: number
  readonly endedAt?: number
  readonly durationMs?: number
  /** What was really done, by choice point or decision id, where it differs from the advice. */
  readonly taken?: Readonly<Record<string, string>>
  /** Ids of the recalled items that were really used; default: all that the advice showed. */
  readonly used?: readonly string[]
  /** Who did it and for whom; default: as the advice was asked for. */
  readonly agent?: string
  readonly agentVersion?: string
  readonly user?: string
  readonly session?: string
  /** What tells us; default `host`. */
  readonly source?: string
  /** Default `agent`. */
  readonly trust?: 'user' | 'agent' | 'tool' | 'imported' | 'recalled'
  /** When the run ended, in milliseconds since 1970-01-01 UTC; default: `endedAt`, or now. */
  readonly occurredAt?: number
}

/** One step of a run. */
export interface StepInput {
  /** Name of the tool or action. */
  readonly action: string
  readonly input?: unknown
  readonly output?: unknown
  readonly ok?: boolean
  /** Why it failed; without it, the output of a failed step is its error. What then helped is learned, see `errorFixes`. */
  readonly error?: string | Error
  readonly durationMs?: number
  /** Id of the decision that chose this step. */
  readonly decision?: string
  readonly state?: string
  /** Any finite number; what the decision learns from it is bounded to [0, 1]. */
  readonly reward?: number
  readonly terminated?: boolean
  readonly truncated?: boolean
}

/** How a run went. */
export interface OutcomeInput {
  readonly success?: boolean
  /** Graded success in [0, 1]; wins over `success`, with which it must agree: at least ½ for a success, at most for a failure. */
  readonly score?: number
  /** Who says so; default `host`. */
  readonly judge?: 'check' | 'user' | 'host' | 'model'
  readonly error?: string | Error
  readonly cost?: number
  readonly tokens?: number
}

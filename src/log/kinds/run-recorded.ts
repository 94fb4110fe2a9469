import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { context, json, judge, name, packedFeatures, text, time, unit } from './shared.ts'

/** One step of a run, as it stands in the log. */
export const step = z.object({
  action: name,
  input: json.optional(),
  output: json.optional(),
  ok: z.boolean().optional(),
  /** Why it failed, in words; without it, the output of a failed step is its error. */
  error: text.optional(),
  durationMs: z.number().min(0).optional(),
  /** Id of the decision that chose this step. */
  decision: name.optional(),
  state: name.optional(),
  /** Any finite number; what a decision learns from it is bounded to [0, 1]. */
  reward: z.number().optional(),
  terminated: z.boolean().optional(),
  truncated: z.boolean().optional(),
})

/** How a run went, and who says so. */
export const outcome = z.object({
  success: z.boolean().optional(),
  /** A graded success in [0, 1]; wins over `success` where both are given. */
  score: unit.optional(),
  judge,
  error: text.optional(),
  /** In the host's own currency unit. */
  cost: z.number().min(0).optional(),
  tokens: z.number().int().min(0).optional(),
})

/** What an agent did on a task. The fact's id is the run's id. */
export const runRecorded = defineKind({
  kind: 'run.recorded',
  version: 1,
  schema: z.object({
    task: text,
    category: name.optional(),
    /** What kind of work it is within its category, such as `feature`. */
    type: name.optional(),
    /** Names of what had to be done before it. */
    dependencies: z.array(name).optional(),
    /** As it was estimated, in the host's own unit. */
    effort: z.number().min(0).optional(),
    /** How the agent went about it; without it, the option taken at the choice point `approach`. */
    approach: name.optional(),
    /** What it owed its success to, by names of the agent's own. */
    factors: z.array(name).optional(),
    context: context.optional(),
    state: name.optional(),
    /** Only in records of before 2026-11-21; what learners ask of a task is made of its text since. */
    features: packedFeatures.optional(),
    /** Hashed terms that carry the topic of the task, in their order, as base64. */
    topic: z.string().max(256).optional(),
    advice: name.optional(),
    steps: z.array(step),
    response: json.optional(),
    /** One sentence to remember from the run. */
    takeaway: text.optional(),
    metrics: z.record(name, z.number()).optional(),
    outcome: outcome.optional(),
    startedAt: time.optional(),
    durationMs: z.number().min(0).optional(),
    /** What was really done at a choice point, by point or by decision id; default: as advised. */
    taken: z.record(name, name).optional(),
    /** Which recalled items the agent really used; default: all that the advice showed. */
    used: z.array(name).optional(),
    /** Number of recalled spans that were taken out again. */
    echoes: z.number().int().min(0).optional(),
  }),
  long: ['task', 'takeaway', 'response', 'steps.*.input', 'steps.*.output', 'steps.*.error', 'outcome.error'],
  upcast: [],
  sample: {
    task: 'Refund order 1187',
    topic: 'FxNZ6A==',
    advice: 'advice_1',
    steps: [{ action: 'lookup', input: { order: 1187 }, ok: true, durationMs: 12 }],
    response: 'Refunded 20.00',
    outcome: { success: true, judge: 'check' },
    startedAt: 1_767_000_000_000,
    durationMs: 900,
  },
})

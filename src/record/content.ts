import { packBytes } from '../log/packed.ts'
import { openingOf } from '../credit/opening.ts'
import { topicHashes } from '../learn/structures/topic.ts'
import { AutodidactError } from '../errors.ts'
import type { FactData } from '../log/fact.ts'
import { refuseContradiction } from '../credit/contradiction.ts'
import type { Scope } from '../scope.ts'
import type { recordInput } from './input.ts'
import { type Json, toJson } from '../log/payload.ts'
import { maskedContext, maskedPayload } from '../log/redact.ts'

export type RunData = FactData['run.recorded']

/** The texts and payloads of a run, masked and as JSON: what identifies its content. */
export type Content = Omit<RunData, 'features' | 'topic' | 'echoes'>

/** Everything as JSON, every text masked. */
export const contentOf = (scope: Scope, given: ReturnType<typeof recordInput.parse>, task: string, advice: string | undefined): Content => {
  const payload = (value: unknown, field: string): Json | undefined => {
    const json = toJson(value, field)
    return json === undefined ? undefined : maskedPayload(scope.redact, json, field)
  }
  const outcome = outcomeOf(given)
  const ended = given.endedAt !== undefined && given.startedAt !== undefined ? given.endedAt - given.startedAt : undefined
  return defined({
    task: scope.redact(task, 'task'),
    category: given.category,
    type: given.type,
    dependencies: given.dependencies,
    effort: given.effort,
    approach: given.approach,
    factors: given.factors,
    context: given.context === undefined ? undefined : maskedContext(scope.redact, given.context),
    state: given.state,
    advice,
    steps: (given.steps ?? []).map((step, place) =>
      defined({
        ...step,
        input: payload(step.input, `steps.${place}.input`),
        output: payload(step.output, `steps.${place}.output`),
        error: step.error === undefined ? undefined : scope.redact(step.error, `steps.${place}.error`),
      }),
    ),
    response: payload(given.response, 'response'),
    takeaway: given.takeaway === undefined ? undefined : scope.redact(given.takeaway, 'takeaway'),
    metrics: given.metrics,
    outcome: outcome?.error === undefined ? outcome : { ...outcome, error: scope.redact(outcome.error, 'outcome.error') },
    startedAt: given.startedAt,
    durationMs: given.durationMs ?? ended,
    taken: given.taken,
    used: given.used,
  })
}

/** `success` is short for the outcome's, and may stand beside the cost and the tokens there. */
const outcomeOf = ({ outcome, success }: ReturnType<typeof recordInput.parse>): Content['outcome'] => {
  refuseContradiction('record', { success: success ?? outcome?.success, score: outcome?.score })
  if (success === undefined) return outcome
  if (outcome?.success !== undefined && outcome.success !== success) {
    throw new AutodidactError('INVALID_INPUT', 'record: success and outcome.success contradict each other. Nothing was written; leave one of them out.')
  }
  return { judge: 'host', ...outcome, success }
}

/** The object without its undefined fields: what is absent is absent in the log too. */
export const defined = <Shape extends object>(shape: Shape): Shape => {
  const entries = Object.entries(shape).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Shape
}

/** With the topic of the task, so that folding the log does not read its text again. */
export const withTopic = (content: Content & { echoes?: number }): RunData => ({
  ...content,
  topic: packBytes(Int32Array.from(topicHashes(openingOf(content.task)))),
})

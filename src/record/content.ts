import { packFeatures } from '../log/packed.ts'
import { featurize } from '../decide/features.ts'
import type { FactData } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import type { Blob } from '../storage/storage.ts'
import { shorten } from './blobs.ts'
import type { recordInput } from './input.ts'
import { type Json, mapTexts, toJson } from './payload.ts'

export type RunData = FactData['run.recorded']

/** The texts and payloads of a run, masked and as JSON: what identifies its content. */
export type Content = Omit<RunData, 'features' | 'echoes'>

/** Everything as JSON, every text masked. */
export const contentOf = (scope: Scope, given: ReturnType<typeof recordInput.parse>, task: string, advice: string | undefined): Content => {
  const mask = (value: Json, field: string): Json => mapTexts(value, (text) => scope.redact(text, field))
  const payload = (value: unknown, field: string): Json | undefined => {
    const json = toJson(value, field)
    return json === undefined ? undefined : mask(json, field)
  }
  const outcome = given.outcome ?? (given.success === undefined ? undefined : { success: given.success, judge: 'host' as const })
  const ended = given.endedAt !== undefined && given.startedAt !== undefined ? Math.max(0, given.endedAt - given.startedAt) : undefined
  return defined({
    task: scope.redact(task, 'task'),
    category: given.category,
    context: given.context,
    state: given.state,
    advice,
    steps: (given.steps ?? []).map((step, place) =>
      defined({ ...step, input: payload(step.input, `steps.${place}.input`), output: payload(step.output, `steps.${place}.output`) }),
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

/** The object without its undefined fields: what is absent is absent in the log too. */
export const defined = <Shape extends object>(shape: Shape): Shape => {
  const entries = Object.entries(shape).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Shape
}

/** Long texts moved into blobs. */
export const withBlobs = (data: RunData, run: string): { value: RunData; blobs: readonly Blob[] } => {
  const blobs: Blob[] = []
  const inline = <Value extends Json | undefined>(value: Value): Value => {
    if (value === undefined) return value
    const shortened = shorten(value, run)
    blobs.push(...shortened.blobs)
    return shortened.value as Value
  }
  const value = defined({
    ...data,
    task: inline(data.task),
    takeaway: inline(data.takeaway),
    response: inline(data.response),
    steps: data.steps.map((step) => defined({ ...step, input: inline(step.input), output: inline(step.output) })),
  })
  return { value, blobs }
}

/** With the hashed stems of the task, so that learning from the log never reads text again. */
export const withFeatures = (content: Content & { echoes?: number }): RunData => ({ ...content, features: packFeatures(featurize({ task: content.task })) })

import { z } from 'zod'
import { ruleTypes } from '../knowledge/rule.ts'
import { name } from '../log/kinds/shared.ts'
import type { Model } from '../models/model.ts'

/** How proposals of a teacher model become rules. */
export interface ReflectionSettings {
  /**
   * `review`: when somebody accepts them. `corroborated`: when enough independent runs propose the same. `at once`: only where whoever talks to the agent is trusted. Core rules wait for a
   * person in any case. Default `review`.
   */
  readonly apply?: 'at once' | 'review' | 'corroborated'
  /** Independent runs that must propose the same, from 2; default 2. */
  readonly corroboration?: number
  /** Tokens that models may take on one day (UTC) in this namespace, questions and answers together; 0: none. Default 100,000. */
  readonly tokensPerDay?: number
  /** Of these at most so many for one question, from 2,000; default 6,000. */
  readonly inputTokens?: number
  /** And for one answer, from 100; default 2,000. */
  readonly outputTokens?: number
  /** Longest time that an answer is waited for, in milliseconds; default 60,000. */
  readonly timeoutMs?: number
  /** Operations of one answer that are looked at, 1 to 1,000; default 20. */
  readonly mostOperations?: number
  /** Kinds of knowledge that it is about; default the four types of rules. */
  readonly kinds?: readonly string[]
}

/** How to reflect on one run; what is not named is as it was opened. */
export interface ReflectSettings extends ReflectionSettings {
  /** Who is asked; default `models.teacher` of `open`. */
  readonly model?: Model
  /** True: also a run that was reflected on before, with nothing new known of it. Default false. */
  readonly again?: boolean
  readonly signal?: AbortSignal
}

export type ReflectionRules = Required<ReflectionSettings>

const reflectionDefaults: ReflectionRules = {
  apply: 'review',
  corroboration: 2,
  tokensPerDay: 100_000,
  inputTokens: 6_000,
  outputTokens: 2_000,
  timeoutMs: 60_000,
  mostOperations: 20,
  kinds: ruleTypes,
}

/** Settings over others; what is undefined is not named. */
export const reflectionRules = (settings: { readonly [Field in keyof ReflectionSettings]: ReflectionSettings[Field] | undefined }, before: ReflectionRules = reflectionDefaults): ReflectionRules => ({
  apply: settings.apply ?? before.apply,
  corroboration: settings.corroboration ?? before.corroboration,
  tokensPerDay: settings.tokensPerDay ?? before.tokensPerDay,
  inputTokens: settings.inputTokens ?? before.inputTokens,
  outputTokens: settings.outputTokens ?? before.outputTokens,
  timeoutMs: settings.timeoutMs ?? before.timeoutMs,
  mostOperations: settings.mostOperations ?? before.mostOperations,
  kinds: settings.kinds ?? before.kinds,
})

const fields = {
  apply: z.enum(['at once', 'review', 'corroborated']).optional(),
  corroboration: z.number().int().min(2).max(1_000).optional(),
  tokensPerDay: z.number().int().min(0).optional(),
  inputTokens: z.number().int().min(2_000).max(10_000_000).optional(),
  outputTokens: z.number().int().min(100).max(1_000_000).optional(),
  timeoutMs: z.number().int().min(1).max(3_600_000).optional(),
  mostOperations: z.number().int().min(1).max(1_000).optional(),
  kinds: z.array(name).min(1).max(100).optional(),
}

/** A model has a name for the log, and is asked by one function. */
const modelInput = z.custom<Model>(
  (given) => {
    if (typeof given !== 'object' || given === null) return false
    const { name: called, generate }: { readonly name?: unknown; readonly generate?: unknown } = given
    return name.safeParse(called).success && typeof generate === 'function'
  },
  'must have a name and a function generate',
)

export const modelsInput = z.strictObject({ teacher: modelInput.optional() })

export const reflectionInput = z.strictObject(fields)

export const reflectInput = z.strictObject({
  ...fields,
  model: modelInput.optional(),
  again: z.boolean().optional(),
  signal: z.instanceof(AbortSignal, { message: 'must be the signal of an AbortController' }).optional(),
})

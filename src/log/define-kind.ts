import type { z } from 'zod'

/** What one kind of fact is: its schema, how older versions become the present one, and a sample of each version. */
export interface KindDefinition<Kind extends string, Schema extends z.ZodType> {
  readonly kind: Kind
  /** The version that is written now; from 1. */
  readonly version: number
  /** The data of the present version. */
  readonly schema: Schema
  /**
   * Ways to the texts and payloads of any length, such as `response` or `steps.*.output`: what is too long there goes into a blob. Everything
   * else is bounded by its schema, or is read whenever the log is folded.
   */
  readonly long: readonly string[]
  /** `upcast[n]` turns data of version n+1 into data of version n+2. Pure. */
  readonly upcast: readonly ((data: unknown) => unknown)[]
  /** A valid value of the present version, for contract suites and documentation. */
  readonly sample: z.infer<Schema>
}

export const defineKind = <const Kind extends string, Schema extends z.ZodType>(
  definition: KindDefinition<Kind, Schema>,
): KindDefinition<Kind, Schema> => definition

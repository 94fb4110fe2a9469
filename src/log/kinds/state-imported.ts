import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { byName, name, nameOrNone } from './shared.ts'

/** Most numbers of one import: it is read with every fold of the log. */
const mostNumbers = 1_000_000

const numbers = z.array(z.number()).max(mostNumbers)

/** Values by state and option; the state of decisions without one is empty. */
const qTable = z
  .unknown()
  .refine((given) => typeof given !== 'object' || given === null || !Object.hasOwn(given, '__proto__'), 'has the state "__proto__", which cannot be kept')
  .pipe(z.record(nameOrNone, byName(z.number())))
  .refine((table) => Object.values(table).reduce((sum, row) => sum + Object.keys(row).length, 0) <= mostNumbers, 'has more than 1,000,000 values')

/** The weights of one choice point, as `PolicyParameters` has them. */
const policyParameters = z.object({
  episodes: z.number().int().min(0),
  baseline: z.number(),
  inputs: z.array(nameOrNone).min(1).max(1_000),
  hidden: numbers,
  options: byName(numbers).refine((options) => Object.values(options).reduce((sum, weights) => sum + weights.length, 0) <= mostNumbers, 'has more than 1,000,000 weights'),
})

/** Somebody said what is known at a choice point: learners of that form go on from there, whatever they had learned of it before. */
export const stateImported = defineKind({
  kind: 'state.imported',
  version: 1,
  schema: z.discriminatedUnion('form', [
    z.object({ form: z.literal('q-table'), point: name, table: qTable }),
    z.object({ form: z.literal('policy-parameters'), point: name, parameters: policyParameters }),
  ]),
  // Nothing may lie in a blob: learners read it, and they read facts only.
  long: [],
  upcast: [],
  sample: { form: 'q-table', point: 'tool', table: { start: { search: 0.5, ask: 0.25 } } },
})

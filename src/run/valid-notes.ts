import { z } from 'zod'
import { contradictionIn } from '../credit/contradiction.ts'
import { AutodidactError } from '../errors.ts'
import { toJson } from '../log/payload.ts'
import { flawOf } from '../log/validate.ts'
import { type OutcomeInput, recordInput, type StepInput } from '../record/input.ts'
import type { Warning } from '../warning.ts'

/** What the work has said of a run so far. */
export interface Notes {
  steps: StepInput[]
  outcome?: OutcomeInput
  takeaway?: string
  /** Maps, because a host may call something like what every object has. */
  readonly metrics: Map<string, number>
  readonly taken: Map<string, string>
  used?: string[]
  approach?: string
  factors?: string[]
  agent?: string
}

const step = recordInput.shape.steps.unwrap().element

/** As many of each as a run may have. */
const most = { steps: 10_000, used: 10_000, factors: 100 } as const

/** Why something cannot be written as JSON; undefined where it can. */
const payloadFlaw = (value: unknown, what: string): string | undefined => {
  try {
    toJson(value, what)
    return undefined
  } catch (error) {
    return AutodidactError.is(error) ? error.message : `${what} cannot be read.`
  }
}

/** What is written down of a response: nothing of one that cannot be, so that it does not cost what else is known of the run. */
export const validResponse = (response: unknown): { readonly said: { readonly response?: unknown }; readonly warnings: readonly Warning[] } => {
  const flaw = payloadFlaw(response, 'run: response')
  return flaw === undefined ? { said: { response }, warnings: [] } : { said: {}, warnings: [{ code: 'INVALID_INPUT', message: `${flaw} The response was left out, and the rest of the run was written.` }] }
}

/** The notes that can be written down, each judged by itself: one that is wrong must not cost what the others say. */
export const validNotes = (notes: Notes): { readonly notes: Notes; readonly warnings: readonly Warning[] } => {
  const warnings: Warning[] = []
  const isFine = (flaw: string | undefined): boolean => {
    if (flaw !== undefined) warnings.push({ code: 'INVALID_INPUT', message: `${flaw} This note was left out, and the rest of the run was written; correct it for the next one.` })
    return flaw === undefined
  }
  const fits = (schema: z.ZodType, value: unknown, what = 'run'): boolean => isFine(flawOf(schema, value, what))
  const firstOf = <Note>(field: keyof typeof most, all: readonly Note[]): Note[] => {
    isFine(all.length > most[field] ? `run: ${field} has ${all.length} entries; the first ${most[field]} are kept.` : undefined)
    return all.slice(0, most[field])
  }
  const only = <Field extends 'takeaway' | 'approach' | 'agent'>(field: Field): Pick<Notes, Field> | object =>
    notes[field] !== undefined && fits(recordInput, { [field]: notes[field] }) ? { [field]: notes[field] } : {}
  const list = (field: 'used' | 'factors'): object => (notes[field] === undefined ? {} : { [field]: firstOf(field, notes[field]).filter((name) => fits(recordInput, { [field]: [name] })) })
  // A name that is no text would become one without a word.
  const named = <Value>(field: 'metrics' | 'taken', values: ReadonlyMap<string, Value>): Map<string, Value> =>
    new Map([...values].filter(([name, value]) => fits(z.string(), name, `run: name of a note with ${field}`) && fits(recordInput, { [field]: { [name]: value } })))
  const valid: Notes = {
    steps: firstOf('steps', notes.steps).filter((each, at) => {
      const what = `run: step ${at + 1}`
      return fits(step, each, what) && isFine(payloadFlaw(each.input, `${what}: input`) ?? payloadFlaw(each.output, `${what}: output`))
    }),
    metrics: named('metrics', notes.metrics),
    taken: named('taken', notes.taken),
    ...(notes.outcome !== undefined && fits(recordInput, { outcome: notes.outcome }) && isFine(contradictionIn(notes.outcome, 'run: outcome')) ? { outcome: notes.outcome } : {}),
    ...only('takeaway'),
    ...only('approach'),
    ...only('agent'),
    ...list('used'),
    ...list('factors'),
  }
  return { notes: valid, warnings }
}

import { z } from 'zod'
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

/** The notes that can be written down, each judged by itself: one that is wrong must not cost what the others say. */
export const validNotes = (notes: Notes): { readonly notes: Notes; readonly warnings: readonly Warning[] } => {
  const warnings: Warning[] = []
  const fits = (schema: z.ZodType, value: unknown, what = 'run'): boolean => {
    const flaw = flawOf(schema, value, what)
    if (flaw !== undefined) warnings.push({ code: 'INVALID_INPUT', message: `${flaw} This note was left out, and the rest of the run was written; correct it for the next one.` })
    return flaw === undefined
  }
  const only = <Field extends 'outcome' | 'takeaway' | 'approach' | 'agent'>(field: Field): Pick<Notes, Field> | object =>
    notes[field] !== undefined && fits(recordInput, { [field]: notes[field] }) ? { [field]: notes[field] } : {}
  const list = (field: 'used' | 'factors'): object => (notes[field] === undefined ? {} : { [field]: notes[field].filter((name) => fits(recordInput, { [field]: [name] })) })
  // A name that is no text would become one without a word.
  const named = <Value>(field: 'metrics' | 'taken', values: ReadonlyMap<string, Value>): Map<string, Value> =>
    new Map([...values].filter(([name, value]) => fits(z.string(), name, `run: name of a note with ${field}`) && fits(recordInput, { [field]: { [name]: value } })))
  const valid: Notes = {
    steps: notes.steps.filter((each, at) => fits(step, each, `run: step ${at + 1}`)),
    metrics: named('metrics', notes.metrics),
    taken: named('taken', notes.taken),
    ...only('outcome'),
    ...only('takeaway'),
    ...only('approach'),
    ...only('agent'),
    ...list('used'),
    ...list('factors'),
  }
  return { notes: valid, warnings }
}

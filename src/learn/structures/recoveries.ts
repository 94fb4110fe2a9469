import type { FactOf } from '../../log/fact.ts'
import { canonicalJson } from '../../log/canonical-json.ts'
import type { Json } from '../../log/payload.ts'
import { stepsToRecovery } from '../../log/steps-to-recovery.ts'
import { type ErrorTemplate, errorTemplate } from './error-template.ts'

type Recorded = FactOf<'run.recorded'>
type Step = Recorded['data']['steps'][number]

/** Something to do: a tool by its name, and what to hand it. */
export interface FixStep {
  readonly action: string
  readonly input?: Json | undefined
}

/** An error of a run: with which tool, and what came after it. */
export interface RunError {
  readonly template: ErrorTemplate
  /** Its words, unmasked. */
  readonly message: string
  readonly tool?: string
  readonly input?: Json
  /** What was done before the tool was used again, with that use where its input was another; absent where nothing was done, or too much to say what helped. */
  readonly attempt?: { readonly steps: readonly FixStep[]; readonly helped: boolean }
}

/** A tool's input of more characters of JSON is no recipe. */
const longestInput = 2000

/** Errors of one run that are looked at: one that fails ten thousand times says no more than one that fails a hundred times. */
const mostErrors = 100

/** The words of an error that a host wrote down as an object. */
const fields = ['error', 'message', 'stderr', 'detail'] as const

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** The words of an error: a text, what an object calls its error or message, or else the whole as JSON. */
const wordsOf = (output: Json | undefined): string => {
  if (output === undefined || output === null) return ''
  if (typeof output !== 'object') return String(output)
  if (Array.isArray(output)) return JSON.stringify(output)
  for (const field of fields) {
    const value = Object.hasOwn(output, field) ? output[field] : undefined
    if (isText(value)) return value
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && isText(value['message'])) return value['message']
  }
  return JSON.stringify(output)
}

/** The input as it compares; a text as it is, anything else as JSON. */
export const inputText = (input: Json | undefined): string => (input === undefined ? '' : typeof input === 'string' ? input : canonicalJson(input))

/** Places of the steps whose inputs lie in blobs: what is left of them cannot be carried out. */
const cutInputs = ({ blobs = [] }: Recorded): ReadonlySet<unknown> =>
  new Set(blobs.flatMap(({ place: [field, step, part] }) => (field === 'steps' && part === 'input' ? [step] : [])))

const stepOf = ({ action, input }: Step): FixStep => (input === undefined ? { action } : { action, input })

/** What was done between an error and the next use of its tool, and with that use, and whether it helped; undefined where nothing can be said. */
const attemptAfter = (steps: readonly Step[], place: number, template: ErrorTemplate, cut: ReadonlySet<unknown>): RunError['attempt'] => {
  const [failed, ...ahead] = steps.slice(place, place + 1 + stepsToRecovery)
  const next = ahead.findIndex(({ action }) => action === failed?.action)
  const again = ahead[next]
  if (failed === undefined || again === undefined) return undefined
  const isSame = inputText(again.input) === inputText(failed.input)
  const done = ahead.slice(0, isSame ? next : next + 1).filter((step) => step === again || step.ok !== false)
  const isRecipe = (step: Step): boolean => !cut.has(steps.indexOf(step, place)) && inputText(step.input).length <= longestInput
  if (done.length === 0 || !done.every(isRecipe)) return undefined
  // Another error says nothing of this one: it may be gone.
  const helped = again.ok === true
  if (!helped && (again.ok === undefined || templateOf(again).hash !== template.hash)) return undefined
  return { steps: done.map(stepOf), helped }
}

const messageOf = ({ error, output }: Step): string => error ?? wordsOf(output)

const templateOf = (step: Step): ErrorTemplate => errorTemplate(messageOf(step), inputText(step.input))

/**
 * The errors of a run that have words, in their order, each with what was tried against it: the steps up to the next use of the same tool, at most five further on, which then succeeded or failed in the
 * same way. Where that use had another input, it is the last of them (the command spelled right). A mere repetition is no fix.
 *
 * Costs nothing for a run without failed steps.
 */
export const errorsOf = (run: Recorded): readonly RunError[] => {
  const { steps, outcome } = run.data
  const failed = steps.some(({ ok }) => ok === false)
  if (!failed && outcome?.error === undefined) return []
  const cut = cutInputs(run)
  const places = steps.flatMap(({ ok }, place) => (ok === false ? [place] : [])).slice(0, mostErrors)
  const errors = places.flatMap((place): RunError[] => {
    const step = steps[place]
    if (step === undefined) return []
    const template = templateOf(step)
    if (template.terms.length === 0) return []
    const attempt = attemptAfter(steps, place, template, cut)
    return [{ template, message: messageOf(step), tool: step.action, ...(step.input === undefined ? {} : { input: step.input }), ...(attempt === undefined ? {} : { attempt }) }]
  })
  if (outcome?.error === undefined) return errors
  const template = errorTemplate(outcome.error)
  // Most often the error of the run is that of its last step.
  return template.terms.length === 0 || errors.some((error) => error.template.hash === template.hash) ? errors : [...errors, { template, message: outcome.error }]
}

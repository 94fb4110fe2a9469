import { canonicalJson } from '../log/canonical.ts'
import { type Json, jsonIn } from '../log/payload.ts'
import type { WorkflowSlot, WorkflowStep } from './workflow.ts'

/** Characters of a text that all examples share. */
const longestText = 200

/** One step of one run. */
export interface ExampleStep {
  readonly action: string
  readonly input?: Json | undefined
  readonly ok?: boolean | undefined
}

/** Steps that did not fail, the first of each row of the same action. */
const told = (steps: readonly ExampleStep[]): readonly ExampleStep[] => {
  const done = steps.filter(({ ok }) => ok !== false)
  return done.filter(({ action }, place) => action !== done[place - 1]?.action)
}

/** The steps of a run in which it follows a workflow; of several places the first. */
export const stepsAlong = (steps: readonly ExampleStep[], actions: readonly string[]): readonly ExampleStep[] | undefined => {
  const done = told(steps)
  const start = done.findIndex((_, at) => actions.every((action, place) => done[at + place]?.action === action))
  return start === -1 ? undefined : done.slice(start, start + actions.length)
}

type Fields = { [name: string]: Json }

const isFields = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: Json): value is string => typeof value === 'string'

const allAre = <Kind extends Json>(values: readonly Json[], is: (value: Json) => value is Kind): values is readonly Kind[] => values.every((value) => is(value))

/** Many tools take their arguments as the text of an object. */
const parsed = (text: string): Fields | undefined => {
  if (!text.trimStart().startsWith('{')) return undefined
  const value = jsonIn(text)
  return value !== undefined && isFields(value) ? value : undefined
}

const clipped = (value: Json): Json => (isText(value) && value.length > longestText ? `${value.slice(0, longestText).toWellFormed()}…` : value)

/** Finds what inputs have in common; the slots of all steps of a workflow together. */
class Generalisation {
  /** By what was in it, example by example. */
  readonly #slots = new Map<string, { readonly name: string; readonly steps: Set<number> }>()
  readonly #names = new Set<string>()

  get slots(): readonly WorkflowSlot[] {
    return [...this.#slots.values()].map(({ name, steps }) => ({ name, steps: [...steps] }))
  }

  /** @param name for a slot, if it takes one */
  of(values: readonly Json[], step: number, name: string): Json {
    const [first = null] = values
    if (values.every((value) => canonicalJson(value) === canonicalJson(first))) return clipped(first)
    if (allAre(values, isFields)) return this.#fields(values, step)
    if (allAre(values, isText)) {
      const objects = values.map(parsed).filter((object) => object !== undefined)
      return objects.length === values.length ? this.#fields(objects, step) : this.#words(values, step, name)
    }
    return this.#slot(values, step, name)
  }

  #fields(values: readonly Fields[], step: number): Json {
    const [first = {}] = values
    const shared = Object.keys(first).filter((key) => values.every((value) => Object.hasOwn(value, key)))
    return Object.fromEntries(shared.map((key) => [key, this.of(values.map((value) => value[key] ?? null), step, key)]))
  }

  /** Texts of as many words, most of them the same, differ in the others alone. */
  #words(values: readonly string[], step: number, name: string): Json {
    const texts = values.map((value) => value.trim().split(/\s+/))
    const [first = []] = texts
    const same = first.map((word, place) => texts.every((text) => text[place] === word))
    const alike = texts.every((text) => text.length === first.length) && same.filter(Boolean).length * 2 >= first.length
    if (!alike) return this.#slot(values, step, name)
    return clipped(first.map((word, place) => (same[place] === true ? word : this.#slot(texts.map((text) => text[place] ?? ''), step, name))).join(' '))
  }

  #slot(values: readonly Json[], step: number, wanted: string): string {
    const content = canonicalJson(values)
    const known = this.#slots.get(content)
    const slot = known ?? { name: this.#free(wanted), steps: new Set<number>() }
    slot.steps.add(step)
    this.#slots.set(content, slot)
    return `{{${slot.name}}}`
  }

  #free(wanted: string): string {
    let name = wanted
    for (let number = 2; this.#names.has(name); number += 1) name = `${wanted}_${number}`
    this.#names.add(name)
    return name
  }
}

/**
 * What the inputs of a workflow have in common over some runs of it: fields and words that are the same in all of them stay, what differs becomes a slot,
 * and what has the same value in several places, run by run, the same slot.
 *
 * @param examples the steps of each run along the workflow, in its order; nothing is said of inputs with fewer than two
 */
export const generalised = (actions: readonly string[], examples: readonly (readonly ExampleStep[])[]): { readonly steps: readonly WorkflowStep[]; readonly slots: readonly WorkflowSlot[] } => {
  const common = new Generalisation()
  const steps = actions.map((action, place): WorkflowStep => {
    const inputs = examples.map((example) => example[place]?.input).filter((input) => input !== undefined)
    return examples.length < 2 || inputs.length < examples.length ? { action } : { action, input: common.of(inputs, place, action) }
  })
  return { steps, slots: common.slots }
}

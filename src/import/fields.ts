import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { described } from '../expect.ts'
import { shortened } from '../log/sentence.ts'
import { nearestName } from '../text/nearest.ts'
import { known } from './episode.ts'

/** Names of fields of an episode. */
const fields: ReadonlySet<string> = new Set([...known.episode, ...known.pattern, ...known.own])

/** Which field each column of a table, or field of another name, is: `{ prompt: 'task' }`; of JSON also one within another, `{ 'metrics.takeaway': 'takeaway' }`. */
export type FieldMap = Readonly<Record<string, string>>

/** What is wrong with a pair: which of its sides, and what was probably meant. */
const flawOfPair = (column: string, field: string): string => {
  const nearest = nearestName(field, fields)
  const hint = fields.has(column) ? ` The column comes first: { ${described(field)}: ${described(column)} }, in a shell --map ${shortened(field)}=${shortened(column)}.` : nearest === undefined ? '' : ` Did you mean ${nearest}?`
  return `says ${described(field)}, which is no field of an episode; a map says column: field, in a shell --map column=field.${hint} There are ${[...fields].toSorted().join(', ')}`
}

export const fieldMap = z.record(z.string().min(1), z.string()).superRefine((map, context) => {
  for (const [column, field] of Object.entries(map)) if (!fields.has(field)) context.addIssue({ code: 'custom', path: [column], message: flawOfPair(column, field) })
})

/** The field that was probably meant by a name that was left out, such as `success` by `sucess`; no field that every episode, or step, has anyway. */
export const fieldMeant = (leftOut: string): string | undefined => {
  const ofStep = leftOut.startsWith('steps.')
  const nearest = nearestName(ofStep ? leftOut.slice('steps.'.length) : leftOut, [...(ofStep ? known.step : fields)].filter((field) => field !== 'task' && field !== 'action'))
  const meant = nearest === undefined || !ofStep ? nearest : `steps.${nearest}`
  return meant === leftOut ? undefined : meant
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a path within an object, and the object without it; undefined where nothing does. */
const takenOut = (object: object, [name = '', ...rest]: readonly string[]): { readonly value: unknown; readonly left: object } | undefined => {
  const found: unknown = Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined
  const others = Object.entries(object).filter(([other]) => other !== name)
  if (rest.length === 0) return found === undefined ? undefined : { value: found, left: Object.fromEntries(others) }
  const within = isObject(found) ? takenOut(found, rest) : undefined
  return within && { value: within.value, left: Object.fromEntries([...others, [name, within.left]]) }
}

/** The same under the names that an episode has: by a name, or by a path such as `metrics.takeaway`. What is renamed wins over what had the name. The names of the map that are there are added to `found`. */
export const renamed = (object: object, map: ReadonlyMap<string, string>, found: Set<string>): Record<string, unknown> => {
  let left = object
  const moved: (readonly [string, unknown])[] = []
  for (const [name, field] of map) {
    const taken = takenOut(left, Object.hasOwn(left, name) ? [name] : name.split('.'))
    if (taken === undefined) continue
    found.add(name)
    left = taken.left
    moved.push([field, taken.value])
  }
  return Object.fromEntries([...Object.entries(left), ...moved])
}

const [booleans, numbers, structures] = [new Set(['success']), new Set(['score', 'cost', 'tokens', 'durationMs', 'effort', 'occurredAt', 'startedAt', 'endedAt']), new Set(['steps', 'outcome', 'context', 'metrics', 'response', 'dependencies', 'factors'])]

const saidAs: ReadonlyMap<string, boolean> = new Map([['true', true], ['yes', true], ['1', true], ['false', false], ['no', false], ['0', false]])

/** What the text of a cell says as a value of a field; what it does not say stays a text, and is refused where the field takes none. */
export const cellValue = (field: string, text: string): unknown => {
  const plain = text.trim()
  if (booleans.has(field)) return saidAs.get(plain.toLowerCase()) ?? text
  if (numbers.has(field)) return /^[-+]?[\d.]/.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : text
  if (!structures.has(field) || !/^[[{]/.test(plain)) return text
  try {
    return JSON.parse(plain)
  } catch {
    return text
  }
}

/** The error of a file in which nothing says what the task was. */
export const withoutTask = (names: readonly string[]): AutodidactError => {
  const shown = names.slice(0, 20).map((name) => name.slice(0, 40).toWellFormed())
  const example = shown[0] ?? 'prompt'
  return new AutodidactError(
    'INVALID_INPUT',
    `import: nothing in it is called "task"; there are ${shown.map((name) => JSON.stringify(name)).join(', ')}. Nothing was imported; say which of them is the task: map: { ${JSON.stringify(example)}: 'task' }, or in a shell --map ${JSON.stringify(`${example}=task`)}.`,
  )
}

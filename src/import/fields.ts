import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { known } from './episode.ts'

/** Names of fields of an episode. */
const fields: ReadonlySet<string> = new Set([...known.episode, ...known.pattern, ...known.own])

/** Which field each column of a table, or field of another name, is: `{ prompt: 'task' }`; of JSON also one within another, `{ 'metrics.takeaway': 'takeaway' }`. */
export type FieldMap = Readonly<Record<string, string>>

export const fieldMap = z.record(z.string().min(1), z.string().refine((field) => fields.has(field), `is no field of an episode; there are ${[...fields].toSorted().join(', ')}`))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a path within an object, and the object without it; undefined where nothing does. */
const takenOut = (object: object, [name = '', ...rest]: readonly string[]): { readonly value: unknown; readonly left: object } | undefined => {
  const found: unknown = Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined
  const others = Object.entries(object).filter(([other]) => other !== name)
  if (rest.length === 0) return found === undefined ? undefined : { value: found, left: Object.fromEntries(others) }
  const within = isObject(found) ? takenOut(found, rest) : undefined
  return within && { value: within.value, left: Object.fromEntries([...others, [name, within.left]]) }
}

/** The same under the names that an episode has: by a name, or by a path such as `metrics.takeaway`. What is renamed wins over what had the name. */
export const renamed = (object: object, map: ReadonlyMap<string, string>): Record<string, unknown> => {
  let left = object
  const moved: (readonly [string, unknown])[] = []
  for (const [name, field] of map) {
    const taken = takenOut(left, Object.hasOwn(left, name) ? [name] : name.split('.'))
    if (taken === undefined) continue
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

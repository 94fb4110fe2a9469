import type { z } from 'zod'
import { described } from '../expect.ts'

/** What a schema found wrong, in a sentence for whoever called: the field, what was given, what it must be, and for an unknown field the known ones. */

type Schema = z.core.$ZodType
type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** Keys of the caller may be of any length, and there may be any number of them. */
const longest = 200
export const shortened = (message: string, most = longest): string => (message.length <= most ? message : `${message.slice(0, most).toWellFormed()}…`)

/** What a schema says itself, such as which names there are, is of its own length. */
const longestOwn = 2_000

/** What a schema is made of. Every schema of zod is one of these; the general type only does not say so. */
// eslint-disable-next-line no-underscore-dangle
const definitionOf = (schema: Schema): z.core.$ZodTypes['_zod']['def'] => (schema as z.core.$ZodTypes)._zod.def

/** The schemas that a value may fit, without what is wrapped around them. */
const alternatives = (schema: Schema): readonly Schema[] => {
  const def = definitionOf(schema)
  if (def.type === 'union') return def.options.flatMap(alternatives)
  if (def.type === 'pipe') return [...alternatives(def.in), ...alternatives(def.out)]
  return 'innerType' in def ? alternatives(def.innerType) : [schema]
}

const inside = (schema: Schema, key: PropertyKey): readonly Schema[] => {
  const def = definitionOf(schema)
  if (def.type === 'object') return Object.hasOwn(def.shape, key) ? [def.shape[String(key)] ?? []].flat() : []
  if (def.type === 'array') return [def.element]
  return def.type === 'record' ? [def.valueType] : []
}

/** The names of the fields that there may be at a place. */
const fieldsAt = (schema: Schema, path: Path): readonly string[] => {
  const schemas = path.reduce((found, key) => found.flatMap((one) => inside(one, key)).flatMap(alternatives), alternatives(schema))
  return [...new Set(schemas.flatMap(keysOf))]
}

const keysOf = (schema: Schema): readonly string[] => {
  const def = definitionOf(schema)
  if (def.type === 'object') return Object.keys(def.shape)
  const names = def.type === 'record' ? alternatives(def.keyType) : []
  return names.flatMap((one) => {
    const key = definitionOf(one)
    return key.type === 'enum' ? Object.values(key.entries).map(String) : []
  })
}

const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a finite number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  Error: 'an Error',
}

const listed = (values: readonly unknown[]): string => values.map(described).join(', ')

/** What the value at a place should have been; undefined for an issue that says it in other words. */
const wantedBy = (schema: Schema, issue: Issue, path: Path): string | undefined => {
  if (issue.code === 'invalid_value') return issue.values.length === 1 ? described(issue.values[0]) : `one of ${listed(issue.values)}`
  if (issue.code === 'invalid_type') {
    const fields = issue.expected === 'object' ? fieldsAt(schema, path) : []
    return `${types[issue.expected] ?? `of the type ${issue.expected}`}${fields.length === 0 ? '' : ` with fields of ${fields.join(', ')}`}`
  }
  if (issue.code === 'too_small' && issue.origin === 'number') return issue.inclusive === true ? `${issue.minimum} or more` : `more than ${issue.minimum}`
  if (issue.code === 'too_big' && (issue.origin === 'number' || issue.origin === 'int')) return issue.inclusive === true ? `at most ${issue.maximum}` : `less than ${issue.maximum}`
  return undefined
}

/** The issue of the alternative that was meant: one whose fields are wrong rather than its type. Undefined where the value is none of them. */
const meant = (issue: z.core.$ZodIssueInvalidUnion): Issue | undefined => {
  const isOther = ({ code, path }: Issue): boolean => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
  const isNoneOf = (found: Issue): boolean => isOther(found) || (found.code === 'invalid_union' && found.path.length === 0 && meant(found) === undefined)
  return issue.errors.find((branch) => !branch.some(isNoneOf))?.[0]
}

const anyOf = (schema: Schema, issue: z.core.$ZodIssueInvalidUnion, path: Path): string => {
  const wanted = issue.errors.flatMap(([first]) =>
    first === undefined ? [] : first.code === 'invalid_union' ? anyOf(schema, first, path) : (wantedBy(schema, first, path) ?? []),
  )
  return [...new Set(wanted)].join(' or ')
}

/** Messages that the schema brings itself say what is wrong as a predicate, such as "is empty". */
const isOwn = ({ message }: Issue): boolean => !/^(?:Invalid|Too |Unrecognized)/.test(message)

const counted: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' }

/**
 * An issue as a sentence, without what to do next.
 *
 * @param value that the schema refused
 * @param what names it, such as `record`
 */
export const sentenceOf = (schema: Schema, issue: Issue, value: unknown, what: string, above: Path = []): string => {
  const path = [...above, ...issue.path]
  const place = path.length === 0 ? what : `${what}: ${shortened(path.map(String).join('.'))}`
  if (issue.code === 'invalid_union') {
    const branch = meant(issue)
    if (branch !== undefined) return sentenceOf(schema, branch, value, what, path)
    const wanted = anyOf(schema, issue, path)
    if (wanted !== '') return other(place, valueAt(value, path), wanted)
  }
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, path)
    return `${place} has no field ${shortened(listed(issue.keys))}. ${known.length === 0 ? 'It has none' : `Its fields are ${known.join(', ')}`}.`
  }
  if (issue.code === 'invalid_key') return `${place} has a name that ${shortened(issue.issues[0]?.message ?? 'is not valid')}.`
  if (isOwn(issue)) {
    const isMissing = place.includes(':') && issue.message.startsWith('must be ') && valueAt(value, path) === undefined
    return `${place} ${isMissing ? 'is missing; it ' : ''}${shortened(issue.message, longestOwn)}.`
  }
  const wanted = wantedBy(schema, issue, path)
  if (wanted !== undefined) return other(place, valueAt(value, path), wanted)
  if (issue.code === 'too_big') return `${place} has more than ${issue.maximum} ${counted[issue.origin] ?? 'parts'}.`
  if (issue.code === 'too_small' && Number(issue.minimum) === 1) return `${place} is empty.`
  if (issue.code === 'too_small') return `${place} has fewer than ${issue.minimum} ${counted[issue.origin] ?? 'parts'}.`
  return `${place} is not valid: ${shortened(issue.message)}.`
}

const other = (place: string, given: unknown, wanted: string): string => {
  // The name of a verb alone is no name of a value.
  if (!place.includes(':')) return `${place} was given ${described(given)}; it must be given ${wanted}.`
  return given === undefined ? `${place} is missing; it must be ${wanted}.` : `${place} is ${described(given)}; it must be ${wanted}.`
}

/** What the caller handed over at a place; reading it ran none of their code that the schema had not run. */
const valueAt = (value: unknown, path: Path): unknown => {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, key)
  }
  return found
}

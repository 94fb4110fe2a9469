import { AutodidactError } from '../errors.ts'

/** A value that JSON can hold without loss. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/**
 * What JSON would drop or refuse, in a form that survives: the caller handed it over as part of what happened. Asks the object that holds the value:
 * where there is a `toJSON`, as buffers have, JSON hands over what that made of it.
 */
function survivable(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(this[key])) return `[${this[key].byteLength} bytes]`
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return value.toWellFormed()
  if (value instanceof Error) return { name: value.name, message: value.message }
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, entry]) => [String(key), entry]))
  if (value instanceof Set) return [...value]
  return value
}

/** Levels of lists and objects within each other; what is deeper was made by accident, and would exhaust the stack of whoever walks it. */
const deepest = 500

const isDeeper = (value: Json, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((entry) => isDeeper(entry, levels - 1))
}

/**
 * A payload (a step's input, a response, a correction) as JSON: dates as ISO text, `NaN`, infinite numbers and big integers as text, errors by
 * name and message, binary data by its length; functions and undefined fields are left out.
 *
 * @returns undefined when nothing is left
 * @throws AutodidactError `INVALID_INPUT` for structures that are circular or nested deeper than 500 levels
 */
export const toJson = (value: unknown, what: string): Json | undefined => {
  if (value === undefined) return undefined
  let json: Json
  try {
    const text = JSON.stringify(value, survivable)
    if (text === undefined) return undefined
    json = JSON.parse(text)
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `${what} cannot be written as JSON: it refers to itself or its toJSON fails. Pass plain data.`, { cause: error })
  }
  if (isDeeper(json, deepest)) throw new AutodidactError('INVALID_INPUT', `${what} is nested deeper than ${deepest} levels. Pass flatter data.`)
  return json
}

/** What a text says as JSON; undefined where it is none. */
export const jsonIn = (text: string): Json | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The value with every text in it replaced, at any depth; keys stay. `change` is told where the text stands: the keys and places on the way to it,
 * joined by points to the `field` that holds the value.
 */
export const mapTexts = (value: Json, change: (text: string, field: string) => Json, field = ''): Json => {
  const below = (key: string | number): string => (field === '' ? String(key) : `${field}.${key}`)
  if (typeof value === 'string') return change(value, field)
  if (Array.isArray(value)) return value.map((entry, place) => mapTexts(entry, change, below(place)))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change, below(key))]))
  }
  return value
}

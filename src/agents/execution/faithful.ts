import type { Json } from '../../log/payload.ts'

const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Whether what was read back from JSON can stand in for the value itself. A Map, a date, `NaN` or a class of one's own cannot; a field that is undefined may be missing, because reading it gives
 * the same.
 */
export const isFaithful = (value: unknown, json: Json | undefined): boolean => {
  if (typeof value !== 'object' || value === null || typeof json !== 'object' || json === null) return value === json
  if (Array.isArray(value)) return Array.isArray(json) && value.length === json.length && Object.keys(value).length === json.length && json.every((entry, place) => isFaithful(value[place], entry))
  if (Array.isArray(json) || !isPlain(value) || Object.getOwnPropertySymbols(value).length > 0) return false
  const fields = Object.keys(value).filter((field) => value[field] !== undefined)
  return fields.length === Object.keys(json).length && fields.every((field) => Object.hasOwn(json, field) && isFaithful(value[field], json[field]))
}

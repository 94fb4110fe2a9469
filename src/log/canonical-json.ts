const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  return Object.fromEntries(entries.map(([key, entry]) => [key, ordered(entry)]))
}

/** Whether all keys are in code-unit order as they are: what programs write mostly is, and need not be copied. What is no plain object is left to {@link ordered}. */
const isOrdered = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isOrdered)
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  let last = ''
  for (const key of Object.keys(value)) {
    if (key < last || !isOrdered(Reflect.get(value, key))) return false
    last = key
  }
  return true
}

/** JSON with keys in code-unit order and undefined fields left out: equal content gives equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(isOrdered(value) ? value : ordered(value)) ?? 'null'

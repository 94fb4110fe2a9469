const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  return Object.fromEntries(entries.map(([key, entry]) => [key, ordered(entry)]))
}

/** JSON with keys in code-unit order and undefined fields left out: equal content gives equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(ordered(value)) ?? 'null'

import type { Json } from '../log/payload.ts'

/** Data as lines that people read and an index finds: names and values, without the signs of JSON. */
export const readableText = (data: Json): string => {
  if (Array.isArray(data)) return data.map(readableText).join('\n')
  if (typeof data !== 'object' || data === null) return String(data)
  return Object.entries(data)
    .map(([name, value]) => {
      const text = readableText(value)
      return `${name}:${text.includes('\n') ? '\n' : ' '}${text}`
    })
    .join('\n')
}

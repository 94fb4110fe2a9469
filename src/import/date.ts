import { z } from 'zod'

const written = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })])

/** Of a date as databases write it, the blank; of a time without a zone, its end. */
const [blank, zoneless] = [/^(\d{4}-\d{2}-\d{2}) (?=\d)/, /T[\d:.]+$/]

/**
 * Milliseconds since 1970-01-01 UTC of a date as ISO 8601 writes it (`2025-01-02`, `2025-01-02T03:04:05Z`, `2025-01-02 03:04:05+01:00`); without a zone it is UTC, so that a file means the same
 * everywhere. Anything else comes back as it is.
 */
export const timeOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  const text = value.trim().replace(blank, '$1T')
  if (!written.safeParse(text).success) return value
  return Date.parse(zoneless.test(text) ? `${text}Z` : text)
}

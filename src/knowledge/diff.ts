import { canonicalJson } from '../log/canonical-json.ts'
import type { FactData } from '../log/fact.ts'
import type { Json } from '../log/payload.ts'

/** What is different in one field of two versions. */
export interface FieldChange {
  readonly field: string
  /** Undefined where the version did not have it. */
  readonly before: Json | undefined
  readonly after: Json | undefined
  /** Of texts of several lines: those that only one of them has, in their order. */
  readonly lines?: { readonly removed: readonly string[]; readonly added: readonly string[] }
}

/** Of the version itself, not of what it says. */
const aside: ReadonlySet<string> = new Set(['item', 'number', 'author', 'reason', 'restores', 'data'])

/** The lines of one text without those of another, each as often as it is more often there. */
const without = (lines: readonly string[], others: readonly string[]): string[] => {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    if (count > 0) left.set(line, count - 1)
    return count === 0
  })
}

const linesOf = (before: Json | undefined, after: Json | undefined): Pick<FieldChange, 'lines'> => {
  if (typeof before !== 'string' || typeof after !== 'string' || !`${before}${after}`.includes('\n')) return {}
  const [old, now] = [before.split('\n'), after.split('\n')]
  return { lines: { removed: without(old, now), added: without(now, old) } }
}

type Written = FactData['knowledge.written']

/** A version by its fields, with its data as its content. */
const fieldsOf = ({ data, ...written }: Written): Readonly<Record<string, Json | undefined>> => ({ ...(written as Readonly<Record<string, Json | undefined>>), ...(data === undefined ? {} : { content: data }) })

/** What differs between what two versions say, field by field; what was said about the versions themselves is left out. */
export const diffOf = (before: Written, after: Written): FieldChange[] => {
  const [old, now] = [fieldsOf(before), fieldsOf(after)]
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((field) => !aside.has(field))
  return fields
    .filter((field) => canonicalJson(old[field] ?? null) !== canonicalJson(now[field] ?? null))
    .map((field) => ({ field, before: old[field], after: now[field], ...linesOf(old[field], now[field]) }))
}

import type { Fact, FactKind } from './fact.ts'

/** Where a fact names the person who says so, apart from the user it is about. */
export const authorFields: readonly (readonly [FactKind, string])[] = [
  ['feedback.received', 'author'],
  ['knowledge.written', 'author'],
  ['knowledge.voted', 'voter'],
  ['knowledge.moved', 'by'],
]

const fieldOf: ReadonlyMap<string, string> = new Map(authorFields)

/** Who says so, where a fact names somebody. */
export const authorOf = ({ kind, data }: { readonly kind: string; readonly data: Fact['data'] }): string | undefined => {
  const field = fieldOf.get(kind)
  const author: unknown = field === undefined ? undefined : Reflect.get(data, field)
  return typeof author === 'string' ? author : undefined
}

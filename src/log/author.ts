import type { Fact, FactKind } from './fact.ts'

/** Where a fact names the person who says so, apart from the user it is about. */
export const authorFields: readonly (readonly [FactKind, string])[] = [
  ['feedback.received', 'author'],
  ['knowledge.written', 'author'],
  ['knowledge.voted', 'voter'],
  ['knowledge.moved', 'by'],
  ['knowledge.engaged', 'agent'],
  ['knowledge.proposal-decided', 'by'],
]

/** Where the agent that a fact is of says so: who tells of a use is nobody's user. */
export const agentSays: FactKind = 'knowledge.used'

const fieldOf: ReadonlyMap<string, string> = new Map(authorFields)

/** Who says so, where a fact names somebody. */
export const authorOf = ({ kind, agent, data }: { readonly kind: string; readonly agent?: string | undefined; readonly data: Fact['data'] }): string | undefined => {
  if (kind === agentSays) return agent
  const field = fieldOf.get(kind)
  const author: unknown = field === undefined ? undefined : Reflect.get(data, field)
  return typeof author === 'string' ? author : undefined
}

import { contentDigest } from '../log/canonical.ts'
import { refuseImpossible } from '../log/clock.ts'
import type { FactData, NewFact } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { name, time } from '../log/kinds/shared.ts'
import type { Scope } from '../scope.ts'

/** Whose what is saved is, so that it can be forgotten with them, and when it was so. */
export interface Origin {
  readonly user?: string
  readonly session?: string
  /** What tells us; default `host`. */
  readonly source?: string
  /** Milliseconds since 1970-01-01 UTC, fractions cut off; default now. */
  readonly occurredAt?: number
}

export const originInput = { user: name.optional(), session: name.optional(), source: name.optional(), occurredAt: time.optional() }

type SavedKind = 'state.imported' | 'state.rolled-back' | 'reward.saved' | 'decision.saved'

/**
 * A fact that somebody handed in as it is: twice the same is two facts.
 *
 * @throws AutodidactError `INVALID_INPUT` for a time that cannot be
 */
export const savedFact = <Kind extends SavedKind>(scope: Scope, kind: Kind, data: FactData[Kind], origin: { readonly [Field in keyof Origin]: Origin[Field] | undefined }, agent?: string): NewFact => {
  refuseImpossible({ occurredAt: origin.occurredAt }, scope.clock(), `persistence: ${kind}`)
  const id = newId(kind === 'reward.saved' ? 'reward' : kind === 'decision.saved' ? 'decision' : 'state')
  const { user, session, source = 'host', occurredAt = scope.clock() } = origin
  const fact = { id, kind, version: kinds[kind].version, occurredAt, agent, user, session, source, trust: 'imported', digest: contentDigest({ id, data }), data }
  // Kind and data belong together by their types, which none of the members of the union can say of a kind that is a parameter.
  return fact as unknown as NewFact
}

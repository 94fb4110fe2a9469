import { contentDigest } from './canonical.ts'
import type { Envelope, FactData, FactKind, NewFactOf } from './fact.ts'
import { kinds } from './kinds/index.ts'

/** By whom, for whom and when something is said. */
export type Authorship = Pick<Envelope, 'agent' | 'user' | 'session' | 'source' | 'trust' | 'occurredAt'>

/**
 * A fact of the present version of its kind.
 *
 * @param content what the same id has to mean each time that it is written; by default what is said, and by whom
 */
export const newFact = <Kind extends FactKind>(
  kind: Kind,
  id: string,
  data: FactData[Kind],
  { agent, user, session, source, trust, occurredAt }: Authorship,
  content: unknown = { kind, data, source, trust, agent },
): NewFactOf<Kind> => ({ id, kind, version: kinds[kind].version, occurredAt, agent, user, session, source, trust, digest: contentDigest(content), data })

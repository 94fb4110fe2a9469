import type { SQLOutputValue } from 'node:sqlite'
import { AutodidactError } from '../../errors.ts'
import type { Fact, NewFact } from '../../log/fact.ts'
import { isFactKind, upcast } from '../../log/upcast.ts'

const optionalText = (value: SQLOutputValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** Columns of a fact in the order of {@link factValues}, without the sequence. */
export const factColumns =
  'namespace, id, kind, version, occurred_at, recorded_at, agent, agent_version, user, session, run, source, trust, digest, data, blobs'

/** Columns of a fact in the order of {@link factOf}. Namespace and digest are for the store alone. */
export const readColumns =
  'sequence, id, kind, version, occurred_at, recorded_at, agent, agent_version, user, session, run, source, trust, data, blobs'

/** A fact as the values of its row. */
export const factValues = (namespace: number, fact: NewFact, recordedAt: number): (string | number | null)[] => [
  namespace,
  fact.id,
  fact.kind,
  fact.version,
  fact.occurredAt,
  recordedAt,
  fact.agent ?? null,
  fact.agentVersion ?? null,
  fact.user ?? null,
  fact.session ?? null,
  fact.run ?? null,
  fact.source,
  fact.trust,
  fact.digest,
  JSON.stringify(fact.data),
  fact.blobs === undefined || fact.blobs.length === 0 ? null : JSON.stringify(fact.blobs),
]

/** JSON that this store wrote; anything else is damage. */
export const parsed = (text: SQLOutputValue | undefined, what: string, id: SQLOutputValue | undefined): unknown => {
  try {
    return JSON.parse(String(text))
  } catch (error) {
    throw new AutodidactError('CORRUPT', `${what} "${String(id)}" is damaged in the file. Restore a backup, or save what is left with "sqlite3 FILE .recover".`, { cause: error })
  }
}

/**
 * A row of {@link readColumns} as a fact of the present version.
 *
 * @throws AutodidactError `NEWER_VERSION`, `CORRUPT`
 */
export const factOf = (namespace: string, row: readonly SQLOutputValue[]): Fact => {
  // By their places: taking an array apart asks an iterator for each value, and every fact of a log passes through here.
  const [id, version, blobs] = [row[1], Number(row[3]), row[14]]
  const kind = String(row[2])
  if (!isFactKind(kind)) {
    throw new AutodidactError('NEWER_VERSION', `The log holds a fact of the unknown kind "${kind}". Update autodidact.`)
  }
  // The schema was checked when the fact was written and upcasting keeps it valid; checking a million rows again would cost more than folding them.
  // The cast states what that schema made sure of.
  const fact = {
    sequence: Number(row[0]),
    id: String(id),
    namespace,
    kind,
    version,
    occurredAt: Number(row[4]),
    recordedAt: Number(row[5]),
    agent: optionalText(row[6]),
    agentVersion: optionalText(row[7]),
    user: optionalText(row[8]),
    session: optionalText(row[9]),
    run: optionalText(row[10]),
    source: String(row[11]),
    trust: String(row[12]),
    data: upcast(kind, version, parsed(row[13], 'Fact', id)),
  }
  return (blobs === null ? fact : { ...fact, blobs: parsed(blobs, 'Fact', id) }) as Fact
}

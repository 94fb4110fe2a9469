import { beginnings, type Erasure, type Tombstone } from '../storage.ts'
import type { Row } from './rows.ts'
import { hashesOf, type NamespaceState } from './state.ts'

/** What an erasure takes from a log, and what it leaves. */
export interface Removal {
  readonly rows: readonly Row[]
  readonly ids: ReadonlySet<string>
  /** Of this erasure alone. */
  readonly tombstones: readonly Tombstone[]
  /** The lowest place in the log that is erased. */
  readonly first: number
  /** Runs of which nothing is left: they expect nothing more. */
  readonly closedRuns: ReadonlySet<string>
  keepsBlob(hash: string): boolean
  keepsOptionSet(key: string): boolean
}

const countsOf = (keys: Iterable<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Finds what has to go with the facts of an erasure. Ids that are not there are passed over. */
export const removalOf = (state: NamespaceState, { by, facts }: Pick<Erasure, 'by' | 'facts'>, now: number): Removal => {
  const everything = by === 'namespace'
  const rows = everything ? state.rows : [...new Set(facts)].flatMap((id) => state.byId.get(id) ?? [])
  const ids = new Set(rows.map(({ id }) => id))
  const closedRuns = new Set(rows.flatMap(({ run }) => (run !== undefined && state.byRun.get(run)?.every(({ id }) => ids.has(id)) === true ? [run] : [])))
  const tombstones = rows.map(({ id, sequence, kind }): Tombstone => ({ id, sequence, kind, erasedAt: now }))
  const buried = new Set(ids)
  for (const { run, sequence, kind } of rows) {
    if (run === undefined || buried.has(run) || !closedRuns.has(run) || !beginnings.includes(kind)) continue
    buried.add(run)
    tombstones.push({ id: run, sequence, kind: 'run', erasedAt: now })
  }
  const blobs = countsOf(rows.flatMap((row) => [...hashesOf(row)]))
  const optionSets = countsOf(rows.flatMap(({ optionSet }) => optionSet ?? []))
  return {
    rows,
    ids,
    tombstones,
    first: rows.reduce((least, { sequence }) => Math.min(least, sequence), Number.POSITIVE_INFINITY),
    closedRuns,
    keepsBlob: (hash) => (state.blobUses.get(hash) ?? 0) > (blobs.get(hash) ?? 0),
    // One that no decision ever named is not of what is erased, unless everything is.
    keepsOptionSet: (key) => !everything && ((state.optionUses.get(key) ?? 0) > (optionSets.get(key) ?? 0) || !optionSets.has(key)),
  }
}

import { AutodidactError } from '../../errors.ts'
import type { NewFact } from '../../log/fact.ts'
import type { Batch, CommitReceipt, Deadline, Erasure, FactOrigin } from '../storage.ts'
import { conditionOf } from './filter.ts'
import { type Entry, field, type StoredFact } from './rows.ts'
import { hashesOf, type NamespaceState } from './state.ts'

/**
 * Gives each new fact its place in the log.
 *
 * @throws AutodidactError `FORGOTTEN`, `ID_CONFLICT`
 */
export const receive = (state: NamespaceState, facts: readonly NewFact[], now: number, origins?: Batch['origins']): { readonly receipts: CommitReceipt['facts']; readonly stored: readonly StoredFact[] } => {
  const stored = new Map<string, StoredFact>()
  let { last } = state
  const receipts = facts.map((fact): CommitReceipt['facts'][number] => {
    const tombstone = state.tombstones.get(fact.id) ?? state.tombstones.get(fact.run ?? fact.id)
    if (tombstone !== undefined) {
      throw new AutodidactError('FORGOTTEN', `"${tombstone.id}" was erased on request and cannot be written again or added to. Use a new id.`)
    }
    const known = state.byId.get(fact.id) ?? stored.get(fact.id)
    if (known === undefined) {
      const origin = origins?.get(fact.id)
      const sequence = Math.max(last + 1, origin?.sequence ?? 0)
      last = sequence
      stored.set(fact.id, { ...fact, sequence, recordedAt: origin?.recordedAt ?? now, ...keptOf(fact, origin) })
      return { id: fact.id, sequence, status: 'stored' }
    }
    if (known.digest === fact.digest) return { id: fact.id, sequence: known.sequence, status: 'merged' }
    throw new AutodidactError('ID_CONFLICT', `"${fact.id}" is already there, as "${known.kind}" with other content. Use another id, or send the same content again.`)
  })
  return { receipts, stored: [...stored.values()] }
}

/** Said only where a fact needs less than it refers to. */
const keptOf = ({ blobs = [] }: NewFact, origin: Pick<FactOrigin, 'kept'> | undefined): Pick<StoredFact, 'kept'> =>
  origin === undefined || blobs.every(({ hash }) => origin.kept.includes(hash)) ? {} : { kept: origin.kept }

/** What a batch changes; what is there already is left out. */
export const entryOf = (state: NamespaceState, batch: Batch, stored: readonly StoredFact[]): Entry => {
  const used = new Set(stored.flatMap((fact) => [...hashesOf(fact)]))
  const blobs = new Map((batch.blobs ?? []).filter(({ hash }) => used.has(hash) && !state.blobs.has(hash)).map((blob) => [blob.hash, blob]))
  const optionSets = new Map((batch.optionSets ?? []).filter(({ key }) => !state.optionSets.has(key)).map((set) => [set.key, set]))
  const buried = (batch.tombstones ?? []).filter(({ id }) => !state.tombstones.has(id) && !state.byId.has(id))
  return {
    ...(buried.length === 0 ? {} : { history: { epoch: state.epoch, last: state.last, erased: buried } }),
    ...field('facts', stored),
    ...field('index', batch.index ?? []),
    ...field('standings', batch.standings ?? []),
    ...field('optionSets', [...optionSets.values()]),
    ...field('blobs', [...blobs.values()]),
    ...field('deadlines', effective(state, batch.deadlines ?? [])),
  }
}

/** Deadlines as they will be: an earlier one that is to be kept is kept. */
export const effective = (state: NamespaceState, deadlines: readonly Deadline[]): NonNullable<Entry['deadlines']> => {
  const changes = new Map<string, number | undefined>()
  for (const { run, expiresAt, keepEarlier = false } of deadlines) {
    const known = changes.has(run) ? changes.get(run) : state.deadlines.get(run)
    if (keepEarlier && expiresAt !== undefined && known !== undefined && known <= expiresAt) continue
    if (known !== expiresAt) changes.set(run, expiresAt)
  }
  return [...changes].map(([run, expiresAt]) => ({ run, expiresAt }))
}

/** @throws AutodidactError `CONFLICT` where another writer added to one of the runs since the caller read them */
export const expectUnchanged = (state: NamespaceState, expected: NonNullable<Batch['expect']>): void => {
  for (const { run, sequence } of expected) {
    if (state.lastOf(run) !== sequence) throw new AutodidactError('CONFLICT', `Another writer changed run "${run}" in between. Read the run again and repeat.`)
  }
}

/** @throws AutodidactError `CONFLICT` where another writer added to what the caller looked for */
export const expectNothingNew = (state: NamespaceState, found: Erasure['found']): void => {
  for (const filter of found?.by ?? []) {
    const holds = conditionOf(filter)
    if (!state.rows.slice(state.placeAfter(found?.sequence ?? 0)).some(holds)) continue
    throw new AutodidactError('CONFLICT', 'Another writer added to what is to be erased in between. Nothing was erased; do it again.')
  }
}

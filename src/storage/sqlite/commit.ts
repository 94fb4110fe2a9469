import { AutodidactError } from '../../errors.ts'
import type { NewFact } from '../../log/fact.ts'
import type { Batch, CommitReceipt, Deadline, Erasure, FactOrigin, Tombstone } from '../storage.ts'
import { blobPlace, encryptRow, isDigest, optionsPlace, spaceOf } from './encryption.ts'
import { conditionsOf } from './filter.ts'
import type { Inside } from './inside.ts'
import { factColumns, factValues } from './rows.ts'

/**
 * Writes a batch down: all of it, or it throws.
 *
 * @throws AutodidactError `CONFLICT`, `FORGOTTEN`, `ID_CONFLICT`
 */
export const commitBatch = (inside: Inside, batch: Batch): CommitReceipt => {
  const { index, namespace } = inside
  expectUnchanged(inside, batch.expect ?? [])
  for (const tombstone of batch.tombstones ?? []) bury(inside, tombstone)
  const facts = batch.facts.map((fact) => append(inside, fact, batch.origins?.get(fact.id)))
  // A batch whose facts were all there is a repetition: what belongs to them was written with them.
  if (facts.length > 0 && facts.every((fact) => fact.status === 'merged')) return { facts }
  const stored = batch.facts.filter((_, place) => facts[place]?.status === 'stored')
  keepBlobs(inside, batch, stored)
  keepOptionSets(inside, batch, stored)
  const sequences = new Map(facts.map(({ id, sequence }) => [id, sequence]))
  index.put(namespace, (batch.index ?? []).map((entry) => ({ ...entry, sequence: sequences.get(entry.id) ?? 0 })))
  for (const change of batch.standings ?? []) index.setStanding(namespace, change.id, change.standing)
  for (const deadline of batch.deadlines ?? []) setDeadline(inside, deadline)
  return { facts }
}

/** @throws AutodidactError `CONFLICT` where another writer added to one of the runs since the caller read them */
export const expectUnchanged = ({ connection, namespace }: Inside, expected: NonNullable<Batch['expect']>): void => {
  for (const { run, sequence } of expected) {
    const last = Number(connection.statement('SELECT max(sequence) AS last FROM facts WHERE namespace = ? AND run = ?').get(namespace, run)?.['last'] ?? 0)
    // An earlier last fact means that the later one was erased: what was concluded from it does not hold either.
    if (last !== sequence) {
      throw new AutodidactError('CONFLICT', `Another writer changed run "${run}" in between. Read the run again and repeat.`)
    }
  }
}

/** @throws AutodidactError `CONFLICT` where another writer added to what the caller looked for */
export const expectNothingNew = ({ connection, namespace }: Inside, found: Erasure['found']): void => {
  for (const filter of found?.by ?? []) {
    const { text, values } = conditionsOf(connection.cipher, namespace, found?.sequence ?? 0, filter)
    if (connection.statement(`SELECT 1 FROM facts WHERE ${text} LIMIT 1`).get(...values) !== undefined) {
      throw new AutodidactError('CONFLICT', 'Another writer added to what is to be erased in between. Nothing was erased; do it again.')
    }
  }
}

const bury = ({ connection, namespace }: Inside, { id, sequence, kind, erasedAt }: Tombstone): void => {
  if (connection.statement('SELECT 1 FROM facts WHERE namespace = ? AND id = ?').get(namespace, id) !== undefined) return
  connection.statement('INSERT OR IGNORE INTO tombstones (namespace, id, sequence, kind, erased_at) VALUES (?, ?, ?, ?, ?)').run(namespace, id, sequence, kind, erasedAt)
}

/** The place of a copied fact, where it can have the one that it had; undefined: the next one. */
const placeFor = ({ connection, namespace }: Inside, { sequence }: Pick<FactOrigin, 'sequence'>): number | undefined => {
  const head = Number(connection.statement('SELECT max(sequence) AS last FROM facts WHERE namespace = ?').get(namespace)?.['last'] ?? 0)
  return sequence > head && connection.statement('SELECT 1 FROM facts WHERE sequence = ?').get(sequence) === undefined ? sequence : undefined
}

/**
 * Writes one fact behind all others, unless it is there.
 *
 * @throws AutodidactError `FORGOTTEN`, `ID_CONFLICT`
 */
export const append = (inside: Inside, fact: NewFact, origin?: Pick<FactOrigin, 'sequence' | 'recordedAt'>): CommitReceipt['facts'][number] => {
  const { connection, namespace, now } = inside
  const tombstone = connection.statement('SELECT id FROM tombstones WHERE namespace = ? AND id IN (?, ?)').get(namespace, fact.id, fact.run ?? fact.id)
  if (tombstone !== undefined) {
    throw new AutodidactError('FORGOTTEN', `"${String(tombstone['id'])}" was erased on request and cannot be written again or added to. Use a new id.`)
  }
  const known = connection.statement('SELECT sequence, digest, kind FROM facts WHERE namespace = ? AND id = ?').get(namespace, fact.id)
  if (known !== undefined) {
    if (isDigest(connection.cipher, namespace, known['digest'], fact.digest)) return { id: fact.id, sequence: Number(known['sequence']), status: 'merged' }
    throw new AutodidactError('ID_CONFLICT', `"${fact.id}" is already there, as "${String(known['kind'])}" with other content. Use another id, or send the same content again.`)
  }
  const values = encryptRow(connection.cipher, namespace, factValues(namespace, fact, origin?.recordedAt ?? now))
  const place = origin === undefined ? undefined : placeFor(inside, origin)
  const { lastInsertRowid } = connection.statement(`INSERT INTO facts (sequence, ${factColumns}) VALUES (?, ${values.map(() => '?').join(', ')})`).run(place ?? null, ...values)
  return { id: fact.id, sequence: Number(lastInsertRowid), status: 'stored' }
}

export const setDeadline = ({ connection, namespace }: Inside, { run, expiresAt, keepEarlier = false }: Deadline): void => {
  if (expiresAt === undefined) {
    connection.statement('DELETE FROM deadlines WHERE namespace = ? AND run = ?').run(namespace, run)
    return
  }
  const later = keepEarlier ? ' WHERE excluded.expires_at < expires_at' : ''
  const text = `INSERT INTO deadlines (namespace, run, expires_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at${later}`
  connection.statement(text).run(namespace, run, expiresAt)
}

/** Each blob once, however many facts refer to it, for as long as one does. */
const keepBlobs = ({ connection, namespace }: Inside, batch: Batch, stored: readonly NewFact[]): void => {
  const { cipher } = connection
  const texts = new Map(batch.blobs?.map(({ hash, text }) => [hash, text]))
  for (const { id, blobs = [] } of stored) {
    for (const hash of new Set(batch.origins?.get(id)?.kept ?? blobs.map((reference) => reference.hash))) {
      const [text, key] = [texts.get(hash), cipher.fingerprint(spaceOf(namespace), hash)]
      if (text !== undefined) {
        const content = cipher.encrypt(spaceOf(namespace), blobPlace(hash), text)
        connection.statement('INSERT INTO blobs (namespace, hash, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(namespace, key, content)
      }
      connection.statement('INSERT INTO blob_uses (namespace, fact, hash) VALUES (?, ?, ?)').run(namespace, id, key)
    }
  }
}

/** Each set once, however many decisions name it, for as long as one does. */
const keepOptionSets = ({ connection, namespace }: Inside, batch: Batch, stored: readonly NewFact[]): void => {
  const { cipher } = connection
  for (const { key: given, options } of batch.optionSets ?? []) {
    const key = cipher.fingerprint(spaceOf(namespace), given)
    if (connection.statement('SELECT 1 FROM option_sets WHERE namespace = ? AND key = ?').get(namespace, key) !== undefined) continue
    const content = cipher.encrypt(spaceOf(namespace), optionsPlace(given), JSON.stringify(options))
    connection.statement('INSERT INTO option_sets (namespace, key, options) VALUES (?, ?, ?)').run(namespace, key, content)
  }
  for (const fact of stored) {
    if (fact.kind !== 'decision.made') continue
    const text = 'INSERT INTO option_set_uses (namespace, key, uses) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET uses = uses + 1'
    connection.statement(text).run(namespace, cipher.fingerprint(spaceOf(namespace), fact.data.optionSet))
  }
}

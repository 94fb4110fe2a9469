import { beginnings, type Erasure } from '../storage.ts'
import { decryptData, spaceOf } from './encryption.ts'
import type { Inside } from './inside.ts'

/** Tables that hold something of a namespace, besides its facts, its index and its tombstones. */
const belongings = ['blobs', 'blob_uses', 'option_sets', 'option_set_uses', 'deadlines', 'snapshots', 'saved_versions', 'published_rows', 'worths', 'bookmarks'] as const

/**
 * Erases facts with their index rows, blobs, option sets and deadlines, and every snapshot that had learned from them; leaves tombstones and a new
 * epoch. Ids that are not there are passed over.
 *
 * @returns the number of facts erased
 */
export const eraseFacts = (inside: Inside, { facts, standings }: Pick<Erasure, 'facts' | 'standings'>): number => {
  const { connection, index, namespace } = inside
  const find = connection.statement("SELECT sequence, kind, run, iif(kind = 'decision.made', data, NULL) AS decision FROM facts WHERE namespace = ? AND id = ?")
  const runs = new Map<string, number>()
  const erased: string[] = []
  let first = Number.POSITIVE_INFINITY
  for (const id of facts) {
    const row = find.get(namespace, id)
    if (row === undefined) continue
    const { sequence, kind, run, decision } = row
    connection.statement('DELETE FROM facts WHERE sequence = ?').run(Number(sequence))
    bury(inside, id, Number(sequence), String(kind))
    releaseBlobs(inside, id)
    const optionSet = typeof decision === 'string' ? optionSetOf(inside, id, decision) : undefined
    if (optionSet !== undefined) releaseOptionSet(inside, optionSet)
    if (typeof run === 'string') runs.set(run, beginnings.includes(String(kind)) ? Number(sequence) : (runs.get(run) ?? 0))
    erased.push(id)
    first = Math.min(first, Number(sequence))
  }
  index.remove(namespace, erased)
  for (const { id, standing } of standings) index.setStanding(namespace, id, standing)
  for (const [run, sequence] of runs) closeRun(inside, run, sequence)
  if (erased.length > 0) rewritten(inside, first)
  return erased.length
}

/**
 * Erases a whole namespace, also what was written there since somebody looked.
 *
 * @returns the number of facts erased
 */
export const eraseNamespace = (inside: Inside): number => {
  const { connection, index, namespace, now } = inside
  const tombstones = 'INSERT OR IGNORE INTO tombstones (namespace, id, sequence, kind, erased_at)'
  connection.statement(`${tombstones} SELECT namespace, id, sequence, kind, ? FROM facts WHERE namespace = ?`).run(now, namespace)
  const begun = `namespace = ? AND run IS NOT NULL AND kind IN (${beginnings.map(() => '?').join(', ')})`
  connection
    .statement(`${tombstones} SELECT namespace, run, max(sequence), 'run', ? FROM facts WHERE ${begun} GROUP BY run`)
    .run(now, namespace, ...beginnings)
  const { changes } = connection.statement('DELETE FROM facts WHERE namespace = ?').run(namespace)
  for (const table of belongings) connection.statement(`DELETE FROM ${table} WHERE namespace = ?`).run(namespace)
  index.drop(namespace)
  if (changes !== 0) rewritten(inside, 0)
  return Number(changes)
}

/** Snapshots and rows that knew an erased fact go, whoever holds state in memory learns of it by the epoch, and the file is to be written anew. */
const rewritten = ({ connection, namespace, now }: Inside, first: number): void => {
  connection.statement('INSERT INTO unproven_erasures (erased_at) VALUES (?)').run(now)
  for (const table of ['snapshots', 'saved_versions', 'published_rows']) connection.statement(`DELETE FROM ${table} WHERE namespace = ? AND sequence >= ?`).run(namespace, first)
  // Also of what was earned before: what is known of it now may come from an erased fact.
  connection.statement('DELETE FROM worths WHERE namespace = ? AND settled >= ?').run(namespace, first)
  connection.statement('UPDATE namespaces SET epoch = epoch + 1 WHERE number = ?').run(namespace)
}

const bury = ({ connection, namespace, now }: Inside, id: string, sequence: number, kind: string): void => {
  const text = 'INSERT OR IGNORE INTO tombstones (namespace, id, sequence, kind, erased_at) VALUES (?, ?, ?, ?, ?)'
  connection.statement(text).run(namespace, id, sequence, kind, now)
}

/** A run of which nothing is left expects nothing more, and one whose beginning was erased cannot be continued. */
const closeRun = (inside: Inside, run: string, sequence: number): void => {
  const { connection, namespace } = inside
  if (connection.statement('SELECT 1 FROM facts WHERE namespace = ? AND run = ? LIMIT 1').get(namespace, run) !== undefined) return
  connection.statement('DELETE FROM deadlines WHERE namespace = ? AND run = ?').run(namespace, run)
  if (sequence > 0) bury(inside, run, sequence, 'run')
}

/** Lets go of the blobs of a fact, but for those of the hashes to keep. */
export const releaseBlobs = ({ connection, namespace }: Inside, fact: string, kept: readonly string[] = []): void => {
  const text = 'DELETE FROM blob_uses WHERE namespace = ? AND fact = ? AND hash NOT IN (SELECT value FROM json_each(?)) RETURNING hash'
  const uses = connection.statement(text).all(namespace, fact, JSON.stringify(kept))
  for (const { hash } of uses) {
    const key = String(hash)
    const used = connection.statement('SELECT 1 FROM blob_uses WHERE namespace = ? AND hash = ? LIMIT 1').get(namespace, key)
    if (used === undefined) connection.statement('DELETE FROM blobs WHERE namespace = ? AND hash = ?').run(namespace, key)
  }
}

/** The key of a decision's options, as it is stored; undefined for a decision that is damaged, and is to be erased all the same. */
const optionSetOf = ({ connection: { cipher }, namespace }: Inside, id: string, decision: string): string | undefined => {
  try {
    const data: unknown = JSON.parse(decryptData(cipher, namespace, id, decision))
    const key = typeof data === 'object' && data !== null && 'optionSet' in data ? data.optionSet : undefined
    return typeof key === 'string' ? cipher.fingerprint(spaceOf(namespace), key) : undefined
  } catch {
    return undefined
  }
}

const releaseOptionSet = ({ connection, namespace }: Inside, key: string): void => {
  const text = 'UPDATE option_set_uses SET uses = uses - 1 WHERE namespace = ? AND key = ? RETURNING uses'
  if (Number(connection.statement(text).get(namespace, key)?.['uses'] ?? 0) > 0) return
  for (const table of ['option_sets', 'option_set_uses']) connection.statement(`DELETE FROM ${table} WHERE namespace = ? AND key = ?`).run(namespace, key)
}

import { hash, randomUUID } from 'node:crypto'
import { AutodidactError } from '../../errors.ts'
import { hasDied, thisProcess } from '../../processes.ts'
import type { Lease, Published, SavedVersion, Snapshot, Storage, Worth } from '../storage.ts'
import { type Compressed, compressed, expanded } from '../compression.ts'
import type { Connection } from './connection.ts'
import { decrypted } from '../../encryption/cipher.ts'
import { spaceOf } from './encryption.ts'

/** Where a state stands: it decrypts in no other place. */
export const placeOf = (learner: string): string => `snapshot of ${learner}`

/** Versions that are listed for each learner; of more, every second of the older half goes. */
const mostVersions = 256

/** Saved states of learners, with what other programs may read of them. */
export class SqliteSnapshots {
  readonly #connection: Connection
  readonly #clock: () => number
  readonly #views: boolean

  /** @param views whether other programs may read anything */
  constructor(connection: Connection, clock: () => number, views: boolean) {
    this.#connection = connection
    this.#clock = clock
    this.#views = views
  }

  load(namespace: string, learner: string): Promise<Snapshot | undefined> {
    return this.#connection.patiently(() => {
      const row = this.#connection
        .statement('SELECT number, sequence, s.epoch, bytes, compression FROM snapshots s JOIN namespaces ON number = namespace WHERE name = ? AND learner = ?')
        .get(namespace, learner)
      if (row === undefined || !(row['bytes'] instanceof Uint8Array)) return undefined
      // A snapshot is a short cut: one that cannot be read is none.
      const written = decrypted(this.#connection.cipher, spaceOf(Number(row['number'])), placeOf(learner), row['bytes'])
      const bytes = written === undefined ? undefined : expanded(row['compression'], written)
      return bytes === undefined ? undefined : { namespace, learner, sequence: Number(row['sequence']), epoch: Number(row['epoch']), bytes }
    })
  }

  async save(snapshots: readonly Snapshot[], lease: Lease): Promise<void> {
    // Before the turn to write is asked for: others would wait for it.
    const stored = snapshots.map((snapshot) => ({ snapshot, ...compressed(snapshot.bytes) }))
    await this.#connection.write(() => {
      const held = this.#connection.statement('SELECT token FROM leases WHERE name = ?').get(lease.name)
      if (held?.['token'] !== lease.token) {
        throw new AutodidactError('CONFLICT', `The lease "${lease.name}" went to another process. Its snapshot stands; nothing is to be done.`)
      }
      for (const { snapshot, ...written } of stored) this.#put(snapshot, written)
    })
  }

  versions(namespace: string): Promise<readonly SavedVersion[]> {
    return this.#connection.patiently(() =>
      this.#connection
        .statement('SELECT learner, sequence, saved_at, bytes FROM saved_versions JOIN namespaces ON number = namespace WHERE name = ? ORDER BY sequence, learner')
        .all(namespace)
        .map((row) => ({ learner: String(row['learner']), sequence: Number(row['sequence']), savedAt: Number(row['saved_at']), bytes: Number(row['bytes']) })),
    )
  }

  #put(snapshot: Snapshot, { compression, bytes }: Compressed): void {
    const { namespace, learner, sequence, epoch } = snapshot
    const row = this.#connection.statement('SELECT number, epoch FROM namespaces WHERE name = ?').get(namespace)
    if (row === undefined || row['epoch'] !== epoch) {
      throw new AutodidactError('CONFLICT', `"${namespace}" was rewritten by an erasure in between. Fold again before saving a snapshot.`)
    }
    const number = Number(row['number'])
    const { changes } = this.#connection
      .statement(
        `INSERT INTO snapshots (namespace, learner, sequence, epoch, bytes, compression) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (namespace, learner) DO UPDATE
         SET sequence = excluded.sequence, epoch = excluded.epoch, bytes = excluded.bytes, compression = excluded.compression
         WHERE excluded.sequence >= sequence OR excluded.epoch > epoch`,
      )
      .run(number, learner, sequence, epoch, this.#connection.cipher.encryptBytes(spaceOf(number), placeOf(learner), bytes), compression)
    if (Number(changes) > 0) this.#list(number, snapshot)
    // An older state than that which is there has older rows, too; what was earned is noted wherever nothing later is known.
    if (this.#views && Number(changes) > 0 && snapshot.published !== undefined) this.#publish(number, snapshot, snapshot.published)
    if (this.#views) for (const worth of snapshot.worths ?? []) this.#earn(number, worth)
  }

  /** Notes that there was such a version, unless the learner has learned nothing since the last one. */
  #list(namespace: number, { learner, sequence, bytes, listed = false }: Snapshot): void {
    if (!listed) return
    // Otherwise somebody who guesses a state could see that it was the one.
    const digest = this.#connection.cipher.fingerprint(spaceOf(namespace), hash('sha256', bytes, 'base64url').slice(0, 22))
    const last = this.#connection.statement('SELECT digest FROM saved_versions WHERE namespace = ? AND learner = ? ORDER BY sequence DESC LIMIT 1').get(namespace, learner)
    if (last?.['digest'] === digest) return
    this.#connection
      .statement('INSERT OR IGNORE INTO saved_versions (namespace, learner, sequence, saved_at, bytes, digest) VALUES (?, ?, ?, ?, ?, ?)')
      .run(namespace, learner, sequence, this.#clock(), bytes.length, digest)
    this.#thinOut(namespace, learner)
  }

  #thinOut(namespace: number, learner: string): void {
    const rows = this.#connection.statement('SELECT sequence FROM saved_versions WHERE namespace = ? AND learner = ? ORDER BY sequence').all(namespace, learner)
    if (rows.length <= mostVersions) return
    for (let place = 0; place < mostVersions / 2; place += 2) {
      this.#connection.statement('DELETE FROM saved_versions WHERE namespace = ? AND learner = ? AND sequence = ?').run(namespace, learner, Number(rows[place]?.['sequence']))
    }
  }

  #publish(namespace: number, { learner, sequence }: Snapshot, { view, rows }: Published): void {
    const names = JSON.stringify(rows.map(({ name }) => name))
    this.#connection
      .statement('DELETE FROM published_rows WHERE namespace = ? AND learner = ? AND name NOT IN (SELECT value FROM json_each(?))')
      .run(namespace, learner, names)
    for (const { name, json } of rows) {
      this.#connection
        .statement(
          `INSERT INTO published_rows (namespace, learner, view, name, json, sequence, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (namespace, learner, name) DO UPDATE SET view = excluded.view, sequence = excluded.sequence,
             updated_at = iif(json = excluded.json, updated_at, excluded.updated_at), json = excluded.json`,
        )
        .run(namespace, learner, view, name, json, sequence, this.#clock())
    }
  }

  #earn(namespace: number, { sequence, settled, reward, weight, parts }: Worth): void {
    if (reward === undefined) {
      this.#connection.statement('DELETE FROM worths WHERE sequence = ? AND settled <= ?').run(sequence, settled)
      return
    }
    this.#connection
      .statement(
        `INSERT INTO worths (sequence, namespace, settled, reward, weight, parts) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET settled = excluded.settled, reward = excluded.reward, weight = excluded.weight, parts = excluded.parts
         WHERE excluded.settled >= settled`,
      )
      .run(sequence, namespace, settled, reward, weight, parts === undefined ? null : JSON.stringify(parts))
  }
}

/** Who may do what only one process should do at a time. */
export class SqliteLeases {
  readonly #connection: Connection
  readonly #clock: () => number
  /** Names this connection and its process: a lease whose process was killed holds nobody up. */
  readonly #holder = [randomUUID(), thisProcess.host, thisProcess.pid, thisProcess.life].join(' ')

  constructor(connection: Connection, clock: () => number) {
    this.#connection = connection
    this.#clock = clock
  }

  acquire(...[name, durationMs]: Parameters<Storage['leases']['acquire']>): Promise<Lease | undefined> {
    return this.#connection.write(() => {
      const now = this.#clock()
      const row = this.#connection.statement('SELECT token, holder, expires_at FROM leases WHERE name = ?').get(name)
      const left = Number(row?.['expires_at'] ?? 0) - now
      // More time left than was ever given: the clock was set back, and waiting for it to return could take days. The token keeps this safe.
      if (row !== undefined && row['holder'] !== this.#holder && left > 0 && left <= durationMs && !isOfTheDead(row['holder'])) return undefined
      const token = Number(row?.['token'] ?? 0) + 1
      this.#connection
        .statement('INSERT OR REPLACE INTO leases (name, token, holder, expires_at) VALUES (?, ?, ?, ?)')
        .run(name, token, this.#holder, now + durationMs)
      return { name, token }
    })
  }

  async release(lease: Lease): Promise<void> {
    await this.#connection.write(() => {
      this.#connection.statement('UPDATE leases SET expires_at = 0 WHERE name = ? AND token = ?').run(lease.name, lease.token)
    })
  }
}

/** A holder of an earlier version says nothing of its process: its lease runs out by its time. */
const isOfTheDead = (holder: unknown): boolean => {
  const [, host, pid, life] = typeof holder === 'string' ? holder.split(' ') : []
  return host !== undefined && pid !== undefined && life !== undefined && hasDied({ host, pid: Number(pid), life })
}

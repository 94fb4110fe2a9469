import { randomUUID } from 'node:crypto'
import { AutodidactError } from '../../errors.ts'
import type { Lease, Snapshot, Storage } from '../storage.ts'
import type { Connection } from './connection.ts'
import { spaceOf } from './encryption.ts'

const placeOf = (learner: string): string => `snapshot of ${learner}`

/** Saved states of learners. */
export class SqliteSnapshots {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  load(namespace: string, learner: string): Promise<Snapshot | undefined> {
    return this.#connection.patiently(() => {
      const row = this.#connection
        .statement('SELECT number, sequence, s.epoch, bytes FROM snapshots s JOIN namespaces ON number = namespace WHERE name = ? AND learner = ?')
        .get(namespace, learner)
      if (row === undefined || !(row['bytes'] instanceof Uint8Array)) return undefined
      const bytes = this.#connection.cipher.decryptBytes(spaceOf(Number(row['number'])), placeOf(learner), row['bytes'])
      return { namespace, learner, sequence: Number(row['sequence']), epoch: Number(row['epoch']), bytes }
    })
  }

  save(snapshots: readonly Snapshot[], lease: Lease): Promise<void> {
    return this.#connection.write(() => {
      const held = this.#connection.statement('SELECT token FROM leases WHERE name = ?').get(lease.name)
      if (held?.['token'] !== lease.token) {
        throw new AutodidactError('CONFLICT', `The lease "${lease.name}" went to another process. Its snapshot stands; nothing is to be done.`)
      }
      for (const snapshot of snapshots) this.#put(snapshot)
    })
  }

  #put({ namespace, learner, sequence, epoch, bytes }: Snapshot): void {
    const row = this.#connection.statement('SELECT number, epoch FROM namespaces WHERE name = ?').get(namespace)
    if (row === undefined || row['epoch'] !== epoch) {
      throw new AutodidactError('CONFLICT', `"${namespace}" was rewritten by an erasure in between. Fold again before saving a snapshot.`)
    }
    this.#connection
      .statement(
        `INSERT INTO snapshots (namespace, learner, sequence, epoch, bytes) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (namespace, learner) DO UPDATE SET sequence = excluded.sequence, epoch = excluded.epoch, bytes = excluded.bytes
         WHERE excluded.sequence >= sequence OR excluded.epoch > epoch`,
      )
      .run(Number(row['number']), learner, sequence, epoch, this.#connection.cipher.encryptBytes(spaceOf(Number(row['number'])), placeOf(learner), bytes))
  }
}

/** Who may do what only one process should do at a time. */
export class SqliteLeases {
  readonly #connection: Connection
  readonly #clock: () => number
  readonly #holder = randomUUID()

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
      if (row !== undefined && row['holder'] !== this.#holder && left > 0 && left <= durationMs) return undefined
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

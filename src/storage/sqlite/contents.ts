import type { SQLOutputValue } from 'node:sqlite'
import type { BlobReference } from '../../log/fact.ts'
import type { Contents, FactOrigin, Standing, Tombstone } from '../storage.ts'
import type { Connection } from './connection.ts'
import { decryptBlobs, decryptDigest, spaceOf } from './encryption.ts'
import { parsed } from './rows.ts'

/** What a copy of a namespace elsewhere must have besides its facts. */
export class SqliteContents implements Contents {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** On one state of the file: of a fact that is erased meanwhile there is all, or nothing. */
  origins(namespace: string, ids: readonly string[]): Promise<ReadonlyMap<string, FactOrigin>> {
    return this.#connection.read(() => {
      const number = this.#numberOf(namespace)
      if (number === undefined) return new Map()
      return new Map(ids.flatMap((id) => {
        const origin = this.#originOf(number, id)
        return origin === undefined ? [] : [[id, origin]]
      }))
    })
  }

  tombstones(namespace: string): Promise<readonly Tombstone[]> {
    return this.#connection.patiently(() =>
      this.#connection
        .statement('SELECT id, sequence, kind, erased_at FROM tombstones JOIN namespaces ON number = namespace WHERE name = ? ORDER BY sequence, id')
        .all(namespace)
        .map((row) => ({ id: String(row['id']), sequence: Number(row['sequence']), kind: String(row['kind']), erasedAt: Number(row['erased_at']) })),
    )
  }

  #originOf(namespace: number, id: string): FactOrigin | undefined {
    const row = this.#connection
      .statement(
        `SELECT f.sequence, recorded_at, f.digest, blobs, standing FROM facts f LEFT JOIN items i ON i.namespace = f.namespace AND i.id = f.id
         WHERE f.namespace = ? AND f.id = ?`,
      )
      .get(namespace, id)
    if (row === undefined) return undefined
    const standing = row['standing']
    return {
      sequence: Number(row['sequence']),
      recordedAt: Number(row['recorded_at']),
      digest: decryptDigest(this.#connection.cipher, namespace, String(row['digest'])),
      kept: this.#keptBy(namespace, id, row['blobs']),
      // Only `TextIndex` writes this column, from the same type.
      ...(standing === null ? {} : { standing: String(standing) as Standing }),
    }
  }

  #keptBy(namespace: number, id: string, blobs: SQLOutputValue | undefined): string[] {
    if (typeof blobs !== 'string') return []
    const { cipher } = this.#connection
    // Only `factValues` and `thinFacts` write this column, from the same type.
    const references = parsed(decryptBlobs(cipher, namespace, id, blobs), 'Fact', id) as readonly BlobReference[]
    const uses = new Set(this.#connection.statement('SELECT hash FROM blob_uses WHERE namespace = ? AND fact = ?').all(namespace, id).map(({ hash }) => String(hash)))
    return [...new Set(references.map(({ hash }) => hash))].filter((hash) => uses.has(cipher.fingerprint(spaceOf(namespace), hash)))
  }

  #numberOf(namespace: string): number | undefined {
    const row = this.#connection.statement('SELECT number FROM namespaces WHERE name = ?').get(namespace)
    return row === undefined ? undefined : Number(row['number'])
  }
}

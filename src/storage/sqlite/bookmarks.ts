import type { Bookmark } from '../storage.ts'
import type { Connection } from './connection.ts'
import { spaceOf } from './encryption.ts'

const placeOf = (name: string): string => `note of bookmark ${name}`

/** Places in the log of those who follow it, one row each. */
export class SqliteBookmarks {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  list(namespace: string): Promise<readonly Bookmark[]> {
    return this.#connection.patiently(() =>
      this.#connection
        .statement('SELECT number, b.name, sequence, note FROM bookmarks b JOIN namespaces n ON number = namespace WHERE n.name = ?')
        .all(namespace)
        .map((row) => this.#bookmarkOf(row))
        .sort((left, right) => (left.name < right.name ? -1 : 1)),
    )
  }

  find(namespace: string, name: string): Promise<Bookmark | undefined> {
    return this.#connection.patiently(() => {
      const number = this.#numberOf(namespace)
      if (number === undefined) return undefined
      const row = this.#connection.statement('SELECT namespace AS number, name, sequence, note FROM bookmarks WHERE namespace = ? AND name = ?').get(number, this.#stored(number, name))
      return row === undefined ? undefined : this.#bookmarkOf(row)
    })
  }

  put(namespace: string, { name, sequence, note }: Bookmark): Promise<void> {
    return this.#connection.write(() => {
      this.#connection.statement('INSERT INTO namespaces (name) VALUES (?) ON CONFLICT DO NOTHING').run(namespace)
      const number = this.#numberOf(namespace)
      if (number === undefined) return
      const content = this.#connection.cipher.encrypt(spaceOf(number), placeOf(name), note)
      this.#connection.statement('INSERT OR REPLACE INTO bookmarks (namespace, name, sequence, note) VALUES (?, ?, ?, ?)').run(number, this.#stored(number, name), sequence, content)
    })
  }

  advance(namespace: string, name: string, sequence: number): Promise<void> {
    return this.#connection.write(() => {
      const number = this.#numberOf(namespace)
      if (number === undefined) return
      const text = 'UPDATE bookmarks SET sequence = ? WHERE namespace = ? AND name = ? AND sequence < ?'
      this.#connection.statement(text).run(sequence, number, this.#stored(number, name), sequence)
    })
  }

  remove(namespace: string, name: string): Promise<void> {
    return this.#connection.write(() => {
      const number = this.#numberOf(namespace)
      if (number !== undefined) this.#connection.statement('DELETE FROM bookmarks WHERE namespace = ? AND name = ?').run(number, this.#stored(number, name))
    })
  }

  #numberOf(namespace: string): number | undefined {
    const row = this.#connection.statement('SELECT number FROM namespaces WHERE name = ?').get(namespace)
    return row === undefined ? undefined : Number(row['number'])
  }

  #stored(number: number, name: string): string {
    return this.#connection.cipher.encryptName(spaceOf(number), name)
  }

  #bookmarkOf(row: Readonly<Record<string, unknown>>): Bookmark {
    const { cipher } = this.#connection
    const space = spaceOf(Number(row['number']))
    const name = cipher.decryptName(space, String(row['name']))
    return { name, sequence: Number(row['sequence']), note: cipher.decrypt(space, placeOf(name), String(row['note'])) }
  }
}

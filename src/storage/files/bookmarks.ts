import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Bookmark } from '../storage.ts'
import type { Connection } from './connection.ts'
import { attempt, corrupt } from './errors.ts'
import { fileNameOf } from './file.ts'

const suffix = '.bookmarks'

const contentInput = z.object({ namespace: z.string(), bookmarks: z.array(z.object({ name: z.string(), sequence: z.number(), note: z.string() })) })

/** Places in the log of those who follow it: a small file for each namespace, written anew with each step and put in its place at once. */
export class FileBookmarks {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async list(namespace: string): Promise<readonly Bookmark[]> {
    this.#connection.expectOpen()
    return [...this.#read(namespace).values()].sort((left, right) => (left.name < right.name ? -1 : 1))
  }

  async find(namespace: string, name: string): Promise<Bookmark | undefined> {
    this.#connection.expectOpen()
    return this.#read(namespace).get(name)
  }

  async put(namespace: string, bookmark: Bookmark): Promise<void> {
    this.#connection.expectWritable()
    this.#write(namespace, this.#read(namespace).set(bookmark.name, bookmark))
  }

  async advance(namespace: string, name: string, sequence: number): Promise<void> {
    this.#connection.expectWritable()
    const bookmarks = this.#read(namespace)
    const known = bookmarks.get(name)
    if (known !== undefined && known.sequence < sequence) this.#write(namespace, bookmarks.set(name, { ...known, sequence }))
  }

  async remove(namespace: string, name: string): Promise<void> {
    this.#connection.expectWritable()
    const bookmarks = this.#read(namespace)
    if (bookmarks.delete(name)) this.#write(namespace, bookmarks)
  }

  /** Takes away those of a namespace that is erased. */
  drop(namespace: string): void {
    const path = this.#pathOf(namespace)
    attempt(path, () => rmSync(path, { force: true }))
  }

  #read(namespace: string): Map<string, Bookmark> {
    const path = this.#pathOf(namespace)
    if (!existsSync(path)) return new Map()
    const text = attempt(path, () => readFileSync(path, 'utf8'))
    const { cipher } = this.#connection
    try {
      const { bookmarks } = contentInput.parse(JSON.parse(cipher.encrypts ? cipher.decrypt(namespace, suffix, text) : text))
      return new Map(bookmarks.map((bookmark) => [bookmark.name, bookmark]))
    } catch (error) {
      throw corrupt(path, 'it holds no bookmarks', error)
    }
  }

  #write(namespace: string, bookmarks: ReadonlyMap<string, Bookmark>): void {
    const path = this.#pathOf(namespace)
    const { cipher, durability } = this.#connection
    const text = JSON.stringify({ namespace, bookmarks: [...bookmarks.values()] })
    attempt(path, () => {
      writeFileSync(`${path}.next`, cipher.encrypts ? cipher.encrypt(namespace, suffix, text) : text, { flush: durability === 'full' })
      renameSync(`${path}.next`, path)
    })
  }

  #pathOf(namespace: string): string {
    return join(this.#connection.data, `${fileNameOf(namespace)}${suffix}`)
  }
}

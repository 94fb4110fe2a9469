import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { AutodidactError } from '../../errors.ts'
import type { Head, Lease, Snapshot, Storage } from '../storage.ts'
import { decrypted } from '../../encryption/cipher.ts'
import { type Compressed, compressed, type Compression, expanded } from '../compression.ts'
import type { Connection } from './connection.ts'
import { attempt } from './errors.ts'
import { fileNameOf, replaceFile } from './file.ts'

/** The first line of a snapshot's file; the bytes follow it. */
interface Heading {
  readonly namespace: string
  readonly learner: string
  readonly sequence: number
  readonly epoch: number
  /** How the bytes were made smaller, before they were encrypted. Absent: as they are. */
  readonly compression?: Compression | undefined
  /** CRC-32 of the bytes as they are stored. */
  readonly checksum: number
}

/** An earlier version wrote nothing of compression; what a later one writes is no snapshot to this one. */
const headingInput = z.object({ namespace: z.string(), learner: z.string(), sequence: z.number(), epoch: z.number(), compression: z.literal('zstd').optional(), checksum: z.number() })

const suffix = '.snapshot'
const lineFeed = 0x0a

const placeOf = (learner: string): string => `snapshot of ${learner}`

/** What stands in a snapshot's file; undefined for one that is not there, or damaged: a snapshot is a short cut only. */
const readSnapshot = (path: string): (Heading & { readonly stored: Uint8Array }) | undefined => {
  if (!existsSync(path)) return undefined
  const content = attempt(path, () => readFileSync(path))
  const end = content.indexOf(lineFeed)
  const stored = content.subarray(end + 1)
  try {
    const heading = headingInput.parse(JSON.parse(content.subarray(0, end).toString()))
    return heading.checksum === crc32(stored) ? { ...heading, stored } : undefined
  } catch {
    return undefined
  }
}

/** A state as its learner saved it; undefined where it cannot be decrypted, or is damaged. */
const stateIn = ({ cipher }: Connection, { namespace, learner, compression = null, stored }: Heading & { readonly stored: Uint8Array }): Uint8Array | undefined => {
  const written = decrypted(cipher, namespace, placeOf(learner), stored)
  return written === undefined ? undefined : expanded(compression, written)
}

/** What is a snapshot in a folder, by its name. */
export const isSnapshot = (path: string): boolean => path.endsWith(suffix)

/** The state in a file as its learner saved it; undefined where there is none. */
export const stateOf = (connection: Connection, path: string): Uint8Array | undefined => {
  const found = readSnapshot(path)
  return found === undefined ? undefined : stateIn(connection, found)
}

/** Saved states of learners, each a file of its own beside the logs. */
export class FileSnapshots {
  readonly #connection: Connection
  readonly #leases: FileLeases
  readonly #headOf: (namespace: string) => Promise<Head | undefined>
  readonly #flush: (namespace: string) => void
  #found: ReadonlyMap<string, readonly string[]> | undefined

  /**
   * @param headOf the end of a namespace's log; undefined for one that is not there
   * @param flush makes a namespace's log survive the loss of power
   */
  constructor(connection: Connection, leases: FileLeases, headOf: (namespace: string) => Promise<Head | undefined>, flush: (namespace: string) => void) {
    this.#connection = connection
    this.#leases = leases
    this.#headOf = headOf
    this.#flush = flush
  }

  async load(namespace: string, learner: string): Promise<Snapshot | undefined> {
    this.#connection.expectOpen()
    const found = readSnapshot(this.#pathOf(namespace, learner))
    if (found === undefined || found.namespace !== namespace || found.learner !== learner) return undefined
    const { sequence, epoch } = found
    const bytes = stateIn(this.#connection, found)
    return bytes === undefined ? undefined : { namespace, learner, sequence, epoch, bytes }
  }

  async save(snapshots: readonly Snapshot[], lease: Lease): Promise<void> {
    this.#connection.expectWritable()
    this.#leases.expectHeld(lease)
    // Before the turn to write is asked for: others would wait for it.
    const stored = snapshots.map((snapshot) => ({ snapshot, ...compressed(snapshot.bytes) }))
    const heads = await Promise.all(snapshots.map(({ namespace }) => this.#headOf(namespace)))
    this.#connection.expectWritable()
    this.#leases.expectHeld(lease)
    for (const [place, { namespace, epoch }] of snapshots.entries()) {
      if (heads[place]?.epoch === epoch) continue
      throw new AutodidactError('CONFLICT', `"${namespace}" was rewritten by an erasure in between. Fold again before saving a snapshot.`)
    }
    // A snapshot is flushed; of a log that was not, it might survive lines that it has learned from.
    for (const namespace of new Set(snapshots.map((snapshot) => snapshot.namespace))) this.#flush(namespace)
    for (const { snapshot, ...written } of stored) this.#put(snapshot, written)
  }

  #put({ namespace, learner, sequence, epoch }: Snapshot, { compression, bytes }: Compressed): void {
    const path = this.#pathOf(namespace, learner)
    const known = readSnapshot(path)
    if (known !== undefined && known.sequence > sequence && known.epoch >= epoch) return
    const stored = this.#connection.cipher.encryptBytes(namespace, placeOf(learner), bytes)
    const heading: Heading = { namespace, learner, sequence, epoch, ...(compression === null ? {} : { compression }), checksum: crc32(stored) }
    replaceFile(path, Buffer.concat([Buffer.from(`${JSON.stringify(heading)}\n`), stored]))
  }

  /** Takes away what had learned from a fact at or behind a place of the log. */
  dropFrom(namespace: string, sequence: number): void {
    this.#drop(this.#names().get(fileNameOf(namespace)) ?? [], sequence)
  }

  /** Takes away what had learned from lines that the log has lost; of no use but when the log is read for the first time. */
  dropBeyond(namespace: string, last: number): void {
    this.#drop(this.#atFirst().get(fileNameOf(namespace)) ?? [], last + 1)
  }

  /** A writer lists them once: what it saves later belongs to a log that is there, and knows no more than that. */
  #atFirst(): ReadonlyMap<string, readonly string[]> {
    if (this.#connection.readOnly) return this.#names()
    this.#found ??= this.#names()
    return this.#found
  }

  /** True when there is a snapshot of a namespace. */
  knows(namespace: string): boolean {
    return this.#atFirst().has(fileNameOf(namespace))
  }

  #drop(names: readonly string[], sequence: number): void {
    for (const name of names) {
      const path = join(this.#connection.data, name)
      // One that cannot be read may have learned from anything.
      if ((readSnapshot(path)?.sequence ?? Number.POSITIVE_INFINITY) >= sequence) attempt(path, () => rmSync(path, { force: true }))
    }
  }

  /** The files of snapshots, by the file name of their namespace. */
  #names(): ReadonlyMap<string, readonly string[]> {
    const { data } = this.#connection
    const names = attempt(data, () => readdirSync(data)).filter((name) => name.endsWith(suffix) || name.endsWith(`${suffix}.next`))
    return Map.groupBy(names, (name) => name.slice(0, name.indexOf('@')))
  }

  #pathOf(namespace: string, learner: string): string {
    return join(this.#connection.data, `${fileNameOf(namespace)}@${fileNameOf(learner)}${suffix}`)
  }
}

/** Who may do what only one should do at a time; kept in memory, because there is one writer. */
export class FileLeases {
  readonly #connection: Connection
  readonly #tokens = new Map<string, number>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async acquire(...[name]: Parameters<Storage['leases']['acquire']>): Promise<Lease | undefined> {
    this.#connection.expectWritable()
    const token = (this.#tokens.get(name) ?? 0) + 1
    this.#tokens.set(name, token)
    return { name, token }
  }

  async release(_lease: Lease): Promise<void> {
    this.#connection.expectWritable()
  }

  /** @throws AutodidactError `CONFLICT` */
  expectHeld({ name, token }: Lease): void {
    if (this.#tokens.get(name) === token) return
    throw new AutodidactError('CONFLICT', `The lease "${name}" went to somebody else. Their snapshot stands; nothing is to be done.`)
  }
}

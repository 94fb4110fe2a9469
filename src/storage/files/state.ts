import type { Fact } from '../../log/fact.ts'
import type { LinePlace } from './lines.ts'
import { formatVersion, isChained } from './migrations.ts'
import { TextIndex } from './text-index.ts'
import type { Tombstone } from '../storage.ts'
import { type Entry, factOf, type Row, rowOf, type StoredFact } from './rows.ts'

/** Where a line stands in its file. */
export interface Place extends LinePlace {
  readonly offset: number
  readonly length: number
  /** Of the line itself. */
  readonly checksum: number
}

/**
 * What the log of one namespace says, in memory: made of its lines in their order, whether they are read or just written. Long texts stay in the file, and
 * only their place is known.
 */
export class NamespaceState {
  readonly namespace: string
  /** Of the format of its log. */
  readonly version: number
  /** Given with the first line. */
  number: number
  /** Of the file, as far as it is known: what is written next begins here. */
  size = 0
  #lines = 0
  /** Of the last line. */
  #checksum = 0
  epoch = 0
  /** The highest place in the log that was ever used. */
  last = 0
  readonly rows: Row[] = []
  readonly byId = new Map<string, Row>()
  readonly byRun = new Map<string, Row[]>()
  readonly tombstones = new Map<string, Tombstone>()
  /** Options as JSON by their key, and how many decisions name them. */
  readonly optionSets = new Map<string, string>()
  readonly optionUses = new Map<string, number>()
  readonly blobs = new Map<string, Place>()
  /** How many facts refer to a blob. */
  readonly blobUses = new Map<string, number>()
  readonly deadlines = new Map<string, number>()
  readonly index = new TextIndex()

  constructor(namespace: string, number = 0, version = formatVersion) {
    this.namespace = namespace
    this.number = number
    this.version = version
  }

  /** Where the next line will stand. */
  get next(): LinePlace {
    return { line: this.#lines + 1, before: isChained(this.version) ? this.#checksum : 0 }
  }

  /**
   * Takes one line in.
   *
   * @param known texts that were analysed before
   */
  apply(entry: Entry, place: Place, known?: TextIndex): void {
    this.size = place.offset + place.length
    this.#lines = place.line
    this.#checksum = place.checksum
    if (entry.history !== undefined) {
      this.epoch = entry.history.epoch
      this.last = Math.max(this.last, entry.history.last)
      for (const tombstone of entry.history.erased) this.tombstones.set(tombstone.id, tombstone)
    }
    for (const fact of entry.facts ?? []) this.#add(fact)
    for (const { hash } of entry.blobs ?? []) this.blobs.set(hash, place)
    for (const { key, options } of entry.optionSets ?? []) this.optionSets.set(key, JSON.stringify(options))
    for (const item of entry.index ?? []) {
      this.index.put({ ...item, sequence: this.byId.get(item.id)?.sequence ?? 0 }, known?.analyzed(item.id))
    }
    for (const { id, standing } of entry.standings ?? []) this.index.setStanding(id, standing)
    for (const { run, expiresAt } of entry.deadlines ?? []) {
      if (expiresAt === undefined) this.deadlines.delete(run)
      else this.deadlines.set(run, expiresAt)
    }
  }

  #add(fact: StoredFact): void {
    const row = rowOf(fact)
    this.rows.push(row)
    this.byId.set(row.id, row)
    this.last = Math.max(this.last, row.sequence)
    if (row.run !== undefined) {
      const run = this.byRun.get(row.run)
      if (run === undefined) this.byRun.set(row.run, [row])
      else run.push(row)
    }
    if (row.optionSet !== undefined) this.optionUses.set(row.optionSet, (this.optionUses.get(row.optionSet) ?? 0) + 1)
    for (const hash of hashesOf(row)) this.blobUses.set(hash, (this.blobUses.get(hash) ?? 0) + 1)
  }

  /** The last fact of a run; 0 for a run without facts. */
  lastOf(run: string): number {
    return this.byRun.get(run)?.at(-1)?.sequence ?? 0
  }

  factOf(row: Row): Fact {
    return factOf(this.namespace, row)
  }

  /** The first place in `rows` of a fact behind a sequence. */
  placeAfter(sequence: number): number {
    let [low, high] = [0, this.rows.length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((this.rows[middle]?.sequence ?? 0) > sequence) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** The blobs that a fact needs, each once. */
export const hashesOf = ({ blobs = [], kept }: Pick<Row, 'blobs' | 'kept'>): ReadonlySet<string> => new Set(kept ?? blobs.map(({ hash }) => hash))

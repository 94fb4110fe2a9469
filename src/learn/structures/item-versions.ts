import { canonicalJson } from '../../log/canonical-json.ts'
import type { FactOf } from '../../log/fact.ts'
import { longHash } from '../hash.ts'
import type { Change } from './item-life.ts'
import { addUse, type UseSums } from './use-counts.ts'

/** One version of an item, without what it says. */
export interface VersionSummary extends UseSums {
  /** From 1. */
  readonly number: number
  /** Of the fact that holds it. */
  readonly id: string
  readonly sequence: number
  /**
   * Of the fact by which agents may know of it: that which holds it, or the one that took it out of quarantine or the archive last; 0 for one that is, or was until the next version, put away.
   */
  readonly announcedAt: number
  /** Milliseconds since 1970-01-01 UTC. */
  readonly occurredAt: number
  readonly author: string | undefined
  /** The version whose content it brought back. */
  readonly restores: number | undefined
  /** Ids of what it was made of. */
  readonly evidence: readonly string[]
  /** Number of the first version that says the same, word by word: later ones only changed what is noted beside it, such as tags, or brought it back. */
  readonly saidSince: number
}

/** As JSON holds the versions of an item. */
export interface SavedVersions {
  readonly list: readonly VersionSummary[]
  /** By a digest of what they say, the number of the first version that says so. */
  readonly wordings: readonly (readonly [wording: string, number: number])[]
}

/** The same for versions that say the same under one kind, whatever else is noted of them. */
const wordingOf = ({ data: { kind, title, content, data, context, fix }, blobs = [] }: FactOf<'knowledge.written'>): string =>
  longHash(canonicalJson({ kind, title, content, data, context, fix, blobs: blobs.filter(({ place }) => place[0] !== 'reason') }))

/** The versions of an item, and how each did. Each is written anew where it changes, so that whoever was given one keeps what it was. */
export class ItemVersions {
  #list: VersionSummary[] = []
  /** Few have several. */
  #wordings: (readonly [wording: string, number: number])[] = []

  static from({ list, wordings }: SavedVersions): ItemVersions {
    const versions = new ItemVersions()
    versions.#list = [...list]
    versions.#wordings = [...wordings]
    return versions
  }

  /** Field by field: what was undefined when it was loaded would otherwise stand last, and the same versions have other bytes. */
  save(): SavedVersions {
    const list = this.#list.map(({ number, id, sequence, announcedAt, occurredAt, author, restores, evidence, saidSince, uses, up, down }) => ({
      number, id, sequence, announcedAt, occurredAt, author, restores, evidence, saidSince, uses, up, down,
    }))
    return { list, wordings: [...this.#wordings] }
  }

  /** The earliest first. */
  get all(): readonly VersionSummary[] {
    return this.#list.slice()
  }

  get present(): VersionSummary | undefined {
    return this.#list.at(-1)
  }

  /** The version that a fact holds. */
  heldBy(fact: string): VersionSummary | undefined {
    // Nearly always the last.
    return this.#list.findLast(({ id }) => id === fact)
  }

  numbered(number: number): VersionSummary | undefined {
    return this.#list.findLast((version) => version.number === number)
  }

  /** Whether a version says what the present one says. */
  isSaid({ saidSince }: VersionSummary): boolean {
    return this.present?.saidSince === saidSince
  }

  /** Uses of all versions. */
  get total(): UseSums {
    return sumOf(this.#list)
  }

  /** Uses of the versions that say what the present one says. */
  get said(): UseSums {
    return sumOf(this.#list.filter((version) => this.isSaid(version)))
  }

  /** @param isAnnounced false for one that nobody is to know of yet */
  write(fact: FactOf<'knowledge.written'>, isAnnounced: boolean): VersionSummary {
    const { id, sequence, occurredAt, data } = fact
    const { number = 1, author, restores, evidence = [] } = data
    const wording = wordingOf(fact)
    const known = this.#wordings.find(([said]) => said === wording)
    const saidSince = known?.[1] ?? number
    const version: VersionSummary = { number, id, sequence, announcedAt: isAnnounced ? sequence : 0, occurredAt, author, restores, evidence, saidSince, uses: 0, up: 0, down: 0 }
    if (known === undefined) this.#wordings.push([wording, number])
    this.#list.push(version)
    return version
  }

  /** Agents know of the present version since a fact; 0: they are not to. */
  announce(sequence: number): void {
    const { present } = this
    if (present !== undefined) this.#list[this.#list.length - 1] = { ...present, announcedAt: sequence }
  }

  countUse({ id }: VersionSummary, use: Change<UseSums>): void {
    const place = this.#list.findLastIndex((version) => version.id === id)
    const version = this.#list[place]
    if (version === undefined) return
    const { uses, up, down } = version
    const counts = { uses, up, down }
    addUse(counts, use)
    this.#list[place] = { ...version, ...counts }
  }
}

const sumOf = (versions: readonly UseSums[]): UseSums =>
  versions.reduce((sum, { uses, up, down }) => ({ uses: sum.uses + uses, up: sum.up + up, down: sum.down + down }), { uses: 0, up: 0, down: 0 })

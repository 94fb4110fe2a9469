import { AutodidactError } from '../../errors.ts'
import { authorOf } from '../../log/author.ts'
import type { BlobReference, Fact, NewFact } from '../../log/fact.ts'
import { isFactKind, upcast } from '../../log/upcast.ts'
import type { Blob, IndexEntry, StandingChange, StoredOptionSet, Tombstone } from '../storage.ts'

/** The first line of a log, in clear: whose it is. */
export interface Heading {
  readonly version: number
  readonly namespace: string
  /** Namespaces are listed in the order in which they were made. */
  readonly number: number
}

/** What a log that was rewritten begins with. */
export interface History {
  readonly epoch: number
  /** The highest place in the log that was ever used. */
  readonly last: number
  readonly erased: readonly Tombstone[]
}

/** A fact as it stands in a line. */
export type StoredFact = NewFact & {
  readonly sequence: number
  readonly recordedAt: number
  /** Hashes of the blobs that it needs, where it does not need all that it refers to. */
  readonly kept?: readonly string[]
}

/** One write: all of a line counts, or, when it is torn, none. */
export interface Entry {
  readonly history?: History
  readonly facts?: readonly StoredFact[]
  readonly index?: readonly IndexEntry[]
  readonly standings?: readonly StandingChange[]
  readonly optionSets?: readonly StoredOptionSet[]
  readonly blobs?: readonly Blob[]
  /** Without a time: taken away. */
  readonly deadlines?: readonly { readonly run: string; readonly expiresAt?: number | undefined }[]
}

/** A field of an entry, where there is something to say. */
export const field = <Name extends keyof Entry>(name: Name, values: Entry[Name] & readonly unknown[]): Pick<Entry, Name> | Record<string, never> =>
  values.length === 0 ? {} : fieldOf(name, values)

/** A computed key makes TypeScript forget which one it is. */
const fieldOf = <Name extends keyof Entry>(name: Name, values: Entry[Name]): Pick<Entry, Name> => ({ [name]: values }) as Pick<Entry, Name>

/** A fact in memory. Its data stays text, so that every reader gets an object of its own, and memory holds less. */
export interface Row extends Pick<StoredFact, 'sequence' | 'recordedAt' | 'id' | 'kind' | 'version' | 'occurredAt' | 'agent' | 'agentVersion' | 'user' | 'session' | 'run' | 'source' | 'trust' | 'digest'> {
  readonly data: string
  readonly blobs?: readonly BlobReference[] | undefined
  readonly kept?: readonly string[] | undefined
  /** Who says so, where it names somebody. */
  readonly author?: string | undefined
  /** The options of a decision. */
  readonly optionSet?: string | undefined
}

export const rowOf = ({ data, ...fact }: StoredFact): Row => {
  const author = authorOf({ kind: fact.kind, agent: fact.agent, data })
  return {
    ...fact,
    data: JSON.stringify(data),
    ...(author === undefined ? {} : { author }),
    ...('optionSet' in data && typeof data.optionSet === 'string' && fact.kind === 'decision.made' ? { optionSet: data.optionSet } : {}),
  }
}

/**
 * A row as a fact of the present version.
 *
 * @throws AutodidactError `NEWER_VERSION`
 */
export const factOf = (namespace: string, { data, author: _author, optionSet: _optionSet, digest: _digest, kept: _kept, blobs, ...row }: Row): Fact => {
  if (!isFactKind(row.kind)) throw new AutodidactError('NEWER_VERSION', `The log holds a fact of the unknown kind "${String(row.kind)}". Update autodidact.`)
  // The schema was checked when the fact was written and upcasting keeps it valid; the cast states what that schema made sure of.
  return {
    ...row,
    namespace,
    ...(blobs === undefined || blobs.length === 0 ? {} : { blobs: structuredClone(blobs) }),
    data: upcast(row.kind, row.version, JSON.parse(data)),
  } as Fact
}

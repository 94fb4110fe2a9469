import type { FactData, FactKind } from './kinds/index.ts'

export type { FactData, FactKind } from './kinds/index.ts'

/** Where a fact's content comes from; what is derived carries the least trust of its lineage, `recalled` being the least. */
export type Trust = 'user' | 'agent' | 'tool' | 'imported' | 'recalled'

/** The most trusted first. */
export const trustOrder: readonly Trust[] = ['user', 'agent', 'tool', 'imported', 'recalled']

/**
 * A long payload that lies in the blob table, with only its beginning left in the data. Kept beside the data and never in it: no payload, whatever it
 * says, can be taken for one.
 */
export interface BlobReference {
  /** Keys and places on the way to it, from the data of the fact. */
  readonly place: readonly (string | number)[]
  /** Of the blob's content. */
  readonly hash: string
  /** Whether the blob is the text that stood there, or the JSON of what did. */
  readonly form: 'text' | 'json'
  /**
   * What a whole payload compares by, where that is not its `hash`: the digest of the text without white space around it, or of the JSON with its keys in
   * order. The blob itself keeps every byte.
   */
  readonly canonical?: string
}

/** What every fact says of itself, whatever its kind. */
export interface Envelope {
  /** Place in the log; ascending, with gaps, never used twice. */
  readonly sequence: number
  readonly id: string
  readonly namespace: string
  /** Of the data's schema. */
  readonly version: number
  /** When it happened, as claimed; milliseconds since 1970-01-01 UTC. */
  readonly occurredAt: number
  /** When it was written here. */
  readonly recordedAt: number
  readonly agent?: string | undefined
  readonly agentVersion?: string | undefined
  readonly user?: string | undefined
  readonly session?: string | undefined
  readonly run?: string | undefined
  /** What told us: a host, a tool, a person. Free text of at most 512 characters. */
  readonly source: string
  readonly trust: Trust
  /** What of the data was too long for it; absent where nothing was. */
  readonly blobs?: readonly BlobReference[] | undefined
}

/** One fact of a given kind. */
export type FactOf<Kind extends FactKind> = Envelope & { readonly kind: Kind; readonly data: FactData[Kind] }

/** One entry of the experience log: something that happened, in the past tense, never changed afterwards. */
export type Fact = { [Kind in FactKind]: FactOf<Kind> }[FactKind]

/** A fact on its way into the log; the storage adds sequence, namespace and time of writing. */
export type NewFactOf<Kind extends FactKind> = Omit<Envelope, 'sequence' | 'namespace' | 'recordedAt'> & {
  readonly kind: Kind
  readonly data: FactData[Kind]
  /** Digest of the content as it was handed in: the same id with another digest is a conflict. */
  readonly digest: string
}

export type NewFact = { [Kind in FactKind]: NewFactOf<Kind> }[FactKind]

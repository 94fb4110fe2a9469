import { AutodidactError } from '../errors.ts'
import type { Fact, FactKind, NewFact } from '../log/fact.ts'

/** What an index row is: something an agent did, or something that was written down. */
export type IndexKind = 'episode' | 'knowledge'

/** How an item stands: verified successes are examples, failures are warnings, unverified runs are left out unless asked for, as are versions of knowledge that are past. */
export type Standing = 'success' | 'failure' | 'unverified' | 'knowledge' | 'superseded'

/** A row of the full-text index. Its id is the id of the fact it was made from. */
export interface IndexEntry {
  readonly id: string
  readonly kind: IndexKind
  readonly standing: Standing
  /** A short first line counts as the title and weighs more. */
  readonly text: string
  readonly occurredAt: number
  readonly user?: string | undefined
  readonly agent?: string | undefined
}

/** A change of standing when a verdict arrives. */
export interface StandingChange {
  readonly id: string
  readonly standing: Standing
}

/** A list of options under the key of its content, stored once per namespace for as long as a decision names it. */
export interface StoredOptionSet {
  readonly key: string
  readonly options: readonly { readonly id: string; readonly description?: string | undefined }[]
}

/** A long payload under the hash of its content, stored once per namespace for as long as a fact refers to it. */
export interface Blob {
  readonly hash: string
  readonly text: string
}

/** When a run without a verdict expires. */
export interface Deadline {
  readonly run: string
  /** Milliseconds since 1970-01-01 UTC; `undefined` takes the deadline away. */
  readonly expiresAt: number | undefined
  /** True for a writer that has not read the run: an earlier deadline that is there stays. Default: replaced. */
  readonly keepEarlier?: boolean
}

/** What a store knows of a fact besides what it says: what a copy of it elsewhere must have, too. */
export interface FactOrigin {
  /** Its place in the log. A copy gets the same where that is free, and behind all that its namespace has there; otherwise the next one. */
  readonly sequence: number
  /** When it was written first, in milliseconds since 1970-01-01 UTC. */
  readonly recordedAt: number
  /** Of its content as it was handed in: the same id with another digest is a conflict. */
  readonly digest: string
  /** Hashes of the blobs that it needs; of the others that it refers to only the hash was wanted. */
  readonly kept: readonly string[]
  /** How its index row stands; absent where it has none. */
  readonly standing?: Standing
}

/** What was erased: enough to refuse its return, nothing of its content. */
export interface Tombstone {
  readonly id: string
  readonly sequence: number
  readonly kind: string
  readonly erasedAt: number
}

/** What is needed to copy a namespace to another store, besides what everybody can read. */
export interface Contents {
  /** Of facts that are there, by id. */
  origins(namespace: string, ids: readonly string[]): Promise<ReadonlyMap<string, FactOrigin>>
  tombstones(namespace: string): Promise<readonly Tombstone[]>
}

/** One write: all of it happens, or none. */
export interface Batch {
  readonly namespace: string
  readonly facts: readonly NewFact[]
  readonly index?: readonly IndexEntry[]
  readonly standings?: readonly StandingChange[]
  readonly optionSets?: readonly StoredOptionSet[]
  /** What the facts of this batch refer to. */
  readonly blobs?: readonly Blob[]
  readonly deadlines?: readonly Deadline[]
  /** Of facts that are copied from another store, by id. A fact that has none is new: it gets the next place, and is written now. */
  readonly origins?: ReadonlyMap<string, Pick<FactOrigin, 'sequence' | 'recordedAt' | 'kept'>>
  /** What was erased in the store that is copied, and is not to come back in this one. Nothing that is here is erased by it. */
  readonly tombstones?: readonly Tombstone[]
  /** The last fact of a run that the writer has seen (0: none). If another one is the last by now, nothing is written: `CONFLICT`. */
  readonly expect?: readonly { readonly run: string; readonly sequence: number }[]
}

/** What became of each fact of a batch. */
export interface CommitReceipt {
  readonly facts: readonly { readonly id: string; readonly sequence: number; readonly status: 'stored' | 'merged' }[]
}

/** An opaque place in the log; `''` is the beginning. */
export type Cursor = string

export interface Filter {
  readonly namespace: string
  readonly kinds?: readonly FactKind[]
  /** Only facts of these runs. */
  readonly runs?: readonly string[]
  readonly ids?: readonly string[]
  readonly user?: string
  readonly session?: string
  readonly source?: string
  /** Only what somebody of this name said: feedback and versions of knowledge with this author, votes of this voter, items moved by them. */
  readonly author?: string
  /** Only facts that lie before this sequence. */
  readonly before?: number
  /** Facts a page; default 500. */
  readonly pageSize?: number
}

/** What to look for. */
export interface Query {
  readonly namespace: string
  readonly text: string
  /** Highest number of hits. */
  readonly limit: number
  readonly standings: readonly Standing[]
  /** Default: all. */
  readonly kinds?: readonly IndexKind[]
  /** Only items of this agent or of no agent. Default: of every agent. */
  readonly agent?: string
  /** Only items of this user or of no user. Default: of every user. */
  readonly user?: string
  /** Of knowledge only what has one of these ids, or what has none of these; episodes are not concerned. Default: all. */
  readonly only?: readonly string[]
  readonly except?: readonly string[]
}

/** A found index row with what ranking needs. */
export interface Hit {
  readonly id: string
  readonly kind: IndexKind
  readonly standing: Standing
  /** Of the fact that it was made from. */
  readonly sequence: number
  readonly occurredAt: number
  readonly agent?: string
  readonly user?: string
  /** In [0, 1), comparable between queries. */
  readonly relevance: number
  /** The words of the query that matched, weightiest first. */
  readonly matched: readonly string[]
  /** The distinct terms of the text: what near-duplicates are recognised by. */
  readonly terms: ReadonlySet<string>
  /** The same for texts of the same terms in the same order. */
  readonly digest: string
}

/** The end of a namespace's log, and how often it was rewritten by an erasure. */
export interface Head {
  readonly sequence: number
  readonly epoch: number
}

export interface Snapshot {
  readonly namespace: string
  /** `name@version` of the learner. */
  readonly learner: string
  readonly sequence: number
  readonly epoch: number
  readonly bytes: Uint8Array
  /** True for a state that somebody may want to come back to: the store lists it among the versions. */
  readonly listed?: boolean
  /** What other programs may read of it; a store without `capabilities.views` leaves it out. */
  readonly published?: Published
  /** What became known of runs and decisions since the last time; a store without `capabilities.views` leaves it out. */
  readonly worths?: readonly Worth[]
}

/** Plain rows beside a snapshot, in the place of all that the learner had there before. */
export interface Published {
  readonly view: 'q_tables' | 'policy_params'
  /** The choice point, and what was learned there as JSON. */
  readonly rows: readonly { readonly name: string; readonly json: string }[]
}

/** What a run or a decision earned, as far as is known when the snapshot is made. */
export interface Worth {
  /** Of the fact that recorded the run, or made the decision. */
  readonly sequence: number
  /** Of the fact by which this became known. */
  readonly settled: number
  /** In [0, 1]; undefined when nobody judges it any more. */
  readonly reward: number | undefined
  /** How much it is to be believed, in (0, 1]. */
  readonly weight: number
  /** What the reward was made of, by name, where it has parts. */
  readonly parts?: Readonly<Record<string, number>> | undefined
}

/** A snapshot that was saved once, without its content: a place in the log that a learner can be brought back to. */
export interface SavedVersion {
  /** `name@version` of the learner. */
  readonly learner: string
  readonly sequence: number
  /** Milliseconds since 1970-01-01 UTC. */
  readonly savedAt: number
  /** Of the state. */
  readonly bytes: number
}

/** Facts with less in them, under the ids that they have. What their blobs were is let go of where no other fact refers to it. */
export interface Thinning {
  readonly namespace: string
  /** Of the log that was read: after an erasure in between, nothing is thinned, and `CONFLICT`. */
  readonly epoch: number
  readonly facts: readonly ThinFact[]
  /** Ids whose index rows go. */
  readonly unindexed: readonly string[]
}

/** What is left of a fact. */
export interface ThinFact {
  readonly id: string
  readonly data: Fact['data']
  /** All references that it keeps, also those of which only the hash is wanted from now on. */
  readonly blobs: NonNullable<Fact['blobs']>
  /** Hashes of the blobs that it still needs. */
  readonly kept: readonly string[]
}

export interface ThinningReceipt {
  readonly facts: number
  readonly blobs: number
  readonly indexRows: number
}

/** Bytes that a store has written, for whoever looks for what must not be among them. */
export interface RawBytes {
  /** How many files they are of; 0 for what lies in a file in another form, such as compressed. */
  readonly files: number
  readonly chunks: AsyncIterable<Uint8Array>
}

export interface Lease {
  readonly name: string
  /** Grows with every new holder: a holder that lost its lease is refused by its old token. */
  readonly token: number
}

/**
 * What to erase, found before by reading: facts by id, with the new standings of runs that lose a verdict. `by: 'namespace'` takes everything in it,
 * also what was written since. A run whose beginning is erased, and of which nothing is left, cannot be added to afterwards: `FORGOTTEN`.
 */
export interface Erasure {
  readonly namespace: string
  readonly facts: readonly string[]
  readonly standings: readonly StandingChange[]
  readonly expect: readonly { readonly run: string; readonly sequence: number }[]
  /**
   * What the facts were found by, and the end of the log before they were looked for. If a fact that one of the filters lets through was written behind it, nothing
   * is erased: `CONFLICT`.
   */
  readonly found?: { readonly by: readonly Filter[]; readonly sequence: number }
  /** Of runs that lose their verdict, and wait for one again. */
  readonly deadlines?: readonly Deadline[]
  readonly by: 'facts' | 'user' | 'session' | 'run' | 'source' | 'kind' | 'namespace'
  /** Says in the log that facts were erased; written with the erasure, and not at all when there was nothing to erase. */
  readonly note?: NewFact
}

/** Kinds of facts: a run begins with one of these. What somebody only said of a run may come before it, and erasing that must not forbid the run itself. */
export const beginnings: readonly string[] = ['advice.given', 'decision.made', 'run.recorded']

export interface ErasureReceipt {
  readonly facts: number
  /** `pending` while bytes of the old text are left, such as for another connection that still reads them; erase again, with or without facts, to find out. */
  readonly status: 'proven' | 'pending'
  /** What stands in the way of a proof, as one sentence; only with `pending`. */
  readonly reason?: string
}

/**
 * How far somebody who follows the log has got. Not a fact: it is written anew with each step, and that would bury the log. An erasure of facts leaves it as it is, since places are
 * never used twice; that of a whole namespace takes it along.
 */
export interface Bookmark {
  readonly name: string
  /** Everything up to here is dealt with. */
  readonly sequence: number
  /** What its owner keeps with it, as JSON. */
  readonly note: string
}

/** Documented differences between stores. */
export interface Capabilities {
  /** Survives the end of the process. */
  readonly persistent: boolean
  /** Several processes may write at once. */
  readonly manyWriters: boolean
  /** What a confirmed write survives: the death of the process, or also the loss of power. */
  readonly durability: 'none' | 'process' | 'power'
  /** True for a store that was opened for reading: every write ends with `READ_ONLY`. Absent otherwise. */
  readonly readOnly?: boolean
  /** True for a store in which other programs can read what was learned, as plain rows. Absent otherwise. */
  readonly views?: boolean
  /** True for a store whose payloads nobody can read without the key. Absent otherwise. */
  readonly encrypted?: boolean
}

/**
 * What payloads are encrypted with: a key of 32 bytes, in bytes or as 64 hexadecimal digits, or a passphrase of 8 characters or more, from which a key is
 * derived in some tenths of a second. Without it, what is encrypted cannot be read by anybody.
 */
export type EncryptionSettings = { readonly key: Uint8Array | string } | { readonly passphrase: string }

export interface BackupSettings {
  /** True: what is there already is replaced, in one step. Default: it is refused with `ALREADY_EXISTS`. */
  readonly overwrite?: boolean
  /** Called as it goes on, with the share that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void
}

/** What was backed up, or restored. */
export interface BackupReceipt {
  /** Where it was written. */
  readonly path: string
  /** The kind of the store, such as `sqlite`. */
  readonly store: string
  /** Of the copy. */
  readonly bytes: number
  /** When the backup was made, in milliseconds since 1970-01-01 UTC. */
  readonly madeAt: number
  /** SHA-256 of the log with what belongs to it, in 64 hexadecimal digits; the copy was read again and has it. */
  readonly digest: string
  readonly namespaces: readonly { readonly namespace: string; readonly facts: number }[]
}

/**
 * The port that every store fills in; the contract suite in `autodidact/testing` is its specification. Asynchronous, so that embedded and
 * networked databases fit. A write is one value, never a callback inside a transaction.
 */
export interface Storage {
  readonly capabilities: Capabilities
  /** @throws AutodidactError `ID_CONFLICT`, `CONFLICT`, `FORGOTTEN`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED` */
  commit(batch: Batch): Promise<CommitReceipt>
  /** The facts after a cursor in log order, in pages. */
  read(after: Cursor, filter: Filter): AsyncIterable<readonly Fact[]>
  head(namespace: string): Promise<Head>
  /** The ids out of `ids` that were erased. */
  erased(namespace: string, ids: readonly string[]): Promise<readonly string[]>
  search(query: Query): Promise<readonly Hit[]>
  optionSet(namespace: string, key: string): Promise<StoredOptionSet | undefined>
  blob(namespace: string, hash: string): Promise<string | undefined>
  /** Runs whose deadline lies at or before `now`, earliest first. */
  due(namespace: string, now: number, limit: number): Promise<readonly { readonly run: string; readonly expiresAt: number }[]>
  readonly snapshots: {
    load(namespace: string, learner: string): Promise<Snapshot | undefined>
    /** Refused with `CONFLICT` when the lease was lost or an erasure came between. */
    save(snapshots: readonly Snapshot[], lease: Lease): Promise<void>
    /** What was saved and is not from after an erased fact, the oldest first; of states in a row that are the same, the first. Absent where a store keeps no list. */
    versions?(namespace: string): Promise<readonly SavedVersion[]>
  }
  readonly leases: {
    /** Undefined when somebody else holds it. */
    acquire(name: string, durationMs: number): Promise<Lease | undefined>
    release(lease: Lease): Promise<void>
  }
  /** Absent where a store keeps none: whoever follows the log keeps their place themselves. */
  readonly bookmarks?: {
    /** Those of a namespace, by name. */
    list(namespace: string): Promise<readonly Bookmark[]>
    find(namespace: string, name: string): Promise<Bookmark | undefined>
    /** In the place of one of the same name. */
    put(namespace: string, bookmark: Bookmark): Promise<void>
    /** Moves one forward, never back. One that is not there stays so: it was removed. */
    advance(namespace: string, name: string, sequence: number): Promise<void>
    remove(namespace: string, name: string): Promise<void>
  }
  erase(erasure: Erasure): Promise<ErasureReceipt>
  /** Takes out of facts what nobody learns from; their ids and digests stay, and so does what they were merged with. Absent where a store cannot. */
  thin?(thinning: Thinning): Promise<ThinningReceipt>
  /** Gives back the space of what was thinned or erased. Absent where a store has none to give back. */
  compact?(): Promise<void>
  namespaces(): Promise<readonly string[]>
  /** Absent where a store cannot be copied to another one, nor be such a copy: one that has it goes by `origins` and `tombstones` of a batch. */
  readonly contents?: Contents
  /** Bytes that the store takes up, all namespaces together; a log that is still to be written back is not counted. */
  size(): Promise<number>
  /**
   * Writes a whole copy to `to`, as everything was at one moment, while others go on reading and writing; reads it again, and only then puts it in its place.
   * Absent where a store cannot.
   */
  backup?(to: string, settings?: BackupSettings): Promise<BackupReceipt>
  /**
   * Everything that it has written, of all namespaces: its files byte by byte, and what lies there in a form in which nobody would find a word, such as compressed, as it was before. Absent where a
   * store has written nothing that outlives the process.
   */
  raw?(): AsyncIterable<RawBytes>
  /** Texts that are there whatever facts there are: its schema, ids of what was erased, names of namespaces and learners, names of fields. Absent as `raw`. */
  ownTexts?(): AsyncIterable<string>
  /** Opens with another key from now on; nothing else is written anew. Absent where a store cannot. */
  rotateKey?(next: EncryptionSettings): Promise<void>
  close(): Promise<void>
}

/** The cursor just behind a fact. */
export const cursorAfter = (sequence: number): Cursor => String(sequence)

/**
 * The sequence that a cursor is behind, for stores whose cursors are made by {@link cursorAfter}.
 *
 * @throws AutodidactError `INVALID_INPUT`
 */
export const sequenceOf = (cursor: Cursor): number => {
  const sequence = cursor === '' ? 0 : Number(cursor)
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence
  throw new AutodidactError('INVALID_INPUT', `"${cursor}" is no place in the log. Begin with '' or with a cursor that this store gave.`)
}

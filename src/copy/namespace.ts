import { factsOfRuns } from '../credit/run-facts.ts'
import { Dossier } from '../credit/dossier.ts'
import { standingOf } from '../credit/standing.ts'
import { AutodidactError } from '../errors.ts'
import { indexEntry as knowledgeEntry } from '../knowledge/write.ts'
import { whole } from '../log/blobs.ts'
import type { Fact, NewFact } from '../log/fact.ts'
import { kinds } from '../log/kinds/index.ts'
import { indexEntry as runEntry } from '../record/record.ts'
import type { Batch, Blob, Contents, IndexEntry, FactOrigin, Standing, Storage, StoredOptionSet } from '../storage/storage.ts'
import { Places } from './places.ts'
import { type CopiedNamespace, Refusals } from './receipt.ts'

/** A store that can be copied, or be a copy. */
export type Copyable = Storage & { readonly contents: Contents }

/** From which namespace of one store to which of another. */
export interface Way {
  readonly source: Copyable
  readonly target: Copyable
  readonly from: string
  readonly to: string
}

export interface Wishes {
  readonly forget: boolean
  /** Is told the place in the log of the source that has been reached. */
  readonly onPlace: (sequence: number) => void
}

const factsAtOnce = 200

/** Long texts that are written in one piece, in characters. */
const textAtOnce = 8_000_000

const everyTime = Number.MAX_SAFE_INTEGER

/** What a fact is said of: if that is refused, so is the fact. */
const subjectOf = (fact: Fact): string => {
  if (fact.run !== undefined) return `run ${fact.run}`
  if (fact.kind === 'knowledge.written') return `item ${fact.data.item ?? fact.id}`
  if (fact.kind === 'knowledge.moved' || fact.kind === 'knowledge.used' || fact.kind === 'knowledge.voted' || fact.kind === 'knowledge.engaged') return `item ${fact.data.item}`
  if (fact.kind === 'experiment.started') return `experiment ${fact.id}`
  if (fact.kind === 'experiment.stopped' || fact.kind === 'experiment.rolled-back') return `experiment ${fact.data.experiment}`
  return fact.id
}

const idsOf = (facts: readonly { readonly id: string }[]): string[] => facts.map(({ id }) => id)

/** One fact with all that belongs to it. */
interface Piece {
  readonly source: Fact
  readonly fact: NewFact
  readonly origin: FactOrigin
  readonly blobs: readonly Blob[]
  readonly index: readonly IndexEntry[]
  readonly optionSets: readonly StoredOptionSet[]
}

/** Copies one namespace; what is there already is merged, so that a copy that was interrupted goes on when it is made again. */
export class NamespaceCopy {
  readonly #way: Way
  readonly #wishes: Wishes
  readonly #refusals = new Refusals()
  readonly #places = new Places()
  readonly #optionSets = new Set<string>()
  #deadlines: ReadonlyMap<string, number> = new Map()
  #facts = 0
  #merged = 0
  #erased = 0

  constructor(way: Way, wishes: Wishes) {
    this.#way = way
    this.#wishes = wishes
  }

  /** @throws AutodidactError what the stores throw, but for conflicts, which are told in the receipt */
  async copy(): Promise<CopiedNamespace> {
    const { source, target, from, to } = this.#way
    const [before, begun] = [await target.head(to), await source.head(from)]
    const isNew = before.sequence === 0 && (await target.contents.tombstones(to)).length === 0
    await this.#bury()
    const isForeign = !isNew && (await this.#hasOwnFacts())
    if (!isNew) await this.#findConflicts()
    this.#deadlines = new Map((await source.due(from, everyTime, everyTime)).map(({ run, expiresAt }) => [run, expiresAt]))
    for await (const page of source.read('', { namespace: from, pageSize: factsAtOnce })) {
      await this.#copyPage(page, { isNew, isForeign })
      this.#wishes.onPlace(page.at(-1)?.sequence ?? 0)
    }
    const ended = await source.head(from)
    if (!isNew || ended.sequence !== begun.sequence || ended.epoch !== begun.epoch) await this.#setStandings()
    // Something may have been forgotten while it was copied.
    if (ended.epoch !== begun.epoch) await this.#bury()
    if (isNew) await this.#copyBookmarks()
    return { namespace: from, as: to, facts: this.#facts, merged: this.#merged, erased: this.#erased, ...this.#refusals.told }
  }

  /** Whoever follows the source goes on in the copy at the same fact. In a log that has facts of others there is no such place. */
  async #copyBookmarks(): Promise<void> {
    const { source, target, from, to } = this.#way
    for (const bookmark of (await source.bookmarks?.list(from)) ?? []) {
      await target.bookmarks?.put(to, { ...bookmark, sequence: this.#places.of(bookmark.sequence) })
    }
  }

  /** What was forgotten in the source does not come back in the copy, whoever tells it; what is there of it is erased where that is wanted, and told otherwise. */
  async #bury(): Promise<void> {
    const { source, target, from, to } = this.#way
    const tombstones = await source.contents.tombstones(from)
    for (let at = 0; at < tombstones.length; at += factsAtOnce) {
      const some = tombstones.slice(at, at + factsAtOnce)
      const there = await target.contents.origins(to, idsOf(some))
      const present = some.filter(({ id }) => there.has(id))
      if (this.#wishes.forget && present.length > 0) {
        this.#erased += (await target.erase({ namespace: to, facts: idsOf(present), standings: [], expect: [], by: 'facts' })).facts
      } else {
        for (const { id, kind } of present) this.#refusals.tell(id, kind, 'FORGOTTEN_IN_SOURCE')
      }
      const known = new Set(await target.erased(to, idsOf(some)))
      const buried = some.filter(({ id }) => !known.has(id) && (this.#wishes.forget || !there.has(id)))
      if (buried.length > 0) await target.commit({ namespace: to, facts: [], tombstones: buried })
    }
  }

  /** Whether the target has facts that did not come from here. */
  async #hasOwnFacts(): Promise<boolean> {
    const { source, target, from, to } = this.#way
    for await (const page of target.read('', { namespace: to, pageSize: factsAtOnce })) {
      const known = await source.contents.origins(from, idsOf(page))
      if (known.size < page.length) return true
    }
    return false
  }

  /** Before anything is written: what is said of a run comes before it and behind it, and must not be said of another one. */
  async #findConflicts(): Promise<void> {
    const { source, target, from, to } = this.#way
    for await (const page of source.read('', { namespace: from, pageSize: factsAtOnce })) {
      const ids = idsOf(page)
      const [ours, theirs] = [await source.contents.origins(from, ids), await target.contents.origins(to, ids)]
      const erased = new Set(await target.erased(to, [...new Set(page.flatMap(({ id, run }) => [id, ...(run === undefined ? [] : [run])]))]))
      for (const fact of page) {
        const there = theirs.get(fact.id)
        if (erased.has(fact.id) || erased.has(fact.run ?? fact.id)) this.#refusals.refuse(subjectOf(fact), 'FORGOTTEN')
        else if (there !== undefined && there.digest !== ours.get(fact.id)?.digest) this.#refusals.refuse(subjectOf(fact), 'ID_CONFLICT')
      }
    }
  }

  async #copyPage(page: readonly Fact[], { isNew, isForeign }: { readonly isNew: boolean; readonly isForeign: boolean }): Promise<void> {
    const { source, target, from, to } = this.#way
    const origins = await source.contents.origins(from, idsOf(page))
    const there = isNew ? new Map<string, FactOrigin>() : await target.contents.origins(to, idsOf(page))
    let [pieces, length] = [new Array<Piece>(), 0]
    const flush = async (): Promise<void> => {
      await this.#write(pieces)
      pieces = []
      length = 0
    }
    for (const fact of page) {
      const [origin, known] = [origins.get(fact.id), there.get(fact.id)]
      const code = this.#refusals.codeOf(subjectOf(fact)) ?? (fact.kind === 'state.rolled-back' && isForeign && known === undefined ? 'ROLL_BACK' : undefined)
      if (code !== undefined) {
        this.#refusals.tell(fact.id, fact.kind, code)
      } else if (known !== undefined) {
        this.#merged += 1
        this.#places.note(fact.sequence, known.sequence)
      } else if (origin !== undefined) {
        // Where the facts before it lie is needed to say of which place it speaks.
        if (fact.kind === 'state.rolled-back') await flush()
        const piece = await this.#pieceOf(fact, origin)
        pieces.push(piece)
        length += piece.blobs.reduce((sum, { text }) => sum + text.length, 0)
        if (length > textAtOnce) await flush()
      }
    }
    await flush()
  }

  async #pieceOf(fact: Fact, origin: FactOrigin): Promise<Piece> {
    const { source, from } = this.#way
    const blobs: Blob[] = []
    for (const hash of origin.kept) {
      const text = await source.blob(from, hash)
      if (text !== undefined) blobs.push({ hash, text })
    }
    const key = fact.kind === 'decision.made' && !this.#optionSets.has(fact.data.optionSet) ? fact.data.optionSet : undefined
    const set = key === undefined ? undefined : await source.optionSet(from, key)
    if (key !== undefined) this.#optionSets.add(key)
    const entry = origin.standing === undefined ? undefined : await this.#entryOf(fact, origin.standing)
    return { source: fact, fact: this.#newFact(fact, origin), origin, blobs, index: entry === undefined ? [] : [entry], optionSets: set === undefined ? [] : [set] }
  }

  #newFact(fact: Fact, { digest }: FactOrigin): NewFact {
    const { sequence: _sequence, namespace: _namespace, recordedAt: _recordedAt, ...rest } = fact
    // Reading has brought the data up to the present version, and so kind and data belong together as they did.
    const same = { ...rest, version: kinds[fact.kind].version, digest } as NewFact
    return same.kind === 'state.rolled-back' ? { ...same, data: { ...same.data, to: this.#places.of(same.data.to) } } : same
  }

  async #entryOf(fact: Fact, standing: Standing): Promise<IndexEntry | undefined> {
    const { source } = this.#way
    if (fact.kind === 'run.recorded') return runEntry(await whole(source, fact, ['task', 'takeaway']), standing)
    return fact.kind === 'knowledge.written' ? knowledgeEntry(await whole(source, fact), standing) : undefined
  }

  /** All in one piece; where somebody wrote to the target meanwhile, one by one. */
  async #write(pieces: readonly Piece[]): Promise<void> {
    if (pieces.length === 0) return
    try {
      await this.#commit(pieces)
    } catch (error) {
      if (!AutodidactError.is(error) || (error.code !== 'ID_CONFLICT' && error.code !== 'FORGOTTEN')) throw error
      const [piece] = pieces
      if (pieces.length > 1) for (const one of pieces) await this.#write([one])
      else if (piece !== undefined) {
        this.#refusals.refuse(subjectOf(piece.source), error.code)
        this.#refusals.tell(piece.source.id, piece.source.kind, error.code)
      }
    }
  }

  async #commit(pieces: readonly Piece[]): Promise<void> {
    const { target, to } = this.#way
    const runs = new Set(pieces.flatMap(({ fact }) => fact.run ?? []))
    const batch: Batch = {
      namespace: to,
      facts: pieces.map(({ fact }) => fact),
      origins: new Map(pieces.map(({ fact, origin }) => [fact.id, origin])),
      blobs: pieces.flatMap(({ blobs }) => blobs),
      index: pieces.flatMap(({ index }) => index),
      optionSets: pieces.flatMap(({ optionSets }) => optionSets),
      deadlines: [...runs].map((run) => ({ run, expiresAt: this.#deadlines.get(run) })),
    }
    const { facts } = await target.commit(batch)
    for (const [place, { sequence, status }] of facts.entries()) {
      if (status === 'stored') this.#facts += 1
      else this.#merged += 1
      this.#places.note(pieces[place]?.source.sequence ?? 0, sequence)
    }
  }

  /** Feedback may have changed how items stand that had been copied before it. */
  async #setStandings(): Promise<void> {
    const { source, target, from, to } = this.#way
    for await (const page of source.read('', { namespace: from, kinds: ['run.recorded', 'knowledge.written'], pageSize: factsAtOnce })) {
      const facts = page.filter((fact) => this.#refusals.codeOf(subjectOf(fact)) === undefined)
      const [ours, theirs] = [await source.contents.origins(from, idsOf(facts)), await target.contents.origins(to, idsOf(facts))]
      const changed = facts.filter(({ id }) => {
        const [here, there] = [ours.get(id)?.standing, theirs.get(id)?.standing]
        return here !== undefined && there !== undefined && here !== there
      })
      const standings = await this.#standingsOf(changed, ours)
      if (standings.length > 0) await target.commit({ namespace: to, facts: [], standings })
    }
  }

  /** As in the source, but for runs of which the target knows more. */
  async #standingsOf(facts: readonly Fact[], ours: ReadonlyMap<string, FactOrigin>): Promise<{ id: string; standing: Standing }[]> {
    const { source, target, from, to } = this.#way
    const runs = facts.flatMap(({ kind, run }) => (kind === 'run.recorded' && run !== undefined ? [run] : []))
    const [here, there] = [await factsOfRuns(source, from, runs), await factsOfRuns(target, to, runs)]
    return facts.flatMap(({ id, run = '' }) => {
      const [known, more] = [here.get(run)?.length ?? 0, there.get(run) ?? []]
      const standing = more.length > known ? standingOf(Dossier.of(run, more)) : ours.get(id)?.standing
      return standing === undefined ? [] : [{ id, standing }]
    })
  }
}

import { AutodidactError } from '../errors.ts'
import type { Fact } from '../log/fact.ts'
import { nextTurn } from '../next-turn.ts'
import { documentTerms } from '../text/analyzer.ts'
import type { Scope } from '../scope.ts'
import { cursorAfter, type Standing, type Storage } from '../storage/storage.ts'
import { Matcher } from './matcher.ts'
import { ownVocabulary, type Piece, Pieces, textsOf } from './pieces.ts'

/** What a search for erased texts in the bytes of a store came to. */
export interface ScanReport {
  /** Files that were read. */
  readonly files: number
  /** Bytes that were looked at, in files and in what was decompressed or decrypted. */
  readonly bytes: number
  /** Pieces of the erased texts that were looked for, 400 at most. */
  readonly pieces: number
  /** Pieces that are there still, though no fact that is left has them. */
  readonly found: number
}

/** What came of it, and what is to be called when the erasure is proven: nothing is to be looked for any more. */
export interface Scan {
  readonly report: ScanReport
  readonly settle: () => void
}

/** What is to be looked for in a store, because an erasure there is not proven. In memory alone: written down, it would be what is not to be there. */
const waiting = new WeakMap<Storage, readonly Piece[]>()

/** Of so many facts pieces are taken, evenly spread over what is erased. */
const factsLookedAt = 2_000
const pagesLookedAt = 20

/** Whether this store can be searched. */
export const canScan = (storage: Storage): boolean => storage.capabilities.persistent && storage.raw !== undefined && storage.ownTexts !== undefined

/** Whether something waits to be looked for again. */
export const isWaiting = (storage: Storage): boolean => waiting.has(storage)

/**
 * What to look for once these facts are erased.
 *
 * @param ids of what is to be erased; undefined: all of the namespace
 */
export const collect = async (scope: Scope, ids: readonly string[] | undefined): Promise<Pieces> => {
  const { storage } = scope
  const pieces = new Pieces(storage.capabilities.encrypted === true)
  for await (const page of ids === undefined ? spread(scope) : named(scope, ids)) {
    for (const fact of page) for (const text of await textsOf(storage, fact)) pieces.add(text)
    await nextTurn()
  }
  return pieces
}

const named = ({ storage, namespace }: Scope, ids: readonly string[]): AsyncIterable<readonly Fact[]> => {
  const step = Math.max(1, ids.length / factsLookedAt)
  const chosen = Array.from({ length: Math.min(ids.length, factsLookedAt) }, (_, place) => ids[Math.floor(place * step)] ?? '')
  return storage.read('', { namespace, ids: chosen })
}

/** Pages at even distances in the log. */
async function* spread({ storage, namespace }: Scope): AsyncGenerator<readonly Fact[], void, undefined> {
  const { sequence } = await storage.head(namespace)
  for (let part = 0; part < pagesLookedAt; part += 1) {
    const [from, to] = [part, part + 1].map((place) => Math.floor((sequence * place) / pagesLookedAt))
    for await (const page of storage.read(cursorAfter(from ?? 0), { namespace, before: (to ?? 0) + 1, pageSize: factsLookedAt / pagesLookedAt })) {
      yield page
      break
    }
  }
}

/**
 * Looks for pieces of erased texts in every byte that the store has written, also for those of erasures before that are not proven. A piece that a fact has that is left, in whichever namespace,
 * counts as found nowhere.
 *
 * @param erased ids of what was erased, as far as they are known: an index row of one of them holds no word that others have
 * @throws what the storage throws
 */
export const scan = async (scope: Scope, pieces: Pieces | undefined, erased: ReadonlySet<string>): Promise<Scan> => {
  const { storage } = scope
  const wanted = await telling(scope, pieces, erased)
  // Kept from now on, whatever happens: only a search that finds nothing, in a store that is proven, ends it.
  waiting.set(storage, wanted)
  const matcher = new Matcher(wanted.map(({ forms }) => forms))
  let [files, bytes] = [0, 0]
  for await (const source of storage.raw?.() ?? []) {
    files += source.files
    matcher.restart()
    for await (const chunk of source.chunks) {
      bytes += chunk.length
      matcher.search(chunk)
    }
  }
  const left = await unexplained(storage, wanted.filter((_, place) => matcher.found.has(place)))
  return {
    report: { files, bytes, pieces: wanted.length, found: left.length },
    // What another erasure has added meanwhile still waits.
    settle: () => void (waiting.get(storage) === wanted && waiting.delete(storage)),
  }
}

const mostWaiting = 400

const standings: readonly Standing[] = ['success', 'failure', 'unverified', 'knowledge', 'superseded']

/** The pieces that would say something if they were found: none that the store needs for itself, and no word that is in the index of what is left. */
const telling = async ({ storage, namespace }: Scope, pieces: Pieces | undefined, erased: ReadonlySet<string>): Promise<readonly Piece[]> => {
  const isRare = async (word: string): Promise<boolean> => (await storage.search({ namespace, text: word, limit: 1, standings })).every(({ id }) => erased.has(id))
  const own = pieces === undefined ? [] : [...(await pieces.words(isRare)), ...pieces.phrases()]
  const candidates = [...own, ...(waiting.get(storage) ?? [])].slice(0, mostWaiting)
  const matcher = new Matcher(candidates.map(({ forms }) => forms))
  matcher.searchText(ownVocabulary())
  for await (const text of storage.ownTexts?.() ?? []) matcher.searchText(text)
  return candidates.filter((_, place) => !matcher.found.has(place))
}

/** The pieces that no fact of any namespace has. Reads the whole log, but only when something was found. */
const unexplained = async (storage: Storage, suspects: readonly Piece[]): Promise<readonly Piece[]> => {
  if (suspects.length === 0) return []
  const matcher = new Matcher(suspects.map(({ forms }) => forms))
  for (const namespace of await storage.namespaces()) {
    for await (const page of storage.read('', { namespace })) {
      for (const fact of page) {
        matcher.searchText(JSON.stringify(fact))
        for (const text of await textsOf(storage, fact)) {
          matcher.searchText(text)
          matcher.searchText(documentTerms(text).join(' '))
        }
      }
      if (matcher.found.size === suspects.length) return []
      await nextTurn()
    }
  }
  return suspects.filter((_, place) => !matcher.found.has(place))
}

/** Why an erasure with such a report is not proven; undefined when nothing speaks against it. */
export const reasonOf = ({ pieces, found }: ScanReport): string | undefined =>
  found === 0 ? undefined : `${found} of ${pieces} pieces of the erased texts are still in the files of the store.`

/** Why one that could not be searched is not proven. */
export const failureOf = (error: unknown): string => `The files could not be searched for the erased texts: ${AutodidactError.is(error) || error instanceof Error ? error.message : String(error)}`

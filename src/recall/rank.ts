import { AutodidactError } from '../errors.ts'
import { doubted } from '../learn/learners/source-reputation.ts'
import { described, expectList, expectNumber, expectObject, expectPositive, expectText } from '../expect.ts'
import { helpedText } from './helped-text.ts'

/**
 * The order in which what was found is worth showing: score = relevance × usefulness × reputation × recency × novelty, each in [0, 1]. Pure: the caller passes counts and
 * the time.
 */

/** What is to be ranked: a hit of the text index and what is known of its use. */
export interface Candidate {
  readonly id: string
  readonly kind: 'episode' | 'knowledge'
  readonly standing: 'success' | 'failure' | 'unverified' | 'knowledge' | 'superseded'
  /** In [0, 1], comparable between queries. */
  readonly relevance: number
  /** The words of the query that matched, weightiest first. */
  readonly matched: readonly string[]
  /** The distinct terms of its text. */
  readonly terms: ReadonlySet<string>
  /** The same for texts of the same terms in the same order. */
  readonly digest: string
  /** Milliseconds since 1970. */
  readonly occurredAt: number
  /** Weight of the runs it was shown to that went well, 0 or more; default 0. */
  readonly up?: number
  /** Weight of the runs it was shown to that went badly, 0 or more; default 0. */
  readonly down?: number
  /** Judged runs it was shown to, for people to read; default: as many as these weigh. */
  readonly runs?: number
  /** How sure its author is of it, in [0, 1]: counts like one more run. Default: nothing. */
  readonly prior?: number
  /** What others say of it, who need not have used it: told, and worth nothing in ranking. Default: nothing. */
  readonly votes?: { readonly useful: number; readonly notUseful: number }
  /** By how much more useful it is to whoever asks than to everybody, in [−1, 1]; default 0. */
  readonly personal?: number
  /** How far its source is believed, in (0, 1]; default 1. */
  readonly reputation?: number
  /** Who or what it comes from; the same text for the same. Default: nobody in particular. */
  readonly origin?: string
  /** What it would tell the agent, if that is more than the text: the same task with the same answer is shown once, with another answer twice. */
  readonly answer?: string
}

export interface RankSettings {
  /** At most this many; default 8. */
  readonly limit?: number
  /** Nothing less relevant is returned, however useful it was; in [0, 1], default {@link defaultFloor}. */
  readonly floor?: number
  /**
   * After this many milliseconds the recency of an item has fallen from 1 to ¾; it never falls below ½. Default: no decay, since decay of everything
   * by age was measured to hurt, with and without drift.
   */
  readonly halfLife?: number
  /** Milliseconds since 1970; needed with `halfLife`. */
  readonly now?: number
  /** λ in [0, 1]: how much an item loses that repeats one ranked above it; default {@link defaultDiversity}. */
  readonly diversity?: number
}

/** One item worth showing, and why. */
export interface Ranked {
  readonly id: string
  readonly kind: Candidate['kind']
  readonly standing: Candidate['standing']
  /** relevance × usefulness × reputation × recency × novelty, in [0, 1]. */
  readonly score: number
  readonly relevance: number
  /** Mean of the Beta posterior of helping, in (0, 1); ½ when nothing is known. */
  readonly usefulness: number
  readonly reputation: number
  readonly recency: number
  readonly novelty: number
  /** For people: `matches 'refund', 'card'; helped 3 of 4 times`. */
  readonly reason: string
}

/**
 * The default floor of relevance. Measured on eight sets (requests, tool descriptions, sentences, manuals, shell errors, questions, long user
 * scenarios): .2 keeps 96 % or more of what would be found on seven and 84 % of the tool descriptions, and returns nothing for 63 to 97 % of queries
 * on a foreign topic.
 */
const defaultFloor = 0.2

/** The default λ of diversity: mild, since a second similar example helps more than a foreign one (.3 already lost 3 % of precision at 5). */
const defaultDiversity = 0.1

/** No origin has more than this share of what is asked for, as long as another one has something to say that is worth at least half as much. */
const mostOfOneOrigin = 0.75
const worthHalf = 0.5

/** Items with the same answer whose terms overlap this much are one. */
const duplicateOverlap = 0.9

const shownWords = 5

/**
 * The mean of the Beta posterior with a uniform prior, (1 + up) / (2 + up + down): shrunk to ½ while little is known, so that one wrong rating
 * does little.
 *
 * @param up Weight of the good outcomes, 0 or more.
 * @param down Weight of the bad outcomes, 0 or more.
 * @example
 * ```ts
 * import { usefulness } from 'autodidact'
 *
 * console.assert(usefulness(0, 0) === 0.5 && usefulness(3, 1) === 4 / 6)
 * ```
 */
export const usefulness = (up: number, down: number): number => {
  expectNumber(up, 'usefulness: up')
  expectNumber(down, 'usefulness: down')
  // What was added and taken out again may leave a rounding error below 0.
  return (1 + Math.max(0, up)) / (2 + Math.max(0, up) + Math.max(0, down))
}

/** ½ + ½ · 2^(−age / halfLife): between ½ and 1, and 1 for what lies in the future of a skewed clock. Both in milliseconds. */
const recencyOf = (age: number, halfLife: number | undefined): number => (halfLife === undefined ? 1 : 0.5 + 0.5 * 2 ** (-Math.max(age, 0) / halfLife))

/** Jaccard overlap of two sets of terms, in [0, 1]. */
const overlap = (left: ReadonlySet<string>, right: ReadonlySet<string>): number => {
  const [small, large] = left.size < right.size ? [left, right] : [right, left]
  let shared = 0
  for (const term of small) if (large.has(term)) shared += 1
  const union = left.size + right.size - shared
  return union === 0 ? 1 : shared / union
}

/** What is more useful to one person stays a share: above 0, so that nothing is thrown out by taste alone. */
export const withinUnit = (useful: number): number => Math.min(0.98, Math.max(0.02, useful))

/** A text without words matches by its hash and has nothing to quote. */
const quoted = (word: string): string => `'${word.length > 32 ? `${word.slice(0, 31)}…` : word}'`
const readable = /[\p{L}\p{N}]/u

/** What is known of a run before it was shown to anybody: how it went itself. */
const itself: Readonly<Record<Candidate['standing'], string>> = { success: 'it went well', failure: 'it went wrong', unverified: 'not judged', knowledge: 'not rated yet', superseded: 'not rated yet' }

const reasonOf = ({ kind, standing, matched, up = 0, down = 0, runs, votes = { useful: 0, notUseful: 0 }, personal = 0, reputation = 1 }: Candidate, novelty: number): string => {
  const voters = votes.useful + votes.notUseful
  const words = matched.filter((word) => readable.test(word))
  const rest = words.length > shownWords ? ` and ${words.length - shownWords} more` : ''
  const parts = [words.length === 0 ? 'is the same text' : `matches ${words.slice(0, shownWords).map(quoted).join(', ')}${rest}`]
  const unrated = voters === 0 ? 'not rated yet' : 'no use of it is judged yet'
  parts.push(up + down === 0 ? (kind === 'knowledge' ? unrated : itself[standing]) : helpedText(up, down, runs))
  if (voters > 0) parts.push(`${votes.useful} of ${voters} ${voters === 1 ? 'voter finds' : 'voters find'} it useful`)
  if (Math.abs(personal) >= 0.05) parts.push(personal > 0 ? 'suits this user' : 'does not suit this user')
  if (reputation < doubted) parts.push('what its source taught went worse than the rest')
  if (novelty < 0.85) parts.push('repeats part of another')
  return parts.join('; ')
}

interface Scored {
  readonly candidate: Candidate
  readonly usefulness: number
  readonly recency: number
  readonly score: number
  readonly novelty: number
}

const expectCandidate = ({ id, standing, relevance, matched, terms, digest, occurredAt, up = 0, down = 0, runs = 1, prior, personal, reputation, origin }: Candidate): void => {
  expectText(id, 'rank: id of a candidate')
  expectText(digest, 'rank: digest of a candidate')
  if (typeof standing !== 'string' || !Object.hasOwn(itself, standing)) {
    throw new AutodidactError('INVALID_INPUT', `rank: standing of a candidate is ${described(standing)}. Pass one of ${Object.keys(itself).join(', ')}.`)
  }
  expectNumber(relevance, 'rank: relevance of a candidate', 0, 1)
  expectNumber(occurredAt, 'rank: occurredAt of a candidate')
  expectNumber(up, 'rank: up of a candidate')
  expectNumber(runs, 'rank: runs of a candidate')
  expectNumber(down, 'rank: down of a candidate')
  if (prior !== undefined) expectNumber(prior, 'rank: prior of a candidate', 0, 1)
  if (personal !== undefined) expectNumber(personal, 'rank: personal of a candidate', -1, 1)
  if (reputation !== undefined) expectNumber(reputation, 'rank: reputation of a candidate', 0, 1)
  if (origin !== undefined) expectText(origin, 'rank: origin of a candidate')
  expectList(matched, 'rank: matched words of a candidate')
  for (const word of matched) expectText(word, 'rank: a matched word')
  expectObject(terms, 'rank: terms of a candidate', ['has'])
}

const checked = (settings: RankSettings): Required<Omit<RankSettings, 'halfLife'>> & Pick<RankSettings, 'halfLife'> => {
  expectObject(settings, 'rank: settings')
  const { limit = 8, floor = defaultFloor, halfLife, now = 0, diversity = defaultDiversity } = settings
  expectNumber(limit, 'rank: limit', 0)
  expectNumber(floor, 'rank: floor', 0, 1)
  expectNumber(now, 'rank: now')
  expectNumber(diversity, 'rank: diversity', 0, 1)
  if (halfLife === undefined) return { limit, floor, now, diversity }
  expectPositive(halfLife, 'rank: halfLife')
  return { limit, floor, now, diversity, halfLife }
}

const worthOf = ({ score, novelty }: Scored): number => score * novelty

/** Equal scores are ordered by id, so that the result never depends on the order of the input. */
const isBefore = (left: Scored, right: Scored): boolean =>
  worthOf(left) === worthOf(right) ? left.candidate.id < right.candidate.id : worthOf(left) > worthOf(right)

const bestOf = (scored: readonly Scored[]): Scored | undefined => {
  const [first, ...others] = scored
  return first === undefined ? undefined : others.reduce((leader, next) => (isBefore(next, leader) ? next : leader), first)
}

/**
 * Ranks candidates by relevance × usefulness × reputation × recency, greedily lowered by what they repeat of those already ranked, novelty = 1 − λ · greatest
 * Jaccard overlap (after Carbonell and Goldstein 1998, "maximal marginal relevance"). Of items that say the same only the best stays. One origin has at most three
 * quarters of the places as long as another one has something half as good. Returns nothing when
 * nothing is relevant enough.
 *
 * @throws AutodidactError `INVALID_INPUT` naming the field of a candidate or the setting that is wrong
 *
 * @example
 * ```ts
 * import { rank } from 'autodidact'
 *
 * const about = { kind: 'episode', standing: 'success', matched: ['refund'], occurredAt: 0 } as const
 * const ranked = rank([
 *   { ...about, id: 'new', relevance: 0.6, terms: new Set(['refund', 'card']), digest: 'a' },
 *   { ...about, id: 'proven', relevance: 0.5, terms: new Set(['refund', 'order']), digest: 'b', up: 3, down: 1 },
 *   { ...about, id: 'foreign', relevance: 0.1, terms: new Set(['weather']), digest: 'c', up: 90 },
 * ])
 * console.assert(ranked.map(({ id }) => id).join() === 'proven,new')
 * console.assert(ranked[0]?.reason === "matches 'refund'; helped 3 of 4 times")
 * ```
 */
export const rank = (candidates: readonly Candidate[], settings: RankSettings = {}): Ranked[] => {
  expectList(candidates, 'rank: candidates')
  for (const candidate of candidates) {
    expectObject(candidate, 'rank: a candidate')
    expectCandidate(candidate)
  }
  const { limit, floor, halfLife, now, diversity } = checked(settings)
  const places = Math.ceil(mostOfOneOrigin * limit)
  const taken = new Map<string | undefined, number>()
  const isFull = ({ candidate: { origin } }: Scored): boolean => origin !== undefined && (taken.get(origin) ?? 0) >= places
  let open = candidates
    .filter(({ relevance }) => relevance > 0 && relevance >= floor)
    .map((candidate): Scored => {
      const { up = 0, down = 0, prior, personal, reputation = 1 } = candidate
      const general = prior === undefined ? usefulness(up, down) : usefulness(up + prior, down + 1 - prior)
      const useful = personal === undefined ? general : withinUnit(general + personal)
      const recency = recencyOf(now - candidate.occurredAt, halfLife)
      return { candidate, usefulness: useful, recency, score: candidate.relevance * useful * reputation * recency, novelty: 1 }
    })
  const ranked: Ranked[] = []
  while (ranked.length < limit) {
    const worthiest = bestOf(open)
    if (worthiest === undefined) break
    const other = isFull(worthiest) ? bestOf(open.filter((scored) => !isFull(scored))) : undefined
    const best = other !== undefined && worthOf(other) >= worthHalf * worthOf(worthiest) ? other : worthiest
    const { candidate } = best
    taken.set(candidate.origin, (taken.get(candidate.origin) ?? 0) + 1)
    ranked.push({
      id: candidate.id,
      kind: candidate.kind,
      standing: candidate.standing,
      score: worthOf(best),
      relevance: candidate.relevance,
      usefulness: best.usefulness,
      reputation: candidate.reputation ?? 1,
      recency: best.recency,
      novelty: best.novelty,
      reason: reasonOf(candidate, best.novelty),
    })
    open = open.flatMap((scored) => {
      if (scored === best) return []
      const shared = scored.candidate.digest === candidate.digest ? 1 : overlap(scored.candidate.terms, candidate.terms)
      if (shared >= duplicateOverlap && scored.candidate.answer === candidate.answer && scored.candidate.standing === candidate.standing) return []
      return [{ ...scored, novelty: Math.min(scored.novelty, 1 - diversity * shared) }]
    })
  }
  return ranked
}

import type { Standing } from '../storage/storage.ts'

/** For each item asked for, this many are looked at closely, since some repeat others. */
export const perItem = 3

/** At least so many of what is most relevant are looked at: they tell which answers are known to be wrong. */
const fewestNearest = 24

/**
 * Nearly as relevant as the last of the nearest is what has this share of its relevance. The difference means nothing: one text more or less in the namespace moves
 * relevance by half a hundredth. With .9 what is useful elsewhere displaced what is about the matter, and an agent that copies was right less often.
 */
const nearlyAsRelevant = 0.98

/** What the text index found, as far as it takes to choose from it. */
export interface Found {
  readonly id: string
  readonly standing: Standing
  /** In [0, 1]. */
  readonly relevance: number
}

/** How many items are wanted. */
export interface Wanted {
  /** Examples and knowledge, 0 or more. */
  readonly limit: number
  /** Failures to warn of, 0 or more. */
  readonly warnings: number
  /** Of the limit, places that are kept for knowledge, 0 or more; default 0. */
  readonly places?: number
}

/** What of all that was found is worth reading from the log. */
export interface Shortlist<Hit extends Found> {
  /** The most relevant, which are evidence for and against answers. */
  readonly nearest: readonly Hit[]
  /** Others that are nearly as relevant and have proven more useful than most of them, and the most relevant knowledge. */
  readonly proven: readonly Hit[]
}

/**
 * Chooses the most relevant, and of what is nearly as relevant those that belong to the best by relevance × usefulness, of examples and of failures apart.
 *
 * By relevance alone, a proven item would lose its chance to one that nobody has tried whenever more alike texts were found than are looked
 * at, and which of them those are would hang on the last digit of the word statistics: any text written or erased would change the advice.
 *
 * @param found the most relevant first
 * @param usefulness of an item, in (0, 1)
 */
export const shortlist = <Hit extends Found>(found: readonly Hit[], usefulness: (id: string) => number, { limit, warnings, places = 0 }: Wanted): Shortlist<Hit> => {
  const nearest = found.slice(0, Math.max(fewestNearest, perItem * (limit + warnings)))
  const least = nearlyAsRelevant * (nearest.at(-1)?.relevance ?? 0)
  // Of equal worth the more relevant is first: the sort is stable.
  const best = found
    .filter(({ relevance }) => relevance >= least)
    .map((hit) => ({ hit, worth: hit.relevance * usefulness(hit.id) }))
    .sort((left, right) => right.worth - left.worth)
    .map(({ hit }) => hit)
  const chosen = [
    ...best.filter(({ standing }) => standing !== 'failure').slice(0, perItem * limit),
    ...best.filter(({ standing }) => standing === 'failure').slice(0, perItem * warnings),
    ...found.filter(({ standing }) => standing === 'knowledge').slice(0, perItem * places),
  ]
  const known = new Set(nearest)
  return { nearest, proven: [...new Set(chosen)].filter((hit) => !known.has(hit)) }
}

import type { Ranked } from './rank.ts'

/** One place in so many is kept for knowledge. */
const onePlaceIn = 4

/** How many of the places of a recollection are kept for knowledge: one agent does the same work a hundred times, and a rule for it is written down once. */
export const placesForKnowledge = (limit: number): number => Math.floor(limit / onePlaceIn)

const isKnowledge = ({ kind }: Ranked): boolean => kind === 'knowledge'

/**
 * The best, with knowledge in the places that are kept for it where there is more of it than came among the best: then the last examples go. Nothing goes for knowledge that is not there.
 *
 * @param best at most `limit`, the best first
 * @param known the best knowledge, at most as much as there are places for it
 */
export const withKnowledge = (best: readonly Ranked[], known: readonly Ranked[], limit: number): readonly Ranked[] => {
  const already = new Set(best.map(({ id }) => id))
  const missing = known.filter(({ id }) => !already.has(id)).slice(0, Math.max(0, known.length - best.filter(isKnowledge).length))
  if (missing.length === 0) return best
  const examples = best.filter((item) => !isKnowledge(item))
  const leaving = new Set(examples.slice(Math.max(0, examples.length - Math.max(0, best.length + missing.length - limit))))
  return [...best.filter((item) => !leaving.has(item)), ...missing].sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1))
}

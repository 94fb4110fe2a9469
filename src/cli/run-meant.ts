import type { Autodidact } from '../autodidact.ts'
import type { FactKind } from '../log/fact.ts'
import { nearestName } from '../text/nearest.ts'

/** What a run begins with: feedback alone makes none, since it may have come first, or be on an id that was mistyped. */
const beginnings: readonly FactKind[] = ['advice.given', 'decision.made', 'run.recorded']

/** Fewer characters are no beginning of an id. */
const shortest = 6

/**
 * Whether a run of this id has begun, and otherwise the one that was probably meant: the only one whose id begins so, or one that is spelled nearly the same. Reads what began in the whole log, which is only done when the
 * run is not recorded.
 */
export const runMeant = async (autodidact: Pick<Autodidact, 'export'>, given: string): Promise<{ readonly isKnown: boolean; readonly nearest?: string }> => {
  for await (const fact of autodidact.export({ kinds: beginnings, runs: [given] })) if (fact.run === given) return { isKnown: true }
  const known = new Set<string>()
  for await (const { run } of autodidact.export({ kinds: beginnings })) if (run !== undefined) known.add(run)
  const beginning = given.replace(/(?:…|\.\.\.)$/, '')
  const [longer, ...others] = beginning.length < shortest ? [] : [...known].filter((run) => run.startsWith(beginning))
  const nearest = longer !== undefined && others.length === 0 ? longer : nearestName(given, known)
  return { isKnown: false, ...(nearest === undefined ? {} : { nearest }) }
}

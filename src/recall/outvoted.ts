import type { Evidence } from './suppression.ts'

/** So many runs must agree before they outvote anybody. */
const fewestAgreeing = 3

/** One source counts with at most so many runs: whoever writes a thing a hundred times is still one. */
const mostOfOneOrigin = 3

/** The others must be at least so near to the task, as a share of its own relevance. */
const nearlyAsNear = 0.8

/** An answer with less than this share of what speaks for the other is alone. */
const alone = 0.4

interface Support {
  /** Of the most relevant example with the answer. */
  relevance: number
  /** relevance² of its examples, by where they come from. */
  readonly byOrigin: Map<string, number[]>
}

/** Sum of relevance² and number of runs, with at most three of each origin: the most relevant ones. */
const counted = ({ byOrigin }: Support): { readonly weight: number; readonly runs: number } => {
  const kept = [...byOrigin.values()].flatMap((squares) => squares.sort((left, right) => right - left).slice(0, mostOfOneOrigin))
  return { weight: kept.reduce((sum, square) => sum + square, 0), runs: kept.length }
}

/**
 * Leaves out the examples whose answer stands alone against another that three or more runs agree on, and that is at least as near to the task: a single success with a
 * wrong answer, written by mistake or on purpose, looks as good as any, and only what others did in such tasks speaks against it.
 *
 * Where every run has an answer of its own, nobody agrees and nothing is left out. Failures count for {@link withoutSuppressed}.
 *
 * @param evidence what is known of answers to tasks like this one; the candidates themselves by default
 * @returns the candidates that stay, in their order; what is no example always stays
 */
export const withoutOutvoted = <Found extends Evidence>(candidates: readonly Found[], evidence: readonly Evidence[] = candidates): Found[] => {
  const supports = new Map<string, Support>()
  for (const { answer, standing, relevance, reputation = 1, origin = '' } of evidence) {
    if (answer === undefined || standing !== 'success') continue
    const support = supports.get(answer) ?? { relevance: 0, byOrigin: new Map<string, number[]>() }
    supports.set(answer, support)
    support.relevance = Math.max(support.relevance, relevance)
    support.byOrigin.set(origin, [...(support.byOrigin.get(origin) ?? []), reputation * relevance ** 2])
  }
  const agreed = [...supports.values()].map((support) => ({ relevance: support.relevance, ...counted(support) })).filter(({ runs }) => runs >= fewestAgreeing)
  if (agreed.length === 0) return [...candidates]
  return candidates.filter(({ answer, standing }) => {
    const own = standing === 'success' && answer !== undefined ? supports.get(answer) : undefined
    if (own === undefined) return true
    const { weight } = counted(own)
    return !agreed.some((other) => other.relevance >= nearlyAsNear * own.relevance && weight < alone * other.weight)
  })
}

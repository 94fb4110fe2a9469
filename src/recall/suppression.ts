import type { Candidate } from './rank.ts'

/** What was found, with what it says of answers to the task at hand. */
export interface Evidence extends Candidate {
  readonly user?: string
  /** Who or what it comes from; the same text for the same. */
  readonly origin?: string
  /** The answer that was wrong: that of a failure, or the one that a correction replaced. */
  readonly wrongAnswer?: string
  /** True when its task has the same words as the query. */
  readonly sameTask: boolean
}

/** A failure of another task tells something of this one only when a second one says the same. */
const fewestReports = 2

/** What the candidates say of one answer. */
interface Tally {
  /** Sums of relevance² of the runs that it was right in, and of those that it was wrong in. */
  right: number
  wrong: number
  /** True when it was wrong in this very task. */
  wrongHere: boolean
  readonly runs: Set<string>
  readonly users: Set<string | undefined>
}

const tallies = (candidates: readonly Evidence[]): ReadonlyMap<string, Tally> => {
  const byAnswer = new Map<string, Tally>()
  const tallyOf = (answer: string): Tally => {
    const tally = byAnswer.get(answer) ?? { right: 0, wrong: 0, wrongHere: false, runs: new Set(), users: new Set() }
    byAnswer.set(answer, tally)
    return tally
  }
  for (const { id, answer, wrongAnswer, standing, relevance, user, sameTask } of candidates) {
    if (standing === 'success' && answer !== undefined) tallyOf(answer).right += relevance ** 2
    if (wrongAnswer === undefined) continue
    const tally = tallyOf(wrongAnswer)
    tally.wrong += relevance ** 2
    tally.wrongHere ||= sameTask
    tally.runs.add(id)
    tally.users.add(user)
  }
  return byAnswer
}

/**
 * Leaves out the examples whose answer was wrong more than it was right in tasks like the one at hand: failures are evidence, never examples.
 *
 * How much an answer was right or wrong is the sum of relevance² over the evidence that says so; the square, so that near tasks outvote remote
 * ones. It is left out when wrong > right and the failures are not the word of one: a failure counts at once for its own task; for other tasks it
 * takes two runs, or two users where the evidence comes from several, because one wrong rating must not silence a good example.
 *
 * @param evidence what is known of answers to tasks like this one; the candidates themselves by default
 * @returns the candidates that stay, in their order; what is no example always stays.
 */
export const withoutSuppressed = <Found extends Evidence>(candidates: readonly Found[], evidence: readonly Evidence[] = candidates): Found[] => {
  const several = new Set(evidence.map(({ user }) => user)).size > 1
  const byAnswer = tallies(evidence)
  return candidates.filter(({ answer, standing }) => {
    const tally = standing === 'success' && answer !== undefined ? byAnswer.get(answer) : undefined
    if (tally === undefined || tally.wrong <= tally.right) return true
    const reports = several ? tally.users.size : tally.runs.size
    return reports < fewestReports && !tally.wrongHere
  })
}

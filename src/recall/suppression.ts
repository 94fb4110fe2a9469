import { doubted } from '../learn/learners/source-reputation.ts'
import type { Candidate } from './rank.ts'

/** What was found, with what it says of answers to the task at hand. */
export interface Evidence extends Candidate {
  /** Whose word it is: the person it was done for, or else the agent or whatever else told us; the same text for the same. */
  readonly reporter?: string
  /** The answer that was wrong: that of a failure, or the one that a correction replaced. */
  readonly wrongAnswer?: string
  /** True when its task has the same words as the query. */
  readonly sameTask: boolean
}

/** A failure of another task, or of somebody else, tells something of this one only when a second one says the same. */
const fewestReports = 2

/** What the candidates say of one answer. */
interface Tally {
  /** Sums of relevance² · reputation of the runs that it was right in, and of those that it was wrong in. */
  right: number
  wrong: number
  /** By whoever reports it: runs that it was wrong in, and whether one of them was this very task. */
  readonly reports: Map<string | undefined, { readonly runs: Set<string>; here: boolean }>
}

const tallies = (candidates: readonly Evidence[]): ReadonlyMap<string, Tally> => {
  const byAnswer = new Map<string, Tally>()
  const tallyOf = (answer: string): Tally => {
    const tally = byAnswer.get(answer) ?? { right: 0, wrong: 0, reports: new Map() }
    byAnswer.set(answer, tally)
    return tally
  }
  for (const { id, answer, wrongAnswer, standing, relevance, reputation = 1, reporter, sameTask } of candidates) {
    const weight = reputation * relevance ** 2
    if (standing === 'success' && answer !== undefined) tallyOf(answer).right += weight
    if (wrongAnswer === undefined) continue
    const tally = tallyOf(wrongAnswer)
    tally.wrong += weight
    const report = tally.reports.get(reporter) ?? { runs: new Set(), here: false }
    tally.reports.set(reporter, report)
    report.runs.add(id)
    report.here ||= sameTask
  }
  return byAnswer
}

/** Every run of whoever the example is of counts, and everybody else once: one alone, however loud, silences nobody else, unless what they taught has gone worse than the rest before. */
const isReported = ({ reports }: Tally, { reporter, reputation = 1 }: Evidence): boolean => {
  const own = reports.get(reporter)
  if (reputation < doubted) return own?.here === true || new Set([...reports.values()].flatMap(({ runs }) => [...runs])).size >= fewestReports
  const others = own === undefined ? reports.size : reports.size - 1
  return own?.here === true || (own?.runs.size ?? 0) + others >= fewestReports
}

/**
 * Leaves out the examples whose answer was wrong more than it was right in tasks like the one at hand: failures are evidence, never examples.
 *
 * How much an answer was right or wrong is the sum of relevance² · reputation over the evidence that says so; the square, so that near tasks outvote remote
 * ones. It is left out when wrong > right and the failures are not the word of one: two runs of whoever the example is of, or two others, or one of each, because one wrong rating must not silence a good
 * example, nor one source those of another. An example of a doubted source is silenced by any two runs. What failed for whoever the example is of, in this very task, counts at once.
 *
 * @param evidence what is known of answers to tasks like this one; the candidates themselves by default
 * @returns the candidates that stay, in their order; what is no example always stays.
 */
export const withoutSuppressed = <Found extends Evidence>(candidates: readonly Found[], evidence: readonly Evidence[] = candidates): Found[] => {
  const byAnswer = tallies(evidence)
  return candidates.filter((candidate) => {
    const { answer, standing } = candidate
    const tally = standing === 'success' && answer !== undefined ? byAnswer.get(answer) : undefined
    return tally === undefined || tally.wrong <= tally.right || !isReported(tally, candidate)
  })
}

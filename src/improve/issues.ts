import { Dossier } from '../credit/dossier.ts'
import { factsOfRuns } from '../credit/run-facts.ts'
import { userWord } from '../evaluate/metrics/ratings.ts'
import type { RunTable } from '../evaluate/metrics/run-table.ts'
import { wilson } from '../statistics/wilson.ts'
import type { Experience } from '../learn/learner.ts'
import { whole } from '../log/blobs.ts'
import type { Fact } from '../log/fact.ts'
import type { Json } from '../log/payload.ts'
import type { Scope } from '../scope.ts'
import type { Issue, IssueExample } from './improvement.ts'

/** Runs whose feedback is read in one piece. */
const runsAtOnce = 200

/** Below this a rating is a bad one. */
const goodFrom = 0.5

/** What stands against a run when everything that was said of it is taken together. */
interface Complaint {
  readonly isBadlyRated: boolean
  readonly isCorrected: boolean
}

interface Tally {
  runs: number
  badRatings: number
  corrections: number
  /** The latest, in the order of the log. */
  latest: string[]
}

/** What of the verdicts on a run stands: as in credit, the latest of each voice, and a correction only where it is not the answer itself. */
const complaintOf = ({ votes }: Dossier): Complaint | undefined => {
  const standing = votes.filter(({ stands, decision }) => stands && decision === undefined)
  const ratings = standing.filter(({ level }) => level === 'user')
  const isBadlyRated = ratings.length > 0 && ratings.reduce((sum, { reward }) => sum + reward, 0) / ratings.length < goodFrom
  const isCorrected = standing.some(({ level, reward }) => level === 'correction' && reward < goodFrom)
  return isBadlyRated || isCorrected ? { isBadlyRated, isCorrected } : undefined
}

/** Runs of the table that somebody has complained of, whether or not they took it back, in the order of the log. */
export class ComplainedRuns {
  readonly #runs = new Set<string>()

  /** Experiences of other kinds say nothing of that. */
  add(experience: Experience): void {
    if (experience.kind === 'run.recorded' && (userWord(experience) ?? 1) < goodFrom) this.#runs.add(experience.id)
    if (experience.kind !== 'feedback.received' || experience.run === undefined) return
    const { rating = 1, correction } = experience.data
    if (rating < goodFrom || correction !== undefined) this.#runs.add(experience.run)
  }

  rowsIn(table: RunTable): number[] {
    return table.rows.filter((row) => this.#runs.has(table.idAt(row)))
  }
}

/** What came of the runs that were complained of: by kind of task, and those that have a wrong and a right answer. */
export interface Complaints {
  readonly issues: readonly Issue[]
  /** Rows of the runs that have both, in the order of the log. */
  readonly corrected: readonly number[]
}

/**
 * Bad ratings and corrections by kind of task, with the latest as examples. Reads what was said of these runs in pieces: memory is small, however many there are.
 *
 * @param examples of each kind
 */
export const complaintsOn = async (scope: Scope, table: RunTable, rows: readonly number[], examples: number): Promise<Complaints> => {
  const { storage, namespace } = scope
  const tallies = new Map<string, Tally>()
  const corrected: number[] = []
  for (let from = 0; from < rows.length; from += runsAtOnce) {
    const page = rows.slice(from, from + runsAtOnce)
    const facts = await factsOfRuns(storage, namespace, page.map((row) => table.idAt(row)))
    for (const row of page) {
      const run = table.idAt(row)
      const complaint = complaintOf(Dossier.of(run, facts.get(run) ?? []))
      if (complaint === undefined) continue
      const kind = table.kind.at(row) ?? ''
      const tally = tallies.get(kind) ?? { runs: 0, badRatings: 0, corrections: 0, latest: [] }
      tallies.set(kind, tally)
      tally.runs += 1
      tally.badRatings += Number(complaint.isBadlyRated)
      tally.corrections += Number(complaint.isCorrected)
      tally.latest = examples === 0 ? [] : [...tally.latest, run].slice(-examples)
      if (complaint.isCorrected && table.answered.at(row) > 0) corrected.push(row)
    }
  }
  const judged = Map.groupBy(table.rows.filter((row) => !Number.isNaN(table.reward.at(row))), (row) => table.kind.at(row) ?? '')
  const issues: Issue[] = []
  for (const [kind, { latest, ...counts }] of tallies) {
    issues.push({ kind, ...counts, share: wilson(counts.runs, judged.get(kind)?.length ?? counts.runs), examples: await examplesOf(scope, latest) })
  }
  return { issues: issues.toSorted((left, right) => right.runs - left.runs || (left.kind < right.kind ? -1 : 1)), corrected }
}

const examplesOf = async (scope: Scope, runs: readonly string[]): Promise<IssueExample[]> => {
  const facts = await factsOfRuns(scope.storage, scope.namespace, runs)
  const examples: IssueExample[] = []
  for (const run of runs) examples.push(...(await exampleOf(scope, run, facts.get(run) ?? [])))
  return examples
}

const isTold = (value: Json | undefined): value is Json => value !== undefined && value !== null && value !== ''

const exampleOf = async ({ storage }: Scope, run: string, facts: readonly Fact[]): Promise<IssueExample[]> => {
  const dossier = Dossier.of(run, facts)
  const recorded = facts.find((fact) => fact.kind === 'run.recorded')
  if (recorded === undefined) return []
  const { task, response } = (await whole(storage, recorded, ['task', 'response'])).data
  const standing = dossier.votes.filter(({ stands, decision }) => stands && decision === undefined)
  const ratings = standing.filter(({ level }) => level === 'user').map(({ reward }) => reward)
  const correcting = standing.findLast(({ level, reward }) => level === 'correction' && reward < goodFrom)?.fact
  const retracted = new Set(facts.flatMap((fact) => (fact.kind === 'feedback.retracted' ? fact.data.feedback : [])))
  let correction: Json | undefined
  const comments: string[] = []
  for (const fact of facts) {
    if (fact.kind !== 'feedback.received' || retracted.has(fact.id) || fact.data.decision !== undefined) continue
    const { data } = await whole(storage, fact, fact.id === correcting ? ['comment', 'correction'] : ['comment'])
    if (data.comment !== undefined) comments.push(data.comment)
    if (fact.id === correcting) correction = data.correction
  }
  return [
    {
      run,
      ...(recorded.agent === undefined ? {} : { agent: recorded.agent }),
      task,
      ...(isTold(response) ? { response } : {}),
      ...(isTold(correction) ? { correction } : {}),
      ...(ratings.length === 0 ? {} : { rating: ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length }),
      comments,
    },
  ]
}

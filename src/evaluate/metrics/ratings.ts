import type { FactOf } from '../../log/fact.ts'

interface Rating {
  readonly fact: string
  readonly author: string | undefined
  /** In [0, 1]. */
  readonly rating: number
}

/** What the record of a run says that its user thought of it, in [0, 1]; undefined where it is somebody else's word. */
export const userWord = ({ data: { outcome } }: FactOf<'run.recorded'>): number | undefined =>
  outcome?.judge === 'user' ? (outcome.score ?? (outcome.success === undefined ? undefined : Number(outcome.success))) : undefined

/**
 * What people think of whole runs: of each voice the latest rating that was not taken back, as in credit. A rating of one decision is no rating of its run.
 */
export class Ratings {
  readonly #ofRun = new Map<string, Rating[]>()
  readonly #retracted = new Set<string>()

  hear({ id, run, data: { rating, author, decision } }: FactOf<'feedback.received'>): void {
    if (run !== undefined && rating !== undefined && decision === undefined) this.#add(run, { fact: id, author, rating })
  }

  hearRecord(recorded: FactOf<'run.recorded'>): void {
    const rating = userWord(recorded)
    if (rating !== undefined) this.#add(recorded.id, { fact: recorded.id, author: undefined, rating })
  }

  #add(run: string, rating: Rating): void {
    const ratings = this.#ofRun.get(run)
    if (ratings === undefined) this.#ofRun.set(run, [rating])
    else ratings.push(rating)
  }

  /** Takes back what a feedback said, also before it says so. */
  retract(feedback: string): void {
    this.#retracted.add(feedback)
  }

  /** Mean over the voices, in [0, 1]; undefined while nobody has rated. @param user of the run, who speaks where nobody is named */
  of(run: string, user: string | undefined): number | undefined {
    const voices = new Map<string | undefined, number>()
    for (const { fact, author, rating } of this.#ofRun.get(run) ?? []) if (!this.#retracted.has(fact)) voices.set(author ?? user, rating)
    if (voices.size === 0) return undefined
    return [...voices.values()].reduce((sum, rating) => sum + rating, 0) / voices.size
  }
}

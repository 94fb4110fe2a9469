import type { Experience, RunSettled } from '../../learn/learner.ts'
import { hashText } from '../../learn/hash.ts'
import type { FactOf } from '../../log/fact.ts'
import { counted, iterationsOf } from '../../log/iterations.ts'
import { Column, NameColumn } from './columns.ts'
import { Ratings } from './ratings.ts'

type Recorded = FactOf<'run.recorded'>

/** The kind of task that a run belongs to. */
export type KindOf = (recorded: Recorded['data']) => string

/** What went wrong on the way: `metrics.errors`, or the failed steps, and one where the run ended with an error that was no step's. */
const errorCountOf = ({ metrics, steps, outcome }: Recorded['data']): number =>
  counted(metrics, 'errors') ?? Math.max(steps.filter(({ ok }) => ok === false).length, Number(outcome?.error !== undefined))

/**
 * Recorded runs as rows of numbers: what measurements are taken from. About 250 bytes a run with its id, whatever is in it; time is linear
 * in the log. Rows follow verdicts that come late, change, or are taken back.
 */
export class RunTable {
  readonly recordedAt = new Column()
  readonly occurredAt = new Column()
  readonly kind = new NameColumn()
  readonly agent = new NameColumn()
  readonly approach = new NameColumn()
  readonly user = new NameColumn()
  /** In [0, 1]; NaN without a verdict. */
  readonly reward = new Column()
  /** Milliseconds; NaN where it was not told, and so for the others. */
  readonly durationMs = new Column()
  readonly iterations = new Column()
  readonly errors = new Column()
  /** 1 for a run that has steps or counts its errors itself, and 0 for one of which only its end is known. */
  readonly watched = new Column()
  readonly tokens = new Column()
  readonly cost = new Column()
  /** 1 for a run that used something that was recalled, and 0 for one that did not. */
  readonly reused = new Column()
  /** 1 for a run that tells its answer, and 0 for one that does not, or whose answer was pruned. */
  readonly answered = new Column()
  /** Of the task: equal tasks have equal ones. */
  readonly taskHash = new Column()
  readonly #rows = new Map<string, number>()
  readonly #ids: string[] = []
  readonly #ratings = new Ratings()
  /** Advices that had something to show. */
  readonly #helpful = new Set<string>()
  readonly #kindOf: KindOf

  constructor(kindOf: KindOf) {
    this.#kindOf = kindOf
  }

  /** Experiences other than those of runs and feedback are passed over. */
  add(experience: Experience): void {
    if (experience.kind === 'run.settled') this.#settle(experience)
    else if (experience.kind === 'advice.given' && experience.data.items.length > 0) this.#helpful.add(experience.id)
    else if (experience.kind === 'run.recorded') this.#record(experience)
    else if (experience.kind === 'feedback.received') this.#ratings.hear(experience)
    else if (experience.kind === 'feedback.retracted') this.#ratings.retract(experience.data.feedback)
  }

  #record(recorded: Recorded): void {
    const { id, recordedAt, occurredAt, agent, user, data } = recorded
    this.#ratings.hearRecord(recorded)
    this.#rows.set(id, this.#ids.length)
    this.#ids.push(id)
    this.recordedAt.push(recordedAt)
    this.occurredAt.push(occurredAt)
    this.kind.push(this.#kindOf(data))
    this.agent.push(agent)
    this.approach.push(undefined)
    this.user.push(user)
    this.reward.push(Number.NaN)
    this.durationMs.push(data.durationMs ?? Number.NaN)
    this.iterations.push(iterationsOf(data))
    this.errors.push(errorCountOf(data))
    this.watched.push(Number(data.steps.length > 0 || counted(data.metrics, 'errors') !== undefined))
    this.tokens.push(data.outcome?.tokens ?? Number.NaN)
    this.cost.push(data.outcome?.cost ?? Number.NaN)
    const reused = data.used === undefined ? data.advice !== undefined && this.#helpful.has(data.advice) : data.used.length > 0
    this.reused.push(Number(reused))
    this.answered.push(Number(data.response !== undefined && data.response !== null && data.response !== ''))
    this.taskHash.push(hashText(data.task))
  }

  #settle({ run, current, approach }: RunSettled): void {
    const row = this.#rows.get(run)
    if (row === undefined) return
    this.reward.set(row, current?.reward ?? Number.NaN)
    this.approach.set(row, approach)
  }

  /** Recorded runs. */
  get size(): number {
    return this.#ids.length
  }

  has(run: string): boolean {
    return this.#rows.has(run)
  }

  /** Id of the run in a row. */
  idAt(row: number): string {
    return this.#ids[row] ?? ''
  }

  /** What people think of the run in a row, in [0, 1]; NaN while nobody has rated it. */
  ratingAt(row: number): number {
    return this.#ratings.of(this.idAt(row), this.user.at(row)) ?? Number.NaN
  }

  /** All rows, in the order in which the runs happened, and of the log where that is the same: what was imported yesterday may be from last year. */
  get rows(): number[] {
    return Array.from({ length: this.size }, (_, row) => row).sort((left, right) => this.occurredAt.at(left) - this.occurredAt.at(right))
  }
}

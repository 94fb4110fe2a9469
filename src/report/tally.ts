import { isExploration, unpackProbabilities } from '../decide/probabilities.ts'
import type { DecisionSettled, Experience, Verdict } from '../learn/learner.ts'
import { itemUsefulness, type ItemUsefulnessState } from '../learn/learners/item-usefulness.ts'
import type { FactOf } from '../log/fact.ts'
import { Factors } from '../evaluate/metrics/factors.ts'
import { performancesBy } from '../evaluate/metrics/groups.ts'
import { meanReward, type RunCounts, runCounts } from '../evaluate/metrics/run-counts.ts'
import { type KindOf, RunTable } from '../evaluate/metrics/run-table.ts'
import type { AgentReport, FeedbackReport, OptionReport, PointReport, TenthReport } from './summary.ts'
import { wilson } from '../statistics/wilson.ts'

interface OptionRow {
  chosen: number
  settled: number
  reward: number
}

interface PointRow {
  decisions: number
  /** Decisions in which not all options were equally likely, and those of them that explored. */
  uneven: number
  explored: number
  settled: number
  followed: number
  reward: number
  readonly options: Map<string, OptionRow>
}

const tenths = 10

/** Whether some options of a decision were likelier than others. */
const isUneven = (stored: FactOf<'decision.made'>['data']['probabilities']): boolean =>
  'packed' in stored ? new Set(unpackProbabilities(stored, 0)).size > 1 : stored.exceptions.some(([, probability]) => probability !== stored.floor)

/** Fewer runs in each tenth say nothing of how it went. */
const fewestInTenth = 5

/**
 * Counts what a report tells, one experience of the log after the other. Grows by one row of numbers per run, per item shown, and per option; time
 * is linear in the length of the log.
 */
export class Tally {
  facts = 0
  advice = 0
  expired = 0
  knowledge = 0
  since: number | undefined
  until: number | undefined
  readonly table: RunTable
  readonly factors = new Factors()
  readonly #advised = new Set<string>()
  readonly #points = new Map<string, PointRow>()
  readonly #authors = new Set<string | undefined>()
  readonly #feedback = { received: 0, up: 0, down: 0, corrections: 0, outcomes: 0, comments: 0, retracted: 0 }
  #items: ItemUsefulnessState = itemUsefulness.initial()

  constructor(kindOf: KindOf) {
    this.table = new RunTable(kindOf)
  }

  /** Counts one experience. */
  add(experience: Experience): void {
    this.table.add(experience)
    if (experience.kind === 'run.settled') {
      this.#items = itemUsefulness.learn(this.#items, experience)
      this.factors.settle(experience)
    } else if (experience.kind === 'decision.settled') this.#settleDecision(experience)
    else if (experience.kind !== 'episode.settled' && experience.kind !== 'run.judged') {
      this.facts += 1
      this.since = Math.min(this.since ?? Infinity, experience.occurredAt)
      this.until = Math.max(this.until ?? -Infinity, experience.occurredAt)
      if (experience.kind === 'advice.given') {
        this.advice += 1
        this.#advised.add(experience.run ?? '')
      } else if (experience.kind === 'decision.made') this.#addDecision(experience)
      else if (experience.kind === 'feedback.received') this.#addFeedback(experience)
      else if (experience.kind === 'feedback.retracted') this.#feedback.retracted += 1
      else if (experience.kind === 'run.expired') this.expired += 1
      else if (experience.kind === 'knowledge.written') this.knowledge += 1
    }
  }

  #addDecision({ data }: FactOf<'decision.made'>): void {
    const point = this.#pointOf(data.point)
    point.decisions += 1
    if (isUneven(data.probabilities)) point.uneven += 1
    if (isExploration(data.probabilities, data.propensity)) point.explored += 1
    optionOf(point, data.option).chosen += 1
  }

  #settleDecision({ point: name, option, followed, previous, current }: DecisionSettled): void {
    const point = this.#pointOf(name)
    for (const [verdict, sign] of [
      [previous, -1],
      [current, 1],
    ] as const satisfies readonly (readonly [Verdict | undefined, number])[]) {
      if (verdict === undefined) continue
      const row = optionOf(point, option)
      row.settled += sign
      row.reward += sign * verdict.reward
      point.settled += sign
      point.followed += followed ? sign : 0
      point.reward += sign * verdict.reward
    }
  }

  #pointOf(name: string): PointRow {
    const row = this.#points.get(name) ?? { decisions: 0, uneven: 0, explored: 0, settled: 0, followed: 0, reward: 0, options: new Map<string, OptionRow>() }
    this.#points.set(name, row)
    return row
  }

  #addFeedback({ user, data }: FactOf<'feedback.received'>): void {
    const { author, rating, correction, outcome, comment } = data
    const counts = this.#feedback
    counts.received += 1
    if (rating !== undefined && rating > 0.5) counts.up += 1
    if (rating !== undefined && rating < 0.5) counts.down += 1
    if (correction !== undefined) counts.corrections += 1
    if (outcome !== undefined) counts.outcomes += 1
    if (comment !== undefined) counts.comments += 1
    // Whoever is not named is the user of the run, or a program.
    this.#authors.add(author ?? (outcome === undefined ? user : undefined))
  }

  /** All recorded runs. */
  get runs(): RunCounts {
    return runCounts(this.table, this.table.rows)
  }

  /** Advised runs that are not recorded. */
  get unrecorded(): number {
    return [...this.#advised].filter((run) => !this.table.has(run)).length
  }

  get tenths(): TenthReport[] {
    const { rows } = this.table
    const parts = rows.length < tenths * fewestInTenth ? 0 : tenths
    return Array.from({ length: parts }, (_, part) => {
      const own = rows.slice(Math.floor((part * rows.length) / parts), Math.floor(((part + 1) * rows.length) / parts))
      const [first] = own
      return { tenth: part + 1, ...runCounts(this.table, own), ...(first === undefined ? {} : { since: this.table.occurredAt.at(first) }) }
    })
  }

  get agents(): AgentReport[] {
    const agentAt = (row: number): string | undefined => this.table.agent.at(row)
    const performances = performancesBy(this.table, agentAt)
    return [...Map.groupBy(this.table.rows, agentAt)]
      .map(([agent, rows]): AgentReport => {
        const performance = performances.get(agent)
        return { ...(agent === undefined ? {} : { agent }), ...runCounts(this.table, rows), ...(performance === undefined ? {} : { performance }) }
      })
      .sort((left, right) => right.runs - left.runs || ((left.agent ?? '') < (right.agent ?? '') ? -1 : 1))
  }

  get points(): PointReport[] {
    return [...this.#points]
      .map(([point, row]): PointReport => ({
        point,
        decisions: row.decisions,
        settled: row.settled,
        followed: wilson(row.followed, row.settled),
        explored: wilson(row.explored, row.uneven),
        ...meanReward(row),
        options: [...row.options]
          .map(([option, { chosen, settled, reward }]): OptionReport => ({ option, chosen, settled, ...meanReward({ settled, reward }) }))
          .sort((left, right) => right.chosen - left.chosen || (left.option < right.option ? -1 : 1)),
      }))
      .sort((left, right) => right.decisions - left.decisions || (left.point < right.point ? -1 : 1))
  }

  /** How often each item was shown, and the weight of the verdicts for it and against it. */
  get items(): ItemUsefulnessState {
    return this.#items
  }

  get feedback(): FeedbackReport {
    return { ...this.#feedback, authors: this.#authors.size }
  }
}

const optionOf = (point: PointRow, option: string): OptionRow => {
  const row = point.options.get(option) ?? { chosen: 0, settled: 0, reward: 0 }
  point.options.set(option, row)
  return row
}

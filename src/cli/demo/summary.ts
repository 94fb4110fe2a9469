import type { Simulation, Turn } from './simulation.ts'

/** Shares and times of one assistant on a stream. Shares are in [0, 1], of the questions. */
export interface Summary {
  readonly questions: number
  /** Share of right answers, "I don't know" included where the data hold none. */
  readonly mean: number
  /** Share of wrong answers. */
  readonly wrong: number
  /** Share of "I don't know" where there was an answer. */
  readonly unknown: number
  /** Share of right ones among the answers it gave; null when it gave none. */
  readonly precision: number | null
  /** The three shares in each tenth of the stream; null for a tenth without a question. */
  readonly tenths: readonly (number | null)[]
  readonly wrongTenths: readonly (number | null)[]
  readonly unknownTenths: readonly (number | null)[]
  /** Milliseconds from question to answer: median, and what one in twenty exceeds. */
  readonly medianMs: number
  readonly p95Ms: number
  /** Milliseconds to learn from the user's reaction: median. */
  readonly learningMedianMs: number
}

export interface Comparison {
  readonly learning: Summary
  readonly baseline: Summary
  readonly leftOut: number
  readonly interrupted: boolean
}

const tenths = 10

const share = (turns: readonly Turn[], verdict: Turn['verdict']): number | null =>
  turns.length === 0 ? null : turns.filter((turn) => turn.verdict === verdict).length / turns.length

/** The value below which a share of the values lies (nearest rank); 0 when there are none. */
const quantile = (values: readonly number[], at: number): number =>
  values.toSorted((left, right) => left - right)[Math.max(0, Math.ceil(at * values.length) - 1)] ?? 0

const summaryOf = (turns: readonly Turn[]): Summary => {
  const parts = Array.from({ length: tenths }, (_, part) => turns.filter((_, at) => Math.floor((at * tenths) / turns.length) === part))
  const answered = turns.filter((turn) => turn.answered)
  const times = turns.map((turn) => turn.durationMs)
  return {
    questions: turns.length,
    mean: share(turns, 'right') ?? 0,
    wrong: share(turns, 'wrong') ?? 0,
    unknown: share(turns, 'unknown') ?? 0,
    precision: share(answered, 'right'),
    tenths: parts.map((part) => share(part, 'right')),
    wrongTenths: parts.map((part) => share(part, 'wrong')),
    unknownTenths: parts.map((part) => share(part, 'unknown')),
    medianMs: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    learningMedianMs: quantile(turns.map((turn) => turn.learningMs), 0.5),
  }
}

/** What a simulation says, in numbers. */
export const compare = ({ learning, baseline, leftOut, interrupted }: Simulation): Comparison => ({
  learning: summaryOf(learning),
  baseline: summaryOf(baseline),
  leftOut,
  interrupted,
})

import { contentDigest } from '../log/canonical.ts'
import type { Fact, FactOf } from '../log/fact.ts'
import { unpackFeatures } from '../log/packed.ts'
import type { Features, Verdict } from '../learn/learner.ts'
import { openingOf } from './opening.ts'

/** Who can judge a run, the strongest first; a stronger verdict replaces weaker ones, they never add up. */
export const judgeLevels = ['correction', 'check', 'user', 'host', 'model'] as const

/** One of {@link judgeLevels}. */
export type JudgeLevel = (typeof judgeLevels)[number]

/** How much a verdict of each level is believed, in (0, 1]. */
export type VerdictWeights = Readonly<Record<JudgeLevel, number>>

export const defaultVerdictWeights: VerdictWeights = { correction: 1, check: 1, user: 1, host: 0.7, model: 0.3 }

interface Vote {
  readonly id: string
  readonly author: string
  readonly level: JudgeLevel
  /** Undefined for a correction, whose reward depends on the response it is compared with. */
  readonly reward: number | undefined
  readonly correction: unknown
  readonly decision: string | undefined
  readonly sequence: number
}

/** One word on a run, as it was given and as it counts. */
export interface CastVote {
  /** Id of the fact that says so. */
  readonly fact: string
  readonly author: string
  readonly level: JudgeLevel
  /** In [0, 1]. */
  readonly reward: number
  /** The one decision that is meant; undefined when the whole run is. */
  readonly decision: string | undefined
  /** False when it was taken back, or when the same author said something else later. */
  readonly stands: boolean
}

/** What is kept of a decision until its run ends and after. */
export interface OpenDecision {
  readonly id: string
  readonly sequence: number
  readonly point: string
  readonly option: string
  readonly propensity: number
  readonly features: Features
  readonly state: string | undefined
  /** When it counts as its default reward, if nobody has judged it by then; milliseconds since 1970-01-01 UTC. */
  readonly expiresAt: number | undefined
  readonly defaultReward: number | undefined
  /** Similarity of the task to an option's description, by option id; an option that is not there has 0. */
  readonly similarities: Readonly<Record<string, number>>
}

/** The author of feedback that names none: the user of the run. */
export const unnamedAuthor = 'anonymous'

type Recorded = FactOf<'run.recorded'>

/** The responses compare by content: texts without surrounding white space, everything else as canonical JSON. */
const answerDigest = (value: unknown): string => contentDigest(typeof value === 'string' ? value.trim() : value)

/**
 * All that the log says about one run, folded: its advice, its decisions, what was done, and every verdict on it. What a run or a decision is
 * worth at any moment is a pure function of it, so credit needs no state of its own.
 */
export class Dossier {
  readonly run: string
  readonly decisions = new Map<string, OpenDecision>()
  /** Sequence of the last fact folded in; 0 when there is none. */
  lastSequence = 0
  recorded: Recorded | undefined
  /** Id of the fact that the deadline passed without a verdict; undefined as long as it did not. */
  expiredBy: string | undefined
  readonly #weights: VerdictWeights
  readonly #shownBy = new Map<string, readonly string[]>()
  readonly #votes: Vote[] = []
  readonly #retracted = new Set<string>()
  readonly #deadlines: number[] = []
  /** Deadlines up to here have passed without a verdict. */
  #expiredUpTo = -Infinity
  #advisedUser: string | undefined
  #features: Features | undefined
  #thin = false

  constructor(run: string, weights: VerdictWeights = defaultVerdictWeights) {
    this.run = run
    this.#weights = weights
  }

  /** Folds one fact of the run; facts at or before the last one are already in and are left out. */
  add(fact: Fact): void {
    if (fact.sequence <= this.lastSequence) return
    this.lastSequence = fact.sequence
    if (fact.kind === 'advice.given' || fact.kind === 'decision.made') {
      this.#advisedUser ??= fact.user
      if (fact.data.expiresAt !== undefined) this.#deadlines.push(fact.data.expiresAt)
    }
    if (fact.kind === 'advice.given') this.#shownBy.set(fact.id, fact.data.items.map((item) => item.id))
    else if (fact.kind === 'decision.made') this.decisions.set(fact.id, openDecision(fact))
    else if (fact.kind === 'run.recorded') this.#record(fact)
    else if (fact.kind === 'run.expired') this.#expire(fact)
    else if (fact.kind === 'feedback.received') this.#votes.push(...votesOf(fact))
    else if (fact.kind === 'feedback.retracted') this.#retracted.add(fact.data.feedback)
  }

  #expire(fact: FactOf<'run.expired'>): void {
    this.expiredBy = fact.id
    this.#expiredUpTo = Math.max(this.#expiredUpTo, fact.data.deadline)
  }

  #record(fact: Recorded): void {
    this.recorded = fact
    const outcome = fact.data.outcome
    if (outcome === undefined) return
    const reward = outcome.score ?? (outcome.success === undefined ? undefined : Number(outcome.success))
    if (reward === undefined) return
    // No author: a user's own word in the record and in a feedback are one vote of one person, and so are two words of a check.
    const common = { id: fact.id, author: unnamedAuthor, correction: undefined, decision: undefined, sequence: fact.sequence }
    this.#votes.push({ ...common, level: outcome.judge, reward })
  }

  /** Whose run it is: the user it was recorded for, or until then the one it was advised for. */
  get user(): string | undefined {
    return this.recorded?.user ?? this.#advisedUser
  }

  /** When the run next expires if nobody judges it; undefined when no deadline is open. */
  get deadline(): number | undefined {
    const open = this.#deadlines.filter((deadline) => deadline > this.#expiredUpTo)
    return open.length === 0 ? undefined : Math.min(...open)
  }

  /**
   * Lets go of what no verdict needs: all but the beginning of the task, the inputs and outputs of steps, the takeaway. For dossiers that stay in memory by
   * the thousand; what is worth remembering about a run is then read from its fact.
   */
  thin(): void {
    if (this.#thin || this.recorded === undefined) return
    this.#thin = true
    // Unpacked first: the packed features go.
    void this.features
    const { task, advice, category, response, outcome, durationMs, taken, used, steps } = this.recorded.data
    const kept = { task: openingOf(task), features: { hashes: '', values: '' }, advice, category, response, outcome, durationMs, taken, used }
    const thinSteps = steps.map(({ action, ok, decision, reward }) => ({ action, ok, decision, reward }))
    this.recorded = { ...this.recorded, data: { ...kept, steps: thinSteps } }
  }

  /** Hashed stems of the task, once the run is recorded. */
  get features(): Features | undefined {
    if (this.recorded === undefined) return undefined
    this.#features ??= unpackFeatures(this.recorded.data.features)
    return this.#features
  }

  /** The right answer somebody gave: the latest correction that was not taken back. */
  get correction(): unknown {
    return this.#standingVotes(undefined).findLast((vote) => vote.level === 'correction')?.correction
  }

  /** Whether the advice of this run was used, and what it had shown. */
  get shown(): readonly string[] {
    if (this.recorded === undefined) return []
    const { advice, used } = this.recorded.data
    if (used !== undefined) return used
    return advice === undefined ? [] : (this.#shownBy.get(advice) ?? [])
  }

  /** The verdict on the run; undefined while nobody has judged it. */
  get verdict(): Verdict | undefined {
    return this.#strongest(this.#standingVotes(undefined))
  }

  /** Every word on the run or on one of its decisions, in the order of the log. */
  get votes(): readonly CastVote[] {
    const meant = new Set(this.#votes.map((vote) => vote.decision))
    const standing = new Set([...meant].flatMap((decision) => this.#standingVotes(decision)))
    return this.#votes.map((vote) => ({
      fact: vote.id,
      author: this.#authorOf(vote),
      level: vote.level,
      reward: this.#rewardOf(vote),
      decision: vote.decision,
      stands: standing.has(vote),
    }))
  }

  /** What became of a decision: the option really taken, and what it earned as far as is known. */
  settlementOf(decision: OpenDecision): { readonly option: string; readonly followed: boolean; readonly verdict: Verdict | undefined } {
    const taken = this.recorded?.data.taken ?? {}
    // Own keys only: a choice point may be called "constructor".
    const key = [decision.id, decision.point].find((candidate) => Object.hasOwn(taken, candidate))
    const option = (key === undefined ? undefined : taken[key]) ?? decision.option
    return { option, followed: option === decision.option, verdict: this.#verdictOf(decision) }
  }

  #verdictOf(decision: OpenDecision): Verdict | undefined {
    const own = this.#strongest(this.#standingVotes(decision.id))
    if (own !== undefined) return own
    const step = this.recorded?.data.steps.find((candidate) => candidate.decision === decision.id && candidate.reward !== undefined)
    if (step?.reward !== undefined) return { reward: Math.min(1, Math.max(0, step.reward)), weight: 1 }
    const whole = this.verdict
    if (whole !== undefined) return whole
    const { defaultReward, expiresAt } = decision
    const expired = expiresAt !== undefined && expiresAt <= this.#expiredUpTo
    return expired && defaultReward !== undefined ? { reward: defaultReward, weight: 1 } : undefined
  }

  /** Votes on the run, or on one decision of it, that count: not taken back, and the latest of each author at each level. */
  #standingVotes(decision: string | undefined): Vote[] {
    if (this.#votes.length === 0) return []
    const latest = new Map<string, Vote>()
    for (const vote of this.#votes) {
      if (vote.decision !== decision || this.#retracted.has(vote.id)) continue
      const key = `${vote.level} ${this.#authorOf(vote)}`
      // Deleted first: the map then lists votes in the order of their latest word.
      latest.delete(key)
      latest.set(key, vote)
    }
    return [...latest.values()]
  }

  /** Who casts a vote: people by name, and checks, hosts and models that are not named as one voice each. */
  #authorOf({ author, level }: Vote): string {
    if (author !== unnamedAuthor) return author
    return level === 'user' || level === 'correction' ? (this.user ?? unnamedAuthor) : `outcome:${level}`
  }

  #strongest(votes: readonly Vote[]): Verdict | undefined {
    for (const level of judgeLevels) {
      const heard = votes.filter((vote) => vote.level === level)
      if (heard.length === 0) continue
      const total = heard.reduce((sum, vote) => sum + this.#rewardOf(vote), 0)
      return { reward: total / heard.length, weight: this.#weights[level] }
    }
    return undefined
  }

  #rewardOf(vote: Vote): number {
    if (vote.reward !== undefined) return vote.reward
    const response = this.recorded?.data.response
    return response !== undefined && answerDigest(response) === answerDigest(vote.correction) ? 1 : 0
  }
}

const openDecision = (fact: FactOf<'decision.made'>): OpenDecision => ({
  id: fact.id,
  sequence: fact.sequence,
  point: fact.data.point,
  option: fact.data.option,
  propensity: fact.data.propensity,
  features: unpackFeatures(fact.data.features),
  state: fact.data.state,
  expiresAt: fact.data.expiresAt,
  defaultReward: fact.data.defaultReward,
  similarities: fact.data.similarities,
})

const votesOf = (fact: FactOf<'feedback.received'>): Vote[] => {
  const { author, rating, correction, outcome, decision } = fact.data
  const common = { id: fact.id, author, decision, sequence: fact.sequence }
  const votes: Vote[] = []
  if (rating !== undefined) votes.push({ ...common, level: 'user', reward: rating, correction: undefined })
  if (outcome !== undefined) votes.push({ ...common, level: outcome.judge, reward: outcome.reward, correction: undefined })
  if (correction !== undefined) votes.push({ ...common, level: 'correction', reward: undefined, correction })
  return votes
}

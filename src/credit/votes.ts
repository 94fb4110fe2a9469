import { comparable, type Payload, payloadOf } from '../log/blobs.ts'
import type { FactOf } from '../log/fact.ts'
import type { Verdict, Voice } from '../learn/learner.ts'

/** Who can judge a run, the strongest first; a stronger verdict replaces weaker ones, they never add up. */
export const judgeLevels = ['correction', 'check', 'user', 'host', 'model'] as const

/** One of {@link judgeLevels}. */
export type JudgeLevel = (typeof judgeLevels)[number]

/** How much a verdict of each level is believed, in (0, 1]. */
export type VerdictWeights = Readonly<Record<JudgeLevel, number>>

export const defaultVerdictWeights: VerdictWeights = { correction: 1, check: 1, user: 1, host: 0.7, model: 0.3 }

/** One word on a run, as it was given and as it counts. */
export interface CastVote {
  /** Id of the fact that says so. */
  readonly fact: string
  /** Undefined for a check, a host or a model that was not named, and for somebody unnamed who spoke of nobody's run. */
  readonly author: string | undefined
  readonly level: JudgeLevel
  /** In [0, 1]. */
  readonly reward: number
  /** The one decision that is meant; undefined when the whole run is. */
  readonly decision: string | undefined
  /** False when it was taken back, or when the same author said something else later. */
  readonly stands: boolean
}

interface Vote {
  /** Id of the fact that says so, and its place in the log. */
  readonly fact: string
  readonly sequence: number
  /** As it was given; undefined when none was named. */
  readonly author: string | undefined
  /** What told us, and who recorded the run where its record says so. */
  readonly source: string
  readonly agent: string | undefined
  /** For whom the run was recorded that says so itself. */
  readonly recordedFor: string | undefined
  readonly level: JudgeLevel
  readonly subject: Subject
  /** Undefined for a correction, whose reward depends on the response it is compared with. */
  readonly reward: number | undefined
  readonly correction: Payload | undefined
}

/** What the votes on a subject say, apart from which of them counts. */
export interface Testimony {
  /** What the strongest of correction, check, host and model says, in [0, 1]. */
  readonly success?: number
  /** Mean of the users' ratings, in [0, 1]. */
  readonly rating?: number
  readonly comments: readonly string[]
}

interface Comment {
  readonly fact: string
  readonly subject: Subject
  readonly text: string
}

/** Characters kept of a comment: enough to tell praise from blame. */
const longestComment = 1000

/** What a vote is on: a decision by its id, or the whole run. */
export type Subject = string | undefined

/** All votes on one subject. */
interface Ballot {
  /** In the order of the log. */
  readonly votes: Vote[]
  /** Whether the verdict is that of the votes; false when it has to be worked out anew. */
  counted: boolean
  verdict: Verdict | undefined
}

/**
 * All words on one run, by what they are on. The verdict on a subject is worked out when it is asked for, from the votes on that subject alone, and again
 * only after one of them, the user, or the response has changed.
 */
export class Votes {
  readonly #weights: VerdictWeights
  readonly #ballots = new Map<Subject, Ballot>()
  /** What each fact is on that says something. */
  readonly #subjects = new Map<string, Subject>()
  readonly #comments: Comment[] = []
  /** Ids of what was taken back; of hardly any run anything is. */
  #retracted: Set<string> | undefined
  /** Ids of the facts that take something back. */
  #retractions: Set<string> | undefined
  #user: string | undefined
  #response: Payload | undefined
  /** The response in the form in which it is compared: made when the first correction asks, which hardly any run sees. */
  #answer: string | undefined

  constructor(weights: VerdictWeights) {
    this.#weights = weights
  }

  /** What somebody says in a feedback. */
  hear(fact: FactOf<'feedback.received'>): void {
    const { author, rating, outcome, decision, comment } = fact.data
    const correction = payloadOf(fact, 'correction')
    const common = { fact: fact.id, sequence: fact.sequence, author, source: fact.source, agent: fact.agent, recordedFor: undefined, subject: decision, correction: undefined }
    if (comment !== undefined) {
      this.#comments.push({ fact: fact.id, subject: decision, text: comment.slice(0, longestComment) })
      this.#subjects.set(fact.id, decision)
    }
    if (rating !== undefined) this.#add({ ...common, level: 'user', reward: rating })
    if (outcome !== undefined) this.#add({ ...common, level: outcome.judge, reward: outcome.reward })
    if (correction !== undefined) this.#add({ ...common, level: 'correction', reward: undefined, correction })
  }

  /** What the record of the run itself says of how it went. */
  hearRecord(fact: FactOf<'run.recorded'>): void {
    this.#response = payloadOf(fact, 'response')
    this.#answer = undefined
    // Every correction may be met by this response.
    this.#countAgain()
    const { outcome } = fact.data
    const reward = outcome?.score ?? (outcome?.success === undefined ? undefined : Number(outcome.success))
    if (outcome === undefined || reward === undefined) return
    const common = { fact: fact.id, sequence: fact.sequence, source: fact.source, agent: fact.agent, recordedFor: fact.user, subject: undefined, correction: undefined }
    // No name: a user's own word in the record and in a feedback are one vote of one person, and so are two words of a check.
    this.#add({ ...common, author: undefined, level: outcome.judge, reward })
  }

  #add(vote: Vote): void {
    const ballot = this.#ballots.get(vote.subject)
    if (ballot === undefined) this.#ballots.set(vote.subject, { votes: [vote], counted: false, verdict: undefined })
    else {
      ballot.votes.push(vote)
      ballot.counted = false
    }
    this.#subjects.set(vote.fact, vote.subject)
  }

  #countAgain(): void {
    for (const ballot of this.#ballots.values()) ballot.counted = false
  }

  /** Takes back what a fact said, also before it says so. */
  retract(fact: string, by: string): void {
    this.#retracted = (this.#retracted ?? new Set()).add(fact)
    this.#retractions = (this.#retractions ?? new Set()).add(by)
    const ballot = this.#ballots.get(this.#subjects.get(fact))
    if (ballot !== undefined) ballot.counted = false
  }

  /** Whose run it is: whoever votes without a name is taken for them. */
  set user(user: string | undefined) {
    if (user === this.#user) return
    this.#user = user
    this.#countAgain()
  }

  /** Whether a fact of this id has said something, taken something back, or been taken back. */
  hasHeard(fact: string): boolean {
    return this.#subjects.has(fact) || this.#isRetracted(fact) || this.#retractions?.has(fact) === true
  }

  /** What the votes of a fact are on; empty while it has none here. */
  subjectsOf(fact: string): readonly Subject[] {
    return this.#subjects.has(fact) ? [this.#subjects.get(fact)] : []
  }

  /** The verdict on a decision, or on the whole run; undefined while nobody has judged it. */
  verdictOn(subject: Subject): Verdict | undefined {
    const ballot = this.#ballots.get(subject)
    if (ballot === undefined) return undefined
    if (!ballot.counted) {
      ballot.verdict = this.#strongest(this.#standing(ballot))
      ballot.counted = true
    }
    return ballot.verdict
  }

  /** Everybody's word on the whole run that stands, also of those who are not heard because a stronger one was; empty while nobody has judged it. */
  get voices(): readonly Voice[] {
    const ballot = this.#ballots.get(undefined)
    return (ballot === undefined ? [] : this.#standing(ballot)).map((vote) => ({
      source: vote.source,
      agent: vote.agent,
      user: this.#authorOf(vote) ?? vote.recordedFor,
      reward: this.#rewardOf(vote),
      weight: this.#weights[vote.level],
    }))
  }

  /** What the votes on a subject say each by itself, for rewards that look at more than the strongest. */
  testimonyOn(subject: Subject): Testimony {
    const ballot = this.#ballots.get(subject)
    const votes = ballot === undefined ? [] : this.#standing(ballot)
    const success = this.#strongest(votes.filter(({ level }) => level !== 'user'))?.reward
    const rating = this.#strongest(votes.filter(({ level }) => level === 'user'))?.reward
    const comments = this.#comments.filter((comment) => comment.subject === subject && !this.#isRetracted(comment.fact)).map(({ text }) => text)
    return { comments, ...(success === undefined ? {} : { success }), ...(rating === undefined ? {} : { rating }) }
  }

  /** Whether anybody has said anything of how something went, whatever became of it. */
  get any(): boolean {
    return this.#ballots.size > 0
  }

  /** The right answer of the whole run: what most authors gave as their latest word, among equals what was said last. Undefined without one that stands. */
  get correction(): Payload | undefined {
    const ballot = this.#ballots.get(undefined)
    const answers = ballot === undefined ? [] : this.#standing(ballot).flatMap(({ correction }) => correction ?? [])
    return answers.length > 1 ? mostGiven(answers) : answers[0]
  }

  /** Every word, in the order of the log. */
  get cast(): readonly CastVote[] {
    const ballots = [...this.#ballots.values()]
    const standing = new Set(ballots.flatMap((ballot) => this.#standing(ballot)))
    const all = ballots.flatMap(({ votes }) => votes).sort((left, right) => left.sequence - right.sequence)
    return all.map((vote) => ({
      fact: vote.fact,
      author: this.#authorOf(vote),
      level: vote.level,
      reward: this.#rewardOf(vote),
      decision: vote.subject,
      stands: standing.has(vote),
    }))
  }

  /** Votes that count: not taken back, and the latest of each author at each level. */
  #standing({ votes }: Ballot): readonly Vote[] {
    const [only] = votes
    // Most runs are judged once.
    if (votes.length === 1 && only !== undefined && !this.#isRetracted(only.fact)) return votes
    const latest = new Map<string, Vote>()
    for (const vote of votes) {
      if (this.#isRetracted(vote.fact)) continue
      // No name is empty: whoever is not named is one voice, and nobody can be called like it.
      const key = `${vote.level} ${this.#authorOf(vote) ?? ''}`
      // Deleted first: the map then lists votes in the order of their latest word.
      latest.delete(key)
      latest.set(key, vote)
    }
    return [...latest.values()]
  }

  #isRetracted(fact: string): boolean {
    return this.#retracted?.has(fact) === true
  }

  /** Who casts a vote: whoever is named; a person who is not is the user of the run. */
  #authorOf({ author, level }: Vote): string | undefined {
    return author ?? (level === 'user' || level === 'correction' ? this.#user : undefined)
  }

  #strongest(votes: readonly Vote[]): Verdict | undefined {
    const [only] = votes
    if (votes.length === 1 && only !== undefined) return { reward: this.#rewardOf(only), weight: this.#weights[only.level] }
    for (const level of judgeLevels) {
      const heard = votes.filter((vote) => vote.level === level)
      if (heard.length === 0) continue
      const total = heard.reduce((sum, vote) => sum + this.#rewardOf(vote), 0)
      return { reward: total / heard.length, weight: this.#weights[level] }
    }
    return undefined
  }

  #rewardOf({ reward, correction }: Vote): number {
    if (reward !== undefined) return reward
    if (correction === undefined || this.#response === undefined) return 0
    this.#answer ??= comparable(this.#response)
    return comparable(correction) === this.#answer ? 1 : 0
  }
}

/** The answer that is given most often, by content; among equals the one that is given last. */
const mostGiven = (answers: readonly Payload[]): Payload | undefined => {
  const alike = Map.groupBy(answers, comparable)
  const most = Math.max(...[...alike.values()].map(({ length }) => length))
  return answers.findLast((answer) => alike.get(comparable(answer))?.length === most)
}

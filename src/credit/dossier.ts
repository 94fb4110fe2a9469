import { type Payload, payloadOf } from '../log/blobs.ts'
import type { Fact, FactData, FactOf } from '../log/fact.ts'
import { type PackedFeatures, unpackFeatures } from '../log/packed.ts'
import type { Assigned, Features, Verdict, Voice } from '../learn/learner.ts'
import { type Numbers, numbersOf } from '../log/numbers.ts'
import { AutodidactError } from '../errors.ts'
import { openingOf } from './opening.ts'
import { type Evidence, numberOf, partsOf, type Reward } from './reward.ts'
import { type CreditRules, defaultRules } from './rules.ts'
import { type CastVote, type Subject, Votes } from './votes.ts'

/** What is kept of a decision until its run ends and after. */
export class OpenDecision {
  readonly id: string
  readonly sequence: number
  /** For whom it was decided. */
  readonly user: string | undefined
  readonly point: string
  readonly option: string
  readonly propensity: number
  readonly state: string | undefined
  /** When it counts as its default reward, if nobody has judged it by then; milliseconds since 1970-01-01 UTC. */
  readonly expiresAt: number | undefined
  readonly defaultReward: number | undefined
  /** Similarity of the task to an option's description, by option id; an option that is not there has 0. */
  readonly similarities: Readonly<Record<string, number>>
  /** Ids of all options offered, where somebody wants to know. */
  readonly options: readonly string[] | undefined
  readonly #context: FactData['decision.made']['context']
  readonly experiment: Assigned | undefined
  readonly #packed: PackedFeatures
  #features: Features | undefined

  constructor({ id, sequence, user, data }: FactOf<'decision.made'>, options?: readonly string[]) {
    this.id = id
    this.sequence = sequence
    this.user = user
    this.point = data.point
    this.option = data.option
    this.propensity = data.propensity
    this.state = data.state
    this.expiresAt = data.expiresAt
    this.defaultReward = data.defaultReward
    this.similarities = data.similarities
    this.options = options
    this.#context = data.context
    this.experiment = data.experiment
    this.#packed = data.features
  }

  /** The numbers of the situation, by name. */
  get context(): Numbers | undefined {
    return numbersOf(this.#context)
  }

  /** Unpacked when they are first asked for: who learns needs them, who only writes to the run does not. */
  get features(): Features {
    this.#features ??= unpackFeatures(this.#packed)
    return this.#features
  }
}

type Recorded = FactOf<'run.recorded'>

/** Ids of the options of a stored set, by its key. */
export type OptionsOf = (optionSet: string) => readonly string[] | undefined

type Trial = NonNullable<FactData['advice.given']['trial']>

/** The choice point whose option is the approach of a run that tells none. */
const approachPoint = 'approach'

/** Most runs decide nothing, and are shown nothing. */
const none: readonly never[] = []

/** A deadline that has not passed, and the decision that has it; none for that of an advice. */
interface Waiting {
  readonly expiresAt: number
  readonly decision: OpenDecision | undefined
}

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
  /** What each advice has shown; most runs have none. */
  #shownBy: Map<string, readonly string[]> | undefined
  /** What of the knowledge for a run was left out by a draw, by advice; most runs have none. */
  #trials: Map<string, Trial> | undefined
  readonly #rules: CreditRules
  readonly #optionsOf: OptionsOf | undefined
  readonly #votes: Votes
  /** The reward that the record gives for the step that a decision chose, the first where there are several. */
  #stepRewards: Map<string, number> | undefined
  /** The earliest first. */
  readonly #waiting: Waiting[] = []
  /** Deadlines up to here have passed without a verdict. */
  #expiredUpTo = -Infinity
  #advisedUser: string | undefined
  #namespace = ''
  #thin = false
  /** How many decisions there were when something was last said of how the run went. */
  #episodic = 0

  /** @param optionsOf only for who wants episodes */
  constructor(run: string, rules: CreditRules = defaultRules, optionsOf?: OptionsOf) {
    this.run = run
    this.#rules = rules
    this.#optionsOf = optionsOf
    this.#votes = new Votes(rules.weights)
  }

  /** All that the facts of a run say, given in the order of the log. */
  static of(run: string, facts: readonly Fact[], rules: CreditRules = defaultRules): Dossier {
    const dossier = new Dossier(run, rules)
    for (const fact of facts) dossier.add(fact)
    return dossier
  }

  /** Folds one fact of the run; facts at or before the last one are already in and are left out. */
  add(fact: Fact): void {
    if (fact.sequence <= this.lastSequence) return
    this.lastSequence = fact.sequence
    this.#namespace = fact.namespace
    if (fact.kind === 'advice.given' || fact.kind === 'decision.made') this.#advisedUser ??= fact.user
    if (fact.kind === 'advice.given') this.#advise(fact)
    else if (fact.kind === 'decision.made') this.#decide(new OpenDecision(fact, this.#optionsOf?.(fact.data.optionSet)))
    else if (fact.kind === 'run.recorded') this.#record(fact)
    else if (fact.kind === 'run.expired') this.#expire(fact)
    else if (fact.kind === 'feedback.received') this.#votes.hear(fact)
    else if (fact.kind === 'feedback.retracted') this.#votes.retract(fact.data.feedback, fact.id)
    this.#votes.user = this.user
    if (fact.kind !== 'advice.given' && fact.kind !== 'decision.made') this.#episodic = this.decisions.size
  }

  #advise(fact: FactOf<'advice.given'>): void {
    this.#shownBy ??= new Map()
    this.#shownBy.set(fact.id, fact.data.items.map((item) => item.id))
    if (fact.data.trial !== undefined) {
      this.#trials ??= new Map()
      this.#trials.set(fact.id, fact.data.trial)
    }
    this.#await(fact.data.expiresAt, undefined)
  }

  #decide(decision: OpenDecision): void {
    this.decisions.set(decision.id, decision)
    this.#await(decision.expiresAt, decision)
  }

  #await(expiresAt: number | undefined, decision: OpenDecision | undefined): void {
    if (expiresAt === undefined || expiresAt <= this.#expiredUpTo) return
    // From the end, where nearly every new deadline belongs.
    this.#waiting.splice(this.#waiting.findLastIndex((other) => other.expiresAt <= expiresAt) + 1, 0, { expiresAt, decision })
  }

  #expire(fact: FactOf<'run.expired'>): void {
    this.expiredBy = fact.id
    this.#expiredUpTo = Math.max(this.#expiredUpTo, fact.data.deadline)
    this.#waiting.splice(0, this.#expiringAt(fact.data.deadline))
  }

  /** How many deadlines a time passes. */
  #expiringAt(time: number): number {
    const first = this.#waiting.findIndex(({ expiresAt }) => expiresAt > time)
    return first === -1 ? this.#waiting.length : first
  }

  #record(fact: Recorded): void {
    this.recorded = fact
    for (const { decision, reward } of fact.data.steps) {
      if (decision === undefined || reward === undefined || this.#stepRewards?.has(decision) === true) continue
      this.#stepRewards ??= new Map()
      this.#stepRewards.set(decision, reward)
    }
    this.#votes.hearRecord(fact)
  }

  /**
   * The decisions whose worth a fact of this run may change that is not folded in yet, in the order in which they were made. A decision that the fact makes
   * is not among them.
   */
  reachOf(fact: Fact): readonly OpenDecision[] {
    if (fact.kind === 'run.expired') {
      const expiring = this.#waiting.slice(0, this.#expiringAt(fact.data.deadline)).flatMap(({ decision }) => decision ?? [])
      return expiring.sort((left, right) => left.sequence - right.sequence)
    }
    if (fact.kind === 'feedback.received') return this.#reachOf(fact.data.decision)
    if (fact.kind === 'feedback.retracted') return this.#votes.subjectsOf(fact.data.feedback).flatMap((subject) => this.#reachOf(subject))
    if (fact.kind === 'run.recorded') return this.#allDecisions()
    // With the user, whoever voted without a name becomes known.
    const namesUser = (fact.kind === 'advice.given' || fact.kind === 'decision.made') && this.#advisedUser === undefined && fact.user !== undefined
    return namesUser ? this.#allDecisions() : none
  }

  #reachOf(subject: Subject): readonly OpenDecision[] {
    if (subject === undefined) return this.#allDecisions()
    const decision = this.decisions.get(subject)
    return decision === undefined ? none : [decision]
  }

  #allDecisions(): readonly OpenDecision[] {
    return this.decisions.size === 0 ? none : [...this.decisions.values()]
  }

  /** Whose run it is: the user it was recorded for, or until then the one it was advised for. */
  get user(): string | undefined {
    return this.recorded === undefined ? this.#advisedUser : this.recorded.user
  }

  /** When the run next expires if nobody judges it; undefined when no deadline is open. */
  get deadline(): number | undefined {
    return this.#waiting[0]?.expiresAt
  }

  /**
   * Lets go of what no verdict needs: all but the beginning of the task, the inputs and outputs of steps, the takeaway. For dossiers that stay in memory by
   * the thousand; what is worth remembering about a run is then read from its fact.
   */
  thin(): void {
    if (this.#thin || this.recorded === undefined) return
    this.#thin = true
    const { task, features, topic, advice, category, type, dependencies, effort, approach, factors, response, outcome, durationMs, taken, used, steps } = this.recorded.data
    const blobs = this.recorded.blobs?.filter(({ place }) => place[0] === 'response')
    const thinSteps = steps.map(({ action, ok, decision, state, reward, terminated, truncated }) => ({ action, ok, decision, state, reward, terminated, truncated }))
    const data = { task: openingOf(task), features, topic, advice, category, type, dependencies, effort, approach, factors, response, outcome, durationMs, taken, used, steps: thinSteps }
    this.recorded = { ...this.recorded, data, blobs }
  }

  /** What the agent answered. */
  get response(): Payload | undefined {
    return this.recorded === undefined ? undefined : payloadOf(this.recorded, 'response')
  }

  /** The right answer, as most of those who corrected the run have it. */
  get correction(): Payload | undefined {
    return this.#votes.correction
  }

  /** Whether the advice of this run was used, and what it had shown. */
  get shown(): readonly string[] {
    if (this.recorded === undefined) return none
    const { advice, used } = this.recorded.data
    if (used !== undefined) return used
    return advice === undefined ? none : (this.#shownBy?.get(advice) ?? none)
  }

  /** Which knowledge was shown, and which left out, by a draw alone: whatever the agent used of it. */
  get trial(): Trial | undefined {
    const advice = this.recorded?.data.advice
    return advice === undefined ? undefined : this.#trials?.get(advice)
  }

  /** How the agent went about it: as it was recorded, or what was taken at the choice point `approach`; of several the last. */
  get approach(): string | undefined {
    const recorded = this.recorded?.data.approach
    if (recorded !== undefined || this.decisions.size === 0) return recorded
    const chosen = [...this.decisions.values()].findLast(({ point }) => point === approachPoint)
    return chosen === undefined ? undefined : this.takenAt(chosen)
  }

  /** The verdict on the run; undefined while nobody has judged it. */
  get verdict(): Verdict | undefined {
    return this.#votes.verdictOn(undefined)
  }

  /** Everybody's word on the recorded run that stands, whether or not a stronger one was heard. */
  get voices(): readonly Voice[] {
    return this.recorded === undefined ? [] : this.#votes.voices
  }

  /** Whether the feedback of an id is in, or one that takes it back, or takes something back itself. */
  hasHeard(feedback: string): boolean {
    return this.#votes.hasHeard(feedback)
  }

  /** Every word on the run or on one of its decisions, in the order of the log. */
  get votes(): readonly CastVote[] {
    return this.#votes.cast
  }

  /** What became of a decision: the option really taken, and what it earned as far as is known. */
  settlementOf(decision: OpenDecision): { readonly option: string; readonly followed: boolean; readonly verdict: Verdict | undefined } {
    const option = this.takenAt(decision)
    return { option, followed: option === decision.option, verdict: this.#verdictOf(decision) }
  }

  /** The option really taken: as the record says, or as it was decided. */
  takenAt(decision: OpenDecision): string {
    const taken = this.recorded?.data.taken ?? {}
    // Own keys only: a choice point may be called "constructor".
    const key = [decision.id, decision.point].find((candidate) => Object.hasOwn(taken, candidate))
    return (key === undefined ? undefined : taken[key]) ?? decision.option
  }

  #verdictOf(decision: OpenDecision): Verdict | undefined {
    const own = this.#votesOn(decision)
    if (own !== undefined) return own
    const step = this.#stepRewards?.get(decision.id)
    if (step !== undefined) return { reward: Math.min(1, Math.max(0, step)), weight: 1 }
    return this.worthAt(decision.point) ?? this.#default(decision)
  }

  /** What a decision alone earned, whatever the run did: a verdict on it, the reward of its step in any unit, or the default of its deadline. */
  ownWorthOf(decision: OpenDecision): Verdict | undefined {
    const own = this.#votesOn(decision)
    if (own !== undefined) return own
    const step = this.#stepRewards?.get(decision.id)
    if (step !== undefined) return { reward: step, weight: 1 }
    return this.verdict === undefined ? this.#default(decision) : undefined
  }

  /** What the whole run is worth to the decisions of a choice point. */
  worthAt(point: string): Verdict | undefined {
    return this.#rewarded(point, undefined)
  }

  #votesOn({ id, point }: OpenDecision): Verdict | undefined {
    return this.#rewarded(point, id)
  }

  #default({ defaultReward, expiresAt }: OpenDecision): Verdict | undefined {
    const expired = expiresAt !== undefined && expiresAt <= this.#expiredUpTo
    return expired && defaultReward !== undefined ? { reward: defaultReward, weight: 1 } : undefined
  }

  /** The verdict on a subject, with the reward that the choice point makes of all that is known. */
  #rewarded(point: string, subject: Subject): Verdict | undefined {
    const verdict = this.#votes.verdictOn(subject)
    const reward = this.#rules.rewardAt(point)
    if (verdict === undefined || reward === undefined) return verdict
    const worth = this.#worth(point, reward, this.#evidence(verdict, subject))
    return worth === undefined ? undefined : { reward: Math.min(1, Math.max(0, worth)), weight: verdict.weight }
  }

  #evidence(verdict: Verdict, subject: Subject): Evidence {
    const { durationMs, outcome, steps = [] } = this.recorded?.data ?? {}
    return {
      verdict: verdict.reward,
      ...this.#votes.testimonyOn(subject),
      steps: steps.length,
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(outcome?.cost === undefined ? {} : { cost: outcome.cost }),
      ...(outcome?.tokens === undefined ? {} : { tokens: outcome.tokens }),
    }
  }

  /**
   * What the run earned as a whole, and what that was made of: by the reward of the choice point at which it was first decided, or that of the instance. Undefined while
   * nobody has judged it; without parts where the verdict is the reward.
   */
  get earned(): (Verdict & { readonly parts?: Readonly<Record<string, number>> }) | undefined {
    const [first] = this.decisions.values()
    const point = first?.point ?? ''
    const verdict = this.verdict
    const worth = this.worthAt(point)
    if (verdict === undefined || worth === undefined) return undefined
    const reward = this.#rules.rewardAt(point)
    return reward === undefined ? worth : { ...worth, parts: this.#parts(point, reward, this.#evidence(verdict, undefined)) }
  }

  /** What a reward is made of; the verdict alone, and noted for whoever decides at the point next, where it does not say. */
  #parts(point: string, reward: Reward, evidence: Evidence): Readonly<Record<string, number>> {
    try {
      return partsOf(reward, evidence, ` for run "${this.run}"`)
    } catch (error) {
      if (!AutodidactError.is(error)) throw error
      this.#rules.refused.refuse(this.#namespace, point, this.run, error)
      return { verdict: evidence.verdict }
    }
  }

  /** What a reward gives; undefined, and noted for whoever decides at the point next, where that is no number. */
  #worth(point: string, reward: Reward, evidence: Evidence): number | undefined {
    const { refused } = this.#rules
    try {
      const worth = numberOf(reward, evidence, ` for run "${this.run}"`)
      refused.accept(this.#namespace, point, this.run)
      return worth
    } catch (error) {
      // Nobody else throws here; a reward of somebody's own must not end what is learned from all other runs.
      if (!AutodidactError.is(error)) throw error
      refused.refuse(this.#namespace, point, this.run, error)
      return undefined
    }
  }

  /** Whether there is anything from which a worth could follow: cheap, for who asks before each fact. */
  get judged(): boolean {
    return this.#votes.any || this.#stepRewards !== undefined || this.#expiredUpTo > -Infinity
  }

  /** The decisions that were made before something was last said of how the run went: what came after belongs to no episode yet. */
  get episodic(): readonly OpenDecision[] {
    return [...this.decisions.values()].slice(0, this.#episodic)
  }
}

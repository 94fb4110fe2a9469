import { viewFor } from '../decide/policy-view.ts'
import { loggedAsk, optionsIn } from '../decide/logged-ask.ts'
import type { Ask, Distribution, Option, Policy } from '../decide/policy.ts'
import { unpackProbabilities } from '../decide/probabilities.ts'
import { seededRandom } from '../decide/random.ts'
import { Fold } from '../learn/fold.ts'
import type { DecisionSettled, Experience, ExperienceKind } from '../learn/learner.ts'
import { replay } from '../learn/replay.ts'
import { whole } from '../log/blobs.ts'
import type { FactOf } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import type { Warning } from '../warning.ts'
import type { LoggedReward } from './estimators/sample.ts'
import type { DecisionCounts } from './evaluation.ts'
import { type Pooled, type PooledReward, pooled } from './pooled.ts'
import { CrossFittedRewards } from './reward-model.ts'

/** What one policy would have done at the decisions of a log. */
export interface PolicySample {
  /** One of each run: {@link pooled}. */
  readonly rewards: readonly PooledReward[]
  /** Share of its choices that had probability 0 in the log. */
  readonly unsupported: number
  /** Mean of what the square of each weight was expected to be before the options were drawn: 1 + χ² of the two policies, whatever was drawn then. */
  readonly expectedSquare: number
  /** True where the policy knows what was drawn: its weights need not average what they would otherwise. */
  readonly inHindsight: boolean
}

/** A choice point's decisions as they were made, and as the policy in question would have weighed them. */
export interface LoggedDecisions {
  readonly counts: DecisionCounts
  /** With what had been learned before each decision. */
  readonly progressive: PolicySample
  /** With what is known at the end; undefined for policies that learn nothing. */
  readonly hindsight: PolicySample | undefined
  /** Why the policy could do at none of the decisions what its settings say. */
  readonly warning: Warning | undefined
  /** Ids of options that were offered, each once. */
  readonly offered: readonly string[]
}

/** A decision as another policy would have weighed it; without its reward, which comes later. */
interface Weighed extends Omit<LoggedReward, 'reward'> {
  readonly unsupported: number
  readonly expectedSquare: number
  readonly warning: Warning | undefined
}

interface Row {
  readonly run: string
  readonly usable: boolean
  readonly estimated: boolean
  readonly progressive: Weighed | undefined
  readonly hindsight: Weighed | undefined
  reward: number | undefined
  followed: boolean
}

type Made = FactOf<'decision.made'>

/** What is read between the two readings. */
interface Stored {
  readonly optionSets: ReadonlyMap<string, readonly Option[]>
  /** Places of the options of probability 0, by decision, of the decisions whose probabilities lie in a blob. */
  readonly impossible: ReadonlyMap<string, readonly number[]>
}

/** Places of the options that could not be drawn. */
const impossibleIn = (probabilities: Distribution): number[] => [...probabilities.keys()].filter((place) => !((probabilities[place] ?? 0) > 0))

/** E w² before the draw, Σ π² / p over the options that could be drawn. */
const expectedSquareOf = (policy: Distribution, probabilities: Distribution): number =>
  policy.reduce((sum, share, place) => {
    const probability = probabilities[place] ?? 0
    return probability > 0 ? sum + share ** 2 / probability : sum
  }, 0)

/** What the first reading finds. */
interface FirstReading {
  readonly optionSets: Set<string>
  readonly rewardModel: CrossFittedRewards
  /** Decisions whose probabilities are so many that they lie in a blob. */
  readonly long: Made[]
  /** Facts after this one came while reading, and are left for another time. */
  lastSequence: number
}

/**
 * Reads a log twice: first to learn the reward model and to see which option sets there are, then to put every question of a choice point to the policy, with
 * what its learner had folded before that decision. Holds a small row for each decision of the point.
 */
export class LogReader {
  readonly #scope: Scope
  readonly #point: string
  readonly #policy: Policy

  constructor(scope: Scope, point: string, policy: Policy) {
    this.#scope = scope
    this.#point = point
    this.#policy = policy
  }

  /** @throws AutodidactError `UNKNOWN_LEARNER`, and what the storage throws */
  async read(): Promise<LoggedDecisions> {
    const first = await this.#first()
    return this.#second(first, await this.#stored(first))
  }

  async #stored({ optionSets: keys, long }: FirstReading): Promise<Stored> {
    const { storage, namespace } = this.#scope
    const optionSets = new Map<string, readonly Option[]>()
    for (const key of keys) {
      const set = await storage.optionSet(namespace, key)
      if (set !== undefined) optionSets.set(key, optionsIn(set))
    }
    const impossible = new Map<string, readonly number[]>()
    for (const fact of long) {
      const { data } = await whole(storage, fact, ['probabilities'])
      impossible.set(fact.id, impossibleIn(unpackProbabilities(data.probabilities, optionSets.get(data.optionSet)?.length ?? 0)))
    }
    return { optionSets, impossible }
  }

  async #first(): Promise<FirstReading> {
    const found: FirstReading = { optionSets: new Set(), rewardModel: new CrossFittedRewards(), long: [], lastSequence: 0 }
    await this.#replay(['decision.made', 'decision.settled'], (experience) => {
      found.lastSequence = experience.sequence
      if (experience.kind === 'decision.made' && experience.data.point === this.#point) {
        found.optionSets.add(experience.data.optionSet)
        if (experience.blobs !== undefined) found.long.push(experience)
      }
      if (experience.kind === 'decision.settled' && experience.point === this.#point) found.rewardModel.learn(experience)
    })
    return found
  }

  async #second({ rewardModel, lastSequence }: FirstReading, stored: Stored): Promise<LoggedDecisions> {
    const present = await viewFor(this.#scope, this.#policy)
    const learner = this.#policy.learner === undefined ? undefined : this.#scope.runner.learnerNamed(this.#policy.learner)
    const fold = learner === undefined ? undefined : new Fold(learner)
    const rows = new Map<string, Row>()
    const settle = ({ decision, followed, current }: DecisionSettled): void => {
      const row = rows.get(decision)
      if (row === undefined) return
      row.followed = followed
      row.reward = current?.reward
    }
    const kinds = new Set<ExperienceKind>(['decision.made', 'decision.settled', ...(learner?.handles ?? [])])
    await this.#replay([...kinds], (experience) => {
      if (experience.sequence > lastSequence) return
      if (experience.kind === 'decision.made' && experience.data.point === this.#point) {
        const weighedBy = (view: unknown): Weighed | undefined => this.#weighed(experience, stored, rewardModel, view)
        const progressive = weighedBy(fold?.view())
        rows.set(experience.id, {
          run: experience.run ?? experience.id,
          usable: progressive !== undefined,
          estimated: experience.data.estimated,
          progressive,
          hindsight: fold === undefined ? undefined : weighedBy(present),
          reward: undefined,
          followed: true,
        })
      }
      fold?.learn(experience)
      if (experience.kind === 'decision.settled' && experience.point === this.#point) settle(experience)
    })
    return { ...summarized([...rows.values()]), offered: [...new Set([...stored.optionSets.values()].flatMap((options) => options.map(({ id }) => id)))] }
  }

  /** Undefined where what was logged does not suffice. */
  #weighed(fact: Made, { optionSets, impossible }: Stored, rewardModel: CrossFittedRewards, view: unknown): Weighed | undefined {
    const { data } = fact
    const options = optionSets.get(data.optionSet)
    const { index, propensity } = data
    if (options === undefined || !(propensity > 0)) return undefined
    const ask: Ask = loggedAsk(data, options)
    const policy = this.#policy.weigh(view, ask, seededRandom(data.seed))
    const expected = rewardModel.expected(fact.run ?? fact.id, ask)
    const warning = this.#policy.warning?.(ask)
    // What it would have done in the place of what its settings say is nothing that anybody asks about.
    const weight = warning === undefined ? (policy[index] ?? 0) / propensity : 0
    const apart = impossible.get(fact.id)
    const probabilities = apart === undefined ? unpackProbabilities(data.probabilities, options.length) : undefined
    const unsupported = apart ?? impossibleIn(probabilities ?? new Float64Array())
    return {
      warning,
      weight,
      // Thousands of probabilities are not kept for each decision. The square that was drawn is right on average.
      expectedSquare: probabilities === undefined || warning !== undefined ? weight ** 2 : expectedSquareOf(policy, probabilities),
      predicted: expected[index] ?? 0,
      expected: policy.reduce((sum, weight, place) => sum + weight * (expected[place] ?? 0), 0),
      unsupported: warning === undefined ? unsupported.reduce((sum, place) => sum + (policy[place] ?? 0), 0) : 1,
    }
  }

  #replay(kinds: readonly ExperienceKind[], visit: (experience: Experience) => void): Promise<void> {
    const { storage, namespace, settings } = this.#scope
    return replay({ storage, namespace, credit: settings.credit }, kinds, visit)
  }
}

/** What is expected of a policy where it could do what its settings say; stands also where it could not, of which nobody asks. */
const typicallyExpected = (weighed: readonly Weighed[]): number => {
  const possible = weighed.filter(({ warning }) => warning === undefined)
  return possible.length === 0 ? 0 : possible.reduce((sum, { expected }) => sum + expected, 0) / possible.length
}

const summarized = (rows: readonly Row[]): Omit<LoggedDecisions, 'offered'> => {
  const judged = rows.filter(({ reward }) => reward !== undefined)
  const followed = judged.filter((row) => row.followed)
  const used = followed.filter(({ usable }) => usable)
  const byRun = Map.groupBy(used, ({ run }) => run)
  const sampleOf = (which: 'progressive' | 'hindsight'): PolicySample => {
    const typical = typicallyExpected(used.flatMap((row) => row[which] ?? []))
    const runs = [...byRun.values()].flatMap((rowsOfRun) => {
      const decisions = rowsOfRun.flatMap(({ [which]: weighed, reward = 0 }) =>
        weighed === undefined ? [] : [{ ...weighed, reward, expected: weighed.warning === undefined ? weighed.expected : typical }],
      )
      return decisions.length === 0 ? [] : [pooled(decisions)]
    })
    const mean = (term: (one: Pooled) => number): number => (runs.length === 0 ? 0 : runs.reduce((sum, one) => sum + term(one), 0) / runs.length)
    return {
      rewards: runs.map(({ reward }) => reward),
      unsupported: mean(({ unsupported }) => unsupported),
      expectedSquare: mean(({ expectedSquare }) => expectedSquare),
      inHindsight: which === 'hindsight',
    }
  }
  return {
    counts: {
      decisions: rows.length,
      judged: judged.length,
      followed: followed.length,
      used: used.length,
      runs: byRun.size,
      estimated: used.filter(({ estimated }) => estimated).length,
    },
    progressive: sampleOf('progressive'),
    hindsight: used.some(({ hindsight }) => hindsight !== undefined) ? sampleOf('hindsight') : undefined,
    warning: rows.every(({ progressive }) => progressive === undefined || progressive.warning !== undefined) ? rows.findLast(({ progressive }) => progressive !== undefined)?.progressive?.warning : undefined,
  }
}

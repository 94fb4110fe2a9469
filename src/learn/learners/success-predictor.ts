import { AutodidactError } from '../../errors.ts'
import type { Experience, Learner, RunSettled, Verdict } from '../learner.ts'

/** What is known of a run before it is done. */
export interface RunToCome {
  readonly agent?: string
  /** Kind of the task, where the host knows it. */
  readonly category?: string
}

/** How likely a run is to succeed. */
export interface SuccessPrediction {
  /** In (0, 1). */
  readonly probability: number
  /** The same for any run, whoever does whatever. */
  readonly baseRate: number
  /** Judged runs of this agent on this kind of task. */
  readonly runs: number
  /** Share of the prediction that the agent and the kind of task have a say in, in [0, 1]: 0 where they have told nothing so far. */
  readonly signal: number
}

export interface SuccessPredictorView {
  predict(run?: RunToCome): SuccessPrediction
}

/** Sums over judged runs: of weights, and of weight · reward. */
interface Counts {
  weight: number
  reward: number
  runs: number
}

/** Names of the groups that a run belongs to: of its kind of task, of its agent, and of both together. One without them is in the group of those without. */
const groupsOf = ({ agent, category }: Pick<RunSettled, 'agent' | 'category'>): readonly [category: string, agent: string, both: string] => {
  const [who, what] = [JSON.stringify(agent ?? null), JSON.stringify(category ?? null)]
  return [`["category",${what}]`, `["agent",${who}]`, `["both",${who},${what}]`]
}

/** How many runs at the base rate every group begins with. */
const strengths = [4, 16, 64] as const

/** Experts: the base rate alone, then each of the three groups with each strength. */
const experts = 1 + 3 * strengths.length

/** Of the prior weight the half belongs to the base rate. */
const priorWeights = Array.from({ length: experts }, (_, place) => (place === 0 ? 0.5 : 0.5 / (experts - 1)))

/** Groups that are kept, about 100 bytes each; of more, the one with the fewest runs is dropped, and of these the one known longest. */
const mostGroups = 4096

const mostWithdrawn = 1024

export interface SuccessPredictorState {
  readonly all: Counts
  readonly groups: Map<string, Counts>
  /** Logarithms of the likelihood that each expert gave to what then happened; the greatest is 0. */
  readonly likelihoods: number[]
  /** The latest runs whose verdict was withdrawn: their experts were judged already. */
  readonly withdrawn: Set<string>
}

const none: Readonly<Counts> = { weight: 0, reward: 0, runs: 0 }

/** Mean of the Beta distribution with one success and one failure assumed. */
const baseRateOf = ({ all }: SuccessPredictorState): number => (all.reward + 1) / (all.weight + 2)

/** @param chances filled anew by each call, for whoever asks often */
const predictions = (state: SuccessPredictorState, groups: readonly string[], chances: number[] = []): readonly number[] => {
  const base = baseRateOf(state)
  chances.length = 0
  chances.push(base)
  for (const group of groups) {
    const { weight, reward } = state.groups.get(group) ?? none
    // A group that was dropped and came back may be told of a run that it does not know: its sums stay those of a rate.
    const runs = Math.max(0, weight)
    for (const strength of strengths) chances.push((Math.min(runs, Math.max(0, reward)) + strength * base) / (runs + strength))
  }
  return chances
}

const posterior = ({ likelihoods }: SuccessPredictorState): readonly number[] => {
  const raw = priorWeights.map((prior, place) => prior * Math.exp(likelihoods[place] ?? 0))
  const sum = raw.reduce((total, weight) => total + weight, 0)
  return raw.map((weight) => weight / sum)
}

/** Of the run that is just judged. */
const foreseen: number[] = []

/** How well each expert foresaw a run that is judged for the first time. */
const judgeExperts = (state: SuccessPredictorState, groups: readonly string[], { reward, weight }: Verdict): void => {
  const { likelihoods } = state
  const chances = predictions(state, groups, foreseen)
  let best = -Infinity
  for (let place = 0; place < experts; place += 1) {
    const chance = chances[place] ?? 0
    // Most runs succeed or fail as a whole, and a logarithm takes time.
    const success = reward === 0 ? 0 : reward * Math.log(chance)
    const failure = reward === 1 ? 0 : (1 - reward) * Math.log(1 - chance)
    const likelihood = (likelihoods[place] ?? 0) + weight * (success + failure)
    likelihoods[place] = likelihood
    if (likelihood > best) best = likelihood
  }
  for (let place = 0; place < experts; place += 1) likelihoods[place] = (likelihoods[place] ?? 0) - best
}

/** What is left of the sums of no run are rounding errors. */
const add = (counts: Counts, { reward, weight }: Verdict, sign: 1 | -1): void => {
  counts.runs += sign
  counts.weight = counts.runs === 0 ? 0 : counts.weight + sign * weight
  counts.reward = counts.runs === 0 ? 0 : counts.reward + sign * weight * reward
}

const smallestOf = (groups: ReadonlyMap<string, Counts>): string => {
  let [smallest, fewest] = ['', Infinity]
  for (const [key, { runs }] of groups) if (runs < fewest) [smallest, fewest] = [key, runs]
  return smallest
}

const count = ({ all, groups }: SuccessPredictorState, keys: readonly string[], verdict: Verdict, sign: 1 | -1): void => {
  add(all, verdict, sign)
  for (const key of keys) {
    const known = groups.get(key)
    // A verdict is withdrawn from a group that was dropped meanwhile: it is gone already.
    if (known === undefined && sign < 0) continue
    const counts = known ?? { ...none }
    add(counts, verdict, sign)
    if (counts.runs === 0) groups.delete(key)
    else if (known === undefined) {
      if (groups.size >= mostGroups) groups.delete(smallestOf(groups))
      groups.set(key, counts)
    }
  }
}

const withdraw = ({ withdrawn }: SuccessPredictorState, run: string): void => {
  withdrawn.add(run)
  const [first] = withdrawn
  if (withdrawn.size > mostWithdrawn && first !== undefined) withdrawn.delete(first)
}

const settle = (state: SuccessPredictorState, settled: RunSettled): SuccessPredictorState => {
  const { previous, current } = settled
  const groups = groupsOf(settled)
  if (current !== undefined) {
    // Experts foresee a run once: a verdict that comes back after it was withdrawn is no news.
    if (previous === undefined && !state.withdrawn.delete(settled.run)) judgeExperts(state, groups, current)
    count(state, groups, current, 1)
  }
  if (previous !== undefined) count(state, groups, previous, -1)
  if (previous !== undefined && current === undefined) withdraw(state, settled.run)
  return state
}

const isRun = (experience: Experience): experience is RunSettled => experience.kind === 'run.settled'

interface Saved extends Pick<SuccessPredictorState, 'all' | 'likelihoods'> {
  readonly groups: readonly [string, Counts][]
  readonly withdrawn: readonly string[]
}

const decode = (bytes: Uint8Array): SuccessPredictorState => {
  try {
    const { all, groups, likelihoods, withdrawn } = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    return { all, groups: new Map(groups), likelihoods, withdrawn: new Set(withdrawn) }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved predictor of success is damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * How likely the next run is to succeed, by who does it and what kind of task it is; where these tell nothing, the base rate.
 *
 * Ten experts predict: the base rate of all runs, and for the kind of task, the agent, and both together, the rate there shrunk to the base rate as if 4, 16 or 64 runs at the base rate had been
 * seen. Their Bayesian mixture weighs each by the likelihood that it gave, before each run, to what then happened (the exponentially weighted forecaster under logarithmic loss, Cesa-Bianchi and Lugosi,
 * Prediction, Learning, and Games, 2006, section 9.2): over any log it loses at most ln 2 against the base rate, however many agents and kinds there are, so that differences that are chance are
 * not believed.
 *
 * A verdict that changes is taken out of the sums exactly; how well a run was foreseen stays as its first verdict said, also when it is withdrawn and comes back. Bounded: 4,096 groups, and 1,024 runs whose verdict was withdrawn.
 *
 * @example
 * ```ts
 * import { Autodidact, successPredictor } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * for (let day = 0; day < 20; day += 1) {
 *   await autodidact.record({ task: 'refund an order', category: 'refund', success: true })
 *   await autodidact.record({ task: 'move a shop', category: 'migration', success: day % 4 === 0 })
 * }
 * const { predict } = await autodidact.learned(successPredictor)
 * console.assert(predict({ category: 'refund' }).probability > 0.9 && predict({ category: 'migration' }).probability < 0.5)
 * console.assert(Math.abs(predict({ category: 'never seen' }).probability - predict().baseRate) < 0.01)
 * await autodidact.close()
 * ```
 */
export const successPredictor: Learner<SuccessPredictorState, SuccessPredictorView> = {
  name: 'success-predictor',
  version: 2,
  handles: ['run.settled'],
  initial: () => ({ all: { ...none }, groups: new Map(), likelihoods: Array.from({ length: experts }, () => 0), withdrawn: new Set() }),
  learn: (state, experience) => (isRun(experience) ? settle(state, experience) : state),
  view: (state) => ({
    predict: (run = {}) => {
      const weights = posterior(state)
      const groups = groupsOf(run)
      const chances = predictions(state, groups)
      return {
        probability: chances.reduce((sum, chance, place) => sum + chance * (weights[place] ?? 0), 0),
        baseRate: baseRateOf(state),
        runs: state.groups.get(groups[2])?.runs ?? 0,
        signal: 1 - (weights[0] ?? 0),
      }
    },
  }),
  save: ({ all, groups, likelihoods, withdrawn }) => new TextEncoder().encode(JSON.stringify({ all, groups: [...groups], likelihoods, withdrawn: [...withdrawn] })),
  load: decode,
}

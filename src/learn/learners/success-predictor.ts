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

/** What runs are grouped by; a run without it is in the group of those without. */
const groupings = [
  ({ category }: RunToCome) => JSON.stringify(['category', category ?? null]),
  ({ agent }: RunToCome) => JSON.stringify(['agent', agent ?? null]),
  ({ agent, category }: RunToCome) => JSON.stringify(['both', agent ?? null, category ?? null]),
] as const

/** How many runs at the base rate every group begins with. */
const strengths = [4, 16, 64] as const

/** Experts: the base rate alone, then each grouping with each strength. */
const experts = 1 + groupings.length * strengths.length

/** Of the prior weight the half belongs to the base rate. */
const priorWeights = Array.from({ length: experts }, (_, place) => (place === 0 ? 0.5 : 0.5 / (experts - 1)))

/** Groups that are kept, about 100 bytes each; of more, the one with the fewest runs is dropped, and of these the one known longest. */
const mostGroups = 4096

export interface SuccessPredictorState {
  readonly all: Counts
  readonly groups: Map<string, Counts>
  /** Logarithms of the likelihood that each expert gave to what then happened; the greatest is 0. */
  readonly likelihoods: number[]
}

const none: Readonly<Counts> = { weight: 0, reward: 0, runs: 0 }

/** Mean of the Beta distribution with one success and one failure assumed. */
const baseRateOf = ({ all }: SuccessPredictorState): number => (all.reward + 1) / (all.weight + 2)

const predictions = (state: SuccessPredictorState, run: RunToCome): readonly number[] => {
  const base = baseRateOf(state)
  return [
    base,
    ...groupings.flatMap((keyOf) => {
      const { weight, reward } = state.groups.get(keyOf(run)) ?? none
      // A group that was dropped and came back may be told of a run that it does not know: its sums stay those of a rate.
      const runs = Math.max(0, weight)
      return strengths.map((strength) => (Math.min(runs, Math.max(0, reward)) + strength * base) / (runs + strength))
    }),
  ]
}

const posterior = ({ likelihoods }: SuccessPredictorState): readonly number[] => {
  const raw = priorWeights.map((prior, place) => prior * Math.exp(likelihoods[place] ?? 0))
  const sum = raw.reduce((total, weight) => total + weight, 0)
  return raw.map((weight) => weight / sum)
}

/** How well each expert foresaw a run that is judged for the first time. */
const judgeExperts = (state: SuccessPredictorState, run: RunToCome, { reward, weight }: Verdict): void => {
  const { likelihoods } = state
  for (const [place, chance] of predictions(state, run).entries()) {
    likelihoods[place] = (likelihoods[place] ?? 0) + weight * (reward * Math.log(chance) + (1 - reward) * Math.log(1 - chance))
  }
  const best = likelihoods.reduce((most, one) => Math.max(most, one), -Infinity)
  for (const [place, one] of likelihoods.entries()) likelihoods[place] = one - best
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

const count = ({ all, groups }: SuccessPredictorState, run: RunToCome, verdict: Verdict, sign: 1 | -1): void => {
  add(all, verdict, sign)
  for (const keyOf of groupings) {
    const key = keyOf(run)
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

const asToCome = ({ agent, category }: RunSettled): RunToCome => ({ ...(agent === undefined ? {} : { agent }), ...(category === undefined ? {} : { category }) })

const settle = (state: SuccessPredictorState, settled: RunSettled): SuccessPredictorState => {
  const { previous, current } = settled
  const run = asToCome(settled)
  if (current !== undefined) {
    if (previous === undefined) judgeExperts(state, run, current)
    count(state, run, current, 1)
  }
  if (previous !== undefined) count(state, run, previous, -1)
  return state
}

const isRun = (experience: Experience): experience is RunSettled => experience.kind === 'run.settled'

const decode = (bytes: Uint8Array): SuccessPredictorState => {
  try {
    const { all, groups, likelihoods } = JSON.parse(new TextDecoder().decode(bytes)) as Omit<SuccessPredictorState, 'groups'> & { readonly groups: [string, Counts][] }
    return { all, groups: new Map(groups), likelihoods }
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
 * A verdict that changes is taken out of the sums exactly; how well a run was foreseen stays as its first verdict said. Bounded: 4,096 groups.
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
  version: 1,
  handles: ['run.settled'],
  initial: () => ({ all: { ...none }, groups: new Map(), likelihoods: Array.from({ length: experts }, () => 0) }),
  learn: (state, experience) => (isRun(experience) ? settle(state, experience) : state),
  view: (state) => ({
    predict: (run = {}) => {
      const weights = posterior(state)
      const chances = predictions(state, run)
      return {
        probability: chances.reduce((sum, chance, place) => sum + chance * (weights[place] ?? 0), 0),
        baseRate: baseRateOf(state),
        runs: state.groups.get(groupings[2](run))?.runs ?? 0,
        signal: 1 - (weights[0] ?? 0),
      }
    },
  }),
  save: ({ all, groups, likelihoods }) => new TextEncoder().encode(JSON.stringify({ all, groups: [...groups], likelihoods })),
  load: decode,
}

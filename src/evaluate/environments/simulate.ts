import type { Ask, Policy } from '../../decide/policy.ts'
import { type Random, seededRandom } from '../../decide/random.ts'
import { sample } from '../../decide/sample.ts'
import { similarities } from '../../decide/similarity.ts'
import { featurize } from '../../learn/features.ts'
import { numbersOf } from '../../log/numbers.ts'
import type { DecisionSettled, Experience, Features, Learner, Numbers, Transition } from '../../learn/learner.ts'
import type { Environment, Observation, Step } from './environment.ts'

/** What is simulated. */
export interface SimulationSettings<State, View> {
  readonly environment: Environment
  readonly policy: Policy<NoInfer<View>>
  readonly learner: Learner<State, View>
  /** Episodes to simulate. */
  readonly episodes: number
  readonly seed: number
}

/** How an episode went. */
export interface SimulatedEpisode<View> {
  /** Sum of the rewards. */
  readonly total: number
  readonly steps: number
  /** Sum of what the best options would have earned more, as far as the environment knows. */
  readonly regret: number
  /** What is known after it; reads the live state. */
  readonly view: View
}

const point = 'simulation'

/** Made only when it is looked at: a table of states needs no features. */
class Question implements Ask {
  readonly point = point
  readonly options: Ask['options']
  readonly state?: string
  readonly context?: Numbers
  readonly #observation: Observation
  #features: Features | undefined
  #similarities: Float64Array | undefined

  constructor(observation: Observation) {
    const { situation, options } = observation
    this.options = options
    this.#observation = observation
    if (situation.state !== undefined) this.state = situation.state
    const numbers = numbersOf(situation.context)
    if (numbers !== undefined) this.context = numbers
  }

  get features(): Features {
    return (this.#features ??= featurize(this.#observation.situation))
  }

  get similarities(): Float64Array {
    return (this.#similarities ??= similarities(this.#observation.situation.task, this.options))
  }
}

/** A choice made, with what came of it. */
interface Made {
  readonly ask: Question
  readonly place: number
  readonly propensity: number
  readonly step: Step
}

const transitionOf = ({ ask, place, propensity, step }: Made, decision: string, ids: readonly string[]): Transition => {
  const { state: nextState } = step.next.situation
  return {
    decision,
    option: ids[place] ?? '',
    options: ids,
    followed: true,
    propensity,
    get features() {
      return ask.features
    },
    ...(ask.context === undefined ? {} : { context: ask.context }),
    ...(ask.state === undefined ? {} : { state: ask.state }),
    reward: step.reward,
    weight: 1,
    ...(nextState === undefined ? {} : { nextState }),
    terminated: step.terminated,
    truncated: step.truncated,
  }
}

const settledOf = ({ ask, place, propensity, step }: Made, run: string, sequence: number): DecisionSettled => ({
  kind: 'decision.settled',
  sequence,
  occurredAt: sequence,
  run,
  decision: `${run}/${sequence}`,
  point,
  option: ask.options[place]?.id ?? '',
  followed: true,
  propensity,
  features: ask.features,
  similarity: ask.similarities[place] ?? 0,
  ...(ask.state === undefined ? {} : { state: ask.state }),
  ...(ask.context === undefined ? {} : { context: ask.context }),
  current: { reward: Math.min(1, Math.max(0, step.reward)), weight: 1 },
})

/**
 * Lets a policy act in an environment and a learner learn from it, episode by episode: the same experience as a log would give, without the log, for
 * benches of many thousand episodes. An episode is learned when it is over, or as many episodes later as the delay of its last reward.
 *
 * What the same settings and seed give is the same, draw for draw.
 */
export function* simulate<State, View>(settings: SimulationSettings<State, View>): Generator<SimulatedEpisode<View>, void, undefined> {
  const { environment, policy, learner, episodes, seed } = settings
  const [world, draws] = [seededRandom(seed), seededRandom(seed + 0x9e3779b9)]
  const stepwise = learner.handles.includes('decision.settled')
  const whole = learner.handles.includes('episode.settled')
  const waiting = new Map<number, Experience[]>()
  let state = learner.initial()
  let sequence = 0
  for (let episode = 0; episode < episodes; episode += 1) {
    const made = act(environment, policy, () => learner.view(state), world, draws)
    const known = made.filter(({ step }) => step.known !== false)
    const run = `run-${episode}`
    const experiences: Experience[] = stepwise ? known.map((one) => settledOf(one, run, (sequence += 1))) : []
    if (whole && known.length > 0) {
      const ids = known[0]?.ask.options.map(({ id }) => id) ?? []
      const transitions = known.map((one, place) => transitionOf(one, `${run}/${place}`, sameOptions(one, known[0]) ? ids : one.ask.options.map(({ id }) => id)))
      experiences.push({ kind: 'episode.settled', sequence: (sequence += 1), occurredAt: sequence, run, point, current: { transitions } })
    }
    const due = episode + (made.at(-1)?.step.delay ?? 0)
    waiting.set(due, [...(waiting.get(due) ?? []), ...experiences])
    for (const experience of waiting.get(episode) ?? []) state = learner.learn(state, experience)
    waiting.delete(episode)
    yield {
      total: known.reduce((sum, { step }) => sum + step.reward, 0),
      steps: known.length,
      regret: known.reduce((sum, { step }) => sum + (step.regret ?? 0), 0),
      view: learner.view(state),
    }
  }
}

const sameOptions = (left: Made | undefined, right: Made | undefined): boolean => left?.ask.options === right?.ask.options

/** One episode, from its start to its end. */
const act = <View>(environment: Environment, policy: Policy<View>, viewOf: () => View, world: Random, draws: Random): Made[] => {
  const made: Made[] = []
  const view = viewOf()
  for (let observation = environment.start(world); ;) {
    const ask = new Question(observation)
    const weights = policy.weigh(view, ask, draws)
    const place = sample(weights, draws)
    const step = environment.act(ask.options[place]?.id ?? '', world)
    made.push({ ask, place, propensity: weights[place] ?? 0, step })
    if (step.terminated || step.truncated) return made
    observation = step.next
  }
}

import type { Random } from '../../decide/random.ts'
import { AutodidactError } from '../../errors.ts'
import type { Environment, Observation } from './environment.ts'

/** One of the things that an action may lead to. */
export interface Outcome {
  readonly probability: number
  readonly next: number
  readonly reward: number
  readonly terminated: boolean
}

/** A finite Markov decision process with everything known of it, so that policies can be evaluated exactly. */
export interface FiniteModel {
  readonly name: string
  /** Number of states; a state is a number below it. */
  readonly states: number
  readonly actions: readonly string[]
  /** Steps after which an episode is truncated. */
  readonly limit: number
  /** Probability to start in each state. */
  readonly start: Float64Array
  /** Outcomes by state and place of the action; their probabilities sum to 1. */
  readonly outcomes: readonly (readonly (readonly Outcome[])[])[]
}

const draw = (probabilities: Iterable<number>, random: Random): number => {
  let left = random()
  let drawn = 0
  for (const [place, probability] of [...probabilities].entries()) {
    if (probability === 0) continue
    drawn = place
    left -= probability
    if (left < 0) break
  }
  return drawn
}

/** The model as a world to learn in: the state is its number as text, the options are the actions. */
export const finiteEnvironment = (model: FiniteModel): Environment => {
  const options = model.actions.map((id) => ({ id }))
  const observations = Array.from({ length: model.states }, (_, state): Observation => ({ situation: { task: '', state: String(state) }, options }))
  let [state, steps] = [0, 0]
  const observe = (): Observation => observations[state] as Observation
  return {
    name: model.name,
    start: (random) => {
      ;[state, steps] = [draw(model.start, random), 0]
      return observe()
    },
    act: (option, random) => {
      const outcomes = model.outcomes[state]?.[model.actions.indexOf(option)]
      const outcome = outcomes?.[outcomes.length === 1 ? 0 : draw(outcomes.map(({ probability }) => probability), random)]
      if (outcome === undefined) throw new AutodidactError('INVALID_INPUT', `${model.name} has no action "${option}". Take one of: ${model.actions.join(', ')}.`)
      state = outcome.next
      steps += 1
      return { reward: outcome.reward, terminated: outcome.terminated, truncated: !outcome.terminated && steps >= model.limit, next: observe() }
    },
  }
}

import type { LoggedReward } from '../../src/evaluate/estimators/sample.ts'
import { type Random, seededRandom } from '../../src/decide/random.ts'

/**
 * A world whose truth is known exactly: a few hundred situations of which each has its one good option, a target policy that mostly knows it, and two loggers
 * that mostly do not. After the streams in section 8 of the design's algorithms: ten options, largest weights near 48 and near 400.
 */

const options = 10
const situations = 200

type Probabilities = readonly number[]

const places = Array.from({ length: options }, (_, place) => place)

const epsilonGreedy = (values: Probabilities, epsilon: number): number[] => {
  const best = values.indexOf(Math.max(...values))
  return places.map((place) => (place === best ? 1 - epsilon : 0) + epsilon / options)
}

const softmax = (values: Probabilities, temperature: number): number[] => {
  const shares = values.map((value) => Math.exp(value / temperature))
  const sum = shares.reduce((left, right) => left + right, 0)
  return shares.map((share) => share / sum)
}

/** Draws a place by probability. */
const drawn = (probabilities: Probabilities, random: Random): number => {
  let left = random()
  const place = probabilities.findIndex((probability) => (left -= probability) < 0)
  return place < 0 ? options - 1 : place
}

/** What happens in a situation, and what the policies do there. */
interface Situation {
  /** Probability of success of each option. */
  readonly success: Probabilities
  readonly target: Probabilities
  readonly logger: Probabilities
}

export const loggers = ['epsilon-greedy', 'softmax'] as const

/**
 * How the log was made: by a weak model and an epsilon of .2, or by softmax of a weak model, whose rarest options are drawn once in thousands. `rare` is the first with
 * a fiftieth of the rewards and the uniform policy as the target.
 */
export type LoggerName = (typeof loggers)[number] | 'rare'

/** The world of a logger. */
export class LoggedWorld {
  readonly #situations: readonly Situation[]
  /** Context-free means: as weak as a reward model can be. */
  readonly #predicted: Probabilities
  /** True value of the target policy. */
  readonly value: number
  readonly largestWeight: number
  /** Mean square of the weights. */
  readonly expectedSquare: number

  constructor(logger: LoggerName) {
    const random = seededRandom(8)
    this.#situations = Array.from({ length: situations }, (): Situation => {
      const good = Math.floor(random() * options)
      const chances = places.map((place) => (place === good ? 0.5 + 0.06 * random() : 0.12 * random()))
      // The weak model sees little of what there is to see.
      const weak = chances.map((chance) => 0.6 * chance + 0.5 * random())
      const success = logger === 'rare' ? chances.map((chance) => chance / 50) : chances
      return {
        success,
        target: { 'epsilon-greedy': epsilonGreedy(success, 0.04), softmax: softmax(success, 0.12), rare: places.map(() => 1 / options) }[logger],
        logger: logger === 'softmax' ? softmax(weak, 0.075) : epsilonGreedy(weak, 0.2),
      }
    })
    const mean = (term: (situation: Situation) => number): number => this.#situations.reduce((sum, situation) => sum + term(situation), 0) / situations
    this.value = mean(({ target, success }) => places.reduce((sum, place) => sum + (target[place] ?? 0) * (success[place] ?? 0), 0))
    this.expectedSquare = mean(({ target, logger: by }) => places.reduce((sum, place) => sum + (target[place] ?? 0) ** 2 / (by[place] ?? 1), 0))
    this.largestWeight = Math.max(...this.#situations.flatMap(({ target, logger: by }) => places.map((place) => (target[place] ?? 0) / (by[place] ?? 1))))
    this.#predicted = places.map((place) => mean(({ success }) => success[place] ?? 0))
  }

  /** A log of so many decisions. */
  sample(length: number, random: Random): LoggedReward[] {
    return Array.from({ length }, () => {
      const situation = this.#situations[Math.floor(random() * situations)]
      if (situation === undefined) throw new Error('A random number is below 1.')
      const { success, target, logger } = situation
      const place = drawn(logger, random)
      return {
        weight: (target[place] ?? 0) / (logger[place] ?? 1),
        reward: Number(random() < (success[place] ?? 0)),
        predicted: this.#predicted[place] ?? 0,
        expected: places.reduce((sum, each) => sum + (target[each] ?? 0) * (this.#predicted[each] ?? 0), 0),
      }
    })
  }
}

import { featurize } from '../learn/features.ts'
import type { Ask, Option } from '../decide/policy.ts'
import type { Random } from '../decide/random.ts'
import { similarities } from '../decide/similarity.ts'
import type { DecisionSettled, Experience, RunSettled, Verdict } from '../learn/learner.ts'
import { foreignExperience } from './foreign.ts'

const verbs = ['book', 'cancel', 'find', 'compare', 'translate', 'summarise', 'count', 'plot']
const things = ['a flight', 'the invoice', 'two hotels', 'my orders', 'a contract', 'last month', 'the weather in Oslo', 'new customers']
const tools = ['search', 'calendar', 'database', 'translator']

const below = (random: Random, bound: number): number => Math.floor(random() * bound)

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[below(random, items.length)] as Item

const taskOf = (random: Random): string => `${pick(random, verbs)} ${pick(random, things)} ${below(random, 5)}`

const verdictOf = (random: Random): Verdict => ({ reward: below(random, 5) / 4, weight: pick(random, [1, 0.7, 0.3]) })

const taskAndFeatures = (task: string): Pick<RunSettled, 'task' | 'features'> => ({ task, features: featurize({ task }) })

type Settled = RunSettled | DecisionSettled

const newRun = (random: Random, number: number): RunSettled => ({
  ...taskAndFeatures(taskOf(random)),
  kind: 'run.settled',
  sequence: 0,
  occurredAt: 0,
  run: `run-${number}`,
  ...(random() < 0.5 && { user: pick(random, ['ada', 'grace']) }),
  shown: Array.from({ length: 1 + below(random, 3) }, () => `item-${below(random, 10)}`),
  ...(random() < 0.3 && { category: pick(random, ['travel', 'reports']) }),
  ...(random() < 0.8 && { durationMs: below(random, 100_000) }),
  ...(random() < 0.5 && { cost: random() }),
  ...(random() < 0.5 && { tokens: below(random, 10_000) }),
  steps: below(random, 10),
  failed: random() < 0.2,
})

const newDecision = (random: Random, number: number): DecisionSettled => ({
  kind: 'decision.settled',
  sequence: 0,
  occurredAt: 0,
  run: `run-${number}`,
  decision: `decision-${number}`,
  point: pick(random, ['tool', 'strategy']),
  option: pick(random, tools),
  followed: random() < 0.9,
  propensity: 0.02 + 0.98 * random(),
  features: featurize({ task: taskOf(random), context: { load: random() } }),
  similarity: random(),
  ...(random() < 0.3 && { state: pick(random, ['start', 'end']) }),
})

/**
 * A stream of experience as a log gives it: verdicts on runs and decisions that become known, change, are withdrawn and come back, with facts
 * that no learner knows in between. The same numbers from `random` give the same stream.
 *
 * @param length number of experiences; 1 or more
 * @example
 * ```ts
 * import { seededRandom } from 'autodidact'
 * import { experienceStream } from 'autodidact/testing'
 *
 * const stream = experienceStream(seededRandom(1), 50)
 * console.assert(stream.length === 50 && stream[0]?.kind === 'run.settled')
 * ```
 */
export const experienceStream = (random: Random, length: number): Experience[] => {
  const known: Settled[] = []
  return Array.from({ length }, (_, index): Experience => {
    const sequence = index + 1
    if (index >= 2 && random() < 0.1) return foreignExperience(sequence)
    // The first two are a run and a decision, so that every stream of two teaches every learner of the package something.
    const fresh = index === 0 ? newRun(random, index) : index === 1 || random() < 0.5 ? newDecision(random, index) : newRun(random, index)
    const at = index < 2 || random() < 0.7 ? known.length : below(random, known.length)
    const { previous: _before, current: previous, ...subject } = known[at] ?? fresh
    const current = previous !== undefined && random() < 0.3 ? undefined : verdictOf(random)
    const settled: Settled = {
      ...subject,
      sequence,
      occurredAt: sequence * 1000,
      ...(previous !== undefined && { previous }),
      ...(current !== undefined && { current }),
    }
    known[at] = settled
    return settled
  })
}

/**
 * What a policy may be asked: sets of 1, 2, 3, 150 and 10,000 options, with and without descriptions, at known and new choice points, also with
 * nothing to go by.
 *
 * @example
 * ```ts
 * import { seededRandom } from 'autodidact'
 * import { asksOf } from 'autodidact/testing'
 *
 * console.assert(asksOf(seededRandom(1)).some(({ options }) => options.length === 10_000))
 * ```
 */
export const asksOf = (random: Random): Ask[] =>
  [1, 2, 3, 150, 10_000].flatMap((size) => {
    const options = Array.from({ length: size }, (_, index): Option => {
      const id = tools[index] ?? `tool-${index}`
      return random() < 0.5 ? { id } : { id, description: taskOf(random) }
    })
    return (size > 1000 ? [taskOf(random)] : ['', taskOf(random)]).map((task): Ask => ({
      point: pick(random, ['tool', 'strategy', 'never seen']),
      options,
      features: featurize({ task }),
      similarities: similarities(task, options),
      ...(random() < 0.5 && { state: 'start' }),
    }))
  })

import { directMethod, doublyRobust, estimate, type Estimator, inversePropensity, type LoggedReward, robustInterval, seededRandom, selfNormalised, selfNormalisedDoublyRobust, summarizeWeights } from '../src/index.ts'
import { fewestEffective, meanWeightBand } from '../src/evaluate/refusal.ts'
import { loggers, LoggedWorld, type LoggerName } from '../test/support/logged-world.ts'
import { defineBench, number } from './harness/bench.ts'
import { mean } from './harness/statistics.ts'

const estimators = {
  ips: inversePropensity(),
  snips: selfNormalised,
  dr: doublyRobust,
  sndr: selfNormalisedDoublyRobust,
  clipped: inversePropensity(10),
  dm: directMethod,
} as const satisfies Readonly<Record<string, Estimator>>

type Name = keyof typeof estimators

// The keys of a literal are its type's.
const names = Object.keys(estimators) as Name[]

const sizes = [500, 2_000, 10_000]

/** Whether the intervals can be told from the weights alone, and whether `evaluate`, which knows the probabilities of what was not drawn, gives a number. */
const answerable = (sample: readonly LoggedReward[], expectedSquare: number): { readonly byWeights: boolean; readonly byEvaluate: boolean } => {
  const { effectiveSampleSize, meanWeight } = summarizeWeights(sample.map(({ weight }) => weight))
  const byWeights = effectiveSampleSize >= fewestEffective
  const isBalanced = meanWeight >= meanWeightBand.low && meanWeight <= meanWeightBand.high
  return { byWeights, byEvaluate: byWeights && isBalanced && sample.length / expectedSquare >= fewestEffective }
}

const worldNames: readonly LoggerName[] = [...loggers, 'rare']

/** What became of one estimator over all repetitions of one size. */
interface Outcome {
  /** Root of the mean squared error. */
  readonly rmse: number
  /** Share of 95 % intervals that held the truth, of the samples of effective sample size 50 and more. */
  readonly coverage: number
}

export const bench = defineBench({
  name: 'off-policy',
  summary: 'error and coverage of each estimator where the truth is known',
  seeds: 400,
  flags: { guaranteed: number(50, 'repetitions in which the guaranteed interval is computed as well') },
  run: async ({ seeds, flags, progress }) => {
    progress.start(worldNames.length * sizes.length * seeds)
    const worlds = worldNames.map((logger) => {
      const world = new LoggedWorld(logger)
      const bySize = sizes.map((size) => {
        const errors = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
        const held = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
        const guaranteed: number[] = []
        let answered = 0
        let evaluated = 0
        for (let seed = 1; seed <= seeds; seed += 1) {
          const sample = world.sample(size, seededRandom(seed * 7919 + size))
          const { byWeights, byEvaluate } = answerable(sample, world.expectedSquare)
          answered += Number(byWeights)
          evaluated += Number(byEvaluate)
          for (const name of names) {
            const { value, low, high } = estimate(estimators[name], sample)
            errors[name].push(value - world.value)
            if (byWeights) held[name].push(Number(low <= world.value && world.value <= high))
          }
          if (seed <= flags.guaranteed) {
            const { low, high } = robustInterval(sample)
            guaranteed.push(Number(low <= world.value && world.value <= high))
          }
          progress.advance()
        }
        const outcomes = Object.fromEntries(
          names.map((name): [Name, Outcome] => [name, { rmse: Math.sqrt(mean(errors[name].map((error) => error ** 2))), coverage: mean(held[name]) }]),
        ) as Record<Name, Outcome>
        return { size, answered: answered / seeds, evaluated: evaluated / seeds, guaranteed: mean(guaranteed), ...outcomes }
      })
      return { logger, value: world.value, largestWeight: world.largestWeight, bySize }
    })
    return { worlds, seeds }
  },
  table: ({ worlds }) => ({
    head: ['logger', 'decisions', 'answered', 'by evaluate', ...names.map((name) => `${name} rmse (coverage)`), 'guaranteed'],
    rows: worlds.flatMap(({ logger, bySize }) =>
      bySize.map(({ size, answered, evaluated, guaranteed, ...outcomes }) => [
        logger,
        size,
        answered,
        evaluated,
        ...names.map((name) => `${outcomes[name].rmse.toPrecision(2)} (${outcomes[name].coverage.toFixed(2)})`),
        guaranteed,
      ]),
    ),
  }),
})

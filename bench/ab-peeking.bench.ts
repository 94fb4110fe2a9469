import { seededRandom } from '../src/index.ts'
import { type ArmSums, compare, winnerOf } from '../src/statistics/sequential/judge.ts'
import { defineBench, number } from './harness/bench.ts'
import { median } from './harness/statistics.ts'

/** Observations of one repetition until a winner was named, and which; undefined when none was. */
interface Stop {
  readonly observations: number
  readonly winner: string
}

/** Two arms get rewards of 0 and 1 at random; the judge of the experiments is asked after every one. */
const experiment = (means: readonly [number, number], most: number, seed: number): Stop | undefined => {
  const random = seededRandom(seed)
  const none: ArmSums = { judged: 0, sum: 0, squares: 0 }
  const arms = new Map([['a', none], ['b', none]])
  for (let observations = 1; observations <= most; observations += 1) {
    const place = random() < 0.5 ? 0 : 1
    const reward = Number(random() < means[place])
    const name = place === 0 ? 'a' : 'b'
    const { judged, sum, squares } = arms.get(name) ?? none
    arms.set(name, { judged: judged + 1, sum: sum + reward, squares: squares + reward })
    const winner = winnerOf(arms.keys(), compare(arms))
    if (winner !== undefined) return { observations, winner }
  }
  return undefined
}

/** The classical test, which is meant for one look: what it does when looked at as often. */
const naiveErrors = (mean: number, most: number, seed: number): boolean => {
  const random = seededRandom(seed)
  const counts = [0, 0]
  const sums = [0, 0]
  for (let observations = 1; observations <= most; observations += 1) {
    const place = random() < 0.5 ? 0 : 1
    counts[place] = (counts[place] ?? 0) + 1
    sums[place] = (sums[place] ?? 0) + Number(random() < mean)
    const [left = 0, right = 0] = counts
    if (left < 100 || right < 100) continue
    const [p, q] = [(sums[0] ?? 0) / left, (sums[1] ?? 0) / right]
    if (Math.abs(p - q) > 1.959964 * Math.sqrt((p * (1 - p)) / left + (q * (1 - q)) / right)) return true
  }
  return false
}

export const bench = defineBench({
  name: 'ab-peeking',
  summary: 'an experiment that is looked at after every observation',
  seeds: 1_000,
  flags: {
    observations: number(10_000, 'observations of both arms together, at most'),
    mean: number(0.5, 'mean reward of the arms'),
    difference: number(0.1, 'by how much the better one is better'),
  },
  run: ({ seeds, flags, progress }) => {
    const { observations, mean, difference } = flags
    progress.start(2 * seeds, 'equal arms, then a difference')
    let falseWinners = 0
    let naive = 0
    const stops: number[] = []
    let wrong = 0
    for (let seed = 1; seed <= seeds; seed += 1) {
      if (experiment([mean, mean], observations, seed) !== undefined) falseWinners += 1
      if (naiveErrors(mean, observations, seed)) naive += 1
      progress.advance()
    }
    for (let seed = 1; seed <= seeds; seed += 1) {
      const stop = experiment([mean - difference / 2, mean + difference / 2], observations, seed + 1_000_003)
      if (stop !== undefined) stops.push(stop.observations)
      if (stop?.winner === 'a') wrong += 1
      progress.advance()
    }
    return Promise.resolve({
      falseWinner: falseWinners / seeds,
      medianStop: median([...stops, ...Array.from({ length: seeds - stops.length }, () => Infinity)]),
      found: stops.length / seeds,
      wrongWinner: wrong / seeds,
      naiveFalseWinner: naive / seeds,
      repetitions: seeds,
      observations,
    })
  },
  table: (result) => ({
    head: ['figure', 'value'],
    rows: [
      ['false winner of two equal arms', result.falseWinner],
      ['  by the classical test, looked at as often', result.naiveFalseWinner],
      ['median observations to find the difference', result.medianStop],
      ['found at all', result.found],
      ['wrong winner', result.wrongWinner],
    ],
  }),
})

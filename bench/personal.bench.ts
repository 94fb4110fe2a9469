import { defineBench, number } from './harness/bench.ts'
import { mean, standardError } from './harness/statistics.ts'
import { liveByChoices, liveByLessons, type TasteResult, type TasteWorld } from './harness/taste-world.ts'

/** The same life with and without personalisation, by seed. */
interface Pair {
  readonly withIt: TasteResult
  readonly without: TasteResult
}

const summaryOf = (pairs: readonly Pair[]) => ({
  withIt: mean(pairs.map(({ withIt }) => withIt.all)),
  without: mean(pairs.map(({ without }) => without.all)),
  lateWithIt: mean(pairs.map(({ withIt }) => withIt.late)),
  lateWithout: mean(pairs.map(({ without }) => without.late)),
  leastGain: Math.min(...pairs.map(({ withIt, without }) => withIt.all - without.all)),
})

/** What becomes of those who are not named, where the others have what is known of them. */
const unnamedOf = (pairs: readonly Pair[]) => {
  const gains = pairs.map(({ withIt, without }) => withIt.unnamed - without.unnamed)
  return { withIt: mean(pairs.map(({ withIt }) => withIt.unnamed)), without: mean(pairs.map(({ without }) => without.unnamed)), standardError: standardError(gains) }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export const bench = defineBench({
  name: 'personal',
  summary: 'users of opposite tastes: how content are they with and without what is learned of each?',
  seeds: 5,
  flags: {
    users: number(8, 'users; each of four styles is liked by a quarter of them'),
    rounds: number(50, 'requests of each'),
  },
  run: async ({ seeds, flags: { users, rounds }, progress }) => {
    const unnamed = Math.ceil(users / 2)
    progress.start(seeds * rounds * (8 * users + 2 * unnamed), 'requests')
    const advance = (): void => progress.advance()
    const pairs = async (life: (world: TasteWorld, advance: () => void) => Promise<TasteResult>, tastes: TasteWorld['tastes'], more: Pick<TasteWorld, 'unnamed'> = {}): Promise<Pair[]> => {
      const made: Pair[] = []
      for (let seed = 1; seed <= seeds; seed += 1) {
        const world = { users, rounds, seed, tastes, ...more }
        made.push({ withIt: await life({ ...world, personalisation: true }, advance), without: await life({ ...world, personalisation: false }, advance) })
      }
      return made
    }
    return {
      others: unnamedOf(await pairs(liveByChoices, 'opposite', { unnamed })),
      choices: summaryOf(await pairs(liveByChoices, 'opposite')),
      lessons: summaryOf(await pairs(liveByLessons, 'opposite')),
      sameTaste: summaryOf(await pairs(liveByChoices, 'same')),
      seeds,
      users,
      rounds,
    }
  },
  table: ({ choices, lessons, sameTaste, others }) => ({
    head: ['world', 'content with it', 'without', 'second half with it', 'without', 'least gain of a seed'],
    rows: [
      ...([['choices, opposite tastes', choices], ['lessons, opposite tastes', lessons], ['choices, the same taste', sameTaste]] as const).map(([name, { withIt, without, lateWithIt, lateWithout, leastGain }]) => [
        name,
        ...[withIt, without, lateWithIt, lateWithout, leastGain].map(percent),
      ]),
      ['those who are not named', percent(others.withIt), percent(others.without), '', '', ''],
    ],
  }),
})

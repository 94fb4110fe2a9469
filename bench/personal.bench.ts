import { defineBench, number } from './harness/bench.ts'
import { mean } from './harness/statistics.ts'
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
    progress.start(seeds * 6 * users * rounds, 'requests')
    const advance = (): void => progress.advance()
    const pairs = async (life: (world: TasteWorld, advance: () => void) => Promise<TasteResult>, tastes: TasteWorld['tastes']): Promise<Pair[]> => {
      const made: Pair[] = []
      for (let seed = 1; seed <= seeds; seed += 1) {
        const world = { users, rounds, seed, tastes }
        made.push({ withIt: await life({ ...world, personalisation: true }, advance), without: await life({ ...world, personalisation: false }, advance) })
      }
      return made
    }
    return {
      choices: summaryOf(await pairs(liveByChoices, 'opposite')),
      lessons: summaryOf(await pairs(liveByLessons, 'opposite')),
      sameTaste: summaryOf(await pairs(liveByChoices, 'same')),
      seeds,
      users,
      rounds,
    }
  },
  table: ({ choices, lessons, sameTaste }) => ({
    head: ['world', 'content with it', 'without', 'second half with it', 'without', 'least gain of a seed'],
    rows: ([['choices, opposite tastes', choices], ['lessons, opposite tastes', lessons], ['choices, the same taste', sameTaste]] as const).map(([name, { withIt, without, lateWithIt, lateWithout, leastGain }]) => [
      name,
      ...[withIt, without, lateWithIt, lateWithout, leastGain].map(percent),
    ]),
  }),
})

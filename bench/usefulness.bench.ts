import { defineBench, number } from './harness/bench.ts'
import { type LessonResult, liveWithLessons } from './harness/lesson-world.ts'
import { mean, median } from './harness/statistics.ts'

const shareOf = (results: readonly LessonResult[], is: (result: LessonResult) => boolean): number => mean(results.map((result) => Number(is(result))))

export const bench = defineBench({
  name: 'usefulness',
  summary: 'lessons that help, harm, or do nothing: does leaving them out now and then tell which is which?',
  seeds: 3,
  flags: {
    lessons: number(20, 'lessons at a time, with effects of −.2, 0 and .2'),
    runs: number(2_000, 'runs in which each would be shown'),
    percent: number(5, 'of them in which it is left out'),
    look: number(50, 'runs of a lesson between two looks at its interval'),
  },
  run: async ({ seeds, flags: { lessons, runs, percent, look }, progress }) => {
    progress.start(seeds * lessons * runs, 'runs')
    const results: LessonResult[] = []
    for (let seed = 1; seed <= seeds; seed += 1) results.push(...(await liveWithLessons({ lessons, runs, withholding: percent / 100, lookEvery: look, seed }, () => progress.advance())))
    const [real, none] = [results.filter(({ truth }) => truth !== 0), results.filter(({ truth }) => truth === 0)]
    return {
      signRight: shareOf(real, ({ truth, difference }) => Math.sign(difference) === Math.sign(truth)),
      coverage: shareOf(results, ({ covered }) => covered),
      halfWidth: median(results.map(({ halfWidth }) => halfWidth)),
      zeroDemoted: shareOf(none, ({ demoted }) => demoted),
      harmfulDemoted: shareOf(results.filter(({ truth }) => truth < 0), ({ demoted }) => demoted),
      helpfulValidated: shareOf(results.filter(({ truth }) => truth > 0), ({ state }) => state === 'validated'),
      lessons: results.length,
      seeds,
    }
  },
  table: (result) => ({
    head: ['figure', 'value'],
    rows: [
      ['lessons', result.lessons],
      ['sign of the effect right, of those that have one', result.signRight],
      ['intervals that always held the truth', result.coverage],
      ['half-width at the end, median', result.halfWidth],
      ['lessons without effect that were ever out of use', result.zeroDemoted],
      ['harmful lessons that were out of use', result.harmfulDemoted],
      ['helpful lessons that are validated', result.helpfulValidated],
    ],
  }),
})

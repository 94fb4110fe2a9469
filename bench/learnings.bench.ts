import { defineBench, number } from './harness/bench.ts'
import { readEpisodes } from './harness/episodes.ts'
import { knowsHarmful, knowsHelpful, learnedIn, type Learned, type Look } from './harness/learning-world.ts'
import { mean } from './harness/statistics.ts'

const sumOf = (results: readonly Learned[], of: (result: Learned) => number): number => results.reduce((sum, result) => sum + of(result), 0)

const shareOf = (results: readonly Learned[], of: (result: Learned) => number): number => sumOf(results, of) / Math.max(1, sumOf(results, ({ total }) => total))

/** At each fifth of the way, the mean of all worlds. */
const curveOf = (results: readonly Learned[], of: (look: Look) => number): number[] =>
  [0.2, 0.4, 0.6, 0.8, 1].map((part) => mean(results.map(({ looks }) => of(looks[Math.max(1, Math.round(part * looks.length)) - 1] ?? { runs: 0, goodFound: 0, harmfulAsGood: 0 }))))

/** What is known of the habits that were planted in the invented worlds. */
const planted = (results: readonly Learned[]) => ({
  helpfulFound: mean(results.map((learned) => Number(knowsHelpful(learned)))),
  harmfulFound: mean(results.map((learned) => Number(knowsHarmful(learned)))),
  goodFound: curveOf(results, ({ goodFound }) => goodFound),
  harmfulAsGood: curveOf(results, ({ harmfulAsGood }) => harmfulAsGood),
})

const curve = (shares: readonly number[]): string => shares.map((share) => share.toFixed(2)).join(' ')

export const bench = defineBench({
  name: 'learnings',
  summary: 'what is learned of runs without a model: is it found where it is true, and not validated where outcomes are chance?',
  seeds: 10,
  flags: {
    runs: number(1_000, 'runs of a world, or of --data at most'),
    look: number(50, 'runs between two looks'),
  },
  run: async ({ data, seeds, flags: { runs, look }, progress }) => {
    const episodes = data === undefined ? undefined : readEpisodes(data)
    progress.start(seeds, 'worlds')
    const [real, dealt]: [Learned[], Learned[]] = [[], []]
    for (let seed = 1; seed <= seeds; seed += 1) {
      const learned = await learnedIn({ runs, lookEvery: look, seed }, episodes)
      real.push(learned.real)
      dealt.push(learned.dealt)
      progress.advance()
    }
    return {
      validatedShuffled: shareOf(dealt, ({ validated }) => validated),
      everShuffled: shareOf(dealt, ({ ever }) => ever),
      worstShuffled: Math.max(...dealt.map((learned) => shareOf([learned], ({ ever }) => ever))),
      learningsShuffled: mean(dealt.map(({ total }) => total)),
      learnings: mean(real.map(({ total }) => total)),
      validated: mean(real.map(({ validated }) => validated)),
      ...(episodes === undefined ? planted(real) : {}),
      seeds,
    }
  },
  table: (result) => ({
    head: ['figure', 'value'],
    rows: [
      ['outcomes by chance: share validated at the end', result.validatedShuffled],
      ['  at any look', result.everShuffled],
      ['  in the worst world', result.worstShuffled],
      ['  learnings, mean', result.learningsShuffled],
      ['outcomes as they were: learnings, mean', result.learnings],
      ['  validated, mean', result.validated],
      ...(result.helpfulFound === undefined ? [] : [['the sequence that helps was found', result.helpfulFound]]),
      ...(result.harmfulFound === undefined ? [] : [['the last action that harms was found', result.harmfulFound]]),
      ...(result.goodFound === undefined ? [] : [['planted good habits found, after each fifth of the runs', curve(result.goodFound)]]),
      ...(result.harmfulAsGood === undefined ? [] : [['planted harmful habits told as good', curve(result.harmfulAsGood)]]),
    ],
  }),
})

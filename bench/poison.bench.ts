import { defineBench, number } from './harness/bench.ts'
import { ask, type Level, levels, type PoisonResult, type PoisonWorld } from './harness/poison-world.ts'
import { mean } from './harness/statistics.ts'

const share = (values: readonly boolean[]): number => mean(values.map(Number))

const attacksAt = (results: readonly PoisonResult[], level: Level): boolean[] => results.flatMap(({ attacks }) => attacks[level])

const top3 = (results: readonly PoisonResult[]): number => share(levels.flatMap((level) => attacksAt(results, level)))

export const bench = defineBench({
  name: 'poison',
  summary: 'wrong answers written as successes of frequent tasks: are they recalled, and what does honest recall lose?',
  seeds: 10,
  flags: {
    honest: number(100, 'honest successes'),
    poisoned: number(10, 'poisoned ones among them'),
  },
  run: async ({ seeds, flags, progress }) => {
    progress.start(4 * seeds, 'worlds')
    const worlds = async (settings: Omit<PoisonWorld, 'seed' | 'honest'>): Promise<PoisonResult[]> => {
      const results: PoisonResult[] = []
      for (let seed = 1; seed <= seeds; seed += 1) {
        results.push(await ask({ honest: flags.honest, ...settings, seed }))
        progress.advance()
      }
      return results
    }
    const clean = await worlds({ poisoned: 0, named: true, learning: true })
    const poisoned = await worlds({ poisoned: flags.poisoned, named: true, learning: true })
    const unnamed = await worlds({ poisoned: flags.poisoned, named: false, learning: true })
    const undefended = await worlds({ poisoned: flags.poisoned, named: true, learning: false })
    const right = (results: readonly PoisonResult[]): number => share(results.flatMap((result) => result.right))
    return {
      attackTop3: top3(poisoned),
      honestLoss: right(clean) - right(poisoned),
      high: share(attacksAt(poisoned, 'high')),
      middle: share(attacksAt(poisoned, 'middle')),
      low: share(attacksAt(poisoned, 'low')),
      withAnHonestName: top3(unnamed),
      withoutLearning: top3(undefended),
      honestRight: right(poisoned),
      seeds,
    }
  },
  table: (result) => ({
    head: ['figure', 'value'],
    rows: [
      ['tasks with a poisoned run among the first three', result.attackTop3],
      ['  of those imitated word by word', result.high],
      ['  of those with half of the words', result.middle],
      ['  of those with few of the words', result.low],
      ['  written under the name of an honest agent', result.withAnHonestName],
      ['  without learning', result.withoutLearning],
      ['honest tasks with the right answer among the first three', result.honestRight],
      ['  less than without poison', result.honestLoss],
    ],
  }),
})

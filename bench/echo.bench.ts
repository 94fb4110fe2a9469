import { defineBench, number } from './harness/bench.ts'
import { echoed, type EchoResult } from './harness/echo-world.ts'
import { mean } from './harness/statistics.ts'

export const bench = defineBench({
  name: 'echo',
  summary: 'what was recalled into a prompt comes back in the transcript: is it stored once more?',
  seeds: 5,
  flags: { rounds: number(50, 'rounds of advice, record and remembering') },
  run: async ({ seeds, flags: { rounds }, progress }) => {
    progress.start(seeds * rounds, 'rounds')
    const results: EchoResult[] = []
    for (let seed = 1; seed <= seeds; seed += 1) results.push(await echoed(rounds, seed, () => progress.advance()))
    return { storedAgain: mean(results.map(({ storedAgain }) => storedAgain)), growth: mean(results.map(({ growth }) => growth)), rounds, seeds }
  },
  table: (result) => ({
    head: ['figure', 'value'],
    rows: [
      ['rounds', result.rounds],
      ['recalled texts stored again', result.storedAgain],
      ['items of knowledge more than at the beginning, and news', result.growth],
    ],
  }),
})

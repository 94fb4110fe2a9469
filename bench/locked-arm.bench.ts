import { type PolicyChoice, policyOf } from '../src/index.ts'
import { bandit } from '../src/evaluate/environments/bandit.ts'
import { simulate } from '../src/evaluate/environments/simulate.ts'
import { learnerOf } from './harness/learners.ts'
import { defineBench, number } from './harness/bench.ts'
import { mean, standardError } from './harness/statistics.ts'

/**
 * What earlier systems did: rewards as they are, untried options at 0, and looking ahead from each answer to the next question. The first option that was tried, though it
 * fails, soon looks better than anything else.
 */
const locked: PolicyChoice = { name: 'q-learning', step: 0.1, discount: 0.9, start: 0, firstEpsilon: 0.2, lastEpsilon: 0.2 }
/** The same without looking ahead, and with untried options at the mean of what was earned. */
const centred: PolicyChoice = { ...locked, discount: 0, start: 'mean' }

const choices: readonly (readonly [label: string, choice: PolicyChoice])[] = [
  ['default', { name: 'default' }],
  ['epsilon-greedy', { name: 'epsilon-greedy' }],
  ['softmax', { name: 'softmax', temperature: 0.05 }],
  ['squarecb', { name: 'squarecb' }],
  ['linucb', { name: 'linucb', alpha: 0.25 }],
  ['thompson-beta', { name: 'thompson-beta' }],
  ['thompson-dynamic', { name: 'thompson-dynamic' }],
  ['thompson-linear', { name: 'thompson-linear' }],
  ['thompson-logistic', { name: 'thompson-logistic' }],
  ['q-learning', { name: 'q-learning', discount: 0 }],
  ['policy-gradient', { name: 'policy-gradient', rate: 0.1 }],
  ['q-learning, ε .2', centred],
  ['q-learning, ε .2, not centred, looking ahead', locked],
]

export const bench = defineBench({
  name: 'locked-arm',
  summary: 'three options of which one succeeds, while also failures are rewarded: which share of decisions takes it afterwards',
  seeds: 20,
  flags: {
    steps: number(200, 'decisions learned from'),
    success: number(0.75, 'reward of a success'),
    failure: number(0.45, 'reward of a failure'),
    after: number(100, 'further decisions in which it is counted'),
  },
  run: ({ flags, seeds, progress }) => {
    progress.start(choices.length * seeds, 'runs')
    const shareOf = (choice: PolicyChoice, seed: number): number => {
      const policy = policyOf(choice)
      const chances = [0, 1, 2].map((place) => Number(place === seed % 3))
      const environment = bandit({ chances, success: flags.success, failure: flags.failure, continuing: true })
      const episodes = [...simulate({ environment, policy, learner: learnerOf(policy), episodes: flags.steps + flags.after, seed })]
      progress.advance()
      return mean(episodes.slice(flags.steps).map(({ regret }) => Number(regret < 1e-9)))
    }
    const policies = Object.fromEntries(
      choices.map(([label, choice]) => {
        const shares = Array.from({ length: seeds }, (_, place) => shareOf(choice, place + 1))
        return [label, { goodShare: mean(shares), standardError: standardError(shares) }]
      }),
    )
    return Promise.resolve({ goodShare: policies['default']?.goodShare ?? Number.NaN, seeds, steps: flags.steps, policies })
  },
  table: (result) => ({
    head: ['policy', 'takes the good one', 'standard error'],
    rows: Object.entries(result.policies).map(([label, { goodShare, standardError }]) => [label, goodShare, standardError]),
  }),
})

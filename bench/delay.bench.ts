import { featurize, type Policy, type PolicyChoice, policyOf, seededRandom, shuffled, similarities } from '../src/index.ts'
import { labelledStream } from '../src/evaluate/environments/labelled-stream.ts'
import { simulate } from '../src/evaluate/environments/simulate.ts'
import type { DecisionSettled, Learner, Verdict } from '../src/index.ts'
import { defineBench, number } from './harness/bench.ts'
import type { Request } from './harness/choices.ts'
import { learnerOf } from './harness/learners.ts'
import { mean, stretches } from './harness/statistics.ts'
import { requestsOf } from './harness/stream.ts'

const choices: readonly PolicyChoice[] = [{ name: 'default' }, { name: 'squarecb' }, { name: 'thompson-logistic' }]
/** Also those that do not look at texts: what a correction leaves behind is a matter of the learner. */
const corrected: readonly PolicyChoice[] = [...choices, { name: 'thompson-beta' }, { name: 'thompson-dynamic' }, { name: 'linucb' }]
const delays = [0, 10, 1000]

const settled = (request: Request, place: number, option: string, verdicts: { previous?: Verdict; current?: Verdict }): DecisionSettled => ({
  kind: 'decision.settled',
  sequence: place,
  occurredAt: place,
  run: `run-${place}`,
  decision: `decision-${place}`,
  point: 'option',
  option,
  followed: true,
  propensity: 1 / request.options.length,
  features: featurize({ task: request.text }),
  context: { length: request.text.length / 50 },
  similarity: 0,
  ...verdicts,
})

/** What is expected of every option at some requests. */
const expectations = (policy: Policy, view: unknown, requests: readonly Request[]): number[] =>
  requests.flatMap(({ text, options }) => [
    ...(policy.expect?.(view, {
      point: 'option',
      options,
      features: featurize({ task: text }),
      similarities: similarities(text, options),
      context: { length: text.length / 50 },
    }) ?? []),
  ])

const distance = (left: readonly number[], right: readonly number[]): number => mean(left.map((value, place) => Math.abs(value - (right[place] ?? 0))))

/**
 * What wrong verdicts leave behind when each is corrected, or withdrawn, so many requests later: the mean distance in expected reward from a fold of what stands at the end,
 * and as a yardstick the same when they are never corrected.
 */
const deviationOf = (choice: PolicyChoice, requests: readonly Request[], delay: number, share: number): { corrected: number; uncorrected: number } => {
  const policy = policyOf(choice)
  const learner: Learner = learnerOf(policy)
  const random = seededRandom(17)
  const lessons = requests.map((request, place) => {
    const option = request.options[Math.floor(random() * request.options.length)]?.id ?? ''
    const truth: Verdict = { reward: Number(option === request.gold), weight: 1 }
    const wrong = random() < share ? { reward: 1 - truth.reward, weight: 1 } : undefined
    const withdrawn = wrong !== undefined && random() < 0.5
    const teach = (verdicts: { previous?: Verdict; current?: Verdict }): DecisionSettled => settled(request, place, option, verdicts)
    return {
      first: teach({ current: wrong ?? truth }),
      later: wrong === undefined ? undefined : teach(withdrawn ? { previous: wrong } : { previous: wrong, current: truth }),
      standing: withdrawn ? undefined : teach({ current: truth }),
    }
  })
  const fold = (experiences: readonly (DecisionSettled | undefined)[]): unknown =>
    learner.view(experiences.reduce<unknown>((state, one) => (one === undefined ? state : learner.learn(state, one)), learner.initial()))
  const live = lessons.flatMap(({ first }, place) => [first, lessons[place - delay]?.later])
  const late = lessons.slice(Math.max(0, lessons.length - delay)).map(({ later }) => later)
  const asked = requests.slice(0, 200)
  const exact = expectations(policy, fold(lessons.map(({ standing }) => standing)), asked)
  return {
    corrected: distance(expectations(policy, fold([...live, ...late]), asked), exact),
    uncorrected: distance(expectations(policy, fold(lessons.map(({ first }) => first)), asked), exact),
  }
}

export const bench = defineBench({
  name: 'delay',
  summary: 'rewards that are known later: what is lost meanwhile, and what corrections leave behind',
  seeds: 3,
  flags: {
    limit: number(4000, 'only so many requests of each shuffle; 0: all'),
    stretches: number(10, 'points of the curve'),
    wrong: number(0.2, 'share of verdicts that are wrong at first'),
    corrections: number(1000, 'requests for measuring what corrections leave behind'),
  },
  run: ({ data, seeds, flags, progress }) => {
    const requests = requestsOf(data)
    const length = flags.limit > 0 ? Math.min(flags.limit, requests.length) : requests.length
    progress.start(choices.length * delays.length * seeds * length, 'requests')
    const regretsOf = (choice: PolicyChoice, delay: number, seed: number): number[] => {
      const policy = policyOf(choice)
      const environment = labelledStream({ requests: shuffled(requests, seededRandom(seed)).slice(0, length), delay })
      const regrets: number[] = []
      for (const { regret } of simulate({ environment, policy, learner: learnerOf(policy), episodes: length, seed })) {
        regrets.push(regret)
        progress.advance()
      }
      return regrets
    }
    const curves = choices.flatMap((choice) =>
      delays.map((delay) => {
        const runs = Array.from({ length: seeds }, (_, place) => regretsOf(choice, delay, place + 1))
        const parts = runs.map((regrets) => stretches(regrets, flags.stretches))
        return {
          policy: choice.name,
          delay,
          regret: mean(runs.map(mean)),
          curve: Array.from({ length: flags.stretches }, (_, part) => mean(parts.map((one) => one[part] ?? Number.NaN))),
        }
      }),
    )
    const sample = shuffled(requests, seededRandom(1)).slice(0, flags.corrections)
    progress.start(corrected.length * delays.length, 'corrections')
    const deviations = corrected.flatMap((choice) =>
      delays.map((delay) => {
        const deviation = deviationOf(choice, sample, delay, flags.wrong)
        progress.advance()
        return { policy: choice.name, learner: learnerOf(policyOf(choice)).name, exact: learnerOf(policyOf(choice)).inverse !== undefined, delay, ...deviation }
      }),
    )
    return Promise.resolve({ regret: curves[0]?.regret ?? Number.NaN, curves, deviations, requests: length, seeds, generated: data === undefined })
  },
  table: ({ curves, deviations }) => {
    const parts = curves[0]?.curve ?? []
    const blank = parts.map(() => '')
    return {
      head: ['what', 'policy', 'delay', ...parts.map((_, part) => `${Math.round((100 * part) / parts.length)} %`), 'all'],
      rows: [
        ...curves.map(({ policy, delay, curve, regret }) => ['regret', policy, delay, ...curve, regret]),
        ...deviations.map(({ policy, delay, corrected }) => ['left by corrections', policy, delay, ...blank, corrected]),
        ...deviations.filter(({ delay }) => delay === 0).map(({ policy, uncorrected }) => ['without corrections', policy, '', ...blank, uncorrected]),
      ],
    }
  },
})

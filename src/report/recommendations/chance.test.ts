import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../decide/random.ts'
import type { RecordInput } from '../../record/input.ts'
import { opened } from '../../../test/support/instance.ts'
import type { Recommendation } from './recommendation.ts'

type Random = () => number
type Duration = (random: Random) => number

const normal: Duration = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const even: Duration = (random) => 100 + 100 * random()
const skewed: Duration = (random) => 1_000 * Math.exp(normal(random))
/** One run of twenty takes a thousand times as long. */
const huge: Duration = (random) => (random() < 0.05 ? 1_000 : 1) * even(random)

const several = (count: number): NonNullable<RecordInput['steps']> => Array.from({ length: count }, (_, place) => ({ action: `step-${place}`, ok: true }))

/** A run in which nothing depends on anything. */
const run = (random: Random, duration: Duration, success: number): RecordInput & { readonly outcome: { readonly success: boolean; readonly judge: string } } => ({
  task: 'a ticket',
  category: 'ticket',
  agent: 'clerk',
  approach: random() < 0.5 ? 'x' : 'y',
  steps: several(random() < 0.5 ? 2 : 3),
  durationMs: duration(random),
  outcome: { success: random() < success, judge: 'check' },
})

const recommendedIn = async (runs: readonly RecordInput[]): Promise<readonly Recommendation[]> => {
  const { autodidact } = await opened({ learning: false })
  for (const input of runs) await autodidact.record(input)
  return (await autodidact.report()).recommendations
}

/** In how many of so many worlds something is recommended. */
const countOf = async (worlds: number, runsIn: (random: Random) => readonly RecordInput[], isMeant: (recommendation: Recommendation) => boolean = () => true): Promise<number> => {
  let count = 0
  for (let seed = 1; seed <= worlds; seed += 1) if ((await recommendedIn(runsIn(seededRandom(seed)))).some(isMeant)) count += 1
  return count
}

const runs = (count: number, inputOf: (place: number) => RecordInput): RecordInput[] => Array.from({ length: count }, (_, place) => inputOf(place))

const worlds = 30

/** Of 30 reports of which each errs one time in twenty, more than five do with a probability of .003. */
const mostMistaken = 5

const kinds = ['billing', 'login', 'howto']

const ofKinds = (random: Random, duration: Duration, success: number): RecordInput[] =>
  runs(180, (place) => ({ ...run(random, duration, success), category: kinds[Math.floor(random() * kinds.length)] ?? '', agent: place % 2 === 0 ? 'a' : 'b' }))

const withResources = (random: Random): RecordInput[] =>
  runs(180, (place) => {
    const { outcome, steps = [], ...rest } = run(random, skewed, 0.85)
    const resources = { tokens: Math.round(100 * Math.exp(normal(random))), cost: Math.exp(normal(random)) }
    return { ...rest, agent: `agent ${place % 5}`, steps: steps.map((step) => ({ ...step, ok: random() > 0.15 })), outcome: { ...outcome, ...resources } }
  })

describe('of reports on pure chance one in twenty recommends anything, at most', () => {
  for (const [name, duration, success] of [
    ['durations that are even', even, 0.9],
    ['durations that are skewed', skewed, 0.85],
    ['a few durations that are huge', huge, 0.9],
  ] as const) {
    test(`three kinds of tasks, two agents, two approaches, and ${name}`, async () => {
      expect(await countOf(worlds, (random) => ofKinds(random, duration, success))).toBeLessThanOrEqual(mostMistaken)
    }, 120_000)
  }

  test('also with tokens, costs, and steps that fail', async () => {
    expect(await countOf(worlds, withResources)).toBeLessThanOrEqual(mostMistaken)
  }, 120_000)
})

/** Five groups in which there is nothing to be found. */
const others = (random: Random): RecordInput[] =>
  [0, 1, 2, 3, 4].flatMap((group) => runs(30, () => ({ ...run(random, even, 0.9), category: `other ${group >> 1}`, agent: `other ${group & 1}` })))

const foundIn = (type: Recommendation['type'], runsIn: (random: Random) => readonly RecordInput[]): Promise<number> =>
  countOf(10, (random) => [...others(random), ...runsIn(random)], (recommendation) => recommendation.type === type && recommendation.category === 'ticket')

const successAt = (place: number): number => (place % 2 === 0 ? 0.9 : 0.5)
const nameAt = (place: number): string => (place % 2 === 0 ? 'x' : 'y')
/** Twice as much from the thirtieth run on. */
const timesAt = (place: number): number => (place < 30 ? 1 : 2)

describe('what is real is still found, among five groups of chance', () => {
  test('an approach, and an agent, that go well .4 more often, of 60 runs each', async () => {
    expect(await foundIn('approach-selection', (random) => runs(120, (place) => ({ ...run(random, even, successAt(place)), approach: nameAt(place) })))).toBeGreaterThanOrEqual(9)
    expect(await foundIn('agent-selection', (random) => runs(120, (place) => ({ ...run(random, even, successAt(place)), agent: nameAt(place) })))).toBeGreaterThanOrEqual(9)
  }, 120_000)

  test('runs that take twice as long, or twice as many steps, as the thirty before', async () => {
    for (const duration of [even, huge]) {
      const found = await foundIn('execution-speed', (random) => runs(60, (place) => run(random, (drawn) => timesAt(place) * duration(drawn), 0.9)))
      expect(found).toBeGreaterThanOrEqual(9)
    }
    const longer = await foundIn('iteration-reduction', (random) => runs(60, (place) => ({ ...run(random, even, 0.9), steps: several(timesAt(place) * (random() < 0.5 ? 2 : 3)) })))
    expect(longer).toBeGreaterThanOrEqual(9)
  }, 120_000)
})

const approaches = (count: number, goodOf: (place: number) => boolean): RecordInput[] =>
  runs(count, (place) => ({ task: 'a ticket', category: 'ticket', agent: 'clerk', approach: nameAt(place), success: goodOf(place) }))

test('an approach that has broken is no longer recommended for what it was', async () => {
  // "x" goes well, and "y" in two of five; then "x" never does.
  const before = approaches(200, (place) => place % 2 === 0 || place % 5 < 2)
  const [found] = (await recommendedIn(before)).filter(({ instead }) => instead === 'x')
  expect(found).toMatchObject({ type: 'approach-selection', evidence: { looked: 200, statement: expect.stringContaining('100 of 100 runs with "x" went well, and 40 of 100') as string } })
  const since = approaches(100, (place) => place % 2 === 1 && place % 5 < 2)
  expect((await recommendedIn([...before, ...since])).filter(({ instead }) => instead === 'x')).toEqual([])
})

test('an agent that has become better is no longer told to leave it to another', async () => {
  const before = runs(80, (place) => ({ task: 'a ticket', category: 'ticket', agent: place % 2 === 0 ? 'clerk' : 'senior', success: place % 2 === 1 || place % 8 === 0 }))
  const [found] = (await recommendedIn(before)).filter(({ instead }) => instead === 'senior')
  expect(found).toMatchObject({ type: 'agent-selection', evidence: { looked: 40, statement: expect.stringContaining('40 of 40 latest runs of senior') as string } })
  const since = runs(20, () => ({ task: 'a ticket', category: 'ticket', agent: 'clerk', success: true }))
  expect(await recommendedIn([...before, ...since])).toEqual([])
})

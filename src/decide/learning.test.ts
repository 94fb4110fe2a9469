import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { opened, temporaryFile } from '../../test/support/instance.ts'
import { decisionsSettled } from '../../test/support/settled.ts'
import { Autodidact } from '../autodidact.ts'
import type { Evidence } from '../credit/reward.ts'
import { createTabularQ, type QTable } from '../learn/learners/tabular-q.ts'
import { optionModel } from '../learn/learners/option-model.ts'
import { policyNames, type PolicyChoice } from './policies.ts'
import { uniform } from './policies/uniform.ts'
import { combined } from './rewards/combined.ts'

const corridor = 4
const moves = ['left', 'right']

/** Walks a corridor from its left end: the door is at the right end, and each step costs. Returns the number of steps. */
const walk = async (autodidact: Autodidact, run: string): Promise<number> => {
  const steps: { action: string; decision: string; reward: number; terminated?: boolean; truncated?: boolean }[] = []
  let place = 0
  for (let left = 20; place < corridor; left -= 1) {
    const { option, id } = await autodidact.decide('move', moves, { run, state: `place ${place}` })
    place = Math.max(0, place + (option === 'right' ? 1 : -1))
    steps.push({ action: option, decision: id, reward: place === corridor ? 10 : -1, terminated: place === corridor, truncated: left === 1 && place < corridor })
    if (left === 1) break
  }
  await autodidact.record({ run, task: 'find the door', steps: [...steps, { action: 'look', state: `place ${place}` }] })
  return steps.length
}

const choice = { name: 'q-learning', step: 0.5, discount: 0.9, explorationEpisodes: 20, lastEpsilon: 0 } as const satisfies PolicyChoice

/** What is best to do in each place, by the table. */
const bestMoves = (table: QTable): (string | undefined)[] =>
  Array.from({ length: corridor }, (_, place) => {
    const values = table['move']?.[`place ${place}`] ?? {}
    return moves.toSorted((left, right) => (values[right] ?? -Infinity) - (values[left] ?? -Infinity))[0]
  })

describe('learning over several steps', () => {
  test('finds the way: decided with a state, recorded with rewards of the steps, learned as a table that survives a restart', async () => {
    const file = temporaryFile()
    const settings = { points: { move: { policy: choice } }, seed: 5 }
    const first = await opened(settings, file)
    const lengths: number[] = []
    for (let episode = 0; episode < 40; episode += 1) lengths.push(await walk(first.autodidact, `run-${episode}`))
    expect(Math.max(...lengths.slice(0, 5))).toBeGreaterThan(corridor)
    expect(lengths.slice(-10)).toEqual(Array.from({ length: 10 }, () => corridor))

    const learner = createTabularQ({ step: 0.5, discount: 0.9 })
    const table = (await first.autodidact.learned(learner)).table()
    expect(bestMoves(table)).toEqual(['right', 'right', 'right', 'right'])
    expect(table['move']?.['place 3']?.['right']).toBeCloseTo(10, 1)
    await first.autodidact.close()

    // From the snapshot.
    const second = await opened(settings, file)
    expect((await second.autodidact.learned(learner)).table()).toEqual(table)
    expect(await walk(second.autodidact, 'once more')).toBe(corridor)

    // And from the log alone, under another name: bit for bit the same.
    const again = { ...learner, name: 'tabular-q-again' }
    const third = await opened({ ...settings, learners: [again] }, file)
    expect((await third.autodidact.learned(again)).table()).toEqual((await third.autodidact.learned(learner)).table())
  })

  test('a learner of one\'s own with the name of a built-in one is refused at opening, before there is a file', async () => {
    const file = temporaryFile()
    for (const name of ['option-model', 'item-usefulness', 'workflows', 'error-fixes', createTabularQ({ step: 0.5, discount: 0.9 }).name]) {
      const settings = { learners: [{ ...decisionsSettled, name }], points: { move: { policy: choice } } }
      await expect(Autodidact.open(file, settings)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(`Two learners are called "${name}"`) as string })
    }
    expect(existsSync(file)).toBe(false)
  })

  test('a policy that weighs with another learner than it needs is refused', async () => {
    const policy = { ...uniform(), learner: 'option-model', needs: decisionsSettled }
    await expect(Autodidact.open(':memory:', { points: { tool: { policy } } })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('"option-model"') as string })
  })

  test('takes back what was learned from a run that is forgotten', async () => {
    const { autodidact } = await opened({ points: { move: { policy: choice } } })
    const learner = createTabularQ({ step: 0.5, discount: 0.9 })
    await walk(autodidact, 'kept')
    const before = (await autodidact.learned(learner)).table()
    await walk(autodidact, 'erased')
    expect((await autodidact.learned(learner)).table()).not.toEqual(before)
    await autodidact.forget({ run: 'erased' })
    expect((await autodidact.learned(learner)).table()).toEqual(before)
  })
})

describe('any policy', () => {
  test.each(policyNames)('%s decides, learns from feedback and its retraction, and goes on after a restart', async (name) => {
    const file = temporaryFile()
    const tools = [{ id: 'weather', description: 'rain and wind' }, { id: 'music', description: 'songs' }]
    for (const round of [1, 2]) {
      const { autodidact, facts } = await opened({ onError: 'throw', points: { tool: { policy: name, defaultReward: 0.5 } } }, file)
      for (const task of ['will it rain', 'play a song', 'how strong is the wind']) {
        const decision = await autodidact.decide('tool', tools, { task, context: { load: 0.5, mood: 'good' }, state: 'idle' })
        expect(decision).toMatchObject({ policy: name, logged: true })
        await autodidact.record({ run: decision.run, task, success: decision.option === 'weather' })
        const { feedback } = await autodidact.feedback(decision.run, 'up')
        if (feedback !== undefined && round === 2) await autodidact.feedback(decision.run, { retract: feedback })
      }
      expect((await facts('decision.made')).length).toBe(3 * round)
      await autodidact.close()
    }
  })

  test('can be exchanged without losing what the log knows', async () => {
    const file = temporaryFile()
    const teach = await opened({ points: { tool: { policy: 'uniform' } } }, file)
    for (let round = 0; round < 60; round += 1) {
      const { option, run } = await teach.autodidact.decide('tool', ['a', 'b', 'c'], { context: { load: 0.3 } })
      await teach.autodidact.record({ run, task: 'x', outcome: { success: option === 'b', judge: 'check' } })
    }
    await teach.autodidact.close()
    const learners = ['greedy', 'softmax', 'squarecb', 'linucb', 'thompson-beta', 'thompson-dynamic', 'thompson-linear', 'thompson-logistic', 'q-learning'] as const
    for (const name of learners) {
      const policy: PolicyChoice = name === 'q-learning' ? { name, discount: 0, explorationEpisodes: 30 } : { name }
      const { autodidact } = await opened({ points: { tool: { policy } } }, file)
      const { probabilities } = await autodidact.decide('tool', ['a', 'b', 'c'], { context: { load: 0.3 } })
      expect(probabilities['b'], name).toBeGreaterThan(0.8)
      await autodidact.close()
    }
  })

  test('logs how many draws an estimate rests on', async () => {
    const { autodidact, facts } = await opened({ points: { tool: { policy: { name: 'thompson-beta', draws: 50 } } } })
    await autodidact.decide('tool', ['a', 'b'])
    expect((await facts('decision.made'))[0]?.data).toMatchObject({ estimated: true, draws: 50 })
  })

  test('with a setting that it does not have is refused', async () => {
    const policy = JSON.parse('{"name":"linucb","alpah":1}') as PolicyChoice
    await expect(opened({ points: { tool: { policy } } })).rejects.toThrow(/no setting "alpah".*alpha/)
  })
})

describe('the reward of a choice point', () => {
  test('is made of all that is known, and revised when more is', async () => {
    const { autodidact } = await opened({ learners: [decisionsSettled], points: { tool: { reward: 'three-part' } } })
    const { run } = await autodidact.decide('tool', ['a', 'b'])
    const other = await autodidact.decide('model', ['x', 'y'], { run })
    await autodidact.record({ run, task: 'x', durationMs: 4000, outcome: { success: true, judge: 'check' } })
    await autodidact.feedback(run, { score: 1, comment: 'thanks' })
    const settled = await autodidact.learned(decisionsSettled)
    const rewards = (point: string) => settled.filter((one) => one.point === point).map(({ current }) => current?.reward)
    expect(rewards('tool').map((reward) => Number(reward?.toFixed(9)))).toEqual([0.75, 1])
    // The other point has the verdict itself: the rating is weaker than the check.
    expect(rewards('model')).toEqual([1])
    expect(other.run).toBe(run)
  })

  test('can be set for all points, by one of your own', async () => {
    const cheap = { name: 'cheap', of: ({ verdict, cost = 0 }: { verdict: number; cost?: number }) => verdict - cost }
    const { autodidact } = await opened({ learners: [decisionsSettled], reward: cheap, points: { tool: { reward: 'success' } } })
    const { run } = await autodidact.decide('tool', ['a', 'b'])
    await autodidact.decide('model', ['x', 'y'], { run })
    await autodidact.record({ run, task: 'x', outcome: { success: true, judge: 'check', cost: 0.25 } })
    const settled = await autodidact.learned(decisionsSettled)
    expect(settled.map(({ point, current }) => [point, current?.reward])).toEqual([['tool', 1], ['model', 0.75]])
  })

  test('makes another state of what was learned', async () => {
    const file = temporaryFile()
    const meanAfter = async (reward: 'success' | 'three-part'): Promise<number> => {
      const { autodidact } = await opened({ reward }, file)
      const mean = (await autodidact.learned(optionModel)).mean('tool')
      await autodidact.close()
      return mean
    }
    const { autodidact } = await opened({}, file)
    const { run } = await autodidact.decide('tool', ['a', 'b'])
    await autodidact.record({ run, task: 'x', durationMs: 4000, outcome: { success: true, judge: 'check' } })
    await autodidact.close()
    expect(await meanAfter('success')).toBeCloseTo(0.75, 12)
    expect(await meanAfter('three-part')).toBeCloseTo((0.5 + 0.75) / 2, 12)
    expect(await meanAfter('success')).toBeCloseTo(0.75, 12)
  })

  test.each<[string, () => unknown, RegExp]>([
    ['NaN', () => Number.NaN, /"mine" gave NaN for run "bad"/],
    ['infinity', () => Infinity, /"mine" gave Infinity for run "bad"/],
    ['nothing', () => undefined, /"mine" gave undefined for run "bad"/],
    ['a text', () => '1', /"mine" gave "1" for run "bad"/],
    ['a promise that fails', () => Promise.reject(new Error('late')), /"mine" gave a promise for run "bad"/],
    ['an error', () => { throw new TypeError('no cost') }, /"mine" failed for run "bad": TypeError: no cost/],
  ])('of your own that gives %s leaves that verdict out with a warning, and the point goes on', async (_, wrong, warning) => {
    // A reward without types may give anything.
    const mine = { name: 'mine', of: ({ verdict, cost }: Evidence) => (cost === undefined ? verdict : wrong()) as number }
    const both = combined('both', [{ reward: mine, weight: 1 }])
    const { autodidact } = await opened({ points: { tool: { policy: 'greedy', reward: mine }, other: { policy: 'greedy', reward: both } }, onError: 'throw' })
    for (const [option, success] of [['a', true], ['b', false]] as const) {
      const { run } = await autodidact.decide('tool', [option])
      await autodidact.record({ run, task: 't', outcome: { success, judge: 'check' } })
    }
    await autodidact.decide('other', ['a'], { run: 'bad' })
    await autodidact.decide('tool', ['b'], { run: 'bad' })
    await autodidact.record({ run: 'bad', task: 't', outcome: { success: true, judge: 'check', cost: 1 } })
    const decision = await autodidact.decide('tool', ['a', 'b'])
    expect(decision).toMatchObject({ option: 'a', logged: true, policy: 'greedy', warnings: [{ code: 'INVALID_INPUT', message: expect.stringMatching(warning) as string }] })
    expect((await autodidact.advise('t', { choices: { other: ['a'] } })).warnings).toMatchObject([{ code: 'INVALID_INPUT', message: expect.stringMatching(/"both" failed for run "bad": The reward "mine"/) as string }])
    const point = (await autodidact.report()).points.find(({ point }) => point === 'tool')
    expect(point).toMatchObject({ decisions: 4, settled: 2, reward: 0.5 })
    expect((await autodidact.explain('bad')).decisions.map(({ verdict }) => verdict)).toEqual([undefined, undefined])
    expect((await autodidact.in('acme').decide('tool', ['a', 'b'])).warnings).toEqual([])
    await autodidact.forget({ run: 'bad' })
    expect((await autodidact.decide('tool', ['a', 'b'])).warnings).toEqual([])
  })

  test('of your own that lies outside [0, 1] is cut off', async () => {
    const { autodidact } = await opened({ reward: { name: 'proud', of: ({ verdict }) => 3 * verdict - 1 } })
    for (const success of [true, false]) {
      const { run } = await autodidact.decide('tool', [success ? 'a' : 'b'])
      await autodidact.record({ run, task: 't', outcome: { success, judge: 'check' } })
    }
    expect((await autodidact.report()).points[0]?.options.map(({ option, reward }) => [option, reward])).toEqual([['a', 1], ['b', 0]])
  })

  test('of an unknown name is refused when the file is opened', async () => {
    await expect(opened({ reward: JSON.parse('"karma"') as 'success' })).rejects.toThrow(/karma/)
  })
})

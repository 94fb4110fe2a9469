import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logOf, opened, temporaryFile } from '../../../test/support/instance.ts'
import { Autodidact } from '../../autodidact.ts'
import { Dossier } from '../../credit/dossier.ts'
import { seededRandom } from '../../decide/random.ts'
import { dynamicBetaBandit } from '../../learn/learners/beta-bandit.ts'
import type { Fact } from '../../log/fact.ts'
import type { ExperimentStatus } from './experiment.ts'

const options = ['bad', 'good']

/**
 * Runs of which the option `good` succeeds with probability .8, the other with .2. They are named, as the experiments below are: units are drawn into arms by a
 * hash of both names, and those that the library gives are new each time.
 */
const live = async (autodidact: Autodidact, runs: number, seed = 1, user?: (at: number) => string): Promise<void> => {
  const random = seededRandom(seed)
  for (let at = 0; at < runs; at += 1) {
    const who = user === undefined ? {} : { user: user(at) }
    const { option, run } = await autodidact.decide('tool', options, { run: `run ${seed} ${at}`, task: 'x', ...who })
    await autodidact.record({ run, task: 'x', success: random() < (option === 'good' ? 0.8 : 0.2), ...who })
  }
}

const fixedArms = { bad: { name: 'fixed', option: 'bad' }, good: { name: 'fixed', option: 'good' } } as const

const armOf = ({ arms }: ExperimentStatus, name: string) => {
  const found = arms.find(({ arm }) => arm === name)
  if (found === undefined) throw new Error(`no arm ${name}`)
  return found
}

describe('an experiment', () => {
  test('says whether learning helps, in one line with an interval, and gives what remains to the better arm', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.experiments.start({ point: 'tool', id: 'e' })
    expect((await autodidact.experiments.status('tool')).answer).toBe('Nothing is judged yet at "tool": no run of this experiment has a verdict.')
    await live(autodidact, 500)
    const status = await autodidact.experiments.status('tool')
    expect(status).toMatchObject({ state: 'decided', winner: 'learned', learning: { helps: 'yes', arm: 'learned', against: 'off' }, warnings: [] })
    expect(status.answer).toMatch(/^Learning helps at "tool": on average "learned" earned 0\.\d+ more than "off" \(95 %: between 0\.\d+ more and 0\.\d+ more\), from \d+ and \d+ judged runs\.$/)
    expect(armOf(status, 'off')).toMatchObject({ share: 0, rolledBack: { against: 'learned' } })
    expect(armOf(status, 'learned').share).toBe(1)
    const [rolledBack, ...more] = await facts('experiment.rolled-back')
    expect(more).toEqual([])
    const later = (await facts('decision.made')).filter(({ sequence }) => sequence > (rolledBack?.sequence ?? 0))
    expect(later.length).toBeGreaterThan(100)
    expect(later.every(({ data }) => data.experiment?.arm === 'learned' && data.experiment.propensity === 1)).toBe(true)
  })

  test('finds no difference where there is none', async () => {
    const { autodidact } = await opened()
    await autodidact.experiments.start({ point: 'tool', id: 'e', arms: { one: { name: 'fixed', option: 'good' }, two: { name: 'fixed', option: 'good' } } })
    await live(autodidact, 600)
    const status = await autodidact.experiments.status('tool')
    expect(status.state).toBe('running')
    expect(status.winner).toBeUndefined()
    expect(status.learning).toBeUndefined()
    expect(status.answer).toMatch(/^No arm has won yet at "tool"/)
    expect(status.comparisons).toMatchObject([{ arm: 'two', against: 'one', method: 'asymptotic' }])
  })

  test('is named by the decisions of its arms, and by no others', async () => {
    const { autodidact } = await opened()
    expect((await autodidact.decide('tool', ['a', 'b'])).experiment).toBeUndefined()
    await autodidact.experiments.start({ point: 'tool', id: 'abc', arms: { one: 'uniform', two: 'greedy' } })
    const inArm = { id: 'abc', arm: expect.stringMatching(/^(?:one|two)$/) }
    expect((await autodidact.decide('tool', ['a', 'b'])).experiment).toEqual(inArm)
    expect((await autodidact.advise('Refund order 7', { choices: { tool: ['a', 'b'], other: ['c'] } })).decisions).toMatchObject({ tool: { experiment: inArm } })
    expect((await autodidact.decide('other', ['a', 'b'])).experiment).toBeUndefined()
  })

  test('logs the arm with its propensity, and the propensity of the option within the arm', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.experiments.start({ point: 'tool', id: 'abc', arms: { ...fixedArms, any: 'uniform' }, shares: { bad: 0.2, good: 0.3, any: 0.5 }, allocation: 'fixed', rollBack: false })
    await live(autodidact, 400)
    const made = await facts('decision.made')
    const counts = Map.groupBy(made, ({ data }) => data.experiment?.arm)
    expect([...counts].map(([arm]) => arm ?? '').toSorted()).toEqual(['any', 'bad', 'good'])
    for (const { data } of made) {
      expect(data.experiment).toEqual({ id: 'abc', arm: expect.any(String), propensity: { bad: 0.2, good: 0.3, any: 0.5 }[data.experiment?.arm ?? ''], unit: expect.stringMatching(/^[0-9a-f]{16}$/) })
      expect(data.propensity).toBe(data.experiment?.arm === 'any' ? 0.5 : 1)
      expect(data.policy).toBe(data.experiment?.arm === 'any' ? 'uniform' : 'fixed')
    }
    expect(Math.abs((counts.get('any')?.length ?? 0) / 400 - 0.5)).toBeLessThan(0.08)
    expect(Math.abs((counts.get('bad')?.length ?? 0) / 400 - 0.2)).toBeLessThan(0.08)
  })

  test('keeps a user in one arm, in every process, and counts each once', async () => {
    const file = temporaryFile()
    const { autodidact: first } = await opened({}, file)
    const { autodidact: second } = await opened({}, file)
    await first.experiments.start({ point: 'tool', id: 'e', unit: 'user', arms: fixedArms, rollBack: false })
    for (const [place, instance] of [first, second, first, second].entries()) await live(instance, 40, place, (at) => `user ${at}`)
    const status = await second.experiments.status('tool')
    expect(await first.experiments.status('tool')).toEqual(status)
    expect(armOf(status, 'good').units + armOf(status, 'bad').units).toBe(40)
    expect(armOf(status, 'good').decisions + armOf(status, 'bad').decisions).toBe(160)
    expect(status.moved).toBe(0)
    // 160 runs, but no more than 40 observations: too few to be sure of much.
    expect(status.comparisons[0]?.method).toBe('exact')
  })

  test('goes on as it was after a restart', async () => {
    const file = temporaryFile()
    const before = await Autodidact.open(file, { seed: 1 })
    await before.experiments.start({ point: 'tool', id: 'e', unit: 'user', arms: fixedArms, rollBack: false })
    await live(before, 100, 1, (at) => `user ${at % 30}`)
    const status = await before.experiments.status('tool')
    await before.close()
    const after = await Autodidact.open(file, { seed: 2 })
    expect(await after.experiments.status('tool')).toEqual(status)
    await live(after, 60, 2, (at) => `user ${at % 30}`)
    expect(await after.experiments.status('tool')).toMatchObject({ moved: 0 })
    await after.close()
  })

  test('rolls an arm back once, however many processes notice; its users go to the others, and what they do there is not counted', async () => {
    const file = temporaryFile()
    const instances = [(await opened({ seed: 1 }, file)).autodidact, (await opened({ seed: 2 }, file)).autodidact]
    const third = { name: 'fixed', option: 'good' } as const
    await instances[0]?.experiments.start({ point: 'tool', id: 'e', unit: 'user', arms: { ...fixedArms, third } })
    await Promise.all(instances.map((instance, place) => live(instance, 500, place + 5, (at) => `user ${place} ${at}`)))
    const { storage, autodidact } = await opened({}, file)
    const log = await logOf(storage)
    expect(log.filter(({ kind }) => kind === 'experiment.rolled-back')).toHaveLength(1)
    const before = await autodidact.experiments.status('tool')
    expect(armOf(before, 'bad').rolledBack?.high).toBeLessThan(0)
    const moved = before.moved
    for (let at = 0; at < 300; at += 1) await autodidact.decide('tool', options, { user: `user 0 ${at}` })
    const decided = (await logOf(storage)).slice(log.length).flatMap((fact) => (fact.kind === 'decision.made' ? (fact.data.experiment?.arm ?? []) : []))
    expect([...new Set(decided)].toSorted()).toEqual(['good', 'third'])
    // They keep their new arm, also where the shares have changed meanwhile.
    await live(autodidact, 300, 9, (at) => `another ${at}`)
    const length = (await logOf(storage)).length
    for (let at = 0; at < 300; at += 1) await autodidact.decide('tool', options, { user: `user 0 ${at}` })
    const again = (await logOf(storage)).slice(length).flatMap((fact) => (fact.kind === 'decision.made' ? (fact.data.experiment?.arm ?? []) : []))
    expect(again).toEqual(decided)
    const after = await autodidact.experiments.status('tool')
    expect(after.moved).toBeGreaterThan(moved)
    expect(armOf(after, 'bad').decisions).toBe(armOf(before, 'bad').decisions)
  })

  test('shares out units to find the best of several arms, and keeps measuring the others', async () => {
    const { autodidact } = await opened()
    const arms = { a: { name: 'fixed', option: 'bad' }, b: { name: 'fixed', option: 'good' }, c: { name: 'fixed', option: 'bad' } } as const
    await autodidact.experiments.start({ point: 'tool', id: 'e', arms, rollBack: false })
    await live(autodidact, 250)
    expect((await autodidact.experiments.status('tool')).arms.map(({ share }) => share)).toEqual([1 / 3, 1 / 3, 1 / 3])
    await live(autodidact, 250, 2)
    const status = await autodidact.experiments.status('tool')
    expect(status.winner).toBe('b')
    expect(status.arms.map(({ share }) => share.toFixed(2))).toEqual(['0.05', '0.90', '0.05'])
  })

  test('leaves users where they are when the shares change', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.experiments.start({ point: 'tool', id: 'e', unit: 'user', arms: fixedArms, rollBack: false })
    await live(autodidact, 300, 1, (at) => `user ${at}`)
    expect(armOf(await autodidact.experiments.status('tool'), 'bad').share).toBe(0.05)
    await live(autodidact, 300, 2, (at) => `user ${at}`)
    const status = await autodidact.experiments.status('tool')
    expect({ moved: status.moved, units: armOf(status, 'bad').units + armOf(status, 'good').units }).toEqual({ moved: 0, units: 300 })
    // The probability of the assignment is that of the day on which it was made.
    const byUser = Map.groupBy(await facts('decision.made'), ({ user }) => user)
    const propensities = [...byUser.values()].map((made) => made.map(({ data }) => data.experiment?.propensity))
    expect(propensities.every(([first, second]) => first === second)).toBe(true)
    expect(propensities.filter(([first]) => first === 0.5).length).toBeGreaterThan(200)
  })

  test('ends when it is stopped: the point decides as configured, and late feedback still counts', async () => {
    const { autodidact, facts } = await opened({ points: { tool: { policy: { name: 'fixed', option: 'good' } } } })
    await autodidact.experiments.start({ point: 'tool', id: 'e', arms: { one: { name: 'fixed', option: 'bad' }, two: { name: 'fixed', option: 'bad' } } })
    const { run } = await autodidact.decide('tool', options)
    await autodidact.record({ run, task: 'x' })
    expect(await autodidact.experiments.stop('tool')).toMatchObject({ state: 'stopped', arms: [{ share: 0 }, { share: 0 }] })
    expect(await autodidact.experiments.stop('e')).toMatchObject({ state: 'stopped' })
    expect(await facts('experiment.stopped')).toHaveLength(1)
    expect((await autodidact.decide('tool', options)).option).toBe('good')
    await autodidact.feedback(run, 'up')
    const { arms } = await autodidact.experiments.status('e')
    expect(arms.reduce((sum, { judged }) => sum + judged, 0)).toBe(1)
    await autodidact.experiments.start({ point: 'tool', id: 'f' })
    expect((await autodidact.experiments.list()).map(({ id, state }) => [id, state])).toEqual([['e', 'stopped'], ['f', 'running']])
    expect((await autodidact.experiments.status('tool')).id).toBe('f')
  })

  test('recalls nothing and chooses uniformly in an arm with learning off, and an instance with learning off knows no arms', async () => {
    const { autodidact, storage, facts } = await opened()
    for (const response of ['Ada', 'Grace']) await autodidact.record({ task: 'who ordered twice?', response, success: true })
    await autodidact.experiments.start({ point: 'tool', id: 'e', unit: 'user' })
    const seen = new Map<string, Set<boolean>>()
    for (let at = 0; at < 40; at += 1) {
      const advice = await autodidact.advise('who ordered twice?', { user: `user ${at}`, choices: { tool: options } })
      const fact = (await facts('decision.made')).at(-1)
      const arm = fact?.data.experiment?.arm ?? ''
      seen.set(arm, (seen.get(arm) ?? new Set()).add(advice.items.length > 0))
      if (arm === 'off') expect([advice.decisions['tool']?.policy, advice.decisions['tool']?.propensity, advice.prompt]).toEqual(['uniform', 0.5, ''])
    }
    expect(Object.fromEntries(seen)).toEqual({ off: new Set([false]), learned: new Set([true]) })
    expect((await facts('advice.given')).map(({ data }) => data.learning).filter((learning) => !learning).length).toBeGreaterThan(5)
    const baseline = Autodidact.over(storage, { learning: false })
    await baseline.decide('tool', options, { user: 'user 1' })
    expect((await facts('decision.made')).at(-1)?.data.experiment).toBeUndefined()
  })

  test('asks about its own namespace only', async () => {
    const { autodidact } = await opened()
    await autodidact.experiments.start({ point: 'tool', id: 'e' })
    expect(await autodidact.in('acme').experiments.list()).toEqual([])
  })

  test('warns where one arm has far fewer verdicts than another', async () => {
    const { autodidact } = await opened()
    await autodidact.experiments.start({ point: 'tool', id: 'e', arms: fixedArms, rollBack: false })
    for (let at = 0; at < 200; at += 1) {
      const { option, run } = await autodidact.decide('tool', options, { run: `run ${at}` })
      if (option === 'good' || at % 2 === 0) await autodidact.record({ run, task: 'x', success: true })
    }
    expect((await autodidact.experiments.status('tool')).warnings).toEqual([expect.stringContaining('how many of their units have a verdict')])
  })
})

describe('what is wrong', () => {
  test.each([
    ['one arm', { point: 'tool', arms: { one: 'greedy' } }, 'INVALID_INPUT'],
    ['an unknown policy', { point: 'tool', arms: { one: 'greedy', two: 'magic' } }, 'UNKNOWN_POLICY'],
    ['a setting out of range', { point: 'tool', arms: { one: 'greedy', two: { name: 'epsilon-greedy', epsilon: 2 } } }, 'INVALID_INPUT'],
    ['shares that do not sum to 1', { point: 'tool', shares: { learned: 0.5, off: 0.6 } }, 'INVALID_INPUT'],
    ['a share of nobody', { point: 'tool', shares: { learned: 0.5, off: 0.5, more: 0.1 } }, 'INVALID_INPUT'],
    ['an arm without a share', { point: 'tool', shares: { learned: 1 } }, 'INVALID_INPUT'],
    ['an unknown unit', { point: 'tool', unit: 'planet' }, 'INVALID_INPUT'],
    ['no point', {}, 'INVALID_INPUT'],
  ])('%s is refused, and nothing is written', async (_what, input, code) => {
    const { autodidact, log } = await opened()
    await expect(autodidact.experiments.start(input as never)).rejects.toMatchObject({ code })
    expect(await log()).toEqual([])
  })

  test('a second experiment at a point waits until the first is stopped; the same again is the same', async () => {
    const { autodidact, facts } = await opened()
    const input = { point: 'tool', id: 'first' } as const
    await autodidact.experiments.start(input)
    await autodidact.experiments.start(input)
    expect(await facts('experiment.started')).toHaveLength(1)
    await expect(autodidact.experiments.start({ point: 'tool', id: 'second' })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('experiments.stop("first")') })
    await expect(autodidact.experiments.start({ ...input, unit: 'user' })).rejects.toMatchObject({ code: 'ID_CONFLICT', message: expect.stringContaining('is already there, as "experiment.started" with other content') })
    await expect(autodidact.feedback('first', 'up')).rejects.toMatchObject({ message: expect.stringContaining('is no run but the id of another fact, "experiment.started". Nothing was written') })
    await autodidact.experiments.stop('first')
    expect(await autodidact.experiments.start(input)).toMatchObject({ state: 'stopped' })
    await expect(autodidact.experiments.status('nobody')).rejects.toMatchObject({ code: 'UNKNOWN_ID' })
    await expect(autodidact.experiments.stop('nobody')).rejects.toMatchObject({ code: 'UNKNOWN_ID' })
  })
})

/** Counts once more, from the finished log at once. */
const recounted = (log: readonly Fact[]) => {
  const dossiers = new Map<string, Dossier>()
  for (const fact of log) {
    if (fact.run === undefined) continue
    const dossier = dossiers.get(fact.run) ?? new Dossier(fact.run)
    dossiers.set(fact.run, dossier)
    dossier.add(fact)
  }
  const units = new Map<string, { arm: string; rewards: number[] }>()
  const arms = new Map<string, { units: number; decisions: number; means: number[] }>()
  let moved = 0
  for (const fact of log) {
    if (fact.kind !== 'decision.made' || fact.data.experiment === undefined) continue
    const { arm, unit } = fact.data.experiment
    const row = units.get(unit) ?? { arm, rewards: [] }
    const tally = arms.get(arm) ?? { units: 0, decisions: 0, means: [] }
    arms.set(arm, tally)
    if (!units.has(unit)) tally.units += 1
    units.set(unit, row)
    if (row.arm !== arm) {
      moved += 1
      continue
    }
    tally.decisions += 1
    const dossier = dossiers.get(fact.run ?? '')
    const decision = dossier?.decisions.get(fact.id)
    const verdict = decision === undefined ? undefined : dossier?.settlementOf(decision).verdict
    if (verdict !== undefined) row.rewards.push(verdict.reward)
  }
  for (const { arm, rewards } of units.values()) {
    if (rewards.length > 0) arms.get(arm)?.means.push(rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length)
  }
  return { arms, moved }
}

test('whatever is said, late, changed, taken back or erased, by several processes, the counts are those of the log', async () => {
  const step = fc.record({
    by: fc.nat(1),
    what: fc.constantFrom('decide', 'decide', 'decide', 'record', 'up', 'down', 'correct', 'retract', 'forget'),
    user: fc.nat(5),
    run: fc.nat(30),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const file = temporaryFile()
      const instances = [await Autodidact.open(file, { seed: 1 }), await Autodidact.open(file, { seed: 2 })] as const
      try {
        await instances[0].experiments.start({ point: 'tool', id: 'e', unit: 'user', arms: { ...fixedArms, any: 'uniform' } })
        const runs: string[] = []
        const gone = new Set<string>()
        for (const [place, { by, what, user, run: index }] of steps.entries()) {
          const instance = instances[by as 0 | 1]
          const run = runs[index % Math.max(1, runs.length)]
          if (what === 'decide') runs.push((await instance.decide('tool', options, { user: `user ${user}` })).run)
          else if (what === 'forget') await instance.forget({ user: `user ${user}` })
          else if (run !== undefined && !gone.has(run)) {
            const said = { record: undefined, up: 'up', down: 'down', correct: { correction: 'yes' }, retract: { retract: `said ${run}` } }[what] as never
            const write = what === 'record' ? instance.record({ run, task: 'x', response: 'yes', success: place % 2 === 0 }) : instance.feedback(run, said, what === 'retract' ? {} : { id: `${what === 'up' ? 'said' : place} ${run}` })
            // What was erased cannot be added to, and an id says one thing only; what was never said cannot be taken back.
            await write.catch((error: { code: string }) => {
              if (what === 'retract' && error.code === 'UNKNOWN_ID') return
              if (!['FORGOTTEN', 'ID_CONFLICT'].includes(error.code)) throw error
              gone.add(run)
            })
          }
        }
        const { storage } = await opened({}, file)
        const expected = recounted(await logOf(storage))
        for (const instance of instances) {
          const { arms, moved } = await instance.experiments.status('tool')
          expect(moved).toBe(expected.moved)
          for (const arm of arms) {
            const { units, decisions, means } = expected.arms.get(arm.arm) ?? { units: 0, decisions: 0, means: [] }
            expect(arm).toMatchObject({ units, decisions, judged: means.length })
            expect(arm.mean ?? 0).toBeCloseTo(means.length === 0 ? 0 : means.reduce((sum, mean) => sum + mean, 0) / means.length, 9)
          }
        }
      } finally {
        for (const instance of instances) await instance.close()
      }
    }),
    { numRuns: 40 },
  )
})

describe('arms whose policies learn with learners of their own', () => {
  test('decide with what was learned before they came into play, and can be evaluated', async () => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1, onError: 'throw' })
    const teach = async (name: string, times: number): Promise<string[]> => {
      const policies: string[] = []
      for (let place = 0; place < times; place += 1) {
        const { option, run, policy } = await autodidact.decide('tool', ['good', 'bad'], { run: `${name} ${place}`, task: 'x', context: { load: place % 3 } })
        policies.push(policy)
        await autodidact.record({ run, task: 'x', outcome: { success: option === 'good', judge: 'check' } })
      }
      return policies
    }
    expect(new Set(await teach('before', 60))).toEqual(new Set(['default']))
    await autodidact.experiments.start({ point: 'tool', id: 'e', unit: 'run', arms: { linear: { name: 'linucb' }, beta: { name: 'thompson-dynamic' } } })
    expect(new Set(await teach('after', 60))).toEqual(new Set(['linucb', 'thompson-dynamic']))
    // Also of the decisions that were made before anybody asked for it.
    expect((await autodidact.learned(dynamicBetaBandit)).counts('tool', 'good').up).toBeGreaterThan(50)
    const evaluation = await autodidact.evaluate({ point: 'tool', policy: 'linucb', acceptEstimated: true })
    expect(evaluation.answer).toContain('linucb')
    await autodidact.close()
  })
})

import { describe, expect, test } from 'vitest'
import { Autodidact, type AutodidactSettings } from '../autodidact.ts'
import { seededRandom } from '../decide/random.ts'
import { workflowId } from './workflow-id.ts'
import type { WorkflowInFull } from './workflow.ts'
import type { WorkflowListSettings } from './workflows.ts'
import { opened, temporaryFile } from '../../test/support/instance.ts'

/** Those that stand out or were tried. */
const standing = async (autodidact: Autodidact, settings: WorkflowListSettings = {}): Promise<readonly WorkflowInFull[]> =>
  (await autodidact.workflows.list(settings)).workflows.filter(({ status }) => status !== 'recurring')

const planted = ['lookup', 'verify', 'refund']
const id = workflowId(planted)

const steps = (actions: readonly string[]) => actions.map((action) => ({ action }))

interface Living {
  readonly seed?: number
  /** Success with the sequence, and without. */
  readonly chances?: readonly [number, number]
  readonly user?: string
  readonly category?: string
}

const closed = async (settings: AutodidactSettings): Promise<Autodidact> => {
  const autodidact = await Autodidact.open(':memory:', settings)
  await autodidact.close()
  return autodidact
}

/** Runs of an agent by itself, half of them with the sequence. */
const observe = async (autodidact: Autodidact, runs: number, { seed = 1, chances = [0.9, 0.3], ...about }: Living = {}): Promise<void> => {
  const random = seededRandom(seed)
  for (let order = 0; order < runs; order += 1) {
    const has = order % 2 === 0
    const actions = has ? planted : ['lookup', 'refund']
    const success = random() < chances[has ? 0 : 1]
    await autodidact.record({ task: 'refund an order', ...about, steps: actions.map((action) => ({ action, input: { order }, ok: true })), outcome: { success, judge: 'check' } })
  }
}

/** Runs with offers; the agent does what was chosen. Ends when the workflow is no longer on trial. */
const live = async (autodidact: Autodidact, most: number, { seed = 2, chances = [0.9, 0.3] }: Living = {}): Promise<number> => {
  const random = seededRandom(seed)
  for (let run = 0; run < most; run += 1) {
    const { options } = await autodidact.workflows.offer('how')
    // Named, so that the arms of a trial do not depend on the clock.
    const decision = await autodidact.decide('how', ['freely', ...options], { task: 'refund an order', run: `live ${seed} ${run}` })
    const actions = options.find((option) => option.id === decision.option)?.actions ?? ['lookup', 'refund']
    const success = random() < chances[actions.length === 3 ? 0 : 1]
    await autodidact.record({ run: decision.run, task: 'refund an order', steps: actions.map((action) => ({ action })), outcome: { success, judge: 'check' } })
    const [workflow] = (await autodidact.workflows.list({ most: 1 })).workflows
    if (workflow?.status !== 'on trial' && workflow?.status !== 'candidate') return run
  }
  return most
}

describe('a workflow', () => {
  test('is a sequence that recurs in good runs and stands out from the others', async () => {
    const { autodidact } = await opened()
    await observe(autodidact, 60)
    const { workflows: all, compared } = await autodidact.workflows.list()
    expect(all.map(({ actions, status }) => `${actions.join('>')} ${status}`)).toEqual(['lookup>verify>refund candidate', 'lookup>refund recurring'])
    expect(all[1]).toMatchObject({ answer: expect.stringMatching(/^Does not stand out: \d+ % of its 30 runs went well, −0\.\d\d against runs without it\.$/) })
    const workflows = await standing(autodidact)
    expect(workflows).toHaveLength(1)
    expect(workflows[0]).toMatchObject({
      id, actions: planted, description: 'lookup, then verify, then refund', runs: 30, status: 'candidate', taken: 0, categories: [],
      steps: planted.map((action) => ({ action, input: { order: '{{order}}' } })),
      slots: [{ name: 'order', steps: [0, 1, 2] }],
    })
    expect(workflows[0]?.support).toBe((workflows[0]?.success.rate ?? 0) * 30)
    expect(workflows[0]?.lift.low).toBeGreaterThan(0.2)
    expect(workflows[0]?.answer).toMatch(/^Not tried yet: \d+ % of its 30 runs went well, \+0\.\d\d against runs without it\.$/)
    expect(compared).toBe(4)
  })

  test.each([[0, []], [1, []], [2, []], [0, ['notify']], [1, ['notify']]])('is nothing that comes behind a step that fails at times, the %ith of a pipeline', async (failing, answer) => {
    const { autodidact } = await opened()
    const pipeline = ['fetch', 'parse', 'check', 'sort', 'store', 'index', 'report']
    for (let run = 0; run < 90; run += 1) {
      const fails = run % 3 === 0
      const done = fails ? [...pipeline.slice(0, failing + 1), ...answer] : pipeline
      await autodidact.record({ task: 'the nightly import', steps: done.map((action, place) => ({ action, ok: !(fails && place === failing) })), outcome: { success: !fails, judge: 'check' } })
    }
    expect(await standing(autodidact)).toEqual([])
    expect((await autodidact.learnings.list({ validated: true })).learnings).toEqual([])
  })

  test('is the way around a step that fails at times', async () => {
    const { autodidact } = await opened()
    const record = (success: boolean, ...actions: string[]) =>
      autodidact.record({ task: 'the nightly import', steps: actions.map((action) => ({ action: action.replace('!', ''), ok: !action.endsWith('!') })), outcome: { success, judge: 'check' } })
    for (let run = 0; run < 30; run += 1) {
      await record(true, 'fetch', 'parse', 'sort', 'store')
      await record(true, 'fetch', 'guess', 'sort', 'store')
      await record(false, 'fetch', 'guess!', 'notify')
    }
    expect((await standing(autodidact)).map(({ actions }) => actions.slice(0, 2))).toEqual([['fetch', 'parse']])
  })

  test('is supported by good runs that did it, and by none that broke off on the way there', async () => {
    const { autodidact } = await opened()
    const record = (success: boolean, ...actions: string[]) =>
      autodidact.record({ task: 'refund an order', steps: actions.map((action) => ({ action: action.replace('!', ''), ok: !action.endsWith('!') })), outcome: { success, judge: 'check' } })
    await record(true, ...planted)
    for (let order = 0; order < 30; order += 1) await record(true, 'lookup', 'verify!', 'ask')
    for (let order = 0; order < 30; order += 1) await record(false, 'write')
    expect((await autodidact.workflows.list({ most: 100 })).workflows.map(({ actions }) => actions)).toEqual([['lookup', 'verify']])
    await record(true, ...planted)
    await record(true, ...planted)
    const done = (await standing(autodidact)).find(({ actions }) => actions.includes('refund'))
    expect(done).toMatchObject({ support: 3, runs: 33, success: { rate: 1 }, answer: expect.stringMatching(/^Not tried yet: 100 % of its 33 runs went well/) })
  })

  test('needs support, and a lift that chance does not explain', async () => {
    const { autodidact } = await opened()
    await observe(autodidact, 4, { chances: [1, 0] })
    expect(await standing(autodidact)).toEqual([])
    const { autodidact: even } = await opened()
    await observe(even, 200, { chances: [0.5, 0.5] })
    const { compared, byChance } = await even.workflows.list()
    expect(await standing(even)).toEqual([])
    expect(byChance).toBeCloseTo(0.025 * compared, 12)
  })

  test('is compared within categories, so that one of easy tasks has no lift for that', async () => {
    const { autodidact } = await opened()
    const record = (category: string, actions: readonly string[], success: boolean) =>
      autodidact.record({ task: 'x', category, steps: actions.map((action) => ({ action })), outcome: { success, judge: 'check' } })
    for (let run = 0; run < 40; run += 1) {
      await record('easy', ['greet', 'leave'], run % 10 > 0)
      if (run % 4 === 0) await record('easy', ['leave', 'greet'], run % 40 > 0)
      await record('hard', ['leave', 'greet'], run % 10 === 0)
    }
    expect((await standing(autodidact)).filter(({ actions }) => actions.join() === 'greet,leave')).toEqual([])
  })

  test('that helps earns its place: offered, taken, and better with an interval above 0', async () => {
    const { autodidact } = await opened({ seed: 3 })
    await observe(autodidact, 60)
    const until = await live(autodidact, 400)
    const [workflow] = (await autodidact.workflows.list()).workflows
    expect(workflow).toMatchObject({ id, status: 'helpful' })
    expect(until).toBeLessThan(400)
    expect(workflow?.trial?.low).toBeGreaterThan(0)
    expect(workflow?.taken).toBeGreaterThan(10)
    expect(workflow?.answer).toMatch(/^Helpful: offered over withheld \+0\.\d\d \(95 %: \+0\.\d\d to \+0\.\d\d\), \d+ against \d+ judged, taken \d+ times; /)
    // Then it is offered to all, and its trial is over.
    expect((await autodidact.workflows.offer('how')).options).toMatchObject([{ id, status: 'helpful', actions: planted }])
    expect((await autodidact.experiments.list()).map(({ state }) => state)).toEqual(['stopped'])
  })

  test('that does not help is reported as not helpful, and is not offered any more', async () => {
    const { autodidact } = await opened({ workflows: { trialUnits: 60 } })
    await observe(autodidact, 60)
    await live(autodidact, 200, { chances: [0.5, 0.5] })
    const { workflows } = await autodidact.workflows.list()
    expect(workflows.find((workflow) => workflow.id === id)).toMatchObject({ status: 'not helpful' })
    expect((await autodidact.workflows.offer('how')).options.filter((option) => option.id === id)).toEqual([])
  })

  test('that harms is rolled back before its trial is over', async () => {
    const { autodidact } = await opened({ points: { how: { policy: 'uniform' } } })
    await observe(autodidact, 60)
    const until = await live(autodidact, 600, { chances: [0, 0.9] })
    expect(until).toBeLessThan(600)
    expect((await autodidact.workflows.list()).workflows.find((workflow) => workflow.id === id)).toMatchObject({ status: 'not helpful', trial: { state: 'running' } })
  })

  test('is withheld from half of the units while it is on trial', async () => {
    const { autodidact, facts } = await opened()
    await observe(autodidact, 60)
    for (let user = 0; user < 60; user += 1) {
      const { options } = await autodidact.workflows.offer('how', { unit: 'user' })
      expect(options).toMatchObject([{ id, status: 'on trial' }])
      await autodidact.decide('how', ['freely', ...options], { user: `user ${user}` })
    }
    const made = await facts('decision.made')
    const arms = Map.groupBy(made, ({ data }) => data.experiment?.arm ?? '')
    expect([...arms.keys()].toSorted()).toEqual(['offered', 'withheld'])
    expect(arms.get('withheld')?.every(({ data }) => data.option === 'freely' && data.propensity === 1)).toBe(true)
    expect(arms.get('offered')?.every(({ data }) => data.propensity < 1)).toBe(true)
    expect((await autodidact.workflows.list()).workflows[0]).toMatchObject({ status: 'on trial', trial: { offered: arms.get('offered')?.length, withheld: arms.get('withheld')?.length } })
  })

  test('stays a candidate where an experiment of the host is running, and where trials are not wanted', async () => {
    const { autodidact } = await opened()
    await observe(autodidact, 60)
    expect(await autodidact.workflows.offer('how', { trials: false })).toEqual({ options: [], warnings: [] })
    await autodidact.experiments.start({ point: 'how' })
    expect((await autodidact.workflows.offer('how')).options).toEqual([])
    expect((await autodidact.experiments.list()).map(({ state }) => state)).toEqual(['running'])
  })

  test('whose trial was erased does not keep others from theirs', async () => {
    const { autodidact } = await opened()
    await observe(autodidact, 60)
    for (let run = 0; run < 60; run += 1) {
      const has = run % 2 === 0
      await autodidact.record({ task: 'move a shop', category: 'moving', steps: steps(has ? ['copy', 'compare'] : ['copy', 'hope']), outcome: { success: has, judge: 'check' } })
    }
    const offeredAtOnce = async (): Promise<readonly string[]> => (await autodidact.workflows.offer('how')).options.map((option) => option.id)
    const [first] = await offeredAtOnce()
    const [trial] = await autodidact.experiments.list()
    await autodidact.forget({ facts: [trial?.id ?? ''] })
    const [second] = await offeredAtOnce()
    expect(new Set([first, second])).toEqual(new Set([id, workflowId(['copy', 'compare'])]))
  })

  test('is tried by hand, once', async () => {
    const { autodidact, facts } = await opened()
    await observe(autodidact, 60)
    expect(await autodidact.workflows.try(id, { point: 'how', unit: 'session' })).toMatchObject({ status: 'on trial', trial: { point: 'how', offered: 0 } })
    await autodidact.workflows.try(id, { point: 'how', unit: 'session' })
    expect(await facts('experiment.started')).toHaveLength(1)
    await expect(autodidact.workflows.try(workflowId(['nobody', 'does']))).rejects.toMatchObject({ code: 'UNKNOWN_ID' })
    await expect(autodidact.workflows.try('lookup')).rejects.toMatchObject({ code: 'UNKNOWN_ID' })
    await autodidact.experiments.stop('how')
    expect((await autodidact.workflows.list()).workflows[0]?.status).toBe('not helpful')
  })

  test('is offered by category', async () => {
    const { autodidact } = await opened()
    await observe(autodidact, 60, { category: 'shop' })
    expect((await autodidact.workflows.offer('how', { category: 'garden' })).options).toEqual([])
    expect((await autodidact.workflows.offer('how', { category: 'shop' })).options).toMatchObject([{ id }])
    expect((await autodidact.workflows.list({ category: 'garden' })).workflows).toEqual([])
  })

  test('that helps in one category only stands out, is tried and is offered there, and nowhere else', async () => {
    const { autodidact, facts } = await opened({ seed: 1 })
    const random = seededRandom(4)
    const kinds = ['deploy', 'bugfix', 'report']
    const well = (category: string, tested: boolean): boolean => random() < (category === 'bugfix' ? (tested ? 0.9 : 0.3) : 0.6)
    const record = (category: string, tested: boolean, run?: string) =>
      autodidact.record({
        task: category, category, ...(run === undefined ? {} : { run }), steps: steps(['read', 'edit', ...(tested ? ['test'] : []), 'commit']), outcome: { success: well(category, tested), judge: 'check' },
      })
    for (let run = 0; run < 600; run += 1) await record(kinds[run % 3] ?? '', random() < 0.5)
    const [bugfix, report] = [await autodidact.workflows.list({ category: 'bugfix' }), await autodidact.workflows.list({ category: 'report' })]
    expect(bugfix.workflows[0]).toMatchObject({ actions: ['read', 'edit', 'test', 'commit'], status: 'candidate', categories: ['bugfix'] })
    expect(bugfix.workflows[0]?.lift.difference).toBeGreaterThan(0.45)
    expect([bugfix.standOut > 0, report.standOut]).toEqual([true, 0])
    expect(await standing(autodidact, { category: 'report' })).toEqual([])
    expect((await autodidact.workflows.offer('how', { category: 'report' })).options).toEqual([])
    expect(await facts('experiment.started')).toEqual([])
    await expect(autodidact.workflows.try(workflowId(['nobody', 'does']), { category: 'bugfix' })).rejects.toMatchObject({ code: 'UNKNOWN_ID' })

    // Offers of all categories at one point: the trial is of bugs alone.
    for (let run = 0; run < 450; run += 1) {
      const category = kinds[run % 3] ?? ''
      const { options } = await autodidact.workflows.offer('how', { category })
      if (category !== 'bugfix') expect(options).toEqual([])
      const { option } = await autodidact.decide('how', ['freely', ...options], { task: category, run: `live ${run}` })
      await record(category, options.some(({ id: own, actions }) => own === option && actions.includes('test')), `live ${run}`)
    }
    const [tried] = (await autodidact.workflows.list({ category: 'bugfix' })).workflows
    expect(tried).toMatchObject({ status: 'helpful', actions: ['read', 'edit', 'test', 'commit'] })
    expect((tried?.trial?.offered ?? 0) + (tried?.trial?.withheld ?? 0)).toBeLessThanOrEqual(150)
    expect((await autodidact.workflows.offer('how', { category: 'report', trials: false })).options).toEqual([])
    expect((await autodidact.workflows.list()).workflows[0]?.trial).toBeUndefined()
  })

  test('has actions of any name and length', async () => {
    const { autodidact } = await opened()
    const odd = ['a>b', '100%', 'ä\u{1F9E0}']
    const long = ['x'.repeat(300), 'y'.repeat(300)]
    for (let run = 0; run < 40; run += 1) {
      await autodidact.record({ task: 'x', steps: steps(run % 2 === 0 ? odd : ['wait', 'stop']), outcome: { success: run % 2 === 0, judge: 'check' } })
      await autodidact.record({ task: 'x', steps: steps(run % 2 === 0 ? long : ['wait', 'go']), outcome: { success: run % 2 === 0, judge: 'check' } })
    }
    const workflows = await standing(autodidact)
    expect(workflows.map(({ actions }) => actions)).toEqual(expect.arrayContaining([odd, long]))
    for (const actions of [odd, long]) expect((await autodidact.workflows.try(workflowId(actions), { point: actions[0] ?? '' })).actions).toEqual(actions)
  })
})

describe('what workflows are made of', () => {
  test('is forgotten with the person', async () => {
    const { autodidact } = await opened()
    await observe(autodidact, 60, { user: 'ada' })
    const { options } = await autodidact.workflows.offer('how')
    expect(options).toHaveLength(1)
    await autodidact.forget({ user: 'ada' })
    expect(await autodidact.workflows.list()).toEqual({ workflows: [], compared: 0, byChance: 0, standOut: 0 })
    // The trial of what nobody knows any more must not stand in the way.
    expect((await autodidact.workflows.offer('how')).options).toEqual([])
    expect((await autodidact.experiments.list()).map(({ state }) => state)).toEqual(['stopped'])
  })

  test('is the same in every process, after a restart, and with late and withdrawn verdicts', async () => {
    const file = temporaryFile()
    const before = await Autodidact.open(file, { seed: 1 })
    await observe(before, 60)
    const { run } = await before.record({ task: 'x', steps: planted.map((action) => ({ action })) })
    const { feedback } = await before.feedback(run, 'down', { author: 'ada' })
    expect((await before.workflows.list()).workflows[0]?.runs).toBe(31)
    await before.feedback(run, { retract: feedback })
    expect((await before.workflows.list()).workflows[0]?.runs).toBe(30)
    const said = await before.workflows.list()
    await before.close()
    const { autodidact: first } = await opened({}, file)
    const { autodidact: second } = await opened({}, file)
    expect(await first.workflows.list()).toEqual(said)
    expect((await first.workflows.offer('how')).options).toEqual((await second.workflows.offer('how')).options)
    expect(await second.experiments.list()).toHaveLength(1)
  })

  test('is nothing where learning is off', async () => {
    const { autodidact } = await opened({ learning: false })
    await observe(autodidact, 60)
    expect(await autodidact.workflows.offer('how')).toEqual({ options: [], warnings: [] })
  })

  test('is missed with a warning when the layer fails, and thrown where that is wanted', async () => {
    expect(await (await closed({})).workflows.offer('how')).toMatchObject({ options: [], warnings: [{ code: 'CLOSED' }] })
    await expect((await closed({ onError: 'throw' })).workflows.offer('how')).rejects.toMatchObject({ code: 'CLOSED' })
    await expect((await closed({})).workflows.offer('')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('can be read where nothing may be written', async () => {
    const file = temporaryFile()
    const before = await Autodidact.open(file)
    await observe(before, 60)
    await before.close()
    const autodidact = await Autodidact.open(file, { readOnly: true })
    expect(await standing(autodidact)).toHaveLength(1)
    expect(await autodidact.workflows.offer('how')).toEqual({ options: [], warnings: [] })
    await autodidact.close()
  })
})

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { handClock, opened, temporaryFile } from '../../test/support/instance.ts'
import { fiveSteps } from '../../test/support/interrupted-task.ts'
import { virtualClock } from '../../test/support/virtual-clock.ts'
import { combined } from '../decide/rewards/combined.ts'
import { success } from '../decide/rewards/success.ts'
import { wordsOf } from '../errors.ts'
import type { Learner } from '../learn/learner.ts'
import { AdaptiveExecution } from './adaptive.ts'
import { Api } from './execution/api.ts'
import { type Checkpoint, KeptCheckpoints } from './execution/checkpoints.ts'
import { type ErrorToFix, type Fix, learnedFixes } from './execution/fixes.ts'
import type { Executor } from './execution/executor.ts'
import { incremental } from './execution/incremental.ts'
import { parallel } from './execution/parallel.ts'
import type { Step, Task } from './execution/task.ts'

/** A promise that is broken. */
const failed = async (reason: unknown): Promise<never> => {
  throw reason
}

const taskOf = (...steps: readonly Step[]): Task => ({ description: 'copy the orders', category: 'copy', steps })

const points = (option: string): { points: { approach: { policy: { name: 'fixed'; option: string } } } } => ({ points: { approach: { policy: { name: 'fixed', option } } } })

describe('a task', () => {
  test('is done by an approach that is chosen and logged before anything is done, and recorded with what was done', async () => {
    const { autodidact, facts } = await opened()
    const execution = new AdaptiveExecution({ autodidact })
    const begun: number[] = []
    const task: Task = {
      ...taskOf(
        { id: 'north', tool: 'shop', input: { shop: 'north' }, run: async () => { begun.push((await facts('decision.made')).length); return 20 } },
        { id: 'south', tool: 'shop', run: () => 22 },
        { id: 'sum', after: ['north', 'south'], run: ({ outputs }) => Number(outputs.get('north')) + Number(outputs.get('south')) },
      ),
      type: 'nightly',
      effort: 3,
      dependencies: ['open the shop'],
      user: 'ada',
      context: { shops: 2 },
    }
    const { run, approach, decision, success: isDone, outputs, reward, receipt } = await execution.execute(task)
    expect(begun).toEqual([1])
    expect(isDone).toBe(true)
    expect(Object.fromEntries(outputs)).toEqual({ north: 20, south: 22, sum: 42 })
    const [made] = await facts('decision.made')
    expect(made).toMatchObject({
      run,
      agent: 'adaptive-execution',
      user: 'ada',
      data: { point: 'approach', option: approach, propensity: decision?.propensity, context: { steps: 3, width: 2, depth: 2, calls: 0, type: 'nightly', effort: 3, dependencies: 1, shops: 2 } },
    })
    // Nothing to resume without an id, and no requests: neither makes a difference here.
    expect(Object.keys(decision?.probabilities ?? {}).toSorted()).toEqual(['parallel', 'standard'])
    const [recorded] = await facts('run.recorded')
    expect(recorded).toMatchObject({ id: run, user: 'ada', data: { category: 'copy', response: 42, outcome: { success: true, judge: 'host' }, metrics: { steps: 3, failures: 0 } } })
    expect(recorded?.data.steps.map(({ action, ok }) => `${action} ${ok}`)).toEqual(['shop true', 'shop true', 'sum true'])
    expect(recorded?.data.steps.flatMap(({ input }) => input ?? [])).toEqual([{ shop: 'north' }])
    expect([reward, receipt?.standing]).toEqual([1, 'success'])
  })

  test('that fails throws the very error, and is a failure of the approach', async () => {
    const { autodidact, facts } = await opened()
    const execution = new AdaptiveExecution({ autodidact })
    const error = new Error('permission denied')
    const task = taskOf({ id: 'a', run: () => 1 }, { id: 'b', run: () => failed(error) })
    await expect(execution.execute(task)).rejects.toBe(error)
    const told = await execution.executeTaskWithLearning(task)
    expect(told).toMatchObject({ success: false, error, reward: 0, failures: [{ step: 'b', attempt: 1, class: 'fatal', error }] })
    expect((await facts('run.recorded')).map(({ data }) => data.outcome)).toEqual([
      { success: false, judge: 'host', error: 'Error: permission denied' },
      { success: false, judge: 'host', error: 'Error: permission denied' },
    ])
    expect(await execution.execute(taskOf({ id: 'a', run: () => { throw undefined } })).then(() => 'done', (thrown: unknown) => [thrown])).toEqual([undefined])
  })

  test('is a success when its check says so, whatever the steps say', async () => {
    const { autodidact, facts } = await opened()
    const execution = new AdaptiveExecution({ autodidact })
    const checked = async (check: NonNullable<Task['check']>): Promise<unknown> => {
      const { success: isDone, error, reward } = await execution.executeTaskWithLearning({ ...taskOf({ id: 'a', run: () => 41 }), check })
      return [isDone, error === undefined ? undefined : wordsOf(error), reward]
    }
    expect(await checked((outputs) => outputs.get('a') === 42)).toEqual([false, undefined, 0])
    expect(await checked(() => ({ score: 0.8, cost: 2 }))).toEqual([true, undefined, 0.8])
    expect(await checked(() => Promise.resolve({ success: true, judge: 'model' }))).toEqual([true, undefined, 1])
    expect(await checked(() => { throw new Error('no way to check') })).toEqual([false, 'Error: no way to check', 0])
    expect((await facts('run.recorded')).map(({ data }) => data.outcome?.judge)).toEqual(['check', 'check', 'model', 'host'])
  })

  test.each<[unknown, string]>([
    [undefined, 'gave undefined'], ['yes', 'gave "yes"'], [1, 'gave 1'], [[true], 'gave a list'], [{ success: 'yes' }, 'success'], [{ succes: true }, 'succes'], [{ success: true, score: 0.1 }, 'score'],
  ])('whose check gives %j gets a clear error, and no verdict that nobody gave', async (said, hint) => {
    const { autodidact, facts } = await opened()
    const execution = new AdaptiveExecution({ autodidact })
    const task = { ...taskOf({ id: 'a', run: () => 41 }), check: () => said as boolean }
    const refused = { code: 'INVALID_INPUT', message: expect.stringContaining(hint) }
    await expect(execution.execute(task)).rejects.toMatchObject(refused)
    await expect(execution.executeTaskWithLearning(task)).rejects.toMatchObject(refused)
    const runs = await facts('run.recorded')
    // No error either, which would be counted among those of the tools.
    expect(runs.map(({ data }) => [data.outcome?.success, data.outcome?.score, data.outcome?.error, data.steps.length])).toEqual([[undefined, undefined, undefined, 1], [undefined, undefined, undefined, 1]])
    expect((await autodidact.report()).points[0]).toMatchObject({ decisions: 2, settled: 0 })
  })

  test('that is aborted ends with the reason of the signal and teaches nothing', async () => {
    const { autodidact, facts } = await opened()
    const stop = new AbortController()
    const reason = new Error('the user has left')
    const task = taskOf({ id: 'a', run: () => { stop.abort(reason); return new Promise(() => undefined) } })
    await expect(new AdaptiveExecution({ autodidact }).execute(task, { signal: stop.signal })).rejects.toBe(reason)
    const [recorded] = await facts('run.recorded')
    expect(recorded?.data.outcome).toEqual({ judge: 'host', error: 'Error: the user has left' })
    expect((await autodidact.report()).points[0]).toMatchObject({ decisions: 1, settled: 0 })
    await expect(new AdaptiveExecution({ autodidact }).execute(task, { signal: stop.signal })).rejects.toBe(reason)
    expect(await facts('decision.made')).toHaveLength(1)
  })

  test('whose run cannot be written is told all the same, and its own error is the one that is thrown', async () => {
    const { autodidact } = await opened()
    const execution = new AdaptiveExecution({ autodidact })
    const done = await execution.execute(taskOf({ id: 'a', run: () => autodidact.close().then(() => 7) }))
    expect(done).toMatchObject({ success: true, receipt: undefined, reward: undefined, warnings: [{ code: 'CLOSED' }] })
    const error = new Error('permission denied')
    await expect(execution.execute(taskOf({ id: 'a', run: () => failed(error) }))).rejects.toBe(error)
    // The layer has failed altogether: the task has an id, so that a checkpoint is looked for, and is done all the same.
    const named = await execution.execute({ ...taskOf({ id: 'a', run: () => 7 }), id: 'named' })
    expect([named.success, named.warnings.map(({ code }) => code)]).toEqual([true, ['CHECKPOINT_FAILED', 'CLOSED', 'CLOSED']])
  })

  test('may return what cannot be written', async () => {
    const { autodidact, facts } = await opened()
    const circular: { self?: unknown } = {}
    circular.self = circular
    const { outputs, receipt } = await new AdaptiveExecution({ autodidact }).execute(taskOf({ id: 'a', run: () => circular }))
    expect(outputs.get('a')).toBe(circular)
    expect(receipt?.status).toBe('stored')
    expect((await facts('run.recorded'))[0]?.data.response).toBe('[an object that cannot be written down]')
  })

  test.each<[unknown, string]>([
    [{}, 'task: description'],
    [{ description: 'x', steps: [] }, 'has no step'],
    [{ description: 'x', steps: [{ id: 'a' }] }, 'task: steps.0'],
    [{ description: 'x', steps: [{ id: 'a', run: () => 1, api: {} }] }, 'task: steps.0'],
    [{ description: ' ', steps: [{ id: 'a', run: () => 1 }] }, 'description is empty'],
    [{ description: 'x', steps: [{ id: 'a', after: ['b'], run: () => 1 }] }, '"b", which is no step'],
    [null, 'task'],
  ])('that is none is refused: %j', async (task, message) => {
    const { autodidact, log } = await opened()
    const execution = new AdaptiveExecution({ autodidact })
    await expect(execution.execute(task as Task)).rejects.toThrow(message)
    await expect(execution.executeTaskWithLearning(task as Task)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await log()).toEqual([])
  })
})

/** Pretends to need this long, and fails for some tasks. */
const pretending = (name: string, description: string, durationMs: number, failsFor: (steps: number) => boolean, wait: (ms: number) => Promise<void>): Executor => ({
  name,
  description,
  suits: () => true,
  execute: async ({ plan, perform }) => {
    await wait(durationMs)
    if (failsFor(plan.order.length)) throw new Error('permission denied')
    for (const step of plan.order) await perform([step])
  },
})

describe('the approach', () => {
  test('is learned for each kind of task: what fails is left, and what is quick is preferred where the reward says so', async () => {
    const clock = virtualClock()
    const quick = { name: 'quick', of: ({ durationMs = 0 }) => 1 / (1 + durationMs / 1000) }
    const reward = combined('done-and-quick', [{ reward: success(), weight: 3 }, { reward: quick, weight: 1 }])
    const { autodidact } = await opened({ seed: 3, points: { approach: { reward } } })
    const executors = [
      pretending('slow', 'takes its time', 9000, () => false, clock.wait),
      pretending('fast', 'takes no time', 100, (steps) => steps > 1, clock.wait),
    ]
    const execution = new AdaptiveExecution({ autodidact, executors, clock })
    const small = taskOf({ id: 'a', run: () => 1 })
    const large = { ...taskOf(...['a', 'b', 'c', 'd'].map((id): Step => ({ id, run: () => 1 }))), description: 'rebuild all indexes of the archive', category: 'rebuild' }
    const chosen: [string, string][] = []
    for (let round = 0; round < 60; round += 1) {
      chosen.push(['small', (await clock.drive(execution.executeTaskWithLearning(small))).approach])
      chosen.push(['large', (await clock.drive(execution.executeTaskWithLearning(large))).approach])
    }
    const share = (kind: string, approach: string): number => chosen.slice(-60).filter((one) => one[0] === kind && one[1] === approach).length / 30
    expect(share('small', 'fast')).toBeGreaterThanOrEqual(0.9)
    expect(share('large', 'slow')).toBeGreaterThanOrEqual(0.9)
  })

  test('is offered only where it makes a difference, and may be one’s own', async () => {
    const { autodidact } = await opened()
    const api = new Api({ call: (requests) => Promise.resolve(requests) })
    const call = (id: string): Step => ({ id, api, request: () => id })
    const offered = async (task: Task): Promise<string[]> => Object.keys((await new AdaptiveExecution({ autodidact }).execute(task)).decision?.probabilities ?? {})
    expect(await offered(taskOf({ id: 'a', run: () => 1 }))).toEqual(['standard'])
    expect(await offered({ ...taskOf({ id: 'a', run: () => 1 }, { id: 'b', after: ['a'], run: () => 1 }), id: 'x' })).toEqual(['standard', 'incremental'])
    expect(await offered(taskOf(call('a'), call('b')))).toEqual(['standard', 'parallel', 'api_heavy'])
    const backwards: Executor = { name: 'backwards', description: 'the last first', suits: () => true, execute: async ({ plan, perform }) => { for (const step of plan.order.toReversed()) await perform([step]) } }
    const { approach, outputs } = await new AdaptiveExecution({ autodidact, executors: [backwards] }).execute(taskOf({ id: 'a', run: () => 1 }, { id: 'b', run: () => 2 }))
    expect([approach, ...outputs.keys()]).toEqual(['backwards', 'b', 'a'])
  })

  test.each<[string, Executor['execute'], string]>([
    ['leaves steps out', () => Promise.resolve(), 'ended without the step "a"'],
    ['does them too early', async ({ plan, perform }) => perform(plan.order.slice(1)), 'began "b" before "a" was done'],
    ['mixes what does not belong together', async ({ plan, perform }) => { const [a, b] = plan.order; if (a && b) await perform([a, { ...b, after: [] }]) }, 'did "a" together with other steps'],
  ])('of one’s own that %s fails the task', async (_, execute, message) => {
    const { autodidact } = await opened()
    const execution = new AdaptiveExecution({ autodidact, executors: [{ name: 'own', description: 'of my own', suits: () => true, execute }] })
    const task = taskOf({ id: 'a', run: () => 1 }, { id: 'b', after: ['a'], run: () => 2 })
    await expect(execution.execute(task)).rejects.toThrow(message)
    expect((await autodidact.report()).success).toMatchObject({ count: 0, of: 1 })
  })

  test('needs an executor that suits the task, and says which there were', async () => {
    const { autodidact, facts } = await opened()
    for (const executor of [parallel(), incremental()]) {
      const told = new AdaptiveExecution({ autodidact, executors: [executor] }).execute(taskOf({ id: 'a', run: () => 1 }))
      await expect(told).rejects.toMatchObject({ code: 'NO_OPTIONS', message: expect.stringContaining(`(${executor.name}) suits this task of 1 step without an id`) })
    }
    expect(await facts('decision.made')).toEqual([])
  })

  test('learns for each project by itself', async () => {
    const { autodidact } = await opened()
    await new AdaptiveExecution({ autodidact, project: 'shop' }).execute(taskOf({ id: 'a', run: () => 1 }))
    expect((await autodidact.in('shop').report()).runs).toBe(1)
    expect((await autodidact.report()).runs).toBe(0)
  })
})

describe('incremental', () => {
  const interrupted = join(import.meta.dirname, '../../test/support/interrupted-task.ts')

  test('goes on where a process that was killed has stopped: in the same run, by the same choice, with nothing done twice', async () => {
    const path = temporaryFile()
    const journal = `${path}.journal`
    const dead = spawnSync(process.execPath, [interrupted, path, journal, 'd'], { encoding: 'utf8' })
    expect([dead.signal, dead.stderr]).toEqual(['SIGKILL', ''])
    expect(readFileSync(journal, 'utf8')).toBe('a\nb\nb\nc\nd\n')
    // Without the fixed policy: what was chosen is in the log, and not chosen again.
    const { autodidact, facts } = await opened({}, path)
    expect(await facts('run.recorded')).toEqual([])
    const begun: string[] = []
    const done = await new AdaptiveExecution({ autodidact }).execute(fiveSteps((id) => begun.push(id)))
    expect(begun).toEqual(['d', 'e'])
    expect(done).toMatchObject({ approach: 'incremental', resumed: true, success: true, reward: 1, recoveries: [{ step: 'b', attempts: 2 }] })
    // What the process that died knew: why this approach, and what went wrong.
    expect(done.decision).toMatchObject({ option: 'incremental', propensity: 1, policy: 'fixed', run: done.run })
    expect(done.failures).toMatchObject([{ step: 'b', attempt: 1, class: 'transient', error: { name: 'Error', message: 'connection reset' } }])
    expect(done.outputs.get('e')).toEqual({ copied: 50, sum: 150 })
    const [decisions, runs] = [await facts('decision.made'), await facts('run.recorded')]
    expect(decisions).toHaveLength(1)
    expect(runs).toMatchObject([{ id: decisions[0]?.run, user: 'ada', data: { advice: decisions[0]?.data.advice, metrics: { failures: 1 } } }])
    expect(runs[0]?.data.steps.map(({ action, ok }) => `${action} ${ok}`)).toEqual(['a true', 'b false', 'b true', 'c true', 'd true', 'e true'])
    // It has ended, also for another process: nothing of it is done again.
    const again = new AdaptiveExecution({ autodidact }).execute(fiveSteps((id) => begun.push(id)))
    await expect(again).rejects.toMatchObject({ code: 'ALREADY_EXISTS', message: expect.stringContaining(done.run) })
    expect(begun).toHaveLength(2)
    const version = await new AdaptiveExecution({ autodidact }).execute({ ...fiveSteps((id) => begun.push(id)), version: '2' })
    expect([version.resumed, begun.length]).toEqual([false, 8])
  })

  test('that was aborted can be taken up again; another plan of the same name begins anew', async () => {
    const { autodidact, facts } = await opened(points('incremental'), temporaryFile())
    const execution = new AdaptiveExecution({ autodidact, backOff: { firstMs: 1 } })
    const stop = new AbortController()
    const begun: string[] = []
    await expect(execution.execute(fiveSteps((id) => { begun.push(id); if (id === 'c') stop.abort(new Error('enough')) }), { signal: stop.signal })).rejects.toThrow('enough')
    expect([await facts('run.recorded'), begun]).toEqual([[], ['a', 'b', 'b', 'c']])
    const resumed = await execution.execute(fiveSteps((id) => begun.push(id)))
    expect([resumed.resumed, begun.slice(4), (await facts('run.recorded')).length]).toEqual([true, ['d', 'e'], 1])
    const again = new AbortController()
    const next = { ...fiveSteps((id) => { if (id === 'c') again.abort(new Error('enough')) }), id: 'next' }
    await expect(execution.execute(next, { signal: again.signal })).rejects.toThrow('enough')
    const other = await execution.execute({ ...taskOf({ id: 'a', run: () => 'other' }, { id: 'b', run: () => 1 }), id: 'next' })
    expect(other).toMatchObject({ resumed: false, success: true })
  })

  test('whose check gives no answer loses nothing: with the check put right it ends where it was', async () => {
    const { autodidact, facts } = await opened(points('incremental'), temporaryFile())
    const execution = new AdaptiveExecution({ autodidact, backOff: { firstMs: 1 } })
    const begun: string[] = []
    const task = fiveSteps((id) => begun.push(id))
    await expect(execution.execute({ ...task, check: () => undefined as unknown as boolean })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await facts('run.recorded')).toEqual([])
    begun.length = 0
    expect(await execution.execute({ ...task, check: () => true })).toMatchObject({ resumed: true, success: true, reward: 1 })
    expect([begun, (await facts('run.recorded')).length]).toEqual([[], 1])
  })

  test('does not go on with a checkpoint of another version', async () => {
    const { autodidact } = await opened(points('incremental'), temporaryFile())
    const execution = new AdaptiveExecution({ autodidact })
    const run = async (version: string | undefined, output: string, stop?: AbortController) => {
      const step = (id: string, after: string[]): Step => ({ id, after, run: () => { if (id === 'b' && stop !== undefined) { stop.abort(new Error('enough')); return new Promise(() => undefined) } return output } })
      const task = { ...taskOf(step('a', []), step('b', ['a'])), id: 'versions', ...(version === undefined ? {} : { version }) }
      return execution.execute(task, stop === undefined ? {} : { signal: stop.signal }).then(({ resumed, outputs }) => [resumed, outputs.get('a')], () => 'aborted')
    }
    expect(await run('1', 'old', new AbortController())).toBe('aborted')
    expect(await run('2', 'new', new AbortController())).toBe('aborted')
    expect(await run('2', 'newer')).toEqual([true, 'new'])
    expect(await run(undefined, 'old', new AbortController())).toBe('aborted')
    expect(await run('3', 'newest')).toEqual([false, 'newest'])
  })

  test('hands on what a step returned, as every approach does', async () => {
    const values = [new Uint8Array([1, 2]), Number.NaN, 5n, new Map([['x', 1n]]), new Date(0), undefined, { plain: [1, { deep: undefined }] }]
    const seen: unknown[] = []
    for (const approach of ['standard', 'incremental']) {
      const { autodidact } = await opened(points(approach), temporaryFile())
      const steps = values.map((value, place): Step => ({ id: `s${place}`, ...(place === 0 ? {} : { after: [`s${place - 1}`] }), run: () => value }))
      const last: Step = { id: 'last', after: [`s${values.length - 1}`], run: ({ outputs }) => { for (const [place, value] of values.entries()) expect(outputs.get(`s${place}`)).toBe(value); return 1 } }
      const { warnings, outputs } = await new AdaptiveExecution({ autodidact }).execute({ ...taskOf(...steps, last), id: 'live' })
      seen.push([...outputs.values()], warnings.map(({ code, message }) => `${code} ${/"(.*?)"/.exec(message)?.[1]}`))
    }
    expect(seen).toEqual([[...values, 1], [], [...values, 1], ['s0', 's1', 's2', 's3', 's4'].map((step) => `OUTPUT_NOT_KEPT ${step}`)])
  })

  test('does a step again after a crash whose output no checkpoint can hold, and no other', async () => {
    const { autodidact } = await opened(points('incremental'), temporaryFile())
    const execution = new AdaptiveExecution({ autodidact })
    const begun: string[] = []
    const stop = new AbortController()
    const task = (dies: boolean): Task => ({
      ...taskOf(
        { id: 'plain', run: () => { begun.push('plain'); return { rows: 3 } } },
        { id: 'nothing', after: ['plain'], run: () => void begun.push('nothing') },
        { id: 'live', after: ['nothing'], run: () => { begun.push('live'); return new Map([['rows', 3]]) } },
        { id: 'uses', after: ['live'], run: ({ outputs }) => { begun.push('uses'); const map = outputs.get('live'); return map instanceof Map ? map.get('rows') : 'no map' } },
        { id: 'end', after: ['uses'], run: ({ outputs }) => { begun.push('end'); if (dies) { stop.abort(new Error('enough')); return new Promise(() => undefined) } return [outputs.get('live'), outputs.get('uses'), outputs.has('nothing')] } },
      ),
      id: 'mixed',
    })
    await expect(execution.execute(task(true), { signal: stop.signal })).rejects.toThrow('enough')
    begun.length = 0
    const { outputs, resumed } = await execution.execute(task(false))
    expect([resumed, begun, outputs.get('end')]).toEqual([true, ['live', 'end'], [new Map([['rows', 3]]), 3, true]])
  })

  test('keeps nothing of a person who was forgotten meanwhile', async () => {
    const path = temporaryFile()
    const { autodidact, facts } = await opened(points('incremental'), path)
    const execution = new AdaptiveExecution({ autodidact, backOff: { firstMs: 1 } })
    const stop = new AbortController()
    const begun: string[] = []
    const first = execution.execute(fiveSteps((id) => begun.push(id)), { signal: stop.signal })
    const task = fiveSteps(() => undefined)
    const forgetting: Task = {
      ...task,
      steps: task.steps.map((step) =>
        step.id === 'd' && 'run' in step ? { ...step, run: async () => { await autodidact.forget({ user: 'ada' }); return 'secret of ada' } } : step,
      ),
    }
    await expect(execution.execute(forgetting)).rejects.toMatchObject({ code: 'CONFLICT' })
    await first
    const told = await execution.executeTaskWithLearning({ ...forgetting, id: 'forgetting' })
    // Its run was begun for her, and is gone with her: it cannot be written any more.
    expect(told).toMatchObject({ success: true, receipt: undefined, warnings: [{ code: 'OUTPUT_NOT_KEPT' }, { code: 'FORGOTTEN' }] })
    expect(await facts('run.recorded')).toEqual([])
    await autodidact.close()
    expect(readFileSync(path).includes('secret of ada')).toBe(false)
  })

  test('that failed may be done again under its id; what was done is not, whatever the approach', async () => {
    const { autodidact } = await opened(points('standard'), temporaryFile())
    const execution = new AdaptiveExecution({ autodidact })
    let works = false
    const task = { ...taskOf({ id: 'a', run: () => (works ? 7 : failed(new Error('permission denied'))) }), id: 'once' }
    expect(await execution.executeTaskWithLearning(task)).toMatchObject({ success: false })
    expect(await execution.executeTaskWithLearning({ ...task, check: () => false, steps: [{ id: 'a', run: () => 7 }] })).toMatchObject({ success: false })
    works = true
    expect(await execution.execute(task)).toMatchObject({ success: true })
    await expect(execution.execute(task)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    expect(await execution.continuousLearningLoop([task, { ...task, id: 'another' }])).toMatchObject({ executed: 1, succeeded: 1, skipped: 1 })
  })

  test('is done by one process at a time; a process that died holds nothing up', async () => {
    const path = temporaryFile()
    const other = spawn(process.execPath, [join(import.meta.dirname, '../../test/support/claimed-task.ts'), path], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void other.kill('SIGKILL'))
    await once(other.stdout, 'data')
    const { autodidact, facts } = await opened(points('standard'), path)
    const execution = new AdaptiveExecution({ autodidact })
    const task = { ...taskOf({ id: 'a', run: () => 7 }), id: 'shared' }
    await expect(execution.execute(task)).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining(`the process ${other.pid}`) })
    other.kill('SIGKILL')
    await once(other, 'close')
    expect(await execution.execute(task)).toMatchObject({ success: true })
    expect(await facts('run.recorded')).toHaveLength(1)
    // Another engine of this process is as much somebody else.
    const begun = Promise.withResolvers<void>()
    const stop = new AbortController()
    const held = execution.execute({ ...taskOf({ id: 'a', run: () => { begun.resolve(); return new Promise(() => undefined) } }), id: 'held' }, { signal: stop.signal })
    await begun.promise
    const second = new AdaptiveExecution({ autodidact })
    await expect(second.execute({ ...task, id: 'held' })).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('this process') })
    stop.abort(new Error('enough'))
    await expect(held).rejects.toThrow('enough')
    expect(await second.execute({ ...task, id: 'held' })).toMatchObject({ success: true })
  }, 60_000)

  test.each(['before', 'after'])('is done once also when the process dies %s its run is recorded', async (moment) => {
    const path = temporaryFile()
    const journal = `${path}.journal`
    const dead = spawnSync(process.execPath, [join(import.meta.dirname, '../../test/support/dying-recorder.ts'), path, journal, moment], { encoding: 'utf8' })
    expect([dead.signal, dead.stderr, readFileSync(journal, 'utf8')]).toEqual(['SIGKILL', '', 'a\nb\nb\nc\nd\ne\n'])
    const { autodidact, facts } = await opened({}, path)
    const execution = new AdaptiveExecution({ autodidact })
    const begun: string[] = []
    const task = fiveSteps((id) => begun.push(id))
    if (moment === 'before') expect(await execution.execute(task)).toMatchObject({ resumed: true, success: true, receipt: { status: 'stored' } })
    for (let again = 0; again < 2; again += 1) await expect(execution.execute(task)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    expect([begun, (await facts('run.recorded')).length]).toEqual([[], 1])
    // What its steps returned is kept unmasked, and no longer than it is needed.
    expect(await new KeptCheckpoints(autodidact, 'adaptive-execution').load('nightly')).toBeUndefined()
  })

  test('that failed begins anew also when the process died before it could put the checkpoint away', async () => {
    const path = temporaryFile()
    const { autodidact, facts } = await opened(points('incremental'), path)
    const broken = { load: () => Promise.resolve(undefined), save: () => Promise.resolve(true), clear: () => Promise.reject(new Error('the process died')) }
    const kept = new KeptCheckpoints(autodidact, 'adaptive-execution')
    const checkpoints = { ...broken, save: (id: string, checkpoint: Checkpoint) => kept.save(id, checkpoint) }
    const task = taskOf({ id: 'a', run: () => 1 }, { id: 'b', after: ['a'], run: () => failed(new Error('permission denied')) })
    await expect(new AdaptiveExecution({ autodidact, checkpoints }).execute({ ...task, id: 'half' })).rejects.toThrow('permission denied')
    const mended = taskOf({ id: 'a', run: () => 2 }, { id: 'b', after: ['a'], run: () => 3 })
    const done = await new AdaptiveExecution({ autodidact }).execute({ ...mended, id: 'half' })
    expect([done.resumed, done.outputs.get('a'), done.receipt?.status]).toEqual([false, 2, 'stored'])
    expect((await facts('run.recorded')).map(({ data }) => data.outcome?.success)).toEqual([false, true])
  })

  test('is done by one thread of a process at a time', async () => {
    const path = temporaryFile()
    const { autodidact } = await opened(points('standard'), path)
    const ofThread = async (): Promise<unknown> => String((await once(new Worker(join(import.meta.dirname, '../../test/support/claiming-thread.ts'), { workerData: path, stdout: true }).stdout, 'data'))[0])
    const { outputs } = await new AdaptiveExecution({ autodidact }).execute({ ...taskOf({ id: 'a', run: ofThread }), id: 'shared' })
    expect(outputs.get('a')).toBe('BUSY')
  }, 60_000)

  test('says so where no checkpoint could be kept because others were writing in its place', async () => {
    const path = temporaryFile()
    const { autodidact } = await opened(points('incremental'), path)
    await autodidact.record({ task: 'so that there is something to keep' })
    const other = await opened({}, path)
    const gate = Promise.withResolvers<void>()
    const holding = Array.from({ length: 64 }, (_, row) => other.autodidact.keep(`execution:${row}@1`, async () => { await gate.promise; return { ...(await other.autodidact.head()), bytes: new Uint8Array() } }))
    const done = await new AdaptiveExecution({ autodidact, backOff: { firstMs: 1 } }).execute(fiveSteps(() => undefined))
    gate.resolve()
    await Promise.all(holding)
    expect(done).toMatchObject({ success: true, warnings: [{ code: 'CHECKPOINT_FAILED', message: expect.stringContaining('"nightly"') }] })
  })

  test('that is aborted after an erasure is over: it is recorded, and the next one begins anew', async () => {
    const { autodidact, facts } = await opened(points('incremental'), temporaryFile())
    const execution = new AdaptiveExecution({ autodidact, backOff: { firstMs: 1 } })
    const stop = new AbortController()
    const task = fiveSteps((step) => { if (step === 'd') stop.abort(new Error('enough')) })
    const forgetting: Task = {
      ...task,
      steps: task.steps.map((step) =>
        step.id === 'c' && 'run' in step
          ? { ...step, run: async (briefing) => { await autodidact.record({ run: 'other', task: 'of somebody else' }); await autodidact.forget({ run: 'other' }); return step.run(briefing) } }
          : step,
      ),
    }
    await expect(execution.execute(forgetting, { signal: stop.signal })).rejects.toThrow('enough')
    expect((await facts('run.recorded')).map(({ data }) => data.outcome)).toEqual([{ judge: 'host', error: 'Error: enough' }])
    expect(await execution.execute(fiveSteps(() => undefined))).toMatchObject({ resumed: false, success: true, receipt: { status: 'stored' } })
  })

  test('does its work also where nothing can be kept', async () => {
    const { autodidact } = await opened(points('incremental'))
    const broken = { load: () => Promise.resolve(undefined), save: () => Promise.reject(new Error('disk full')), clear: () => Promise.resolve() }
    const done = await new AdaptiveExecution({ autodidact, checkpoints: broken, backOff: { firstMs: 1 } }).execute(fiveSteps(() => undefined))
    expect(done.success).toBe(true)
    expect(done.warnings[0]).toMatchObject({ code: 'CHECKPOINT_FAILED', message: 'disk full' })
  })
})

/** Counts of (error, what was done then), by whether the step succeeded after it. */
type State = Map<string, { readonly steps: Fix['steps']; uses: number; successes: number }>

const wordless = (message: string): string => message.replaceAll(/\d+/g, '#')

/** A small learner of fixes: a step that failed, what was done then, and how the same step went after that. */
const fixesOfTheLog: Learner<State, { fixesFor: (error: ErrorToFix) => readonly Fix[] }> = {
  name: 'fixes-of-the-log',
  version: 1,
  handles: ['run.recorded'],
  initial: () => new Map(),
  learn: (state, experience) => {
    if (experience.kind !== 'run.recorded') return state
    const { steps } = experience.data
    for (const [place, { action, ok, output }] of steps.entries()) {
      const after = steps.slice(place + 1)
      const next = after.findIndex((step) => step.action === action)
      if (ok !== false || next < 1 || typeof output !== 'string') continue
      const done = after.slice(0, next).map(({ action: tool, input }) => ({ action: tool, input }))
      const key = JSON.stringify([wordless(output), done])
      const known = state.get(key) ?? { steps: done, uses: 0, successes: 0 }
      state.set(key, { ...known, uses: known.uses + 1, successes: known.successes + Number(after[next]?.ok === true) })
    }
    return state
  },
  view: (state) => ({
    fixesFor: ({ message }) =>
      [...state]
        .filter(([key]) => (JSON.parse(key) as [string])[0] === wordless(message))
        .map(([id, { steps, uses, successes }]): Fix => ({ id, steps, uses, successes, confidence: (1 + successes) / (2 + uses) }))
        .filter(({ confidence }) => confidence > 0.5)
        .sort((left, right) => right.confidence - left.confidence),
  }),
  save: (state) => new TextEncoder().encode(JSON.stringify([...state])),
  load: (bytes) => new Map(JSON.parse(new TextDecoder().decode(bytes)) as [string, { steps: Fix['steps']; uses: number; successes: number }][]),
}

const missing = (name: string): string => `Error: No module named '${name}'`

describe('recoveries', () => {
  test('are learned from: what one run recovered by helps the next, and counts for itself', async () => {
    const { autodidact } = await opened({ learners: [fixesOfTheLog], ...points('standard') })
    // Somebody has been through it by hand.
    await autodidact.record({
      task: 'count the orders',
      steps: [
        { action: 'sql', ok: false, output: 'Error: connection refused on port 5432' },
        { action: 'start', input: 'database', ok: true },
        { action: 'sql', ok: true },
      ],
      success: true,
    })
    let isUp = false
    const started: unknown[] = []
    const clock = virtualClock()
    const execution = new AdaptiveExecution({
      autodidact,
      clock,
      fixes: learnedFixes(autodidact, fixesOfTheLog),
      tools: { start: (input) => { started.push(input); isUp = true } },
    })
    const task = taskOf({ id: 'count', tool: 'sql', run: () => { if (!isUp) throw new Error('connection refused on port 6543'); return 7 } })
    const { recoveries, outputs } = await clock.drive(execution.execute(task))
    expect(outputs.get('count')).toBe(7)
    expect(started).toEqual(['database'])
    expect(recoveries).toMatchObject([{ step: 'count', attempts: 2, fix: expect.stringContaining('port #') }])
    expect(clock.waits).toEqual([])
    const [fix] = (await autodidact.learned(fixesOfTheLog)).fixesFor({ message: 'Error: connection refused on port 1' })
    expect(fix).toMatchObject({ uses: 2, successes: 2, confidence: 0.75 })
  })

  test('take what differs from the error at hand', async () => {
    const { autodidact } = await opened(points('standard'))
    for (const name of ['numpy', 'pandas']) {
      const failed = { action: 'python', ok: false, output: missing(name) }
      await autodidact.record({ task: 'count', steps: [failed, { action: 'install', input: { package: name }, ok: true }, { action: 'python', ok: true }] })
    }
    const installed: unknown[] = []
    const clock = virtualClock()
    const execution = new AdaptiveExecution({ autodidact, clock, tools: { install: (input) => void installed.push(input) } })
    const run = () => (installed.length === 0 ? failed(new Error("No module named 'scipy'")) : 7)
    const { outputs } = await clock.drive(execution.execute(taskOf({ id: 'count', tool: 'python', run })))
    expect(outputs.get('count')).toBe(7)
    expect(installed).toEqual([{ package: 'scipy' }])
  })

  test('that lack what the error does not say are not applied', async () => {
    const { autodidact } = await opened(points('standard'))
    const source = { fixesFor: () => [{ id: 'install', confidence: 1, executable: false, steps: [{ action: 'install', input: '<slot 1>' }] }] }
    let installs = 0
    const clock = virtualClock()
    const execution = new AdaptiveExecution({ autodidact, clock, fixes: source, tools: { install: () => (installs += 1) } })
    await clock.drive(execution.executeTaskWithLearning(taskOf({ id: 'a', run: () => failed(new Error('connection reset')) })))
    expect(installs).toBe(0)
  })

  test.each([
    ['imported', undefined, 0],
    ['tool', undefined, 0],
    ['imported', 'imported', 1],
    ['agent', undefined, 1],
  ] as const)('learned from what has the trust %s, with a least trust of %s, are applied %d times', async (trust, leastTrust, expected) => {
    const { autodidact } = await opened(points('standard'))
    const refused = { action: 'sql', ok: false, error: 'Error: connection refused by the database' }
    await autodidact.record({ task: 'x', trust, steps: [refused, { action: 'start', input: 'database', ok: true }, { action: 'sql', ok: true }] })
    const clock = virtualClock()
    let starts = 0
    const execution = new AdaptiveExecution({ autodidact, clock, tools: { start: () => (starts += 1) }, ...(leastTrust === undefined ? {} : { leastTrust }) })
    const task = taskOf({ id: 'count', tool: 'sql', run: () => (starts === 0 ? failed(new Error('connection refused by the database')) : 7) })
    const { warnings } = await clock.drive(execution.executeTaskWithLearning(task))
    expect(starts).toBe(expected)
    expect(warnings).toEqual(expected === 1 ? [] : [{ code: 'FIX_PASSED_OVER', message: expect.stringContaining(`the trust "${trust}"`) }])
    // It is told of all the same; once applied it is what an agent of this project did.
    expect((await autodidact.fixesFor({ message: 'Error: connection refused by the database', tool: 'sql' }))[0]?.trust).toBe(expected === 1 ? 'agent' : trust)
  })

  test('that were not sure enough to be tried are told of, once', async () => {
    const { autodidact } = await opened(points('standard'))
    const clock = virtualClock()
    const fix = { id: 'unlock', steps: [{ action: 'unlock' }] }
    const source = { fixesFor: (_: ErrorToFix, { confidence = 0.5 } = {}) => (confidence > 0.2 ? [] : [{ ...fix, confidence: 0.2 }, { id: 'none', confidence: 0.1, steps: [{ action: 'nobody has it' }] }]) }
    let unlocks = 0
    const execution = new AdaptiveExecution({ autodidact, clock, fixes: source, tools: { unlock: () => (unlocks += 1) } })
    const { warnings } = await clock.drive(execution.executeTaskWithLearning(taskOf({ id: 'a', run: () => failed(new Error('connection reset')) })))
    expect(warnings).toEqual([{ code: 'FIX_PASSED_OVER', message: expect.stringMatching(/"unlock".*"a".*0\.20/) }])
    expect(unlocks).toBe(0)
  })

  test('that do not come count against a fix, until it is offered no more', async () => {
    const { autodidact } = await opened({ learners: [fixesOfTheLog], ...points('standard') })
    await autodidact.record({ task: 'x', steps: [{ action: 'sql', ok: false, output: 'Error: connection refused' }, { action: 'start', ok: true }, { action: 'sql', ok: true }], success: true })
    const clock = virtualClock()
    let starts = 0
    const execution = new AdaptiveExecution({ autodidact, clock, fixes: learnedFixes(autodidact, fixesOfTheLog), tools: { start: () => void (starts += 1) } })
    const error = new Error('connection refused')
    for (let round = 0; round < 4; round += 1) {
      expect(await clock.drive(execution.executeTaskWithLearning(taskOf({ id: 'a', tool: 'sql', run: () => failed(error) })))).toMatchObject({ success: false, error })
    }
    // One in favour, one against: no better than chance.
    expect(starts).toBe(1)
  })
})

describe('what a task owes its success to', () => {
  test('is recorded whichever way it ends: by the task’s own names, and what the engine saw', async () => {
    const { autodidact, facts } = await opened(points('standard'))
    const clock = virtualClock()
    const execution = new AdaptiveExecution({ autodidact, clock })
    const api = new Api({ call: (requests) => Promise.resolve(requests), clock })
    let calls = 0
    const shaky: Step = { id: 'a', run: () => { if ((calls += 1) === 1) throw new Error('connection reset'); return ['table.sql'] } }
    const factorsOf = async (task: Task): Promise<readonly string[] | undefined> => {
      const { run, factors } = await clock.drive(execution.executeTaskWithLearning(task))
      expect((await facts('run.recorded')).find(({ id }) => id === run)?.data.factors).toEqual(factors.length === 0 ? undefined : factors)
      return factors
    }
    expect(await factorsOf(taskOf({ id: 'a', run: () => 1 }))).toEqual([])
    expect(await factorsOf({ ...taskOf(shaky), factors: (outputs) => (Array.isArray(outputs.get('a')) ? ['file_creation', 'file_creation'] : []) })).toEqual(['error_recovery', 'file_creation'])
    expect(await factorsOf({ ...taskOf({ id: 'a', api, request: () => 1 }), dependencies: ['the schema'] })).toEqual(['api_integration', 'dependency_resolution'])
    expect(await factorsOf({ ...taskOf({ id: 'a', run: () => 1 }, { id: 'b', run: () => failed(new Error('permission denied')) }), factors: (outputs) => [`${outputs.size} done`] })).toEqual(['1 done'])
    expect(await factorsOf({ ...taskOf({ id: 'a', run: () => 1 }), check: () => false, factors: () => ['hurry'] })).toEqual(['hurry'])
  })

  test.each<[string, () => unknown]>([
    ['a text', () => 'hurry'], ['nothing', () => undefined], ['a blank name', () => ['']], ['numbers', () => [7]], ['too many', () => Array.from({ length: 98 }, (_, place) => `factor ${place}`)], ['an error', () => { throw new Error('cannot tell') }],
  ])('is left out with a warning where it is %s: the outcome stands', async (_, factors) => {
    const { autodidact } = await opened(points('standard'))
    const task = { ...taskOf({ id: 'a', run: () => 1 }), factors: factors as () => string[] }
    expect(await new AdaptiveExecution({ autodidact }).execute(task)).toMatchObject({ success: true, factors: [], receipt: { standing: 'success' }, warnings: [{ code: 'FACTORS_FAILED' }] })
  })

  test('is learned: how to go about the next one is recommended by approach and factors, whatever the choice point is called', async () => {
    const { autodidact } = await opened({ points: { how: { policy: { name: 'fixed', option: 'parallel' } } } })
    const execution = new AdaptiveExecution({ autodidact, point: 'how' })
    for (let count = 0; count < 12; count += 1) {
      await execution.execute({ ...taskOf({ id: 'a', run: () => 1 }, { id: 'b', run: () => 2 }), type: 'nightly', check: () => count % 2 === 0, factors: () => (count % 2 === 0 ? ['index first'] : []) })
    }
    const { approach, evidence, factors } = await autodidact.recommend({ task: 'copy the orders', category: 'copy', type: 'nightly' })
    expect({ approach, runs: evidence?.runs, rate: evidence?.success.rate }).toMatchObject({ approach: 'parallel', runs: 12, rate: expect.closeTo(0.5, 1) as number })
    expect(factors).toMatchObject([{ name: 'index first', runs: 6, success: { rate: 1 } }])
    expect(factors[0]?.difference.low).toBeGreaterThan(0)
  })
})

/** Tasks that have one thing in common. */
const tasksWith = (count: number, factor: string, good: boolean): Task[] =>
  Array.from({ length: count }, () => ({ ...taskOf({ id: 'a', run: () => 1 }), check: () => good, factors: () => [factor] }))

describe('the learning loop', () => {
  test('tells what those that went well had in common, from five of them on', async () => {
    const { autodidact } = await opened(points('standard'))
    const execution = new AdaptiveExecution({ autodidact })
    const told = async (given: Task[]): Promise<readonly string[]> => (await execution.continuousLearningLoop(given)).insights.filter((line) => line.startsWith('Success factors'))
    expect(await told([...tasksWith(4, 'small steps', true), ...tasksWith(8, 'hurry', false)])).toEqual([])
    expect(await told(tasksWith(4, 'small steps', true))).toEqual(['Success factors: "small steps" (100 % of 8 tasks, 68 % to 100 %).'])
  })

  test('carries out task after task, and tells what was learned of the approaches, with its evidence', async () => {
    const { autodidact } = await opened({ points: { approach: { policy: 'uniform' } } })
    const execution = new AdaptiveExecution({
      autodidact,
      executors: [
        { name: 'sound', description: 'does it', suits: () => true, execute: async ({ plan, perform }) => { for (const step of plan.order) await perform([step]) } },
        { name: 'broken', description: 'does it not', suits: () => true, execute: () => failed(new Error('permission denied')) },
      ],
    })
    const reports: number[] = []
    const tasks = Array.from({ length: 40 }, () => taskOf({ id: 'a', run: () => 1 }))
    const summary = await execution.continuousLearningLoop(tasks, { reportEvery: 15, onReport: ({ executed }) => void reports.push(executed) })
    expect(reports).toEqual([15, 30])
    expect(summary.executed).toBe(40)
    expect(summary.succeeded + summary.failed).toBe(40)
    const [sound, broken] = summary.approaches
    expect(sound).toMatchObject({ approach: 'sound', chosen: summary.succeeded, reward: { rate: 1 } })
    expect(broken).toMatchObject({ approach: 'broken', chosen: summary.failed, reward: { rate: 0 } })
    expect(summary.insights).toEqual([expect.stringMatching(/^"sound" earned most: 100 % of \d+ tasks/), expect.stringMatching(/^"broken" earned less: 0 % of \d+ tasks/)])
    expect(summary.report.runs).toBe(40)
    // The same from the log alone, in another process as well.
    expect(await execution.continuousLearningLoop()).toMatchObject({ executed: 0, approaches: summary.approaches, insights: summary.insights })
  })

  test('ends with the signal, whether between two tasks or in one, and tells what was done', async () => {
    const { autodidact } = await opened()
    const execution = new AdaptiveExecution({ autodidact })
    const stop = new AbortController()
    const endless = async function* (): AsyncGenerator<Task> {
      for (let count = 0; ; count += 1) {
        yield Promise.resolve(taskOf({ id: 'a', run: () => { if (count === 3) stop.abort(new Error('enough')); return new Promise((resolve) => setImmediate(resolve)) } }))
      }
    }
    expect(await execution.continuousLearningLoop(endless(), { signal: stop.signal })).toMatchObject({ executed: 3, succeeded: 3, failed: 0 })
    expect(await execution.continuousLearningLoop(endless(), { signal: stop.signal })).toMatchObject({ executed: 0 })
    expect((await execution.continuousLearningLoop()).insights).toEqual(['No approach has 5 judged tasks yet: there is nothing to be said of them.'])
  })

  test.each<[unknown, object]>([[7, {}], [[], { reportEvery: 0 }], [[], { signal: 'soon' }], [[{}], {}]])('refuses %j with %j', async (tasks, settings) => {
    const { autodidact } = await opened()
    await expect(new AdaptiveExecution({ autodidact }).continuousLearningLoop(tasks as Task[], settings)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

test.each([
  [{ retries: { transient: -1 } }, 'retries.transient'],
  [{ retries: { sometimes: 1 } }, 'AdaptiveExecution: retries'],
  [{ executors: [] }, 'executors'],
  [{ executors: [{ name: 'x' }] }, 'executors.0'],
  [{ backOff: { firstMs: -1 } }, 'backOff: firstMs'],
  [{ tools: { x: 1 } }, 'tools.x'],
  [{ fixes: {} }, 'fixes'],
  [{ clock: handClock() }, 'clock'],
  [{ sead: 1 }, 'sead'],
])('settings like %o are refused', async (settings, message) => {
  const { autodidact } = await opened()
  expect(() => new AdaptiveExecution({ autodidact, ...settings } as unknown as ConstructorParameters<typeof AdaptiveExecution>[0])).toThrow(message)
  expect(() => new AdaptiveExecution({} as unknown as ConstructorParameters<typeof AdaptiveExecution>[0])).toThrow(/^AdaptiveExecution: autodidact is .*Pass the instance that Autodidact\.open gave\.$/)
})

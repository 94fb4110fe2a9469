import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { Autodidact } from '../autodidact.ts'
import type { Learner } from '../learn/learner.ts'
import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { successPredictor } from '../learn/learners/success-predictor.ts'
import { opened, temporaryFile } from '../../test/support/instance.ts'
import { differenceOf } from './difference.ts'

/** A run that used the tip; gives the place of its fact. */
const shown = async (autodidact: Autodidact, success: boolean): Promise<number> => {
  await autodidact.remember({ id: 'tip', content: 'Refunds above 100 need a second signature.' })
  await autodidact.record({ task: 'refund order 1187', used: ['tip'], outcome: { success, judge: 'check' } })
  return (await autodidact.head()).sequence
}

const counts = async (autodidact: Autodidact) => (await autodidact.learned(itemUsefulness)).counts('tip')

test('versions are listed as they are saved, only where something was learned, and survive the process', async () => {
  const file = temporaryFile()
  let now = 1_767_225_600_000
  const settings = { clock: () => (now += 1) }
  const autodidact = await Autodidact.open(file, settings)
  const first = await shown(autodidact, true)
  await autodidact.persistence.refreshViews()
  await autodidact.remember('nothing to learn from')
  await autodidact.persistence.refreshViews()
  const second = await shown(autodidact, false)
  await autodidact.learned(itemUsefulness)
  await autodidact.close()
  const again = await Autodidact.open(file, settings)
  const versions = await again.states.list('item-usefulness')
  expect(versions.map(({ version }) => version)).toEqual([first, second])
  expect(versions.every(({ learner, rolledBack, bytes }) => learner === 'item-usefulness' && !rolledBack && bytes > 2)).toBe(true)
  expect(versions[0]?.savedAt).toBeLessThan(versions[1]?.savedAt ?? 0)
  expect(new Set((await again.states.list()).map(({ learner }) => learner))).toContain('task-statistics')
  await again.states.rollBack('item-usefulness', first)
  expect((await again.states.list('item-usefulness')).map(({ version, rolledBack }) => [version, rolledBack]).slice(0, 2)).toEqual([[first, false], [second, true]])
  await again.close()
})

test('a roll-back lasts: over restarts, rebuilds, other processes and late feedback on what it passed over', async () => {
  const file = temporaryFile()
  const [here, there] = [await Autodidact.open(file), await Autodidact.open(file)]
  const to = await shown(here, true)
  await shown(here, false)
  const { run } = await here.record({ task: 'another', used: ['tip'], outcome: { success: false, judge: 'host' } })
  expect(await counts(there)).toEqual({ up: 1, down: 1.7 })
  expect(await here.states.rollBack('item-usefulness', to)).toEqual({ learner: 'item-usefulness', version: to, passedOver: 2 })
  expect([await counts(here), await counts(there)]).toEqual([{ up: 1, down: 0 }, { up: 1, down: 0 }])
  await there.feedback(run, { outcome: { success: true } })
  expect([await counts(here), await counts(there)]).toEqual([{ up: 1, down: 0 }, { up: 1, down: 0 }])
  await shown(here, true)
  await Promise.all([here.close(), there.close()])
  for (const rebuild of [false, true]) {
    if (rebuild) {
      const database = new DatabaseSync(file)
      database.exec('DELETE FROM snapshots')
      database.close()
    }
    const again = await Autodidact.open(file)
    expect(await counts(again)).toEqual({ up: 2, down: 0 })
    // The others know all of it.
    expect((await again.report()).success.rate).toBeCloseTo(0.75)
    await again.close()
  }
})

test('a version that was saved after a roll-back is not one that was rolled back, until it is', async () => {
  const file = temporaryFile()
  const autodidact = await Autodidact.open(file)
  const first = await shown(autodidact, true)
  await autodidact.persistence.refreshViews()
  const second = await shown(autodidact, false)
  await autodidact.persistence.refreshViews()
  const third = await shown(autodidact, true)
  await autodidact.persistence.refreshViews()
  await autodidact.states.rollBack('item-usefulness', first)
  const last = (await autodidact.head()).sequence
  const listed = async () => Object.fromEntries((await autodidact.states.list('item-usefulness')).map(({ version, rolledBack }) => [version, rolledBack]))
  expect(await listed()).toEqual({ [first]: false, [second]: true, [third]: true, [last]: false })
  expect((await autodidact.states.diff('item-usefulness', first, last)).total).toBe(0)
  await shown(autodidact, true)
  await autodidact.states.rollBack('item-usefulness', 0)
  expect(await listed()).toMatchObject({ [first]: true, [second]: true, [last]: true })
  await autodidact.close()
})

test('a roll-back can be taken back, and what was forgotten does not come back with it', async () => {
  const { autodidact } = await opened()
  await shown(autodidact, true)
  await autodidact.record({ task: 'of ada', used: ['tip'], outcome: { success: true, judge: 'check' }, user: 'ada' })
  const before = await shown(autodidact, true)
  const after = await shown(autodidact, false)
  await autodidact.states.rollBack('item-usefulness', before)
  expect(await counts(autodidact)).toEqual({ up: 3, down: 0 })
  await autodidact.states.rollBack('item-usefulness', after)
  expect(await counts(autodidact)).toEqual({ up: 3, down: 1 })
  await autodidact.states.rollBack('item-usefulness', before)
  await autodidact.forget({ user: 'ada' })
  expect(await counts(autodidact)).toEqual({ up: 2, down: 0 })
  await autodidact.states.rollBack('item-usefulness', 0)
  expect(await counts(autodidact)).toEqual({ up: 0, down: 0 })
})

test('a difference names what changed, the most first, of any two places and any learner', async () => {
  const { autodidact } = await opened({ points: { tool: { policy: { name: 'q-learning', discount: 0 } } } })
  const { persistence, states } = autodidact
  await persistence.saveQTable('tool', { start: { search: 0.5, ask: 0.1, gone: 1 } })
  const first = (await autodidact.head()).sequence
  await persistence.saveQTable('tool', { start: { search: 0.6, ask: 0.9, new: 0.05 } })
  const second = (await autodidact.head()).sequence
  await persistence.saveQTable('tool', {})
  const { changes, total } = await states.diff('tabular-q', first, second, { limit: 3 })
  expect(total).toBe(4)
  expect(changes.map(({ path, before, after }) => [path.join('.'), before, after])).toEqual([
    ['tool.start.gone', 1, undefined],
    ['tool.start.ask', 0.1, 0.9],
    ['tool.start.search', 0.5, 0.6],
  ])
  expect((await states.diff('tabular-q', first, first)).total).toBe(0)
  for (const learner of ['option-model', 'item-usefulness', 'task-statistics', 'experiment-tallies', 'policy-gradient', 'linear-bandit', 'logistic-bandit', 'beta-bandit']) {
    expect((await states.diff(learner, 0)).changes).toEqual([])
  }
  await shown(autodidact, true)
  for (const learner of ['item-usefulness', 'task-statistics']) expect((await states.diff(learner, 0)).total).toBeGreaterThan(0)
})

test('a difference is of plain data: names of kinds, and sizes of what is packed', async () => {
  const { autodidact } = await opened()
  const { states } = autodidact
  for (let order = 0; order < 60; order += 1) {
    await autodidact.record({ task: `refund order ${order} of the shop`, steps: [{ action: 'look up', ok: false, output: `no row ${order}` }, { action: 'refund', ok: true }], success: order % 2 === 0 })
    await autodidact.record({ task: 'count', category: 'sum', steps: [{ action: 'count' }, { action: 'add' }], success: true })
  }
  const { changes } = await states.diff('task-statistics', 0, undefined, { limit: 1_000 })
  expect(changes.map(({ path }) => path.join('.'))).toContain('sum.runs')
  expect(changes.find(({ path }) => path[0]?.endsWith('(learned)') === true && path[1] === 'runs')?.after).toBe(60)
  await autodidact.workflows.list()
  await autodidact.recommend('refund')
  await autodidact.learned(successPredictor)
  await autodidact.fixesFor({ message: 'no row 7' })
  expect((await states.diff('workflows', 0)).changes).toContainEqual({ path: ['count > add', 'sum', 'runs'], after: 60 })
  expect((await states.diff('error-fixes', 0)).changes.map(({ path }) => path.join('.'))).toContain('groups.no row <number>.errors')
  for (const learner of ['task-statistics', 'error-fixes', 'workflows', 'execution-patterns', 'success-predictor', 'logistic-bandit', 'option-model', 'item-usefulness']) {
    const told = JSON.stringify((await states.diff(learner, 0, undefined, { limit: 1_000 })).changes)
    // What base64 ends with, or goes on with for long.
    expect([learner, /[\w+/]{120,}|\w=+"/.exec(told)?.[0]]).toEqual([learner, undefined])
  }
})

test('what somebody’s own learner packs is told by its size', async () => {
  const packing: Learner<number, number> = {
    name: 'packing', version: 1, handles: ['run.recorded'], initial: () => 0, learn: (count) => count + 1, view: (count) => count,
    save: (count) => new TextEncoder().encode(JSON.stringify({ count, packed: Buffer.alloc(300, count).toString('base64') })), load: () => 0,
  }
  const { autodidact } = await opened({ learners: [packing] })
  await shown(autodidact, true)
  expect((await autodidact.states.diff('packing', 0)).changes).toEqual([
    { path: ['packed'], before: expect.stringMatching(/^300 packed bytes \([\da-f]{8}\)$/), after: expect.stringMatching(/^300 packed bytes \([\da-f]{8}\)$/) },
    { path: ['count'], before: 0, after: 1 },
  ])
})

test('what is no version is refused by name, and nothing is written', async () => {
  const { autodidact, facts } = await opened()
  const head = await shown(autodidact, true)
  const { states } = autodidact
  for (const version of [-1, 0.5, Number.NaN, '1' as unknown as number, head, head + 1]) {
    await expect(states.rollBack('item-usefulness', version)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  }
  await expect(states.rollBack('nobody', 0)).rejects.toMatchObject({ code: 'UNKNOWN_LEARNER' })
  await expect(states.diff('nobody', 0)).rejects.toMatchObject({ code: 'UNKNOWN_LEARNER' })
  await expect(states.list('nobody')).rejects.toMatchObject({ code: 'UNKNOWN_LEARNER' })
  await expect(states.diff('item-usefulness', 0, head + 1)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(states.diff('item-usefulness', 0, 0, { limit: 0 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  expect(await facts('state.rolled-back')).toEqual([])
})

test('a learner of another process, known here by what it saved, can be rolled back', async () => {
  const file = temporaryFile()
  const points = { tool: { policy: { name: 'q-learning', discount: 0.5 } } } as const
  const owner = await Autodidact.open(file, { points })
  await owner.persistence.saveQTable('tool', { start: { search: 0.5 } })
  const { sequence } = await owner.head()
  await owner.persistence.saveQTable('tool', { start: { search: -9 } })
  const stranger = await Autodidact.open(file)
  const name = (await stranger.states.list()).find(({ learner }) => learner.startsWith('tabular-q'))?.learner ?? ''
  await stranger.states.rollBack(name, sequence)
  expect(await owner.persistence.getQTable('tool')).toEqual({ start: { search: 0.5 } })
  await Promise.all([owner.close(), stranger.close()])
})

test('whatever is listed can be compared, also what this process has not asked for', async () => {
  const file = temporaryFile()
  const before = await Autodidact.open(file)
  const steps = [{ action: 'look' }, { action: 'build', ok: false, output: 'no rule to make target' }, { action: 'build' }]
  for (let number = 0; number < 5; number += 1) await before.record({ task: `refund order ${number}`, category: 'refund', steps, success: number > 0 })
  await before.recommend('refund order 9')
  await before.workflows.list()
  await before.learned(successPredictor)
  await before.fixesFor({ message: 'no rule to make target' })
  await before.close()
  const after = await Autodidact.open(file)
  const learners = (await after.states.list()).map(({ learner }) => learner)
  expect(learners).toEqual(expect.arrayContaining(['error-fixes', 'execution-patterns', 'success-predictor', 'workflows']))
  for (const learner of learners) expect((await after.states.diff(learner, 0)).total).toBeGreaterThan(0)
  await after.close()
})

test('differences of plain data: texts before numbers, numbers by size, the rest by name', () => {
  expect(differenceOf({ a: 1, b: [1, 2], c: 'x', same: null }, { a: 1.5, b: [1, 4, 0], c: 'y', same: null, d: true })).toEqual([
    { path: ['c'], before: 'x', after: 'y' },
    { path: ['d'], after: true },
    { path: ['b', '1'], before: 2, after: 4 },
    { path: ['a'], before: 1, after: 1.5 },
    { path: ['b', '2'], after: 0 },
  ])
})

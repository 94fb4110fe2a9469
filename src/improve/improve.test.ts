import { describe, expect, test } from 'vitest'
import type { Autodidact } from '../autodidact.ts'
import { handClock, opened } from '../../test/support/instance.ts'

const answered = (autodidact: Autodidact, run: string, input: object = {}) =>
  autodidact.record({ run, task: `refund order ${run}`, category: 'refund', response: `paid ${run}`, user: 'ada', outcome: { success: true, judge: 'host' }, ...input })

describe('issues', () => {
  test('of nobody are none', async () => {
    const { autodidact } = await opened()
    const { issues, exports, pruned } = await autodidact.improve()
    expect(issues).toEqual([])
    expect(exports).toMatchObject([
      { use: 'demonstrations', examples: 0, tasks: 0, users: 0, kinds: [], isWorthwhile: false },
      { use: 'preferences', examples: 0, isWorthwhile: false },
    ])
    expect(exports[0]?.answer).toBe('0 different tasks with a right answer in 0 runs: 100 more are needed before that is worth exporting.')
    expect(pruned).toMatchObject({ facts: 0, dryRun: true })
  })

  test('are bad ratings and corrections by kind of task, the latest as examples', async () => {
    const { autodidact } = await opened()
    for (const run of ['a', 'b', 'c', 'd', 'e']) await answered(autodidact, run)
    await answered(autodidact, 'f', { category: 'return', agent: 'clerk' })
    for (const run of ['a', 'b', 'c', 'd']) await autodidact.feedback(run, 'down', { author: 'bob' })
    await autodidact.feedback('f', { correction: 'sent back', comment: 'no money' }, { author: 'bob' })
    const { issues } = await autodidact.improve({ examples: 2 })
    expect(issues).toMatchObject([
      { kind: 'refund', runs: 4, badRatings: 4, corrections: 0, share: { count: 4, of: 5 }, examples: [{ run: 'c', task: 'refund order c', response: 'paid c', rating: 0, comments: [] }, { run: 'd' }] },
      { kind: 'return', runs: 1, badRatings: 0, corrections: 1, share: { count: 1, of: 1 }, examples: [{ run: 'f', agent: 'clerk', correction: 'sent back', comments: ['no money'] }] },
    ])
    expect((await autodidact.improve({ examples: 0 })).issues.map(({ examples }) => examples)).toEqual([[], []])
  })

  test('are what stands: the latest word of each voice, nothing that was taken back, no correction that is the answer', async () => {
    const { autodidact } = await opened()
    await autodidact.feedback('early', 'down', { author: 'bob' })
    for (const run of ['changed', 'taken back', 'confirmed', 'outvoted', 'early', 'one decision', 'own word']) {
      await answered(autodidact, run, run === 'own word' ? { outcome: { success: false, judge: 'user' } } : {})
    }
    await autodidact.feedback('changed', 'down')
    await autodidact.feedback('changed', 'up', { author: 'ada' })
    await autodidact.feedback('taken back', { correction: 'other', comment: 'oh' }, { id: 'x' })
    await autodidact.feedback('taken back', { retract: 'x' })
    await autodidact.feedback('confirmed', { correction: ' paid confirmed ' })
    await autodidact.feedback('outvoted', 'down', { author: 'bob' })
    for (const author of ['ada', 'carl']) await autodidact.feedback('outvoted', 'up', { author })
    const { id } = await autodidact.decide('tool', ['a'], { run: 'one decision' })
    await autodidact.feedback('one decision', 'down', { decision: id })
    await autodidact.feedback('never recorded', 'down')
    const { issues } = await autodidact.improve()
    expect(issues.flatMap(({ examples }) => examples).map(({ run }) => run)).toEqual(['early', 'own word'])
  })

  test('have examples in full length, and none of whom was forgotten', async () => {
    const { autodidact } = await opened()
    const long = `It was ${'long '.repeat(10_000)}`
    await answered(autodidact, 'r', { response: long, user: 'bob' })
    await autodidact.feedback('r', { correction: `${long} indeed` }, { author: 'ada' })
    expect((await autodidact.improve()).issues[0]?.examples[0]).toMatchObject({ response: long, correction: `${long} indeed` })
    await autodidact.forget({ user: 'bob' })
    expect((await autodidact.improve()).issues).toEqual([])
  })

  test('are counted however many there are', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 450; place += 1) {
      await answered(autodidact, `run-${place}`)
      await autodidact.feedback(`run-${place}`, 'down')
    }
    const [issue] = (await autodidact.improve()).issues
    expect(issue).toMatchObject({ runs: 450, share: { count: 450, of: 450 } })
    expect(issue?.examples.map(({ run }) => run)).toEqual(['run-447', 'run-448', 'run-449'])
  })
})

test('exports are worth while from a hundred different tasks on', async () => {
  const clock = handClock()
  const { autodidact } = await opened({ clock })
  await answered(autodidact, 'unanswered', { response: '' })
  await answered(autodidact, 'failed', { outcome: { success: false } })
  clock.advance(1_000)
  const since = clock()
  for (let place = 0; place < 99; place += 1) await answered(autodidact, `run-${place}`, { user: place % 2 === 0 ? 'ada' : 'bob' })
  // The same task once more is no other task; a corrected one has a right answer, whatever was answered.
  await answered(autodidact, 'again', { task: 'refund order run-7' })
  expect((await autodidact.improve()).exports[0]).toMatchObject({ examples: 100, tasks: 99, users: 2, isWorthwhile: false })
  await autodidact.feedback('failed', { correction: 'refused' })
  const [demonstrations, preferences] = (await autodidact.improve()).exports
  expect(demonstrations).toMatchObject({ examples: 101, tasks: 100, isWorthwhile: true, kinds: [{ kind: 'refund', examples: 101 }], settings: { since: since - 1_000 } })
  expect(preferences).toMatchObject({ examples: 1, tasks: 1, isWorthwhile: false })
  const exported = new Set<string>()
  for await (const fact of autodidact.export(demonstrations?.settings)) exported.add(fact.id)
  for (const run of ['failed', 'run-0', 'run-98', 'again']) expect(exported.has(run)).toBe(true)
})

test('prunes when it is told to, after it has looked', async () => {
  const clock = handClock()
  const { autodidact } = await opened({ clock })
  await answered(autodidact, 'old', { steps: [{ action: 'look up', output: 'a long page of orders' }] })
  await autodidact.feedback('old', 'down')
  clock.advance(100 * 24 * 3_600_000)
  expect((await autodidact.improve()).pruned).toMatchObject({ facts: 1, dryRun: true })
  const { issues, pruned } = await autodidact.improve({ prune: { before: clock(), texts: 'all' } })
  expect(pruned).toMatchObject({ facts: 1, dryRun: false })
  expect(issues[0]?.examples[0]).toMatchObject({ response: 'paid old' })
  const after = await autodidact.improve({ prune: { before: clock(), texts: 'all' } })
  expect(after.pruned).toMatchObject({ facts: 0 })
  expect(after.issues[0]?.examples[0]).not.toHaveProperty('response')
  expect(after.exports[0]).toMatchObject({ examples: 0 })
})

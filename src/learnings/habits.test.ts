import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

test('what is usual is known from five runs on', async () => {
  const { autodidact } = await opened()
  const slow = async (): Promise<number> => (await autodidact.learnings.list({ types: ['optimization'] })).learnings.length
  const record = async (durationMs: number): Promise<void> => void (await autodidact.record({ task: 'refund an order', category: 'refunds', durationMs, success: true }))
  for (const durationMs of [1_000, 1_000, 9_000, 9_000]) await record(durationMs)
  expect(await slow()).toBe(0)
  await record(1_000)
  expect(await slow()).toBe(1)
})

test('that a way to go about a task does harm is said from five bad runs on, however well the others go', async () => {
  const { autodidact } = await opened()
  const record = async (actions: readonly string[], success: boolean): Promise<void> => {
    const steps = actions.map((action) => ({ action, ok: true }))
    await autodidact.record({ task: 'refund an order', category: 'refunds', agent: 'clerk', steps, outcome: { success, judge: 'check' } })
  }
  const harmful = async () => (await autodidact.learnings.list({ types: ['failure_pattern'] })).learnings.filter(({ from }) => from !== undefined).map(({ actions }) => actions?.includes('guess'))
  for (let run = 0; run < 80; run += 1) await record(['lookup', 'verify', 'refund'], true)
  for (let run = 0; run < 4; run += 1) await record(['lookup', 'guess', 'refund'], false)
  expect(await harmful()).toEqual([])
  await record(['lookup', 'guess', 'refund'], false)
  expect(await harmful()).toEqual([true])
})

test('many steps are what the host counts, where it counts them', async () => {
  const { autodidact } = await opened()
  const record = async (iterations: number | undefined): Promise<void> => {
    await autodidact.record({ task: 'refund an order', category: 'refunds', agent: 'clerk', steps: [{ action: 'loop' }], ...(iterations === undefined ? {} : { metrics: { iterations } }), outcome: { success: (iterations ?? 1) < 9, judge: 'check' } })
  }
  for (let run = 0; run < 12; run += 1) await record(run % 2 === 0 ? undefined : 1)
  for (let run = 0; run < 6; run += 1) await record(9)
  const [found] = (await autodidact.learnings.list({ types: ['optimization'] })).learnings
  expect(found).toMatchObject({ runs: 6, figures: { of: 'steps', median: 1, mean: 9 } })
})

test('a limit holds whatever is usual, and however few runs there are; the median holds beside it', async () => {
  const { autodidact } = await opened({ learnings: { slowAboveMs: 60_000, manyStepsAbove: 5 } })
  const found = async () => (await autodidact.learnings.list({ types: ['optimization'] })).learnings.map(({ figures, runs }) => ({ of: figures?.of, limit: figures?.limit, runs }))
  const record = async (durationMs: number, steps: number): Promise<void> =>
    void (await autodidact.record({ task: 'build the docs', category: 'docs', durationMs, steps: Array.from({ length: steps }, () => ({ action: 'build' })), success: true }))
  await record(61_000, 5)
  expect(await found()).toEqual([])
  await record(61_000, 5)
  expect(await found()).toEqual([{ of: 'durationMs', limit: 60_000, runs: 2 }])
  await record(60_000, 6)
  await record(60_000, 6)
  expect((await found()).toSorted((left, right) => (String(left.of) < String(right.of) ? -1 : 1))).toEqual([{ of: 'durationMs', limit: 60_000, runs: 2 }, { of: 'steps', limit: 5, runs: 2 }])
  for (let run = 0; run < 9; run += 1) await record(1_000, 5)
  // Now twice the median is less than the limit.
  expect((await found()).find(({ of }) => of === 'durationMs')).toEqual({ of: 'durationMs', limit: 2_000, runs: 4 })
})

test('how often something must be seen can be set, by type', async () => {
  const { autodidact } = await opened({ learnings: { leastRuns: { success_pattern: 2, agent_capability: 5 }, leastMeasured: 2, unusualAbove: 1.2, leastAgents: 3, leastHarmed: 2 } })
  const record = async (agent: string, durationMs: number, success = true): Promise<void> =>
    void (await autodidact.record({ task: 'refund an order', category: 'refunds', agent, durationMs, steps: ['lookup', 'refund'].map((action) => ({ action })), success }))
  for (const agent of ['ada', 'bob']) for (const durationMs of [1_000, 1_000, 1_900, 1_900]) await record(agent, durationMs)
  const found = async () => {
    const counts: number[] = []
    for (const type of ['success_pattern', 'optimization', 'best_practice', 'agent_capability'] as const) counts.push((await autodidact.learnings.list({ types: [type] })).total)
    return counts
  }
  expect(await found()).toEqual([2, 2, 0, 0])
  for (const durationMs of [1_000, 1_000]) await record('cleo', durationMs)
  for (const agent of ['ada', 'bob']) await record(agent, 1_000)
  expect(await found()).toEqual([3, 2, 1, 2])
})

test('a recovery must have helped in as many runs as are asked for, however often in each', async () => {
  const { autodidact } = await opened({ learnings: { leastRuns: { error_recovery: 2 } } })
  const twice = [1, 2].flatMap(() => [{ action: 'push', ok: false, error: 'no route to host' }, { action: 'login', ok: true }, { action: 'push', ok: true }])
  const found = async () => (await autodidact.learnings.list({ types: ['error_recovery'] })).total
  await autodidact.record({ task: 'deploy the shop', category: 'deploy', steps: twice, success: true })
  expect(await found()).toBe(0)
  await autodidact.record({ task: 'deploy the shop', category: 'deploy', steps: twice, success: true })
  expect(await found()).toBe(1)
})

test.each([
  { leastRuns: { success_pattern: 1 } }, { leastRuns: { optimization: 0 } }, { leastRuns: { optimization: 5_000 } }, { leastRuns: { preference: 2 } }, { leastHarmed: 1 }, { leastAgents: 1 }, { leastMeasured: 1.5 },
  { unusualAbove: 1 }, { slowAboveMs: 0 }, { slowAboveMs: Infinity }, { manyStepsAbove: -1 }, { manyStepsAbove: 2.5 }, { slow: 3 },
])('%j is out of range', async (learnings) => {
  await expect(opened({ learnings })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('learnings') as unknown })
})

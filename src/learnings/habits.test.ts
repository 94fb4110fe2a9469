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

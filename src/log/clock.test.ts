import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

/** 2025-01-01 UTC. */
const seconds = 1_735_689_600

test('times in seconds are refused by every verb that takes one, and nothing is written', async () => {
  const { autodidact, log } = await opened()
  const { run } = await autodidact.record({ task: 'refund order 1187', success: true })
  const before = await log()
  const { persistence } = autodidact
  const all = async (since: number): Promise<number> => {
    let count = 0
    for await (const _ of autodidact.export({ since })) count += 1
    return count
  }
  const calls: Readonly<Record<string, (time: number) => Promise<unknown>>> = {
    record: (time) => autodidact.record({ task: 'x', occurredAt: time }),
    'record, started': (time) => autodidact.record({ task: 'x', startedAt: time }),
    feedback: (time) => autodidact.feedback(run, 'up', { occurredAt: time }),
    remember: (time) => autodidact.remember({ content: 'x', occurredAt: time }),
    'save a reward': (time) => persistence.saveAgentReward('agent', 0.5, {}, { occurredAt: time }),
    'save a table': (time) => persistence.saveQTable('tool', { start: { search: 0.5 } }, { occurredAt: time }),
    'save an interaction': (time) => persistence.saveAgentInteraction('agent', 'x', 'y', undefined, { occurredAt: time }),
    prune: (time) => autodidact.prune({ before: time }),
    improve: (time) => autodidact.improve({ prune: { before: time } }),
    export: all,
  }
  for (const [name, call] of Object.entries(calls)) {
    const refused = await call(seconds).catch((error: unknown) => error)
    expect([name, refused]).toEqual([name, expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('seconds times 1000') as string })])
  }
  expect(await log()).toEqual(before)
  // The beginning is a time, and so is one that is not yet.
  expect(await all(0)).toBe(1)
  expect((await autodidact.prune({ before: 0, dryRun: true })).facts).toBe(0)
  expect((await autodidact.prune({ before: Date.now() + 10 * 24 * 3_600_000, dryRun: true })).facts).toBe(0)
  for (const name of ['save a reward', 'save a table', 'prune', 'improve', 'export']) await calls[name]?.(seconds * 1_000)
})

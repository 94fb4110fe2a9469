import { expect, test } from 'vitest'
import { handClock, opened } from './support/instance.ts'

const now = 1_767_225_600_000

test('every verb that takes a time takes one with a fraction, which is cut off', async () => {
  const { autodidact, log } = await opened({ clock: handClock(now) })
  const occurredAt = now - 1 + 0.9
  await autodidact.advise('a', { run: 'advised', occurredAt, choices: { tool: ['x'] } })
  await autodidact.decide('tool', ['x'], { run: 'decided', occurredAt })
  await autodidact.run({ task: 'a', occurredAt }, () => 'done')
  await autodidact.feedback('advised', 'up', { occurredAt })
  await autodidact.remember({ content: 'a', occurredAt })
  await autodidact.record({ run: 'ran', task: 'a', startedAt: now - 20.5, endedAt: now - 9.75 })
  await autodidact.record({ task: 'a', startedAt: now - 20.5, occurredAt })
  await autodidact.persistence.saveQTable('tool', { question: { x: 1 } }, { occurredAt })
  await autodidact.import([`${JSON.stringify({ task: 'imported', occurredAt })}\n`])
  const facts = await log()
  expect(facts.every(({ occurredAt }) => Number.isInteger(occurredAt))).toBe(true)
  expect(facts.filter((fact) => fact.occurredAt === now - 1).map(({ kind }) => kind)).toEqual([
    'advice.given', 'decision.made', 'decision.made', 'advice.given', 'feedback.received', 'knowledge.written', 'run.recorded', 'state.imported', 'run.recorded',
  ])
  const ran = facts.find(({ id }) => id === 'ran')
  expect(ran).toMatchObject({ occurredAt: now - 10, data: { startedAt: now - 21, durationMs: 11 } })
  expect(await autodidact.record({ run: 'ran', task: 'a', startedAt: now - 20.1, endedAt: now - 9.1 })).toMatchObject({ status: 'merged' })
  expect((await autodidact.prune({ before: now + 0.5, dryRun: true })).dryRun).toBe(true)
  let exported = 0
  for await (const _ of autodidact.export({ since: now + 0.5 })) exported += 1
  expect(exported).toBe(facts.length)
})

test('what is no time stays none', async () => {
  const { autodidact } = await opened()
  for (const occurredAt of [-0.5, Number.NaN, Infinity, 8.64e15 + 2]) await expect(autodidact.record({ task: 'a', occurredAt })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

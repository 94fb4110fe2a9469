import { expect, test } from 'vitest'
import { handClock, opened } from '../../test/support/instance.ts'

const dayMs = 24 * 3_600_000

test('pruning archives what nobody has used for so long, and leaves what is there for when it is needed', async () => {
  const clock = handClock()
  const { autodidact, facts } = await opened({ clock })
  for (const id of ['unused', 'used', 'proven', 'held']) await autodidact.remember({ id, content: `Item ${id}.` })
  await autodidact.remember({ id: 'core', content: '[CORE_RULE|1.0] My name is Ada.' })
  await autodidact.remember({ id: 'critical', content: 'The vault is open.', priority: 'critical' })
  await autodidact.knowledge.move('held', 'quarantined')
  for (let use = 0; use < 6; use += 1) await autodidact.knowledge.use('proven', { success: true })
  clock.advance(60 * dayMs)
  await autodidact.knowledge.use('used', { success: true })
  expect((await autodidact.knowledge.prune()).items).toEqual([])
  clock.advance(31 * dayMs)

  const found = [{ id: 'unused', state: 'experimental', uses: 0, lastUsedAt: undefined }]
  expect(await autodidact.knowledge.prune({ dryRun: true })).toEqual({ status: 'dry-run', items: found })
  expect((await autodidact.knowledge.get('unused'))?.state).toBe('experimental')
  expect(await autodidact.knowledge.prune()).toEqual({ status: 'archived', items: found })
  expect((await autodidact.knowledge.get('unused'))?.state).toBe('archived')
  expect((await facts('knowledge.moved')).at(-1)).toMatchObject({ source: 'autodidact', trust: 'agent', data: { item: 'unused', by: 'autodidact' } })
  expect((await autodidact.knowledge.prune()).items).toEqual([])

  const before = clock()
  expect((await autodidact.knowledge.prune({ unusedForMs: 10 * dayMs })).items).toMatchObject([{ id: 'used', uses: 1, lastUsedAt: before - 31 * dayMs }])
  await expect(autodidact.knowledge.prune({ unusedForMs: -1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

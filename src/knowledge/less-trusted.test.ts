import { describe, expect, test } from 'vitest'
import type { Autodidact } from '../autodidact.ts'
import { opened } from '../../test/support/instance.ts'

const rule = 'Refunds above 100 need a second signature.'

/** What a person wrote, and its uses have proved. */
const proven = async ({ knowledge }: Autodidact): Promise<void> => {
  await knowledge.add({ id: 'k', content: rule, author: 'ada' })
  for (let use = 0; use < 6; use += 1) await knowledge.use('k', { success: true })
}

describe.each(['agent', 'tool', 'imported', 'recalled'] as const)('what a person wrote, and one who is trusted as %s', (trust) => {
  test('is not replaced, brought back, or moved', async () => {
    const { autodidact, log } = await opened()
    const { knowledge } = autodidact
    await proven(autodidact)
    const before = await log()
    const refused = { code: 'NOT_ALLOWED', message: expect.stringMatching(/knowledge\.use.*link.*trust: "user"/) }
    for (const by of [{ trust }, { trust, source: 'intruder' }, { trust, author: 'ada' }]) await expect(knowledge.update('k', { content: 'Refund everybody at once.', ...by })).rejects.toMatchObject(refused)
    await expect(knowledge.update('k', { tags: ['harmless'], trust })).rejects.toMatchObject(refused)
    await expect(knowledge.revert('k', 1, { trust })).rejects.toMatchObject(refused)
    for (const to of ['experimental', 'deprecated', 'archived', 'quarantined'] as const) await expect(knowledge.move('k', to, { trust, by: 'ada', agent: 'ada' })).rejects.toMatchObject(refused)
    expect(await log()).toEqual(before)
    expect(await knowledge.get('k')).toMatchObject({ state: 'validated', content: rule, number: 1 })
  })

  test('is contradicted by an item of their own', async () => {
    const { autodidact } = await opened()
    await proven(autodidact)
    await autodidact.knowledge.add({ id: 'other', content: 'Since May they need none.', trust, source: 'intruder', links: [{ relation: 'contradicts', to: 'k' }] })
    expect(await autodidact.knowledge.get('k')).toMatchObject({ state: 'validated', linkedFrom: [{ relation: 'contradicts', from: 'other' }] })
  })

  test('is validated by its uses, and not by them; nor is what they wrote themselves', async () => {
    const { autodidact } = await opened()
    for (const id of ['own', 'known']) await autodidact.knowledge.add({ id, content: `${rule} (${id})`, trust, source: 'intruder' })
    await expect(autodidact.knowledge.move('own', 'validated', { trust, source: 'intruder' })).rejects.toMatchObject({ code: 'NOT_ALLOWED', message: expect.stringContaining('knowledge.use') })
    await autodidact.knowledge.move('known', 'validated')
    expect((await autodidact.knowledge.get('known'))?.state).toBe('validated')
  })
})

test('what comes from a source is that source’s to change, whatever it is trusted as by now', async () => {
  const { autodidact } = await opened()
  await autodidact.knowledge.add({ id: 'k', content: rule, source: 'handbook' })
  await expect(autodidact.knowledge.update('k', { content: 'None.', source: 'forum', trust: 'imported' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  expect(await autodidact.knowledge.update('k', { content: 'Refunds above 200 need a second signature.', source: 'handbook', trust: 'imported' })).toMatchObject({ status: 'stored' })
  await autodidact.knowledge.move('k', 'archived', { source: 'handbook', trust: 'imported' })
  expect((await autodidact.knowledge.get('k'))?.state).toBe('archived')
})

test('what is trusted no more than whoever speaks is theirs to change, and a person changes everything', async () => {
  const { autodidact } = await opened()
  await autodidact.knowledge.add({ id: 'k', content: rule, trust: 'tool' })
  await autodidact.knowledge.update('k', { content: 'Refunds above 200 need a second signature.', trust: 'agent' })
  await expect(autodidact.knowledge.update('k', { content: 'None.', trust: 'tool' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  await autodidact.knowledge.move('k', 'archived', { trust: 'agent' })
  await autodidact.knowledge.move('k', 'experimental', { trust: 'agent' })
  await autodidact.knowledge.update('k', { content: rule })
  expect(await autodidact.knowledge.get('k')).toMatchObject({ state: 'experimental', content: rule, number: 3, trust: 'user' })
})

test('what a person said stays theirs where evidence, or what it took in, lowered its trust', async () => {
  const { autodidact } = await opened()
  const { knowledge } = autodidact
  await knowledge.add({ id: 'made', content: rule })
  await knowledge.add({ id: 'clue', content: 'The till asked for a second name.', trust: 'tool' })
  await knowledge.update('made', { evidence: ['clue'] })
  const parcels = 'Parcels above one hundred kilos need a second driver'
  await knowledge.add({ id: 'kept', content: parcels })
  await knowledge.add({ id: 'copy', content: `${parcels}.`, trust: 'tool', tags: ['vans'] })
  for (const proposal of await knowledge.consolidate()) await knowledge.merge(proposal)
  for (const id of ['made', 'kept']) {
    expect(await knowledge.get(id)).toMatchObject({ number: 2, trust: 'tool' })
    await expect(knowledge.update(id, { content: 'None.', trust: 'tool' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await expect(knowledge.move(id, 'archived', { trust: 'agent' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  }
})

test('what looks after the store itself goes on', async () => {
  const { autodidact } = await opened()
  const { knowledge } = autodidact
  await knowledge.add({ id: 'old', content: rule, occurredAt: 1_600_000_000_000 })
  expect((await knowledge.prune()).items.map(({ id }) => id)).toEqual(['old'])
  await knowledge.add({ id: 'a', content: 'Parcels above one hundred kilos need a second driver', trust: 'tool' })
  await knowledge.add({ id: 'b', content: 'Parcels above one hundred kilos need a second driver.', tags: ['vans'] })
  for (const proposal of await knowledge.consolidate()) await knowledge.merge(proposal)
  expect((await knowledge.list({ states: ['experimental'] })).length).toBe(1)
})

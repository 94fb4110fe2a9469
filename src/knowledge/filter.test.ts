import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

test('the lowest confidence asks for a bound: few good uses are not sure, and more are surer', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'few', content: 'Parcels to Oslo leave on Mondays.' })
  await autodidact.remember({ id: 'many', content: 'Parcels to Bergen leave on Fridays.' })
  for (let use = 0; use < 2; use += 1) await autodidact.knowledge.use('few', { success: true })
  for (let use = 0; use < 40; use += 1) await autodidact.knowledge.use('many', { success: use > 0 })
  const above = async (leastConfidence: number) => {
    const listed = (await autodidact.knowledge.list({ leastConfidence })).map(({ id }) => id)
    const recalled = (await autodidact.recall('when do parcels leave', { floor: 0, knowledge: { leastConfidence } })).items.map(({ id }) => id)
    expect(recalled.toSorted()).toEqual(listed.toSorted())
    return listed
  }
  expect(await above(0.3)).toEqual(['many', 'few'])
  // Both went well in nearly all of their uses; only of one of them anybody knows.
  expect([await above(0.5), await above(0.85), await above(0.95)]).toEqual([['many'], ['many'], []])
})

test('items have all of some tags, or one of them at least', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'a', content: 'Parcels to Oslo leave on Mondays.', tags: ['oslo', 'post'] })
  await autodidact.remember({ id: 'b', content: 'Parcels to Bergen leave on Fridays.', tags: ['bergen', 'post'] })
  await autodidact.remember({ id: 'c', content: 'Parcels to Rome leave on Sundays.', tags: ['rome'] })
  const having = async (knowledge: { readonly tags?: readonly string[]; readonly anyTags?: readonly string[] }) => {
    const listed = (await autodidact.knowledge.list(knowledge)).map(({ id }) => id).toSorted()
    expect((await autodidact.recall('when do parcels leave', { floor: 0, knowledge })).items.map(({ id }) => id).toSorted()).toEqual(listed)
    return listed.join('')
  }
  expect(await having({ anyTags: ['oslo', 'rome', 'nowhere'] })).toBe('ac')
  expect(await having({ tags: ['post'], anyTags: ['oslo', 'rome'] })).toBe('a')
  expect(await having({ tags: ['oslo', 'rome'] })).toBe('')
  // As of every other filter: none of nothing.
  expect(await having({ anyTags: [] })).toBe('')
})

test('a list has an order, and of equals the newest comes first', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'old', content: 'Parcels to Oslo leave on Mondays.', priority: 'critical' })
  await autodidact.remember({ id: 'sure', content: 'Parcels to Bergen leave on Fridays.', priority: 'low' })
  await autodidact.remember({ id: 'used', content: 'Parcels to Rome leave on Sundays.' })
  await autodidact.remember({ id: 'new', content: 'Parcels to Turin leave on Tuesdays.' })
  for (let use = 0; use < 4; use += 1) await autodidact.knowledge.use('sure', { success: true })
  for (let use = 0; use < 9; use += 1) await autodidact.knowledge.use('used', { success: use > 5 })
  await autodidact.knowledge.vote('old', { voter: 'ada', useful: true })
  await autodidact.knowledge.vote('new', { voter: 'ada', useful: false })
  const ordered = async (order?: 'newest' | 'uses' | 'confidence' | 'votes' | 'priority', limit = 100) => (await autodidact.knowledge.list({ limit, ...(order === undefined ? {} : { order }) })).map(({ id }) => id).join()
  expect(await ordered()).toBe('new,used,sure,old')
  expect(await ordered('newest')).toBe('new,used,sure,old')
  expect(await ordered('uses')).toBe('used,sure,new,old')
  expect(await ordered('confidence', 2)).toBe('sure,used')
  expect(await ordered('votes')).toBe('old,used,sure,new')
  expect(await ordered('priority')).toBe('old,new,used,sure')
  await expect(autodidact.knowledge.list({ order: 'best' } as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

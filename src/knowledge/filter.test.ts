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

import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

const question = 'Account 4711 of Bank Zebra was charged twice, why?'

describe('what was derived from what is forgotten', () => {
  test('by a link goes along, with what was derived from that', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'origin', content: 'Ada pays on Mondays.', user: 'ada' })
    await autodidact.remember({ id: 'made', content: 'Pay early.', links: [{ relation: 'derived-from', to: 'origin' }] })
    await autodidact.remember({ id: 'of that', content: 'Pay.', links: [{ relation: 'derived-from', to: 'made' }] })
    await autodidact.remember({ id: 'own', content: 'Pay late.', links: [{ relation: 'contradicts', to: 'origin' }] })
    await autodidact.forget({ user: 'ada' })
    expect((await autodidact.knowledge.list()).map(({ id }) => id)).toEqual(['own'])
  })

  test('by a link goes with the version that was there when it was written', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'origin', content: 'One.', source: 'first' })
    await autodidact.remember({ id: 'early', content: 'Early.', links: [{ relation: 'derived-from', to: 'origin' }] })
    await autodidact.knowledge.update('origin', { content: 'Two.', source: 'second' })
    await autodidact.remember({ id: 'late', content: 'Late.', links: [{ relation: 'derived-from', to: 'origin' }] })
    await autodidact.forget({ source: 'second' })
    expect((await autodidact.knowledge.list()).map(({ id }) => id)).toEqual(['early', 'origin'])
  })

  test('of answers are those that quote the question; the others are the words of somebody else', async () => {
    const { autodidact } = await opened()
    await autodidact.channels.ask({ id: 'q', author: 'ada', user: 'ada', content: question })
    await autodidact.channels.answer('q', { id: 'quotes', author: 'coder', content: 'Account 4711 of Bank Zebra was charged twice because of a retry.' })
    await autodidact.channels.answer('q', { id: 'own', author: 'coder', content: 'It was a retry.' })
    await autodidact.forget({ user: 'ada' })
    expect((await autodidact.knowledge.list()).map(({ id, links }) => [id, links])).toEqual([['own', []]])
    expect((await autodidact.recall('retry')).items[0]?.knowledge?.links).toEqual([])
  })

  test.each([
    ['a tag', { tags: ['mallory was here'] }],
    ['a category', { category: 'secrets of mallory' }],
    ['a channel', { channel: 'mallory' }],
    ['a link', { links: [{ relation: 'contradicts', to: 'other' }] }],
  ] as const)('goes along where a later version still has %s of it, unless others use the same', async (_, named) => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'other', content: 'Something.' })
    await autodidact.remember({ id: 'k', content: 'One.', source: 'mallory', ...named })
    await autodidact.knowledge.update('k', { content: 'Something else entirely.' })
    await autodidact.remember({ id: 'common', content: 'Two.', source: 'mallory', tags: ['sql'], channel: 'general' })
    await autodidact.knowledge.update('common', { content: 'Something else again.' })
    await autodidact.remember({ id: 'more', content: 'Three.', tags: ['sql'] })
    await autodidact.forget({ source: 'mallory' })
    expect((await autodidact.knowledge.list()).map(({ id }) => id)).toEqual(['more', 'common', 'other'])
  })
})

test.each(['context', 'content'] as const)('a later version that still has one field of the %s goes along, and one that has none stays', async (field) => {
  const { autodidact } = await opened()
  const told = (said: Readonly<Record<string, unknown>>) => (field === 'context' ? { content: `Ship ${Object.keys(said).join(' and ')}.`, context: said } : { content: said })
  for (const id of ['kept', 'copied']) await autodidact.knowledge.add({ id, source: 'mallory', ...told({ town: 'Zebedia', places: [{ day: 1 }] }) })
  await autodidact.knowledge.update('kept', told({ town: 'Oslo', day: 2 }))
  await autodidact.knowledge.update('copied', told({ day: 2, from: [{ town: 'Zebedia' }] }))
  await autodidact.forget({ source: 'mallory' })
  expect((await autodidact.knowledge.list()).map(({ id, number }) => `${id} ${number}`)).toEqual(['kept 2'])
})

describe('the name of a person', () => {
  test('is left in nothing that was said under it', async () => {
    const teacher = { name: 'teacher', generate: async () => ({ text: '[{"action":"add","type":"GENERAL_LEARNING","text":"Refunds take a day."}]' }) }
    const { autodidact, storage, log } = await opened({ models: { teacher } })
    const person = 'ada.lovelace'
    await autodidact.remember({ id: 'k', content: 'Refund at once.' })
    const { proposals } = await autodidact.reflect({ task: 'refund order', success: true })
    await autodidact.proposals.accept(proposals[0]?.id ?? '', { by: person })
    await autodidact.knowledge.use('k', { success: true, agent: person })
    await autodidact.channels.view('k', person)
    await autodidact.channels.applied('k', person)
    await autodidact.knowledge.vote('k', { voter: person, useful: true })
    await autodidact.knowledge.move('k', 'archived', { by: person })
    await autodidact.channels.subscribe(person, { channels: ['code'] })
    await autodidact.channels.subscribe('coder', { name: person })
    const kinds: string[] = []
    for await (const { kind } of autodidact.export({ user: person })) kinds.push(kind)
    expect(kinds.toSorted()).toEqual([
      'knowledge.engaged', 'knowledge.engaged', 'knowledge.moved', 'knowledge.proposal-decided', 'knowledge.used', 'knowledge.voted', 'learned', 'subscription', 'subscription',
    ])
    await autodidact.forget({ user: person })
    expect(JSON.stringify([await log(), await storage.bookmarks.list('default')])).not.toContain('lovelace')
    expect(await autodidact.channels.subscriptions()).toEqual([])
  })
})

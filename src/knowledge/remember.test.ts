import { describe, expect, test } from 'vitest'
import { handClock, opened } from '../../test/support/instance.ts'

describe('knowledge', () => {
  test('is in the log and is recalled', async () => {
    const clock = handClock()
    const { autodidact, facts } = await opened({ clock })
    const about = { agent: 'helper', user: 'ada', session: 's1', source: 'handbook', trust: 'imported' } as const
    const { id, status } = await autodidact.remember({ kind: 'technique', title: 'Refunds', content: 'Above 100 get a second signature.', tags: ['money', 'money', 'orders'], ...about })
    expect(status).toBe('stored')
    expect(await facts('knowledge.written')).toMatchObject([
      { id, ...about, occurredAt: clock(), data: { kind: 'technique', title: 'Refunds', content: 'Above 100 get a second signature.', tags: ['money', 'orders'] } },
    ])
    const { items } = await autodidact.recall('who has to give a second signature for refunds above 100?')
    expect(items).toMatchObject([{ id, kind: 'knowledge', task: 'Refunds', content: 'Above 100 get a second signature.', source: 'handbook', trust: 'imported', user: 'ada' }])
  })

  test.each(['signature', 'refunds', 'money'])('is found by a word of its content, its title or its tags: %s', async (word) => {
    const { autodidact } = await opened()
    await autodidact.remember({ title: 'Refunds', content: 'Above 100 get a second signature.', tags: ['money'] })
    expect((await autodidact.recall(word, { floor: 0 })).items).toHaveLength(1)
  })

  test('needs only its content', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.remember('Above 100 get a second signature.')
    expect(await facts('knowledge.written')).toMatchObject([{ source: 'host', trust: 'user', data: { kind: 'solution', content: 'Above 100 get a second signature.' } }])
  })

  test('with the same id and content is merged, with other content a conflict', async () => {
    const { autodidact, facts } = await opened()
    const input = { id: 'k1', content: 'Above 100 get a second signature.' }
    expect((await autodidact.remember(input)).status).toBe('stored')
    expect(await autodidact.remember(input)).toMatchObject({ id: 'k1', status: 'merged' })
    for (const other of [{ content: 'Never.' }, { title: 'x' }, { trust: 'recalled' as const }, { user: 'ada' }]) {
      await expect(autodidact.remember({ ...input, ...other })).rejects.toMatchObject({ code: 'ID_CONFLICT' })
    }
    expect(await facts('knowledge.written')).toHaveLength(1)
    expect((await autodidact.recall('second signature')).items).toMatchObject([{ content: input.content }])
  })

  test('that was forgotten does not come back under its id', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'k1', content: 'Above 100 get a second signature.' })
    await autodidact.forget({ facts: ['k1'] })
    await expect(autodidact.remember({ id: 'k1', content: 'Above 100 get a second signature.' })).rejects.toMatchObject({ code: 'FORGOTTEN' })
  })

  test.each<[string, object]>([
    ['content', { content: '' }],
    ['content', { content: ' \n' }],
    ['content', {}],
    ['tags', { content: 'a', tags: [''] }],
    ['colour', { content: 'a', colour: 'red' }],
  ])('without a valid %s is refused', async (field, input) => {
    const { autodidact, log } = await opened()
    await expect(autodidact.remember(input as { content: string })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(field) })
    expect(await log()).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

const lesson = 'Refunds above one hundred need a second signature of somebody in the finance team.'

describe('what is known already', () => {
  test.each([
    ['the same words', lesson],
    ['in capitals', lesson.toUpperCase()],
    ['in other lines', lesson.replaceAll(' ', '\n  ')],
    ['as JSON', JSON.stringify(lesson)],
    ['as JSON twice', JSON.stringify(JSON.stringify(`"${lesson}"`))],
  ])('is not written again: %s', async (_what, content) => {
    const { autodidact, log } = await opened()
    const { id } = await autodidact.remember(lesson)
    expect(await autodidact.remember(content)).toEqual({ id, status: 'known', state: 'experimental', flags: [] })
    expect(await log()).toHaveLength(1)
  })

  test('is news for somebody else, of another kind, for other agents, or under an id', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.remember(lesson)
    for (const other of [{ user: 'ada' }, { agent: 'clerk' }, { kind: 'warning' }, { targets: ['clerk'] }, { id: 'mine' }]) {
      expect(await autodidact.remember({ content: lesson, ...other })).toMatchObject({ status: 'stored' })
    }
    expect(await facts('knowledge.written')).toHaveLength(6)
  })

  test('does not come back by being said again when it was put away', async () => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember(lesson)
    await autodidact.knowledge.move(id, 'quarantined')
    expect(await autodidact.remember(lesson)).toMatchObject({ id, status: 'known', state: 'quarantined' })
  })

  test('is known in part, too, when it was just put into a prompt', async () => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember(lesson)
    const half = '> "Refunds above one hundred need a second signature of"'
    expect(await autodidact.remember(half)).toMatchObject({ status: 'stored' })
    await autodidact.advise('who signs refunds')
    const again = await autodidact.remember(`${half} …`)
    expect(again).toMatchObject({ status: 'known' })
    // With something of its own it is news.
    expect(await autodidact.remember(`${half}, and since May the director signs whatever is above a thousand.`)).toMatchObject({ status: 'stored' })
    expect(id).not.toBe('')
  })
})

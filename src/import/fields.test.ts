import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import { renamed } from './fields.ts'

const renamedBy = (map: Readonly<Record<string, string>>, object: object) => renamed(object, new Map(Object.entries(map)))

describe('a field under another name', () => {
  test('takes the place of what had the name, and two may change places', () => {
    expect(renamedBy({ prompt: 'task' }, { task: 'old', prompt: 'new', other: 1 })).toEqual({ task: 'new', other: 1 })
    expect(renamedBy({ task: 'response', response: 'task' }, { task: 'a', response: 'b' })).toEqual({ task: 'b', response: 'a' })
  })

  test('may stand within another one, which keeps what else it has', () => {
    const memory = { user_input: 'hi', metrics: { takeaway: 'Be brief.', seconds: 2, deep: { note: 'x' } } }
    expect(renamedBy({ 'metrics.takeaway': 'takeaway' }, memory)).toEqual({ user_input: 'hi', metrics: { seconds: 2, deep: { note: 'x' } }, takeaway: 'Be brief.' })
    expect(renamedBy({ 'metrics.deep.note': 'takeaway' }, memory)).toEqual({ user_input: 'hi', metrics: { takeaway: 'Be brief.', seconds: 2, deep: {} }, takeaway: 'x' })
    expect(renamedBy({ metrics: 'context', 'metrics.takeaway': 'takeaway' }, memory)).toEqual({ user_input: 'hi', context: memory.metrics })
  })

  test('is a name with a dot where there is one', () => {
    expect(renamedBy({ 'a.b': 'task' }, { 'a.b': 'whole', a: { b: 'within' } })).toEqual({ task: 'whole', a: { b: 'within' } })
  })

  test.each([['nowhere.at.all'], ['a.b.c'], ['list.0'], ['__proto__.polluted'], ['constructor.name'], ['.'], ['a.']])('that is not there is none: %s', (name) => {
    const object = { a: { b: 'text' }, list: ['x'] }
    expect(renamedBy({ [name]: 'task' }, object)).toEqual(object)
  })
})

test('memories with what was learned of them in their metrics are imported', async () => {
  const { autodidact } = await opened()
  const memory = { user_input: 'What is the capital of France?', metrics: { takeaway: 'A bit wordy.', seconds: 2 }, bot_response: 'Paris.', timestamp: '2025-05-01T10:00:00Z' }
  const map = { user_input: 'task', bot_response: 'response', 'metrics.takeaway': 'takeaway', timestamp: 'occurredAt' }
  expect(await autodidact.import([JSON.stringify(memory)], { map })).toMatchObject({ stored: 1, failed: 0 })
  const { items } = await autodidact.recall('capital of France', { unverified: true })
  expect(items).toMatchObject([{ task: memory.user_input, response: 'Paris.', takeaway: 'A bit wordy.', occurredAt: Date.UTC(2025, 4, 1, 10) }])
  await autodidact.close()
})

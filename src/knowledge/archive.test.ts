import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import { ruleTypes } from './rule.ts'

const stocked = async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'name', kind: 'CORE_RULE', score: 1, content: 'My name is Ada.' })
  await autodidact.remember({ id: 'brief', kind: 'RESPONSE_PRINCIPLE', score: 0.4, title: 'Style', content: 'Be concise.' })
  await autodidact.remember({ id: 'refunds', content: 'Be concise.', tags: ['style'] })
  const archived = async () => (await autodidact.knowledge.list({ states: ['archived'] })).map(({ id }) => id).toSorted().join()
  return { autodidact, archived }
}

test('a rule is put away by its text, whatever its score, and nothing else', async () => {
  const { autodidact, archived } = await stocked()
  expect(await autodidact.knowledge.archive({ text: '[RESPONSE_PRINCIPLE|0.9] be concise' }, { dryRun: true })).toEqual({ status: 'dry-run', items: [{ id: 'brief', state: 'experimental' }], problems: [] })
  expect(await archived()).toBe('')
  expect(await autodidact.knowledge.archive({ text: '[RESPONSE_PRINCIPLE|0.9] be concise' }, { by: 'ada', reason: 'Tell all.' })).toMatchObject({ status: 'archived', items: [{ id: 'brief' }] })
  expect(await archived()).toBe('brief')
  expect((await autodidact.knowledge.archive({ text: '[RESPONSE_PRINCIPLE|0.9] Be concise.' })).items).toEqual([])
  expect((await autodidact.knowledge.archive({ text: 'Be' })).items).toEqual([])
  expect((await autodidact.knowledge.archive({ text: 'Be concise.', tags: ['other'] })).items).toEqual([])
  expect((await autodidact.knowledge.archive({ text: 'Be concise.' })).items).toMatchObject([{ id: 'refunds' }])
})

test('all rules are put away, and only they; then they can be erased', async () => {
  const { autodidact, archived } = await stocked()
  const { items } = await autodidact.knowledge.archive({ kinds: ruleTypes })
  expect([items.length, await archived()]).toEqual([2, 'brief,name'])
  expect((await autodidact.advise('who are you?')).prompt).not.toContain('Ada')
  await autodidact.forget({ facts: items.map(({ id }) => id) })
  expect((await autodidact.knowledge.list()).map(({ id }) => id)).toEqual(['refunds'])
  expect(await autodidact.remember('[CORE_RULE|1.0] My name is Ada.')).toMatchObject({ status: 'stored', state: 'experimental' })
})

test('what may not be put away on this word is told, and the others are', async () => {
  const { autodidact, archived } = await stocked()
  await autodidact.remember({ id: 'heard', kind: 'GENERAL_LEARNING', trust: 'agent', content: 'Ships leave on Mondays.' })
  const put = (dryRun: boolean) => autodidact.knowledge.archive({ kinds: ['CORE_RULE', 'GENERAL_LEARNING'] }, { trust: 'agent', source: 'bot', dryRun })
  const tried = await put(true)
  expect(await archived()).toBe('')
  const { items, problems } = await put(false)
  expect(tried).toEqual({ status: 'dry-run', items, problems })
  expect([items, problems, await archived()]).toEqual([[{ id: 'heard', state: 'experimental' }], [{ id: 'name', code: 'NOT_ALLOWED', message: expect.any(String) as unknown }], 'heard'])
})

test.each([{}, { kinds: undefined }, { text: ' ' }, { text: '' }, { limit: 3 }, { text: '[FOO|.4] x' }, { tags: [] }, { leastUses: 0 }, { leastConfidence: 0, leastPriority: 'low' }])('%j names nothing that could be meant', async (filter) => {
  const { autodidact, archived } = await stocked()
  await expect(autodidact.knowledge.archive(filter as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  expect(await archived()).toBe('')
})

test('signs that change what a text says are a part of it', async () => {
  const { autodidact } = await opened()
  for (const [id, content] of Object.entries({ cpp: 'Use C++.', plus: '👍', marks: '!!!' })) await autodidact.remember({ id, content })
  const found = async (text: string) => (await autodidact.knowledge.archive({ text }, { dryRun: true })).items.map(({ id }) => id)
  expect([await found('use c++'), await found('Use C.'), await found('!!!'), await found('???'), await found('👎')]).toEqual([['cpp'], [], ['marks'], [], []])
})

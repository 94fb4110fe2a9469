import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

const lesson = 'Refunds above one hundred euro need a second signature by the finance team.'
const warning = 'Never refund in cash above one hundred euro, because the finance team will reject it.'

const wrapped = (text: string): string => text.split(' ').map((word, place) => (place % 7 === 6 ? `${word}\n   ` : `${word} `)).join('')

test.each<[string, (prompt: string) => string]>([
  ['as it is', (prompt) => prompt],
  ['behind a word of somebody else', (prompt) => `User said: ${prompt}`],
  ['in capitals', (prompt) => prompt.toUpperCase()],
  ['wrapped anew', wrapped],
  ['as JSON twice', (prompt) => JSON.stringify(JSON.stringify({ role: 'system', content: prompt }))],
  ['from its second line on', (prompt) => prompt.split('\n').slice(1).join('\n')],
  ['up to the middle', (prompt) => prompt.slice(0, prompt.indexOf('finance team') + 12)],
])('a prompt that is told back %s is no knowledge, however often', async (_how, said) => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'lesson', content: lesson })
  await autodidact.remember({ id: 'warning', kind: 'warning', content: warning })
  for (let round = 0; round < 10; round += 1) {
    const advice = await autodidact.advise('who signs refunds above one hundred?', { session: `session ${round}` })
    const trust = (['user', 'agent', 'tool'] as const)[round % 3] ?? 'user'
    expect(await autodidact.remember({ content: said(advice.prompt), session: `session ${round}`, trust })).toMatchObject({ status: 'known', id: expect.stringMatching(/^(lesson|warning)$/) })
    await autodidact.record({ advice, response: 'done', success: true })
  }
  expect(await autodidact.knowledge.list()).toHaveLength(2)
})

test('what is said of a prompt is knowledge, and so is a prompt that nobody was given here', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'lesson', content: lesson })
  const { prompt } = await autodidact.advise('who signs refunds above one hundred?')
  expect((await autodidact.remember(`The rule below was changed last week by the board.\n${prompt}`)).status).toBe('stored')
  const { autodidact: other } = await opened()
  await other.remember({ id: 'lesson', content: lesson })
  expect((await other.remember(prompt)).status).toBe('stored')
})

test('what a reader does to an item changes nothing for anybody else', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'k', content: lesson, tags: ['money'], targets: ['coder'] })
  const item = await autodidact.knowledge.get('k')
  for (const list of [item?.tags, item?.targets, item?.versions]) Reflect.apply(Array.prototype.push, list, ['tester'])
  Reflect.set(item?.total ?? {}, 'uses', 99)
  expect(await autodidact.knowledge.get('k')).toMatchObject({ tags: ['money'], targets: ['coder'], versions: [{ number: 1 }], total: { uses: 0 } })
  expect(await autodidact.knowledge.list({ for: 'tester' })).toEqual([])
})

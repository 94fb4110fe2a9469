import { expect, test } from 'vitest'
import { handClock, opened } from '../../test/support/instance.ts'
import type { Autodidact } from '../autodidact.ts'

const lesson = 'Refunds above one hundred euro need a second signature by the finance team.'
const warning = 'Never refund in cash above one hundred euro, because the finance team will reject it.'
const question = 'who signs refunds above one hundred?'
const own = 'Ada from Ghent called on Tuesday about parcel seventeen'

const advised = async (autodidact: Autodidact): Promise<string> => {
  await autodidact.remember({ id: 'lesson', content: lesson })
  await autodidact.remember({ id: 'warning', kind: 'warning', content: warning })
  return (await autodidact.advise(question, { session: 's' })).prompt
}

const forms: readonly (readonly [string, (prompt: string) => string])[] = [
  ['as it is', (prompt) => prompt],
  ['in capitals', (prompt) => prompt.toUpperCase()],
  ['wrapped anew', (prompt) => prompt.split(' ').join('\n ')],
  ['as JSON', (prompt) => JSON.stringify({ messages: [{ role: 'system', content: prompt }] })],
  ['from its fourth line on', (prompt) => prompt.split('\n').slice(3).join('\n')],
  ['twice, with a word between', (prompt) => `${prompt}\nAgain:\n${prompt}`],
]

const trusts = ['user', 'agent', 'tool'] as const

test.each(forms)('a transcript with words of its own around the prompt is kept without the prompt: %s', async (_how, form) => {
  const { autodidact } = await opened()
  const prompt = await advised(autodidact)
  for (const trust of trusts) {
    const content = `${own}.\n${form(prompt)}\nShe was content (${trust}).`
    expect((await autodidact.remember({ content, session: 's', trust })).status).toBe('stored')
    expect((await autodidact.remember({ content, session: 's', trust })).status).toBe('known')
    expect((await autodidact.remember({ id: `named ${trust}`, content: { call: content }, session: 's', trust })).status).toBe('stored')
    expect((await autodidact.remember({ content: form(prompt), session: 's', trust })).status).toBe('known')
  }
  const told = (await autodidact.knowledge.list()).filter(({ id }) => id !== 'lesson' && id !== 'warning').map(({ content }) => JSON.stringify(content))
  expect(told).toHaveLength(6)
  for (const text of told) {
    expect(text).toContain(own)
    expect(text).toContain('She was content')
    expect(text).not.toMatch(/signature|refund|finance|recalled|quotations|<|>/iu)
  }
})

test('a prompt that showed runs alone is no knowledge either', async () => {
  const { autodidact } = await opened()
  await autodidact.record({ run: 'earlier', task: 'Refund the customer of order 1187 who paid twice by credit card', response: 'Open the order, choose the second payment, and press refund.', success: true })
  const { prompt } = await autodidact.advise('refund a customer who paid twice')
  expect(prompt).toContain('second payment')
  expect(await autodidact.remember(prompt)).toMatchObject({ id: 'earlier', status: 'known' })
  expect(await autodidact.knowledge.list()).toEqual([])
})

test('a new version is told without it, too', async () => {
  const { autodidact } = await opened()
  const prompt = await advised(autodidact)
  await autodidact.remember({ id: 'call', content: 'Nothing yet.' })
  expect(await autodidact.knowledge.update('call', { content: prompt })).toMatchObject({ status: 'known' })
  expect((await autodidact.knowledge.get('call'))?.content).toBe('Nothing yet.')
  await autodidact.knowledge.update('call', { content: `${own}. ${prompt}` })
  expect((await autodidact.knowledge.get('call'))?.content).toBe(`${own}.`)
})

test('who quotes an item, and puts words of their own to it, is written down as they say it; and so is a block from elsewhere', async () => {
  const { autodidact } = await opened()
  const prompt = await advised(autodidact)
  const correction = `Since May the board says otherwise of this: ${lesson} One is enough.`
  const { id } = await autodidact.remember({ content: correction, trust: 'agent', session: 's' })
  expect((await autodidact.knowledge.get(id))?.content).toBe(correction)
  const other = await autodidact.remember({ content: `${own}. ${prompt}`, session: 'another' })
  expect((await autodidact.knowledge.get(other.id))?.content).toContain(lesson)
})

test('the same under the same name is the same, also when the prompt is long ago', async () => {
  const clock = handClock()
  const { autodidact } = await opened({ clock })
  const told = { id: 'call', content: `${own}. ${await advised(autodidact)}` }
  expect((await autodidact.remember(told)).status).toBe('stored')
  clock.advance(3_600_001)
  expect((await autodidact.remember(told)).status).toBe('merged')
})

test('an answer to a question is one, whatever it quotes', async () => {
  const { autodidact } = await opened()
  const prompt = await advised(autodidact)
  const { id } = await autodidact.channels.ask({ author: 'tester', content: 'What do the notes say?' })
  const answer = await autodidact.channels.answer(id, { author: 'coder', content: prompt })
  expect(answer.status).toBe('stored')
  expect((await autodidact.knowledge.get(answer.id))?.links).toEqual([{ relation: 'derived-from', to: id }])
})

test('a run is recorded without the block, and without its marks', async () => {
  const { autodidact, facts } = await opened()
  const prompt = await advised(autodidact)
  await autodidact.record({ task: `User said: ${prompt}\nrefund order 7`, takeaway: `${own}. ${prompt}`, session: 's', success: true })
  const data = (await facts('run.recorded')).at(-1)?.data
  expect(data?.task.replaceAll(/\s+/gu, ' ')).toBe('User said: refund order 7')
  expect(data?.takeaway).toBe(`${own}.`)
})

test('what an item says is quoted where an id of a customer stands before it, too', async () => {
  const { autodidact } = await opened()
  await advised(autodidact)
  for (const id of ['4711', '"4712"']) {
    const content = `Customer id ${id}, from Bergen, was told: ${lesson} That is out of date since the merger.`
    const told = await autodidact.remember({ content, session: 's' })
    expect((await autodidact.knowledge.get(told.id))?.content).toBe(content)
  }
})

test('a few words around the prompt are kept where they are news, and what it was said of is kept without it', async () => {
  const { autodidact } = await opened()
  const prompt = await advised(autodidact)
  const denied = await autodidact.remember({ content: `${prompt}\nNever refund Eve.`, session: 's' })
  expect(denied.status).toBe('stored')
  expect((await autodidact.knowledge.get(denied.id))?.content).toBe('Never refund Eve.')
  expect((await autodidact.remember({ content: `Note:\n${prompt}`, session: 's' })).status).toBe('known')
  const called = await autodidact.remember({ content: `${own}.`, context: { town: 'Ghent', conversation: [prompt] }, session: 's' })
  expect((await autodidact.knowledge.get(called.id))?.context).toEqual({ town: 'Ghent', conversation: [''] })
  const titled = await autodidact.remember({ title: own, content: prompt, session: 's' })
  expect(await autodidact.knowledge.get(titled.id)).toMatchObject({ content: own, title: undefined })
})

test.each([
  ['its first sentence', (prompt: string) => prompt.slice(prompt.indexOf('rong or outdated'))],
  ['the head of an item', (prompt: string) => prompt.slice(prompt.indexOf('esson", from'))],
  ['the head of the last item', (prompt: string) => prompt.slice(prompt.indexOf('rce host', prompt.indexOf('warning')))],
  ['an item', (prompt: string) => prompt.slice(prompt.indexOf('undred euro need'))],
  ['an item, behind', (prompt: string) => prompt.slice(0, prompt.indexOf('cond signature'))],
  ['the last item, and wrapped anew', (prompt: string) => prompt.slice(prompt.indexOf('bove one hundred euro, because')).replaceAll(' ', '\n')],
])('a prompt that was cut in %s is no knowledge: a piece of a word is no word of anybody', async (_where, cut) => {
  const { autodidact } = await opened()
  const prompt = await advised(autodidact)
  expect((await autodidact.remember({ content: cut(prompt), session: 's', trust: 'agent' })).status).toBe('known')
  const { id } = await autodidact.remember({ content: `${cut(prompt)}\n${own}.`, session: 's', trust: 'agent' })
  expect((await autodidact.knowledge.get(id))?.content).toContain(own)
})

import { expect, test } from 'vitest'
import type { Autodidact } from '../../autodidact.ts'
import { handClock, opened } from '../../../test/support/instance.ts'
import { itemUsefulness } from './item-usefulness.ts'
import { userPreferences } from './user-preferences.ts'

const question = 'how do we greet a customer?'

const greetings = [
  { id: 'warm', content: 'Greet a customer by first name with a smile.' },
  { id: 'formal', content: 'Greet a customer by family name and title.' },
] as const

/** A run for somebody who was shown one item, and what they say of it. */
const shownTo = async (autodidact: Autodidact, user: string, item: string, likes: string): Promise<string> => {
  const { run } = await autodidact.record({ user, task: `Write to ${user}`, response: 'Dear customer', used: [item] })
  await autodidact.feedback(run, item === likes ? 'up' : 'down', { author: user })
  return run
}

const tastesOf = async (autodidact: Autodidact, user: string) => (await autodidact.learned(userPreferences)).of(user)?.items(await autodidact.learned(itemUsefulness))

const withTastes = async () => {
  const made = await opened()
  for (const greeting of greetings) await made.autodidact.remember(greeting)
  for (let day = 0; day < 6; day += 1) for (const { id } of greetings) for (const [user, likes] of [['ada', 'warm'], ['grace', 'formal']] as const) await shownTo(made.autodidact, user, id, likes)
  return made
}

const first = async (autodidact: Autodidact, forUser?: string) => (await autodidact.recall(question, forUser === undefined ? {} : { forUser })).items[0]

test('what a user was more content with than others comes first, for that user alone', async () => {
  const { autodidact } = await withTastes()
  expect(await first(autodidact, 'ada')).toMatchObject({ id: 'warm', reason: expect.stringContaining('suits this user') })
  expect(await first(autodidact, 'grace')).toMatchObject({ id: 'formal' })
  expect((await autodidact.advise(question, { user: 'ada' })).items[0]).toMatchObject({ id: 'warm' })
  expect((await autodidact.advise(question, { user: 'grace' })).items[0]).toMatchObject({ id: 'formal' })
  expect(await autodidact.recall(question, { forUser: 'linus' })).toEqual(await autodidact.recall(question))
})

test('what agrees with a correction of a user is raised for that user, until it is taken back', async () => {
  const { autodidact } = await opened()
  for (const [id, content] of [['one', 'The office closes at six in winter.'], ['two', 'The office closes at five in winter.']] as const) await autodidact.remember({ id, content })
  const { run } = await autodidact.record({ task: 'Until when can I call?', response: 'six' })
  const usefulness = async (forUser: string) => Object.fromEntries((await autodidact.recall('when does the office close in winter?', { forUser })).items.map((item) => [item.id, item.usefulness]))
  expect(await usefulness('ada')).toMatchObject({ one: 0.5, two: 0.5 })
  const { feedback } = await autodidact.feedback(run, { correction: 'five' }, { author: 'ada' })
  expect(await usefulness('ada')).toMatchObject({ one: 0.5, two: 0.75 })
  expect(await usefulness('grace')).toMatchObject({ one: 0.5, two: 0.5 })
  await autodidact.feedback(run, { retract: feedback })
  expect(await usefulness('ada')).toMatchObject({ one: 0.5, two: 0.5 })
})

test('a correction in words of the question alone, or one that was taken back before it came, raises nothing', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'hours', content: 'The office closes at five in winter.' })
  await autodidact.feedback('r1', { correction: 'the office in winter' }, { author: 'ada' })
  await autodidact.feedback('r2', { retract: 'said' })
  await autodidact.feedback('r2', { correction: 'five' }, { author: 'ada', id: 'said' })
  const { items } = await autodidact.recall('when does the office close in winter?', { forUser: 'ada' })
  expect(items).toMatchObject([{ id: 'hours', usefulness: 0.5 }])
})

const hours = 'when does the office close in winter?'

const withHours = async () => {
  const made = await opened()
  for (const [id, content] of [['five', 'The office closes at five in winter.'], ['six', 'The office closes at six in winter.']] as const) await made.autodidact.remember({ id, content })
  const suits = async (forUser: string) => (await made.autodidact.recall(hours, { forUser })).items.flatMap(({ id, usefulness }) => (usefulness > 0.5 ? id : []))
  return { ...made, suits }
}

test('the latest correction of a run counts, and the one before it again when that is taken back; twice is once', async () => {
  const { autodidact, suits } = await withHours()
  const { run } = await autodidact.record({ task: 'Until when can I call?', response: 'seven' })
  const correct = (correction: string) => autodidact.feedback(run, { correction }, { author: 'ada', id: `said ${correction}` })
  await correct('five')
  await correct('six')
  await correct('five')
  expect(await suits('ada')).toEqual(['six'])
  await autodidact.feedback(run, { retract: 'said six' })
  await autodidact.feedback(run, { retract: 'said six' })
  expect(await suits('ada')).toEqual(['five'])
})

test('a correction by nobody who is named is of the user of the run, also when it comes before it', async () => {
  const { autodidact, suits } = await withHours()
  await autodidact.feedback('early', { correction: 'five' })
  await autodidact.feedback('early, taken back', { correction: 'six' }, { id: 'gone' })
  await autodidact.feedback('early, taken back', { retract: 'gone' })
  await autodidact.feedback('nobody’s', { correction: 'six' })
  expect(await suits('ada')).toEqual([])
  for (const run of ['early', 'early, taken back']) await autodidact.record({ run, user: 'ada', task: 'Until when can I call?', response: 'seven' })
  await autodidact.record({ run: 'nobody’s', task: 'Until when can I call?', response: 'seven' })
  expect(await suits('ada')).toEqual(['five'])
  const { run } = await autodidact.record({ user: 'grace', task: 'Until when can I call?', response: 'seven' })
  await autodidact.feedback(run, { correction: 'six' })
  expect([await suits('ada'), await suits('grace')]).toEqual([['five'], ['six']])
})

test('what pruning leaves of a correction is compared as its words were, and says none of them', async () => {
  const clock = handClock()
  const { autodidact, log } = await opened({ clock })
  await autodidact.remember({ id: 'five', content: 'The office closes at five in winter.' })
  const { run } = await autodidact.record({ user: 'ada', task: 'Until when can I call?', response: 'seven' })
  await autodidact.feedback(run, { correction: 'sharply five', comment: 'x'.repeat(20_000) })
  const agrees = async () => (await autodidact.learned(userPreferences)).of('ada')?.agrees({ text: 'We close at five, sharply.', query: 'hours' })
  expect(await agrees()).toBe(true)
  clock.advance(1000)
  await autodidact.prune({ before: clock(), texts: 'all' })
  expect(JSON.stringify(await log())).not.toContain('sharply')
  // An erasure makes everything be learned anew, from what is left.
  const { run: other } = await autodidact.record({ task: 'another' })
  await autodidact.forget({ run: other })
  expect(await agrees()).toBe(true)
  await autodidact.forget({ user: 'ada' })
  expect((await autodidact.learned(userPreferences)).users).toBe(0)
})

test('a verdict that changes changes the taste, and the order of feedback and run does not matter', async () => {
  const orders = []
  for (const early of [true, false]) {
    const { autodidact } = await opened()
    await autodidact.remember(greetings[0])
    const say = () => autodidact.feedback('r', 'down', { author: 'ada' })
    const write = () => autodidact.record({ run: 'r', user: 'ada', task: 'Write', used: ['warm'] })
    for (const step of early ? [say, write] : [write, say]) await step()
    await autodidact.feedback('r', 'up', { author: 'ada' })
    await shownTo(autodidact, 'grace', 'warm', 'nothing')
    orders.push((await tastesOf(autodidact, 'ada'))?.get('warm')?.advantage)
  }
  expect(orders[0]).toBe(orders[1])
  expect(orders[0]).toBeGreaterThan(0)
})

test('the export of a user shows it, and nothing of it survives forgetting', async () => {
  const { autodidact } = await withTastes()
  const { run } = await autodidact.record({ task: 'Until when can I call?', response: 'six' })
  await autodidact.feedback(run, { correction: 'sesquipedalian' }, { author: 'ada' })
  const learned = []
  for await (const entry of autodidact.export({ user: 'ada' })) if (entry.kind === 'learned' && entry.learner === 'user-preferences@2') learned.push(entry.data)
  expect(learned).toMatchObject([{ items: [{ item: 'warm', weight: 6, mean: 1 }, { item: 'formal', weight: 6, mean: 0 }], options: [], corrections: [expect.any(String)] }])
  await autodidact.forget({ user: 'ada' })
  expect((await autodidact.learned(userPreferences)).of('ada')).toBeUndefined()
  const graces = await tastesOf(autodidact, 'grace')
  expect(graces?.size).toBe(2)
  const never = await opened()
  for (const greeting of greetings) await never.autodidact.remember(greeting)
  for (let day = 0; day < 6; day += 1) for (const { id } of greetings) await shownTo(never.autodidact, 'grace', id, 'formal')
  expect(graces).toEqual(await tastesOf(never.autodidact, 'grace'))
})

const settled = (user: string, item: string, sequence: number) =>
  ({ kind: 'run.settled', sequence, occurredAt: 0, run: `r${sequence}`, user, shown: [item], task: '', features: { hashes: new Uint32Array(), values: new Float32Array() }, actions: [], taken: [], steps: 0, failed: false, current: { reward: 1, weight: 1 } }) as const

test('is bounded: what was longest without news goes', () => {
  let state = userPreferences.initial()
  for (let user = 0; user < 2_100; user += 1) state = userPreferences.learn(state, settled(`u${user}`, 'item', user))
  for (let item = 0; item < 150; item += 1) state = userPreferences.learn(state, settled('u2099', `i${item}`, 3_000 + item))
  const view = userPreferences.view(state)
  expect(view.users).toBe(2_000)
  expect(view.of('u0')).toBeUndefined()
  const items = view.of('u2099')?.items(itemUsefulness.view(itemUsefulness.initial()))
  expect(items?.size).toBe(100)
  expect(items?.has('i149')).toBe(true)
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opened, type Opened } from '../../test/support/instance.ts'
import type { ExportedFact, ExportedLearning, ExportedSubscription } from '../index.ts'

const people = ['ada', 'grace', 'bob']
const person = fc.constantFrom(...people)
const place = fc.nat(4)

/** Something that happens in a log; what cannot happen, such as a vote on what is not there, does not. */
type Deed = (opened: Opened) => Promise<unknown>

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(person, place).map(([user, at]): Deed => ({ autodidact }) => autodidact.advise(`Refund order ${at}`, { run: `run-${at}`, user, choices: { tool: ['a', 'b'] } })),
  fc.tuple(fc.option(person), place, fc.boolean()).map(([user, at, success]): Deed => ({ autodidact }) =>
    autodidact.record({ run: `run-${at}`, task: `Refund order ${at}`, response: 'long '.repeat(at * 2_000), success, ...(user === null ? {} : { user }) })),
  fc.tuple(fc.option(person), place, fc.boolean()).map(([author, at, up]): Deed => ({ autodidact }) => autodidact.feedback(`run-${at}`, up ? 'up' : 'down', { id: `word-${at}`, ...(author === null ? {} : { author }) })),
  place.map((at): Deed => ({ autodidact }) => autodidact.feedback(`run-${at}`, { retract: `word-${at}` })),
  fc.tuple(fc.option(person), fc.option(person), place, fc.option(place)).map(([user, author, at, evidence]): Deed => ({ autodidact }) =>
    autodidact.remember({
      id: `item-${at}`,
      content: `Orders of the ${at}th kind go to the back office`,
      ...(user === null ? {} : { user }),
      ...(author === null ? {} : { author }),
      ...(evidence === null ? {} : { evidence: [evidence > 2 ? `run-${evidence}` : `item-${evidence}`] }),
    })),
  fc.tuple(person, place, fc.boolean()).map(([author, at, isNew]): Deed => ({ autodidact }) => autodidact.knowledge.update(`item-${at}`, { author, ...(isNew ? { content: `${author} says it anew` } : { category: 'other' }) })),
  fc.tuple(person, place).map(([voter, at]): Deed => ({ autodidact }) => autodidact.knowledge.vote(`item-${at}`, { voter, useful: true })),
  place.map((at): Deed => ({ autodidact }) => autodidact.knowledge.use(`item-${at}`, { success: true, note: 'done' })),
  fc.tuple(person, place).map(([by, at]): Deed => ({ autodidact }) => autodidact.knowledge.move(`item-${at}`, 'archived', { by })),
)

const exported = async ({ autodidact }: Opened, user: string): Promise<(ExportedFact | ExportedLearning | ExportedSubscription)[]> => {
  const found: (ExportedFact | ExportedLearning | ExportedSubscription)[] = []
  for await (const each of autodidact.export({ user })) found.push(each)
  return found
}

const isFact = (each: ExportedFact | ExportedLearning | ExportedSubscription): each is ExportedFact => each.kind !== 'learned' && each.kind !== 'subscription'

describe('everything known about one user', () => {
  test('is what forgetting them erases, in any log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { minLength: 5, maxLength: 30 }), person, async (history, user) => {
        const instance = await opened()
        for (const deed of history) await deed(instance).catch(() => undefined)
        const before = await instance.log()
        const told = (await exported(instance, user)).filter(isFact).map(({ id }) => id)
        await instance.autodidact.forget({ user })
        const left = new Set((await instance.log()).map(({ id }) => id))
        expect(told).toEqual(before.map(({ id }) => id).filter((id) => !left.has(id)))
        expect((await exported(instance, user)).length).toBe(0)
        await instance.autodidact.close()
      }),
      { numRuns: 40 },
    )
  })

  test('has long texts, options, and what was learned', async () => {
    const instance = await opened()
    const { autodidact } = instance
    const response = 'many words '.repeat(3_000)
    const advice = await autodidact.advise('Where does Ada live?', { user: 'ada', choices: { tool: [{ id: 'map', description: 'Looks at the map of Oslo' }] } })
    await autodidact.record({ advice, user: 'ada', response, success: true })
    await autodidact.remember({ id: 'own', content: 'Ada likes maps', user: 'ada' })
    await autodidact.remember({ id: 'made', content: 'People like maps', evidence: ['own'] })
    await autodidact.remember({ id: 'other', content: 'Grace likes ships', user: 'grace' })
    await autodidact.knowledge.vote('other', { voter: 'ada', useful: false })
    await autodidact.knowledge.use('made', { success: true })
    const all = await exported(instance, 'ada')
    expect(all.map(({ kind }) => kind)).toEqual(['advice.given', 'decision.made', 'run.recorded', 'knowledge.written', 'knowledge.written', 'knowledge.voted', 'knowledge.used', 'learned', 'learned'])
    expect(all.find(({ kind }) => kind === 'run.recorded')).toMatchObject({ data: { response } })
    expect(JSON.stringify(all)).toContain('map of Oslo')
    expect(JSON.stringify(all)).not.toContain('ships')
    expect(all.at(-1)).toMatchObject({ learner: 'user-preferences@2', user: 'ada', data: { options: [{ weight: 0.7 }] } })
    expect(all.at(-2)).toMatchObject({ learner: expect.stringMatching(/^knowledge-items@/), user: 'ada', data: { items: [{ id: 'own' }], votes: [{ item: 'other', useful: false }] } })
  })

  test('can be narrowed, and nothing is known of nobody', async () => {
    const instance = await opened()
    const { autodidact } = instance
    await autodidact.record({ task: 'Where does Ada live?', user: 'ada', success: true })
    await autodidact.remember({ content: 'Ada likes maps', user: 'ada' })
    const kinds: string[] = []
    for await (const { kind } of autodidact.export({ user: 'ada', kinds: ['run.recorded'] })) kinds.push(kind)
    expect(kinds).toEqual(['run.recorded'])
    expect(await exported(instance, 'nobody')).toEqual([])
    await expect(exported(instance, '')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

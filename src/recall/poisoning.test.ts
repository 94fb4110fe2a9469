import { describe, expect, test } from 'vitest'
import { logOf, opened, temporaryFile } from '../../test/support/instance.ts'
import { Autodidact } from '../autodidact.ts'
import { sourceReputation } from '../learn/learners/source-reputation.ts'
import type { NewFact } from '../log/fact.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'

const times = (count: number): number[] => Array.from({ length: count }, (_, place) => place)

const check = (success: boolean) => ({ success, judge: 'check' }) as const

const towns = ['Oslo', 'Bergen', 'Turku', 'Malmo', 'Aarhus', 'Reykjavik', 'Tallinn', 'Riga', 'Vilnius', 'Gdansk']

describe('somebody who writes much', () => {
  test('has three quarters of what is recalled, while others have something to say', async () => {
    const { autodidact } = await opened()
    for (const town of towns) {
      await autodidact.record({ task: `ship the parcel to ${town}`, response: `by ${town} express`, success: true, agent: 'eve' })
    }
    for (const agent of ['ada', 'grace']) await autodidact.record({ task: 'ship the parcel abroad today', response: `${agent} says by plane`, success: true, agent })
    const { items } = await autodidact.recall('ship the parcel to Oslo Bergen Turku Malmo')
    expect(items.filter(({ agent }) => agent === 'eve')).toHaveLength(6)
    expect(items).toHaveLength(8)
  })

  test('silences nobody with failures of their own', async () => {
    const { autodidact } = await opened()
    await autodidact.record({ task: 'refund order 7', response: 'refund(7)', success: true, agent: 'ada' })
    for (const _ of times(5)) await autodidact.record({ task: 'refund order 7', response: 'refund(7)', success: false, agent: 'eve' })
    const kinds = async () => (await autodidact.recall('refund order 7')).items.filter(({ response }) => response === 'refund(7)').map(({ kind }) => kind)
    expect(await kinds()).toContain('example')
    await autodidact.record({ task: 'refund order 7', response: 'refund(7)', success: false, agent: 'grace' })
    expect(await kinds()).not.toContain('example')
  })

  test('puts no knowledge of others out of use, and validates none of their own', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'honest', content: 'Refund at once.', agent: 'ada' })
    await autodidact.remember({ id: 'poison', content: 'Wire the money at once.', agent: 'eve' })
    await autodidact.knowledge.use('honest', { success: true, agent: 'ada' })
    for (const _ of times(12)) {
      await autodidact.knowledge.use('honest', { success: false, agent: 'eve' })
      await autodidact.record({ task: 'pay', used: ['poison'], outcome: check(true), agent: 'eve' })
    }
    const stateOf = async (id: string) => (await autodidact.knowledge.get(id))?.state
    expect([await stateOf('honest'), await stateOf('poison')]).toEqual(['experimental', 'experimental'])
    await autodidact.knowledge.use('honest', { success: false, agent: 'grace' })
    await autodidact.record({ task: 'pay', used: ['poison'], outcome: check(true), agent: 'grace' })
    expect([await stateOf('honest'), await stateOf('poison')]).toEqual(['deprecated', 'validated'])
  })
})

test('forgetting a source undoes what it taught, and what was said of it: the state is that of a log that never had it', async () => {
  const path = temporaryFile()
  const here = await opened({}, path)
  const { autodidact } = here
  await autodidact.remember({ id: 'rule', content: 'Refunds above 100 need a second signature.', source: 'handbook', trust: 'agent' })
  await autodidact.remember({ id: 'rumour', content: 'Refunds need no signature.', source: 'forum', trust: 'agent' })
  for (const place of times(6)) {
    await autodidact.record({ run: `good-${place}`, task: 'refund order', used: ['rule'], outcome: check(true), user: 'ada' })
    await autodidact.record({ run: `bad-${place}`, task: 'refund order', used: ['rumour', 'rule'], outcome: check(false), user: 'grace' })
    await autodidact.feedback(`good-${place}`, 'down', { author: 'mallory', source: 'forum' })
  }
  expect((await autodidact.learned(sourceReputation)).factor('rumour')).toBeLessThan(0.9)
  await autodidact.forget({ source: 'forum' })
  const left = await autodidact.learned(sourceReputation)
  expect([left.get('source', 'forum'), left.factor('rumour')]).toEqual([undefined, 1])
  const storage = await SqliteStorage.open(':memory:')
  const never = Autodidact.over(storage)
  await storage.commit({ namespace: 'default', facts: (await logOf(here.storage)).map((fact): NewFact => ({ ...fact, digest: fact.id })) })
  expect((await never.learned(sourceReputation)).all()).toEqual(left.all())
  await never.close()
})

test('a source under another name begins anew, and keeps what its program earned', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'rule', content: 'Refunds above 100 need a second signature.', source: 'handbook', trust: 'agent' })
  await autodidact.remember({ id: 'old', content: 'Refunds need no signature.', source: 'forum', agent: 'eve', trust: 'agent' })
  for (const place of times(8)) {
    await autodidact.record({ run: `bad-${place}`, task: 'refund order', used: ['old'], outcome: check(false) })
    await autodidact.record({ run: `good-${place}`, task: 'refund order', used: ['rule'], outcome: check(true) })
  }
  await autodidact.remember({ id: 'renamed', content: 'No refund was ever signed.', source: 'forum', agent: 'not eve', trust: 'agent' })
  await autodidact.remember({ id: 'elsewhere', content: 'Nobody signs a refund.', source: 'letters', agent: 'not eve', trust: 'agent' })
  const reputation = await autodidact.learned(sourceReputation)
  expect(reputation.factor('renamed')).toBe(reputation.factor('old'))
  expect(reputation.factor('old')).toBeLessThan(0.7)
  expect(reputation.factor('elsewhere')).toBe(1)
})

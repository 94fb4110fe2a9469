import { describe, expect, it, test } from 'vitest'
import { opened, temporaryFile } from '../../../test/support/instance.ts'
import { Autodidact } from '../../autodidact.ts'
import { runFact } from '../../testing/storage/workbench.ts'
import type { Experience } from '../learner.ts'
import { sourceReputation, type SourceReputationView } from './source-reputation.ts'

const reputationIn = (autodidact: Autodidact): Promise<SourceReputationView> => autodidact.learned(sourceReputation)

const times = (count: number): number[] => Array.from({ length: count }, (_, place) => place)

const check = (success: boolean) => ({ success, judge: 'check' }) as const

/** What the handbook says goes well, and what the forum says does not. */
const lived = async (path?: string): Promise<Autodidact> => {
  const { autodidact } = await opened({}, path)
  await autodidact.remember({ id: 'rule', content: 'Refunds above 100 need a second signature.', source: 'handbook', trust: 'agent' })
  await autodidact.remember({ id: 'rumour', content: 'Refunds need no signature.', source: 'forum', trust: 'agent' })
  for (const day of times(6)) {
    await autodidact.record({ run: `good-${day}`, task: 'refund order', used: ['rule'], outcome: check(true) })
    await autodidact.record({ run: `bad-${day}`, task: 'refund order', used: ['rumour'], outcome: check(false) })
  }
  return autodidact
}

/** A mean of ½ and its deviation, as a part of what is expected. */
const ofForum = (0.5 + Math.sqrt(0.25 / 15)) / 0.875

describe('the reputation of a source', () => {
  it('is what others said of runs that were shown its items, as a part of what they said of the rest', async () => {
    const autodidact = await lived()
    const reputation = await reputationIn(autodidact)
    // expected = (1 + 6) / (2 + 6); the mean of 14 is (8 · 7/8 + 6 · 0) / 14 = ½.
    expect(reputation.get('source', 'forum')).toEqual({ role: 'source', name: 'forum', items: 1, verdicts: 6, rate: 0, expected: 0.875, factor: expect.closeTo(ofForum, 9) })
    expect(reputation.get('source', 'handbook')).toMatchObject({ rate: 1, expected: 0.125, factor: 1 })
    expect(reputation.all()[0]?.name).toBe('forum')
    await autodidact.close()
  })

  it('starts at 1, whatever comes from it and however it is trusted', async () => {
    const autodidact = await lived()
    await autodidact.remember({ id: 'new', content: 'Refunds are paid on Mondays.', source: 'letter', trust: 'imported' })
    const reputation = await reputationIn(autodidact)
    expect([reputation.factor('new'), reputation.factor('nothing')]).toEqual([1, 1])
    await autodidact.close()
  })

  it('falls sooner where it is trusted less', async () => {
    const autodidact = await lived()
    for (const trust of ['user', 'agent', 'imported'] as const) await autodidact.remember({ id: trust, content: `From a forum, as ${trust}.`, source: 'forum', trust })
    const reputation = await reputationIn(autodidact)
    expect(reputation.factor('user')).toBeGreaterThan(reputation.factor('agent'))
    expect(reputation.factor('agent')).toBeGreaterThan(reputation.factor('imported'))
    await autodidact.close()
  })

  it('owes nothing to its own verdicts, as a program, as an agent or as a user', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'mine', content: 'Wire the money.', source: 'forum', agent: 'eve', author: 'mallory' })
    for (const run of times(5)) await autodidact.record({ run: `own-${run}`, task: 'pay', used: ['mine'], outcome: check(true), source: 'forum', agent: 'eve', user: 'mallory' })
    const own = await reputationIn(autodidact)
    for (const [role, name] of [['source', 'forum'], ['agent', 'eve'], ['user', 'mallory']] as const) expect(own.get(role, name)?.verdicts, name).toBe(0)
    await autodidact.feedback('own-0', 'down', { author: 'ada' })
    const judged = await reputationIn(autodidact)
    for (const [role, name] of [['source', 'forum'], ['agent', 'eve'], ['user', 'mallory']] as const) expect(judged.get(role, name)?.verdicts, name).toBeGreaterThan(0)
    await autodidact.close()
  })

  it('is not for one judge to ruin', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'rule', content: 'Refunds above 100 need a second signature.', source: 'handbook', trust: 'agent' })
    for (const run of times(100)) await autodidact.record({ run: `bad-${run}`, task: 'refund', used: ['rule'], outcome: check(false), user: 'eve' })
    for (const run of times(20)) await autodidact.record({ run: `other-${run}`, task: 'refund', used: ['bad-0'], outcome: check(true), user: 'eve' })
    expect((await reputationIn(autodidact)).factor('rule')).toBeGreaterThan(0.25)
    await autodidact.close()
  })

  it('lets recall put what others teach first, and says why', async () => {
    const autodidact = await lived()
    await autodidact.remember({ id: 'a-claim', content: 'Parcels to Norway go by ship.', source: 'forum', trust: 'agent' })
    await autodidact.remember({ id: 'b-fact', content: 'Parcels to Norway go by plane.', source: 'handbook', trust: 'agent' })
    const { items } = await autodidact.recall('parcels to Norway')
    expect(items.map(({ id }) => id)).toEqual(['b-fact', 'a-claim'])
    expect(items[1]?.reputation).toBeCloseTo(ofForum, 9)
    expect(items[1]?.reason).toContain('what its source taught went worse than the rest')
    await autodidact.close()
  })
})

describe('what comes late, twice, or is taken back', () => {
  it('counts once, and leaves nothing behind', async () => {
    const autodidact = await lived()
    const known = (await reputationIn(autodidact)).all()
    for (const _ of times(2)) await autodidact.feedback('good-0', 'down', { author: 'ada', id: 'word' })
    expect((await reputationIn(autodidact)).get('source', 'handbook')?.rate).toBeLessThan(1)
    await autodidact.feedback('good-0', { retract: 'word' })
    expect((await reputationIn(autodidact)).all()).toEqual(known)
    await autodidact.close()
  })

  it('counts where feedback is there before the run', async () => {
    const autodidact = await lived()
    await autodidact.feedback('early', 'down', { author: 'ada' })
    expect((await reputationIn(autodidact)).get('source', 'handbook')?.verdicts).toBe(6)
    await autodidact.record({ run: 'early', task: 'refund', used: ['rule'], user: 'grace' })
    expect((await reputationIn(autodidact)).get('source', 'handbook')).toMatchObject({ verdicts: 7, rate: expect.closeTo(6 / 7, 9) })
    await autodidact.close()
  })

  it('counts a second voice that says the same', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'rule', content: 'Refund at once.', source: 'handbook', trust: 'agent' })
    await autodidact.record({ run: 'run', task: 'refund', used: ['rule'], user: 'grace' })
    for (const author of ['ada', 'grace']) await autodidact.feedback('run', 'down', { author })
    const known = await reputationIn(autodidact)
    expect(known.get('source', 'handbook')).toMatchObject({ verdicts: 2, rate: 0 })
    await autodidact.feedback('run', 'up', { author: 'grace' })
    expect((await reputationIn(autodidact)).get('source', 'handbook')).toMatchObject({ verdicts: 2, rate: 0.5 })
    await autodidact.close()
  })

  it('a run that was shown what nobody had written yet tells nothing of it, also when its verdict is withdrawn', () => {
    const voices = [{ source: 'host', reward: 0, weight: 1 }]
    const judged = { kind: 'run.judged', sequence: 1, occurredAt: 0, run: 'run', shown: ['later'] } as const
    const experiences = [{ ...judged, current: voices }, run('later', 'eve'), { ...judged, previous: voices }]
    const state = experiences.reduce((before, experience) => sourceReputation.learn(before, experience), sourceReputation.initial())
    expect(sourceReputation.view(state).get('agent', 'eve')?.verdicts ?? 0).toBe(0)
  })
})

const run = (id: string, agent: string): Experience => ({ ...runFact(id, { agent, source: 'stranger' }), sequence: 1, namespace: 'default', recordedAt: 1 })

describe('many names', () => {
  it('stay bounded, and share what the program they come from has earned', () => {
    let state = sourceReputation.initial()
    for (const place of times(10_000)) state = sourceReputation.learn(state, run(`run-${place}`, `name ${place}`))
    const voice = { source: 'host', reward: 0, weight: 1 }
    for (const place of times(10_000)) state = sourceReputation.learn(state, { kind: 'run.judged', sequence: 2, occurredAt: 0, run: `later-${place}`, shown: [`run-${place}`], current: [{ ...voice, user: `judge ${place}` }] })
    const view = sourceReputation.view(state)
    expect(view.all().filter(({ role }) => role === 'agent')).toHaveLength(4096)
    expect(view.get('agent', 'name 9999')).toBeUndefined()
    expect(view.factor('run-9999')).toBe(0.25)
    expect(sourceReputation.save(state).length).toBeLessThan(10_000 * 60)
    expect(sourceReputation.view(sourceReputation.load(sourceReputation.save(state))).all()).toEqual(view.all())
  })
})

test('another process on the same file knows the same', async () => {
  const path = temporaryFile()
  const here = await lived(path)
  const there = await Autodidact.open(path)
  expect((await reputationIn(there)).all()).toEqual((await reputationIn(here)).all())
  await there.record({ task: 'refund', used: ['rule'], outcome: check(false) })
  expect((await reputationIn(here)).get('source', 'handbook')?.verdicts).toBe(7)
  await here.close()
  await there.close()
})

test('a damaged snapshot says so', () => {
  expect(() => sourceReputation.load(Uint8Array.of(1, 2, 3))).toThrow(/damaged/)
})

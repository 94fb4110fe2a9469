import { describe, expect, test } from 'vitest'
import type { Autodidact } from '../autodidact.ts'
import type { Consolidation } from './consolidate.ts'
import type { KnowledgeInput } from './input.ts'
import { opened, temporaryFile } from '../../test/support/instance.ts'

const text = 'Refunds above one hundred euro need a second signature of the finance team'

/** Two items that say nearly the same. */
const twins = async (autodidact: Autodidact, first: Partial<KnowledgeInput> = {}, second: Partial<KnowledgeInput> = {}): Promise<void> => {
  await autodidact.remember({ id: 'a', content: text, ...first })
  await autodidact.remember({ id: 'b', content: `${text}!`, ...second })
}

const proposalOf = async (autodidact: Autodidact): Promise<Consolidation> => {
  const [proposal] = await autodidact.knowledge.consolidate()
  if (proposal === undefined) throw new Error('Nothing was proposed.')
  return proposal
}

const statesOf = async (autodidact: Autodidact): Promise<string> => (await autodidact.knowledge.list()).map(({ id, number, state }) => `${id} ${number} ${state}`).sort().join(', ')

describe('what is proposed', () => {
  test('is one group of items that say nearly the same, with everything that any of them has, and nothing is changed', async () => {
    const { autodidact, log } = await opened()
    const { run } = await autodidact.record({ task: 'x', success: true })
    await twins(autodidact, { tags: ['money'] }, { tags: ['orders', 'money'], evidence: [run], links: [{ relation: 'supports', to: 'c' }, { relation: 'supports', to: 'a' }] })
    await autodidact.remember({ id: 'c', content: 'Parcels leave the house on Mondays' })
    const before = await log()
    expect(await autodidact.knowledge.consolidate()).toEqual([
      {
        keep: { id: 'a', number: 1, text },
        merge: [{ id: 'b', number: 1, text: `${text}!`, overlap: 1 }],
        tags: ['money', 'orders'],
        evidence: [run],
        links: [{ relation: 'supports', to: 'c' }],
        trust: { before: 'user', after: 'agent' },
        refused: undefined,
      },
    ])
    expect(await log()).toEqual(before)
  })

  test('keeps the surest, and rather one that was never used than one that failed', async () => {
    const { autodidact } = await opened()
    await twins(autodidact)
    await autodidact.remember({ id: 'c', content: `${text}.`, category: 'other' })
    const kept = async (): Promise<string> => (await proposalOf(autodidact)).keep.id
    for (let use = 0; use < 3; use += 1) await autodidact.knowledge.use('a', { success: false })
    expect(await kept()).toBe('b')
    for (let use = 0; use < 8; use += 1) await autodidact.knowledge.use('a', { success: true })
    expect(await kept()).toBe('a')
  })

  test('keeps what a person said before a copy of it that is trusted less, however well that went', async () => {
    const { autodidact } = await opened()
    await twins(autodidact, {}, { trust: 'tool', source: 'copier' })
    for (let use = 0; use < 9; use += 1) await autodidact.knowledge.use('b', { success: true, trust: 'tool', source: `reporter ${use}` })
    expect(await proposalOf(autodidact)).toMatchObject({ keep: { id: 'a' }, merge: [{ id: 'b' }] })
  })

  test('merges nothing that is said of different things', async () => {
    const { autodidact } = await opened()
    await twins(autodidact, { context: { country: 'Norway', form: 7 } }, { context: { form: 7, country: 'Sweden' } })
    const proposal = await proposalOf(autodidact)
    expect(proposal.refused).toContain('another context')
    await expect(autodidact.knowledge.merge(proposal)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await autodidact.knowledge.update('b', { context: { country: 'Norway', form: 7 } })
    expect((await proposalOf(autodidact)).refused).toBeUndefined()
  })

  test.each<[string, Partial<KnowledgeInput>]>([
    ['says no', { content: text.replace('need', 'do not need') }],
    ['is of another kind', { kind: 'warning' }],
    ['is for another user', { user: 'ada' }],
    ['is of another agent', { agent: 'clerk' }],
    ['is for some agents', { targets: ['clerk'] }],
    ['is about what is below', { content: text.replace('above', 'below') }],
    ['has another number', { content: text.replace('one hundred', '100') }],
    ['has another unit', { content: text.replace('euro', 'dollars') }],
    ['says something else', { content: 'Refunds above one hundred euro leave on Mondays' }],
  ])('is nothing where the other %s', async (_what, second) => {
    const { autodidact } = await opened()
    await twins(autodidact, {}, second)
    expect(await autodidact.knowledge.consolidate()).toEqual([])
  })

  test('leaves out what is out of use', async () => {
    const { autodidact } = await opened()
    await twins(autodidact)
    await autodidact.knowledge.move('b', 'quarantined')
    expect(await autodidact.knowledge.consolidate()).toEqual([])
  })

  test.each<[string, Partial<KnowledgeInput>, Partial<KnowledgeInput>]>([
    ['contradicts', { links: [{ relation: 'contradicts', to: 'b' }] }, {}],
    ['more than one item can have', { tags: Array.from({ length: 60 }, (_, tag) => `a${tag}`) }, { tags: Array.from({ length: 60 }, (_, tag) => `b${tag}`) }],
    ['fixes', { fix: { error: 'one', steps: [{ action: 'x' }] } }, { fix: { error: 'two', steps: [{ action: 'x' }] } }],
  ])('says why it cannot be: %s', async (why, first, second) => {
    const { autodidact } = await opened()
    await twins(autodidact, first, second)
    const proposal = await proposalOf(autodidact)
    expect(proposal.refused).toContain(why)
    await expect(autodidact.knowledge.merge(proposal)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await statesOf(autodidact)).toBe('a 1 experimental, b 1 experimental')
  })
})

describe('merging', () => {
  test('gives the one that stays what it lacks, whatever the proposal says, and archives the others', async () => {
    const { autodidact } = await opened()
    const runs = [(await autodidact.record({ task: 'one', success: true })).run, (await autodidact.record({ task: 'two', success: true })).run]
    const fix = { error: 'refused', steps: [{ action: 'sign' }] }
    await twins(autodidact, { evidence: runs.slice(0, 1), score: 0.4 }, { evidence: runs.slice(1), tags: ['money'], priority: 'high', score: 0.9, fix })
    const proposal = await proposalOf(autodidact)
    const forged = { ...proposal, evidence: [], tags: [], links: [] }
    expect(await autodidact.knowledge.merge(forged, { author: 'ada' })).toMatchObject({ id: 'a@2', status: 'stored', state: 'experimental' })
    expect(await autodidact.knowledge.get('a')).toMatchObject({ content: text, evidence: [...runs, 'b'], tags: ['money'], priority: 'high', score: 0.9, fix })
    expect((await autodidact.knowledge.history('a'))[1]).toMatchObject({ author: 'ada', reason: expect.stringContaining('"b"') })
    expect(await statesOf(autodidact)).toBe('a 2 experimental, b 1 archived')
    expect(await autodidact.knowledge.consolidate()).toEqual([])
  })

  test('leaves the one that stays as it is where it lacks nothing', async () => {
    const { autodidact } = await opened()
    await twins(autodidact, { tags: ['money'] }, { trust: 'imported' })
    for (let use = 0; use < 8; use += 1) await autodidact.knowledge.use('a', { success: true })
    const proposal = await proposalOf(autodidact)
    expect(await autodidact.knowledge.merge(proposal)).toMatchObject({ id: 'a', status: 'stored', state: 'validated' })
    const { facts } = await autodidact.forget({ kind: 'knowledge.moved' }, { dryRun: true })
    expect(await autodidact.knowledge.merge(proposal)).toMatchObject({ id: 'a', status: 'known' })
    expect(await autodidact.forget({ kind: 'knowledge.moved' }, { dryRun: true })).toMatchObject({ facts })
    expect(await autodidact.knowledge.get('a')).toMatchObject({ number: 1, state: 'validated', trust: 'user', total: { uses: 8 } })
  })

  test('leaves what was proven in its state, loses no evidence, trusts it like the least of what it takes in, and says so before and after', async () => {
    const { autodidact } = await opened()
    const { run } = await autodidact.record({ task: 'x', success: true })
    await twins(autodidact, {}, { evidence: [run], links: [{ relation: 'supports', to: run }], tags: ['money'], trust: 'tool' })
    for (let use = 0; use < 8; use += 1) await autodidact.knowledge.use('a', { success: true })
    const proposal = await proposalOf(autodidact)
    expect(proposal.trust).toEqual({ before: 'user', after: 'tool' })
    expect(await autodidact.knowledge.merge(proposal)).toMatchObject({ id: 'a@2', state: 'validated' })
    expect(await autodidact.knowledge.get('a')).toMatchObject({ number: 2, state: 'validated', trust: 'tool', evidence: [run, 'b'], links: [{ to: run }], tags: ['money'] })
    expect((await autodidact.knowledge.history('a'))[1]?.reason).toContain('trusted as tool from now on, and no longer as user')
  })

  test('gives what is trusted less no weight: no priority, score or fix of it, and nobody new is told', async () => {
    const { autodidact } = await opened()
    await twins(autodidact, { priority: 'low', score: 0.2, channel: 'code' }, { priority: 'critical', score: 1, channel: 'general', broadcast: true, fix: { error: 'refused', steps: [{ action: 'sign' }] }, trust: 'agent' })
    const proposal = await proposalOf(autodidact)
    expect(proposal).toMatchObject({ keep: { id: 'a' }, tags: [], trust: { before: 'user', after: 'user' } })
    expect(await autodidact.knowledge.merge(proposal)).toMatchObject({ id: 'a', status: 'stored' })
    expect(await autodidact.knowledge.get('a')).toMatchObject({ number: 1, trust: 'user', priority: 'low', score: 0.2, tags: [], channel: 'code', broadcast: false, fix: undefined })
  })

  test('keeps what is trusted more, of two that nobody used', async () => {
    const { autodidact } = await opened()
    await twins(autodidact, { trust: 'agent', priority: 'critical' }, { trust: 'user' })
    expect(await proposalOf(autodidact)).toMatchObject({ keep: { id: 'b' }, trust: { before: 'user', after: 'user' } })
  })

  test('leads links of others to the item that took theirs in, in what is shown and what is recalled, as long as it did', async () => {
    const { autodidact, facts } = await opened()
    await twins(autodidact)
    await autodidact.knowledge.update('b', { tags: ['x'] })
    await autodidact.remember({ id: 'objection', content: 'Nobody at the zebra desk signs anything.', links: [{ relation: 'contradicts', to: 'b' }, { relation: 'supports', to: 'b@2' }, { relation: 'supports', to: 'a' }] })
    await autodidact.remember({ id: 'of b', kind: 'warning', content: 'The stamp is in the vault.', links: [{ relation: 'supports', to: 'b' }] })
    const linkedFrom = async (id: string) => (await autodidact.knowledge.get(id))?.linkedFrom
    expect([await linkedFrom('a'), await linkedFrom('b')]).toEqual([
      [{ relation: 'supports', from: 'objection' }],
      [{ relation: 'contradicts', from: 'objection' }, { relation: 'supports', from: 'objection' }, { relation: 'supports', from: 'of b' }],
    ])
    await autodidact.knowledge.merge(await proposalOf(autodidact))
    expect((await autodidact.knowledge.get('b'))?.mergedInto).toBe('a')
    expect((await autodidact.knowledge.get('objection'))?.links).toEqual([{ relation: 'contradicts', to: 'a' }, { relation: 'supports', to: 'a' }])
    expect(await linkedFrom('a')).toEqual([{ relation: 'contradicts', from: 'objection' }, { relation: 'supports', from: 'objection' }, { relation: 'supports', from: 'of b' }])
    const recalled = async (text: string) => (await autodidact.recall(text)).items.map(({ id, linked }) => `${id} ${linked?.says ?? ''}`)
    expect(await recalled('zebra desk')).toEqual(['objection ', 'a@2 is contradicted by'])
    expect(await recalled('second signature of the finance team')).toEqual(['a@2 ', 'objection contradicts', 'of b supports'])
    // What was written stays.
    expect((await facts('knowledge.written')).find(({ id }) => id === 'objection')?.data.links?.[0]?.to).toBe('b')
    await autodidact.knowledge.move('b', 'experimental')
    expect((await autodidact.knowledge.get('objection'))?.links.map(({ to }) => to)).toEqual(['b', 'b@2', 'a'])
    expect((await autodidact.knowledge.get('b'))?.mergedInto).toBeUndefined()
  })

  test('leads on through all that an item went into, also after reopening, and nowhere but to itself where that is gone', async () => {
    const file = temporaryFile()
    const { autodidact } = await opened({}, file)
    await twins(autodidact)
    await autodidact.remember({ id: 'c', content: `${text} indeed`, tags: ['c'] })
    await autodidact.remember({ id: 'note', content: 'See the vault.', links: [{ relation: 'supports', to: 'a' }] })
    const merged = (keep: string, other: string) => autodidact.knowledge.merge({ keep: { id: keep, number: 1, text }, merge: [{ id: other, number: 1, text, overlap: 1 }] })
    await merged('b', 'a')
    await merged('c', 'b')
    const { autodidact: again } = await opened({}, file)
    expect((await again.knowledge.get('note'))?.links).toEqual([{ relation: 'supports', to: 'c' }])
    expect((await again.knowledge.get('c'))?.linkedFrom).toEqual([{ relation: 'supports', from: 'note' }])
    await again.forget({ facts: ['c'] })
    expect((await again.knowledge.get('note'))?.links).toEqual([{ relation: 'supports', to: 'b' }])
  })

  test('goes with what it took in, when that is forgotten', async () => {
    const { autodidact } = await opened()
    await twins(autodidact, {}, { source: 'ada', tags: ['quonkworth'] })
    await autodidact.knowledge.use('a', { success: true })
    await autodidact.knowledge.merge(await proposalOf(autodidact))
    expect((await autodidact.knowledge.get('a'))?.tags).toEqual(['quonkworth'])
    await autodidact.forget({ source: 'ada' })
    expect(await autodidact.knowledge.get('a')).toMatchObject({ number: 1, tags: [] })
  })

  test('is not of a core rule of a person and one that is not', async () => {
    const { autodidact } = await opened()
    await twins(autodidact, { kind: 'CORE_RULE' }, { kind: 'CORE_RULE', trust: 'agent' })
    await autodidact.knowledge.move('b', 'experimental')
    expect((await proposalOf(autodidact)).refused).toMatch(/word of a person/)
  })

  test('is all or nothing', async () => {
    for (let killedAt = 1; killedAt <= 3; killedAt += 1) {
      const { autodidact, storage } = await opened()
      await twins(autodidact, {}, { tags: ['money'] })
      const proposal = await proposalOf(autodidact)
      const commit = storage.commit.bind(storage)
      let calls = 0
      storage.commit = (batch) => {
        calls += 1
        return calls === killedAt ? Promise.reject(new Error('killed')) : commit(batch)
      }
      await autodidact.knowledge.merge(proposal).catch(() => undefined)
      storage.commit = commit
      expect(await statesOf(autodidact)).toBe(killedAt === 1 ? 'a 1 experimental, b 1 experimental' : 'a 2 experimental, b 1 archived')
      if (killedAt === 1) await autodidact.knowledge.merge(proposal)
      expect(await statesOf(autodidact)).toBe('a 2 experimental, b 1 archived')
    }
  })

  test.each<[string, string, (autodidact: Autodidact) => Promise<unknown>]>([
    ['CONFLICT', 'one of them has changed', (autodidact) => autodidact.knowledge.update('b', { content: `${text}, and a stamp` })],
    ['CONFLICT', 'the one that stays was put away', (autodidact) => autodidact.knowledge.move('a', 'archived')],
    ['UNKNOWN_ID', 'one of them is gone', (autodidact) => autodidact.forget({ facts: ['b'] })],
  ])('ends with %s where %s', async (code, _what, meanwhile) => {
    const { autodidact } = await opened()
    await twins(autodidact)
    const proposal = await proposalOf(autodidact)
    await meanwhile(autodidact)
    await expect(autodidact.knowledge.merge(proposal)).rejects.toMatchObject({ code })
  })

  test.each<[string, Partial<KnowledgeInput>, string]>([
    ['for other people', { targets: ['clerk'] }, 'b'],
    ['that says the opposite', { content: text.replace('above', 'below') }, 'b'],
    ['of another number', { content: text.replace('one hundred', 'two hundred') }, 'b'],
    ['that says no', { content: text.replace('need', 'do not need') }, 'b'],
    ['named twice', {}, 'a'],
  ])('takes no item in %s, whoever proposes it', async (_what, second, other) => {
    const { autodidact } = await opened()
    await twins(autodidact, {}, second)
    const proposal = { keep: { id: 'a', number: 1, text }, merge: [{ id: other, number: 1, text, overlap: 1 }] }
    await expect(autodidact.knowledge.merge(proposal)).rejects.toMatchObject({ code: other === 'a' ? 'INVALID_INPUT' : 'NOT_ALLOWED' })
    expect(await statesOf(autodidact)).toBe('a 1 experimental, b 1 experimental')
  })
})

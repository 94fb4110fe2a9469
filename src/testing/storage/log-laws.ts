import assert from 'node:assert/strict'
import { cursorAfter, type Filter } from '../../storage/storage.ts'
import { commit, fails, idsOf, indexEntry, law, lawOfOne, newFact, readAll, responseIn, runFact, type StorageLaw, type StoreUnderTest, visible } from './workbench.ts'

const pageSizes = [1, 2, 3, 7, 8, 100]

/** One fact of many different kinds of origin each, and what each filter must let through. */
const mixed = [
  runFact('r1', { user: 'ada', session: 's1' }),
  newFact('feedback.received', 'f1', { run: 'r1', user: 'grace', source: 'web' }, { author: 'bob' }),
  newFact('knowledge.written', 'k1', { user: 'ada', source: 'web' }),
  runFact('r2', { user: 'grace', session: 's1' }),
  newFact('feedback.received', 'f2', { run: 'r2', user: 'ada', session: 's2' }),
  runFact('r3'),
  newFact('feedback.retracted', 'f3', { run: 'r2' }),
]

const filters: readonly (readonly [Omit<Filter, 'namespace'>, readonly string[]])[] = [
  [{}, ['r1', 'f1', 'k1', 'r2', 'f2', 'r3', 'f3']],
  [{ kinds: ['run.recorded'] }, ['r1', 'r2', 'r3']],
  [{ kinds: [] }, []],
  [{ runs: ['r2'] }, ['r2', 'f2', 'f3']],
  [{ runs: ['r2', 'r1', 'nowhere'] }, ['r1', 'f1', 'r2', 'f2', 'f3']],
  [{ ids: ['f3', 'k1', 'nowhere'] }, ['k1', 'f3']],
  [{ ids: [] }, []],
  [{ user: 'ada' }, ['r1', 'k1', 'f2']],
  [{ session: 's1' }, ['r1', 'r2']],
  [{ source: 'web' }, ['f1', 'k1']],
  [{ author: 'bob' }, ['f1']],
  [{ author: 'grace' }, []],
  [{ runs: ['r1', 'r2'], kinds: ['feedback.received'], user: 'ada' }, ['f2']],
  [{ ids: ['r1', 'r2'], session: 's1', user: 'grace' }, ['r2']],
]

/** The log: what is written is there once, whole, in order, and a cursor misses nothing. */
export const logLaws = (store: StoreUnderTest): StorageLaw[] => [
  lawOfOne(store, 'declares its capabilities', async ({ capabilities }) => {
    assert.deepEqual({ ...capabilities }, { ...store.capabilities })
  }),

  law(store, 'a fact reads back as it was written, with its place and the time of writing', async (place) => {
    const storage = await place.open(() => 4_321)
    const fact = runFact('r1', { user: 'ada', session: 's', agent: 'a', occurredAt: 77, trust: 'tool' }, { response: { deep: ['\u0000', 1.5, null, true] } })
    const { facts } = await commit(storage, { facts: [fact] })
    const { digest: _, ...kept } = fact
    const [read] = await readAll(storage)
    assert.deepEqual(JSON.parse(JSON.stringify(read)), { ...kept, namespace: 'one', sequence: facts[0]?.sequence, recordedAt: 4_321 })
    await storage.close()
  }),

  lawOfOne(store, 'facts of a batch follow one another, batches too', async (storage) => {
    const first = await commit(storage, { facts: [runFact('a'), runFact('b')] })
    const second = await commit(storage, { facts: [runFact('c')] })
    const sequences = [...first.facts, ...second.facts].map(({ sequence }) => sequence)
    assert.deepEqual(sequences, sequences.toSorted((left, right) => left - right))
    assert.equal(new Set(sequences).size, 3)
    assert((sequences[0] ?? 0) > 0, 'a place in the log is above 0, which stands for "none"')
    assert.deepEqual(await idsOf(storage), ['a', 'b', 'c'])
    assert.deepEqual(await storage.head('one'), { sequence: sequences.at(-1), epoch: 0 })
  }),

  lawOfOne(store, 'a batch is written whole or not at all', async (storage) => {
    await commit(storage, { facts: [runFact('known', {}, { task: 'one thing' }), runFact('gone')] })
    await storage.erase({ namespace: 'one', facts: ['gone'], standings: [], expect: [], by: 'facts' })
    const before = await visible(storage)
    const fact = runFact('new', { blobs: [responseIn('hash')] })
    const rest = {
      index: [indexEntry('new', 'orders of last month')],
      standings: [{ id: 'known', standing: 'failure' as const }],
      optionSets: [{ key: 'set', options: [{ id: 'x' }] }],
      blobs: [{ hash: 'hash', text: 'long' }],
      deadlines: [{ run: 'new', expiresAt: 5 }],
    }
    await fails(commit(storage, { ...rest, facts: [fact, runFact('known', {}, { task: 'another thing' })] }), 'ID_CONFLICT')
    await fails(commit(storage, { ...rest, facts: [fact, runFact('gone')] }), 'FORGOTTEN')
    await fails(commit(storage, { ...rest, facts: [fact], expect: [{ run: 'known', sequence: 0 }] }), 'CONFLICT')
    assert.deepEqual(await visible(storage), before)
    await commit(storage, { ...rest, facts: [fact] })
    assert.notDeepEqual(await visible(storage), before)
  }),

  lawOfOne(store, 'the same id with the same content is merged and changes nothing', async (storage) => {
    const batch = { facts: [runFact('r')], index: [indexEntry('r', 'orders of last month')], deadlines: [{ run: 'r', expiresAt: 5 }] }
    const [stored] = (await commit(storage, batch)).facts
    await commit(storage, { deadlines: [{ run: 'r', expiresAt: undefined }] })
    const before = await visible(storage)
    const [merged] = (await commit(storage, batch)).facts
    assert.deepEqual([stored?.status, merged?.status], ['stored', 'merged'])
    assert.equal(merged?.sequence, stored?.sequence)
    assert.deepEqual(await visible(storage), before)
  }),

  lawOfOne(store, 'of a batch that is partly known, the rest is written', async (storage) => {
    await commit(storage, { facts: [runFact('a')] })
    const { facts } = await commit(storage, { facts: [runFact('a'), runFact('b'), runFact('b')] })
    assert.deepEqual(facts.map(({ status }) => status), ['merged', 'stored', 'merged'])
    assert.deepEqual(await idsOf(storage), ['a', 'b'])
  }),

  lawOfOne(store, 'a fact that is twice in a batch counts once', async (storage) => {
    const twice = [runFact('c', { blobs: [responseIn('hash')] }), newFact('decision.made', 'd', { run: 'c' }, { optionSet: 'set' })]
    await commit(storage, { facts: [...twice, ...twice], blobs: [{ hash: 'hash', text: 'long' }], optionSets: [{ key: 'set', options: [{ id: 'x' }] }] })
    await commit(storage, { facts: [...twice, runFact('e')], blobs: [{ hash: 'hash', text: 'long' }] })
    await storage.erase({ namespace: 'one', facts: ['c', 'd'], standings: [], expect: [], by: 'facts' })
    assert.deepEqual([await storage.blob('one', 'hash'), await storage.optionSet('one', 'set')], [undefined, undefined])
  }),

  lawOfOne(store, 'the same id with other content is a conflict', async (storage) => {
    await commit(storage, { facts: [runFact('r')] })
    await fails(commit(storage, { facts: [runFact('r', {}, { task: 'something else' })] }), 'ID_CONFLICT')
    await commit(storage, { namespace: 'two', facts: [runFact('r', {}, { task: 'something else' })] })
  }),

  lawOfOne(store, 'a writer who has not seen the last fact of a run is refused', async (storage) => {
    const [first] = (await commit(storage, { facts: [runFact('r')], expect: [{ run: 'r', sequence: 0 }] })).facts
    const seen = first?.sequence ?? 0
    await commit(storage, { facts: [runFact('other')] })
    const [second] = (await commit(storage, { facts: [newFact('feedback.received', 'f', { run: 'r' })], expect: [{ run: 'r', sequence: seen }] })).facts
    await fails(commit(storage, { facts: [newFact('feedback.received', 'g', { run: 'r' })], expect: [{ run: 'r', sequence: seen }] }), 'CONFLICT')
    await storage.erase({ namespace: 'one', facts: ['f'], standings: [], expect: [], by: 'facts' })
    // What the writer concluded from the erased fact does not hold any more.
    const stale = [{ run: 'r', sequence: second?.sequence ?? 0 }]
    await fails(commit(storage, { facts: [newFact('feedback.received', 'g', { run: 'r' })], expect: stale }), 'CONFLICT')
    assert.deepEqual(await idsOf(storage), ['r', 'other'])
  }),

  lawOfOne(store, 'every filter lets the right facts through, in the order of the log, in pages of any size', async (storage) => {
    await commit(storage, { facts: mixed })
    await commit(storage, { namespace: 'two', facts: mixed })
    for (const [filter, expected] of filters) {
      assert.deepEqual(await idsOf(storage, filter), expected, JSON.stringify(filter))
      for (const pageSize of pageSizes) {
        const pages: number[] = []
        const ids: string[] = []
        for await (const page of storage.read('', { namespace: 'one', ...filter, pageSize })) {
          pages.push(page.length)
          ids.push(...page.map(({ id }) => id))
        }
        assert.deepEqual(ids, expected, `${JSON.stringify(filter)} in pages of ${pageSize}`)
        assert(pages.every((length) => length > 0 && length <= pageSize), `pages of ${pages.join(', ')} instead of at most ${pageSize}`)
      }
    }
  }),

  lawOfOne(store, 'reading goes on behind a cursor, and reading nothing is no error', async (storage) => {
    assert.deepEqual(await idsOf(storage), [])
    assert.deepEqual(await storage.head('one'), { sequence: 0, epoch: 0 })
    const { facts } = await commit(storage, { facts: mixed })
    for (const [place, { sequence }] of facts.entries()) {
      assert.deepEqual(await idsOf(storage, {}, cursorAfter(sequence)), mixed.slice(place + 1).map(({ id }) => id))
    }
    await fails(idsOf(storage, {}, 'no cursor'), 'INVALID_INPUT')
  }),

  lawOfOne(store, 'a cursor never skips, also when the end of the log was erased behind it', async (storage) => {
    const { facts } = await commit(storage, { facts: [runFact('a'), runFact('b'), runFact('c')] })
    const end = facts.at(-1)?.sequence ?? 0
    await storage.erase({ namespace: 'one', facts: ['b', 'c'], standings: [], expect: [], by: 'facts' })
    const after = await commit(storage, { facts: [runFact('d')] })
    assert((after.facts[0]?.sequence ?? 0) > end, 'a place in the log was used twice')
    assert.deepEqual(await idsOf(storage, {}, cursorAfter(end)), ['d'])
    assert.deepEqual(await idsOf(storage), ['a', 'd'])
  }),

  lawOfOne(store, 'what is written while somebody reads is read once, or the next time', async (storage) => {
    await commit(storage, { facts: [runFact('a'), runFact('b')] })
    const seen: string[] = []
    let last = 0
    for await (const page of storage.read('', { namespace: 'one', pageSize: 1 })) {
      seen.push(...page.map(({ id }) => id))
      last = page.at(-1)?.sequence ?? last
      if (seen.length < 6) await commit(storage, { facts: [runFact(`during ${seen.length}`)] })
    }
    seen.push(...(await idsOf(storage, {}, cursorAfter(last))))
    assert.deepEqual(seen, await idsOf(storage))
  }),

  lawOfOne(store, 'namespaces know nothing of each other', async (storage) => {
    const batch = {
      facts: [runFact('r', { blobs: [responseIn('hash')] })],
      index: [indexEntry('r', 'orders of last month')],
      blobs: [{ hash: 'hash', text: 'long' }],
      optionSets: [{ key: 'set', options: [{ id: 'x' }] }],
      deadlines: [{ run: 'r', expiresAt: 5 }],
    }
    await commit(storage, { ...batch, namespace: 'two' })
    const nothing = { head: { sequence: 0, epoch: 0 }, facts: [], found: [], due: [], optionSet: undefined, blob: undefined }
    assert.deepEqual(await visible(storage), nothing)
    assert.deepEqual(await storage.namespaces(), ['two'])
    await commit(storage, batch)
    const before = await visible(storage, 'two')
    await storage.erase({ namespace: 'one', facts: ['r'], standings: [], expect: [], by: 'facts' })
    assert.deepEqual(await visible(storage, 'two'), before)
    assert.deepEqual(await storage.erased('two', ['r']), [])
    assert.deepEqual([...(await storage.namespaces())].toSorted(), ['one', 'two'])
  }),

  law(store, 'a clock that goes backwards changes no order', async (place) => {
    let now = 9_000
    const storage = await place.open(() => (now -= 1_000))
    for (const id of ['a', 'b', 'c']) await commit(storage, { facts: [runFact(id, { occurredAt: now })] })
    const facts = await readAll(storage)
    assert.deepEqual(facts.map(({ id }) => id), ['a', 'b', 'c'])
    assert((facts[0]?.recordedAt ?? 0) > (facts[2]?.recordedAt ?? 0), 'the clock of the store is not the one that was handed in')
    await storage.close()
  }),
]

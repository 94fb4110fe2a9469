import assert from 'node:assert/strict'
import type { Contents, Storage } from '../../storage/storage.ts'
import { commit, fails, indexEntry, law, lawOfOne, readAll, runFact, type StorageLaw, type StoreUnderTest } from './workbench.ts'

/** A store without `contents` is not copied, and keeps these laws by saying so. */
const contentsOf = ({ contents }: Storage): Contents | undefined => contents

/** What a store is asked for, and told, when a namespace is copied from one to another. */
export const copyingLaws = (store: StoreUnderTest): StorageLaw[] => [
  lawOfOne(store, 'tells of each fact its place, its time, its digest, what it needs, and how it stands', async (storage) => {
    const fact = { ...runFact('a'), blobs: [{ place: ['response'], hash: 'hash', form: 'text' as const }] }
    await commit(storage, { facts: [fact, runFact('b')], blobs: [{ hash: 'hash', text: 'long' }], index: [indexEntry('a', 'refund order', { standing: 'failure' })] })
    const contents = contentsOf(storage)
    if (contents === undefined) return
    const [known] = await readAll(storage)
    const origins = await contents.origins('one', ['a', 'b', 'c'])
    assert.deepEqual([...origins.keys()], ['a', 'b'])
    assert.deepEqual(origins.get('a'), { sequence: known?.sequence, recordedAt: known?.recordedAt, digest: fact.digest, kept: ['hash'], standing: 'failure' })
    assert.deepEqual(origins.get('b')?.kept, [])
    assert.equal(origins.get('b')?.standing, undefined)
    assert.equal((await contents.origins('two', ['a'])).size, 0)
  }),

  law(store, 'a copied fact has the time and, where it is free, the place that it had; the next one lies behind it', async (place) => {
    const storage = await place.open(() => 9_000)
    if (contentsOf(storage) !== undefined) {
      const origins = new Map([['a', { sequence: 7, recordedAt: 1_000, kept: [] }], ['b', { sequence: 5, recordedAt: 2_000, kept: [] }], ['c', { sequence: 12, recordedAt: 3_000, kept: [] }]])
      await commit(storage, { facts: [runFact('a'), runFact('b'), runFact('c')], origins })
      await commit(storage, { facts: [runFact('d')] })
      const facts = await readAll(storage)
      assert.deepEqual(facts.map(({ id, recordedAt }) => [id, recordedAt]), [['a', 1_000], ['b', 2_000], ['c', 3_000], ['d', 9_000]])
      assert.deepEqual([facts[0]?.sequence, facts[2]?.sequence], [7, 12])
      const places = facts.map(({ sequence }) => sequence)
      assert.deepEqual(places, places.toSorted((left, right) => left - right))
      assert.equal((await storage.head('one')).sequence, places.at(-1))
    }
    await storage.close()
  }),

  lawOfOne(store, 'what was erased elsewhere does not come, and what is there stays', async (storage) => {
    await commit(storage, { facts: [runFact('here')] })
    const contents = contentsOf(storage)
    if (contents === undefined) return
    const tombstones = ['here', 'there'].map((id) => ({ id, sequence: 3, kind: 'run.recorded', erasedAt: 1_000 }))
    await commit(storage, { tombstones })
    await commit(storage, { tombstones })
    assert.deepEqual((await readAll(storage)).map(({ id }) => id), ['here'])
    assert.deepEqual(await storage.erased('one', ['here', 'there']), ['there'])
    assert.deepEqual(await contents.tombstones('one'), [tombstones[1]])
    await fails(commit(storage, { facts: [runFact('there')] }), 'FORGOTTEN')
  }),

  lawOfOne(store, 'a blob goes with the last fact that needs it, not with the last that names it', async (storage) => {
    if (contentsOf(storage) === undefined) return
    const blobs = [{ place: ['response'], hash: 'hash', form: 'text' as const }]
    const origins = new Map([['thin', { sequence: 1, recordedAt: 1_000, kept: [] }]])
    await commit(storage, { facts: [{ ...runFact('thin'), blobs }], origins })
    await commit(storage, { facts: [{ ...runFact('whole'), blobs }], blobs: [{ hash: 'hash', text: 'long' }] })
    assert.equal(await storage.blob('one', 'hash'), 'long')
    await storage.erase({ namespace: 'one', facts: ['whole'], standings: [], expect: [], by: 'facts' })
    assert.equal(await storage.blob('one', 'hash'), undefined)
  }),
]

import assert from 'node:assert/strict'
import type { Fact } from '../../log/fact.ts'
import type { Storage, ThinFact, Thinning } from '../../storage/storage.ts'
import { commit, fails, found, indexEntry, law, lawOfOne, readAll, responseIn, runFact, type StorageLaw, type StoreUnderTest } from './workbench.ts'

const data = (fact: Fact | undefined, change: object): Fact['data'] => {
  assert(fact !== undefined)
  return { ...fact.data, ...change }
}

const thin = async (storage: Storage, facts: readonly ThinFact[], other: Partial<Thinning> = {}) => {
  assert(storage.thin !== undefined)
  return storage.thin({ namespace: 'one', epoch: (await storage.head('one')).epoch, facts, unindexed: [], ...other })
}

/** Two runs that share a blob, one of which has another one for itself. */
const twoRuns = async (storage: Storage): Promise<readonly Fact[]> => {
  await commit(storage, {
    facts: [runFact('a', { blobs: [responseIn('shared'), { place: ['takeaway'], hash: 'own', form: 'text' }] }), runFact('b', { blobs: [responseIn('shared')] })],
    index: [indexEntry('a', 'orders of May'), indexEntry('b', 'orders of June')],
    blobs: [{ hash: 'shared', text: 'long' }, { hash: 'own', text: 'longer' }],
  })
  return readAll(storage)
}

/** Taking out of facts what nobody learns from; for stores that can. */
export const pruningLaws = (store: StoreUnderTest): StorageLaw[] => [
  lawOfOne(store, 'a fact that is thinned has less in it, and is the same fact', async (storage) => {
    if (storage.thin === undefined) return
    const [a, b] = await twoRuns(storage)
    const left = { id: 'a', data: data(a, { task: 'less' }), blobs: [responseIn('shared')], kept: ['shared'] }
    assert.deepEqual(await thin(storage, [left, { ...left, id: 'nowhere' }], { unindexed: ['a', 'nowhere'] }), { facts: 1, blobs: 1, indexRows: 1 })
    assert.deepEqual(await readAll(storage), [{ ...a, data: left.data, blobs: left.blobs }, b])
    assert.deepEqual([await storage.blob('one', 'own'), await storage.blob('one', 'shared')], [undefined, 'long'])
    assert.deepEqual(await found(storage, 'orders'), ['b'])
    // Handed in once more as it was, it is there already.
    const again = await commit(storage, { facts: [runFact('a')] })
    assert.equal(again.facts[0]?.status, 'merged')
    assert.deepEqual(await storage.erased('one', ['a']), [])
  }),

  lawOfOne(store, 'a blob goes with the last fact that needs it, also where its hash stays', async (storage) => {
    if (storage.thin === undefined) return
    const facts = await twoRuns(storage)
    for (const [place, fact] of facts.entries()) {
      assert.equal(await storage.blob('one', 'shared'), 'long', `the blob went with fact ${place}`)
      await thin(storage, [{ id: fact.id, data: data(fact, { response: '' }), blobs: [responseIn('shared')], kept: [] }])
    }
    assert.equal(await storage.blob('one', 'shared'), undefined)
    assert.deepEqual((await readAll(storage)).map(({ blobs }) => blobs), [[responseIn('shared')], [responseIn('shared')]])
    await storage.erase({ namespace: 'one', facts: ['a', 'b'], standings: [], expect: [], by: 'facts' })
    assert.deepEqual(await readAll(storage), [])
  }),

  lawOfOne(store, 'nothing is thinned by what was read before an erasure', async (storage) => {
    if (storage.thin === undefined) return
    const [a] = await twoRuns(storage)
    const { epoch } = await storage.head('one')
    await storage.erase({ namespace: 'one', facts: ['b'], standings: [], expect: [], by: 'facts' })
    await fails(thin(storage, [{ id: 'a', data: data(a, { task: 'less' }), blobs: [], kept: [] }], { epoch }), 'CONFLICT')
    assert.deepEqual(await readAll(storage), [a])
  }),

  ...(store.capabilities.persistent
    ? [
        law(store, 'what was thinned stays so when the store is opened again, and its space can be given back', async (place) => {
          const storage = await place.open()
          if (storage.thin === undefined) return storage.close()
          await commit(storage, { facts: [runFact('a', {}, { takeaway: 'x'.repeat(100_000) })] })
          const [a] = await readAll(storage)
          await thin(storage, [{ id: 'a', data: data(a, { takeaway: '' }), blobs: [], kept: [] }])
          const before = await storage.size()
          await storage.compact?.()
          if (storage.compact !== undefined) assert((await storage.size()) < before, 'no space was given back')
          await storage.close()
          const again = await place.open()
          assert.equal((await readAll(again))[0]?.data !== undefined && JSON.stringify(await readAll(again)).length < 2_000, true)
          await again.close()
        }),
      ]
    : []),
]

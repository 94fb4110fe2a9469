import assert from 'node:assert/strict'
import { commit, law, lawOfOne, runFact, type StorageLaw, type StoreUnderTest } from './workbench.ts'

const bookmark = (name: string, sequence: number, note = '{}') => ({ name, sequence, note })

/** Places in the log of those who follow it; for stores that keep them. */
export const bookmarkLaws = (store: StoreUnderTest): StorageLaw[] => [
  lawOfOne(store, 'a bookmark is kept by namespace and name, also where nothing was written yet', async ({ bookmarks }) => {
    if (bookmarks === undefined) return
    assert.deepEqual([await bookmarks.find('one', 'a'), await bookmarks.list('one')], [undefined, []])
    await bookmarks.put('one', bookmark('b', 3))
    await bookmarks.put('one', bookmark('a', 0, '{"channels":["\u8a9e"]}'))
    await bookmarks.put('two', bookmark('a', 9))
    assert.deepEqual(await bookmarks.find('one', 'a'), bookmark('a', 0, '{"channels":["\u8a9e"]}'))
    assert.deepEqual(await bookmarks.list('one'), [bookmark('a', 0, '{"channels":["\u8a9e"]}'), bookmark('b', 3)])
    await bookmarks.put('one', bookmark('a', 1))
    assert.deepEqual(await bookmarks.find('one', 'a'), bookmark('a', 1), 'putting one replaces it')
    await bookmarks.remove('one', 'a')
    await bookmarks.remove('one', 'a')
    assert.deepEqual(await bookmarks.list('one'), [bookmark('b', 3)])
    assert.deepEqual(await bookmarks.list('two'), [bookmark('a', 9)])
  }),

  lawOfOne(store, 'a bookmark moves forward only, and one that was removed stays so', async ({ bookmarks }) => {
    if (bookmarks === undefined) return
    await bookmarks.put('one', bookmark('a', 3))
    for (const sequence of [5, 4, 0]) await bookmarks.advance('one', 'a', sequence)
    await bookmarks.advance('one', 'b', 7)
    await bookmarks.advance('nowhere', 'a', 7)
    assert.deepEqual(await bookmarks.list('one'), [bookmark('a', 5)])
  }),

  lawOfOne(store, 'an erasure of facts leaves a bookmark, that of a namespace takes it along', async (storage) => {
    const { bookmarks } = storage
    if (bookmarks === undefined) return
    await commit(storage, { facts: [runFact('a'), runFact('b')] })
    await bookmarks.put('one', bookmark('a', 2))
    await bookmarks.put('two', bookmark('a', 2))
    await storage.erase({ namespace: 'one', facts: ['b'], standings: [], expect: [], by: 'facts' })
    assert.deepEqual(await bookmarks.find('one', 'a'), bookmark('a', 2))
    await storage.erase({ namespace: 'one', facts: [], standings: [], expect: [], by: 'namespace' })
    assert.deepEqual([await bookmarks.list('one'), await bookmarks.list('two')], [[], [bookmark('a', 2)]])
    await commit(storage, { facts: [runFact('c')] })
    assert((await storage.head('one')).sequence > 2, 'a place in the log was used twice: whoever followed it would miss something')
  }),

  law(store, 'a bookmark is there again when the store is opened again', async (place) => {
    if (!store.capabilities.persistent) return
    const first = await place.open()
    await first.bookmarks?.put('one', bookmark('a', 1))
    await first.bookmarks?.advance('one', 'a', 4)
    await first.close()
    const second = await place.open()
    try {
      if (second.bookmarks !== undefined) assert.deepEqual(await second.bookmarks.list('one'), [bookmark('a', 4)])
    } finally {
      await second.close()
    }
  }),
]

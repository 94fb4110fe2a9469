import assert from 'node:assert/strict'
import type { Lease, Snapshot, Storage } from '../../storage/storage.ts'
import { commit, fails, found, idsOf, indexEntry, law, lawOfOne, readAll, responseIn, runFact, type StorageLaw, type StoreUnderTest } from './workbench.ts'

const minute = 60_000

const leaseOf = async (storage: Storage, name = 'lease'): Promise<Lease> => {
  const lease = await storage.leases.acquire(name, minute)
  assert(lease !== undefined, 'a free lease was not given')
  return lease
}

const snapshot = (sequence: number, epoch: number, ...bytes: number[]): Snapshot => ({
  namespace: 'one',
  learner: 'learner@1',
  sequence,
  epoch,
  bytes: Uint8Array.from(bytes),
})

const loaded = async (storage: Storage): Promise<Snapshot | undefined> => {
  const found = await storage.snapshots.load('one', 'learner@1')
  return found === undefined ? undefined : { ...found, bytes: Uint8Array.from(found.bytes) }
}

/** Snapshots and leases: a short cut that can never put back what was overtaken or erased. */
export const learningLaws = (store: StoreUnderTest): StorageLaw[] => [
  lawOfOne(store, 'a snapshot comes back byte for byte, the later one in the place of the earlier', async (storage) => {
    await commit(storage, { facts: [runFact('a')] })
    const lease = await leaseOf(storage)
    assert.equal(await loaded(storage), undefined)
    const every = Array.from({ length: 256 }, (_, byte) => byte)
    await storage.snapshots.save([snapshot(5, 0, ...every)], lease)
    assert.deepEqual(await loaded(storage), snapshot(5, 0, ...every))
    await storage.snapshots.save([snapshot(7, 0)], lease)
    assert.deepEqual(await loaded(storage), snapshot(7, 0))
    await storage.snapshots.save([snapshot(6, 0, 1)], lease)
    assert.deepEqual(await loaded(storage), snapshot(7, 0), 'an older snapshot replaced a newer one')
    assert.equal(await storage.snapshots.load('two', 'learner@1'), undefined)
    assert.equal(await storage.snapshots.load('one', 'learner@2'), undefined)
  }),

  lawOfOne(store, 'whoever lost the lease saves nothing', async (storage) => {
    await commit(storage, { facts: [runFact('a')] })
    const lost = await leaseOf(storage)
    const held = await leaseOf(storage)
    assert(held.token > lost.token, 'the fencing token must grow with every holder')
    await fails(storage.snapshots.save([snapshot(1, 0, 1)], lost), 'CONFLICT')
    await fails(storage.snapshots.save([snapshot(1, 0, 1)], { name: 'another', token: held.token }), 'CONFLICT')
    assert.equal(await loaded(storage), undefined)
    await storage.snapshots.save([snapshot(1, 0, 2)], held)
    assert.deepEqual(await loaded(storage), snapshot(1, 0, 2))
  }),

  lawOfOne(store, 'state from before an erasure is not saved, and nothing of the same save either', async (storage) => {
    await commit(storage, { facts: [runFact('a'), runFact('b')] })
    await commit(storage, { namespace: 'two', facts: [runFact('a')] })
    const lease = await leaseOf(storage)
    await storage.erase({ namespace: 'one', facts: ['b'], standings: [], expect: [], by: 'facts' })
    await fails(storage.snapshots.save([{ ...snapshot(1, 0, 1), namespace: 'two' }, snapshot(2, 0, 1)], lease), 'CONFLICT')
    assert.equal(await loaded(storage), undefined)
    assert.equal(await storage.snapshots.load('two', 'learner@1'), undefined)
    await storage.snapshots.save([snapshot(1, 1, 1)], lease)
    assert.deepEqual(await loaded(storage), snapshot(1, 1, 1))
  }),

  lawOfOne(store, 'of what was saved, versions are listed by learner, and those that knew an erased fact are not', async (storage) => {
    if (storage.snapshots.versions === undefined) return
    const { facts } = await commit(storage, { facts: [runFact('a'), runFact('b'), runFact('c')] })
    const [first = 0, second = 0, third = 0] = facts.map(({ sequence }) => sequence)
    const lease = await leaseOf(storage)
    const save = (sequence: number, ...bytes: number[]): Promise<void> => storage.snapshots.save([{ ...snapshot(sequence, 0, ...bytes), listed: true }], lease)
    const versions = async (): Promise<readonly (readonly [string, number, number])[]> =>
      ((await storage.snapshots.versions?.('one')) ?? []).map(({ learner, sequence, bytes }) => [learner, sequence, bytes] as const)
    await storage.snapshots.save([{ ...snapshot(first, 0, 9), learner: 'place@1' }], lease)
    await save(first, 1)
    await save(second, 1)
    assert.deepEqual(await versions(), [['learner@1', first, 1]], 'what is not to be listed, or has not changed, is listed')
    await save(third, 1, 2)
    assert.deepEqual(await versions(), [['learner@1', first, 1], ['learner@1', third, 2]])
    assert.deepEqual(await storage.snapshots.versions('two'), [])
    await storage.erase({ namespace: 'one', facts: ['b'], standings: [], expect: [], by: 'facts' })
    assert.deepEqual(await versions(), [['learner@1', first, 1]])
    await storage.erase({ namespace: 'one', facts: [], standings: [], expect: [], by: 'namespace' })
    assert.deepEqual(await versions(), [])
  }),

  lawOfOne(store, 'a large snapshot comes back byte for byte, however it is kept', async (storage) => {
    await commit(storage, { facts: [runFact('a')] })
    const lease = await leaseOf(storage)
    const kinds = [(place: number) => place % 7, (place: number) => Math.imul(place + 1, 0x9e3779b1) >>> 24]
    for (const [place, byte] of kinds.entries()) {
      const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => byte(at))
      await storage.snapshots.save([{ ...snapshot(place + 1, 0), bytes }], lease)
      assert(Buffer.from((await loaded(storage))?.bytes ?? []).equals(bytes), 'a large snapshot was changed')
    }
  }),

  ...(store.capabilities.manyWriters ? leasesOfMany(store) : []),
  ...(store.capabilities.manyWriters ? manyWriters(store) : []),
  ...(store.capabilities.persistent ? persistence(store) : []),
]

const leasesOfMany = (store: StoreUnderTest): StorageLaw[] => [
  law(store, 'a lease has one holder until it is released or runs out', async (place) => {
    let now = 1_000_000
    const clock = (): number => now
    const [first, second] = [await place.open(clock), await place.open(clock)]
    const held = await leaseOf(first)
    assert.equal(await second.leases.acquire('lease', minute), undefined)
    assert((await leaseOf(second, 'another')).token > 0)
    await first.leases.release(held)
    const taken = await leaseOf(second)
    assert(taken.token > held.token)
    now += minute + 1
    const again = await leaseOf(first)
    assert(again.token > taken.token)
    // Released by a holder of old: nothing changes for the one of today.
    await second.leases.release(taken)
    assert.equal(await second.leases.acquire('lease', minute), undefined)
    await Promise.all([first.close(), second.close()])
  }),

  law(store, 'a clock that was set back locks nobody out for longer than a lease lasts', async (place) => {
    let now = 1_000_000_000
    const clock = (): number => now
    const [first, second] = [await place.open(clock), await place.open(clock)]
    const held = await leaseOf(first)
    now -= 1_000 * minute
    assert((await leaseOf(second)).token > held.token)
    await Promise.all([first.close(), second.close()])
  }),
]

const manyWriters = (store: StoreUnderTest): StorageLaw[] => [
  law(store, 'what one connection wrote, the other sees at its next call', async (place) => {
    const [first, second] = [await place.open(), await place.open()]
    assert.deepEqual(await idsOf(second), [])
    await commit(first, { facts: [runFact('a')], index: [indexEntry('a', 'orders of last month')] })
    assert.deepEqual(await idsOf(second), ['a'])
    assert.deepEqual(await found(second, 'orders'), ['a'])
    await commit(second, { facts: [runFact('b')], index: [indexEntry('b', 'orders of this month')] })
    assert.deepEqual((await found(first, 'orders')).toSorted(), ['a', 'b'])
    await second.erase({ namespace: 'one', facts: ['a'], standings: [], expect: [], by: 'facts' })
    assert.deepEqual(await found(first, 'orders'), ['b'])
    assert.equal((await first.head('one')).epoch, 1)
    await fails(commit(first, { facts: [runFact('a')] }), 'FORGOTTEN')
    await Promise.all([first.close(), second.close()])
  }),

  law(store, 'of many writers at once each writes whole, and the same fact is written once', async (place) => {
    const storages = [await place.open(), await place.open(), await place.open()]
    const ids = Array.from({ length: 40 }, (_, number) => `r${number}`)
    const receipts = await Promise.all(storages.flatMap((storage) => ids.map((id) => commit(storage, { facts: [runFact(id)], index: [indexEntry(id, `orders ${id}`)] }))))
    const stored = receipts.flatMap(({ facts }) => facts).filter(({ status }) => status === 'stored')
    assert.deepEqual(stored.map(({ id }) => id).toSorted(), ids.toSorted())
    for (const storage of storages) {
      assert.deepEqual((await idsOf(storage)).toSorted(), ids.toSorted())
      assert.deepEqual((await found(storage, 'orders', { limit: 100 })).toSorted(), ids.toSorted())
    }
    await Promise.all(storages.map((storage) => storage.close()))
  }),

  law(store, 'of two writers that have seen the same, one is refused', async (place) => {
    const storages = [await place.open(), await place.open()]
    const expect = [{ run: 'r', sequence: 0 }]
    const outcomes = await Promise.allSettled(storages.map((storage, place) => commit(storage, { facts: [runFact(`r${place}`, { run: 'r' })], expect })))
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    await Promise.all(storages.map((storage) => storage.close()))
  }),
]

const persistence = (store: StoreUnderTest): StorageLaw[] => [
  law(store, 'closed and opened again, everything is as it was', async (place) => {
    const before = await place.open()
    const { facts } = await commit(before, {
      facts: [runFact('a', { user: 'ada', blobs: [responseIn('h')] }), runFact('b')],
      index: [indexEntry('a', 'orders of last month')],
      optionSets: [{ key: 'set', options: [{ id: 'x' }] }],
      blobs: [{ hash: 'h', text: 'long' }],
      deadlines: [{ run: 'a', expiresAt: 5 }],
    })
    await before.erase({ namespace: 'one', facts: ['b'], standings: [], expect: [], by: 'facts' })
    await before.snapshots.save([snapshot(1, 1, 1, 2, 3)], await leaseOf(before))
    const kept = await readAll(before)
    await before.close()
    const after = await place.open()
    assert.deepEqual(await readAll(after), kept)
    assert.deepEqual(await found(after, 'orders'), ['a'])
    assert.deepEqual(await after.optionSet('one', 'set'), { key: 'set', options: [{ id: 'x' }] })
    assert.equal(await after.blob('one', 'h'), 'long')
    assert.deepEqual(await after.due('one', 5, 1), [{ run: 'a', expiresAt: 5 }])
    assert.deepEqual(await after.erased('one', ['a', 'b']), ['b'])
    assert.deepEqual(await after.head('one'), { sequence: facts[0]?.sequence, epoch: 1 })
    assert.deepEqual(await loaded(after), snapshot(1, 1, 1, 2, 3))
    await after.close()
  }),
]

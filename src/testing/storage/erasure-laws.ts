import assert from 'node:assert/strict'
import type { Erasure, Storage } from '../../storage/storage.ts'
import { commit, fails, found, idsOf, indexEntry, law, lawOfOne, newFact, responseIn, runFact, type StorageLaw, type StoragePlace, type StoreUnderTest, visible } from './workbench.ts'

/** A word that occurs nowhere else, as it is and as a stemmer leaves it. */
const secret = 'quixotropolis'

/** So many that a store that leaves one copy in a few thousand behind is found out. */
const manyUsers = 8000

const erase = (storage: Storage, facts: readonly string[], other: Partial<Erasure> = {}): ReturnType<Storage['erase']> =>
  storage.erase({ namespace: 'one', facts, standings: [], expect: [], by: 'facts', ...other })

const snapshotAt = async (storage: Storage, learner: string, sequence: number): Promise<void> => {
  const { epoch } = await storage.head('one')
  const lease = await storage.leases.acquire('lease', 1_000)
  assert(lease !== undefined)
  await storage.snapshots.save([{ namespace: 'one', learner, sequence, epoch, bytes: Uint8Array.of(1) }], lease)
}

/** A run whose every part holds the secret word, and one that does not. */
const confide = async (storage: Storage): Promise<void> => {
  const options = [{ id: 'x', description: `Calls ${secret}` }]
  await commit(storage, {
    facts: [
      newFact('decision.made', 'd', { run: 'told' }, { optionSet: 'set' }),
      runFact('told', { user: secret, blobs: [responseIn('h')] }, { task: `Visit ${secret}`, response: `${secret} is far` }),
    ],
    index: [indexEntry('told', `Visit ${secret}`)],
    optionSets: [{ key: 'set', options }],
    blobs: [{ hash: 'h', text: `${'far '.repeat(5_000)}${secret}` }],
    deadlines: [{ run: 'told', expiresAt: 5 }],
  })
  await commit(storage, { facts: [runFact('other')], index: [indexEntry('other', 'Visit Oslo')] })
}

/** What an encrypted store writes holds the secret at no time; from any other it has to go. */
const expectWritten = async ({ capabilities }: StoreUnderTest, place: StoragePlace): Promise<void> => {
  const known = await knowsSecret(place)
  if (capabilities.encrypted === true) assert(!known, 'the secret can be read without the key')
  else assert(known, 'the secret was never written, so this law proves nothing')
}

const knowsSecret = async (place: StoragePlace): Promise<boolean> => {
  const bytes = (await place.bytes?.()) ?? new Uint8Array()
  assert(bytes.length > 0, 'nothing was written at all')
  return Buffer.from(bytes).toString('latin1').toLowerCase().includes(secret.slice(0, -2))
}

const tells = async (sources: ReturnType<NonNullable<Storage['raw']>>): Promise<boolean> => {
  const chunks: Uint8Array[] = []
  for await (const source of sources) for await (const chunk of source.chunks) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1').toLowerCase().includes(secret.slice(0, -2))
}

/** Erasing: gone everywhere, refused when it comes back, and proven. */
export const erasureLaws = (store: StoreUnderTest): StorageLaw[] => [
  lawOfOne(store, 'what is erased is gone from log and index, remembered by its id, and refused when it comes back', async (storage) => {
    await commit(storage, { facts: [runFact('a'), runFact('b')], index: [indexEntry('a', 'orders of May'), indexEntry('b', 'orders of June')] })
    assert.deepEqual(await erase(storage, ['a', 'nowhere']), { facts: 1, status: 'proven' })
    assert.deepEqual(await idsOf(storage), ['b'])
    assert.deepEqual(await found(storage, 'orders'), ['b'])
    assert.deepEqual(await storage.erased('one', ['a', 'b', 'nowhere']), ['a'])
    await fails(commit(storage, { facts: [runFact('a')] }), 'FORGOTTEN')
    assert.equal((await storage.head('one')).epoch, 1)
  }),

  lawOfOne(store, 'erasing nothing changes nothing', async (storage) => {
    await commit(storage, { facts: [runFact('a')], index: [indexEntry('a', 'orders of last month')] })
    await snapshotAt(storage, 'learner@1', 1)
    const before = await visible(storage)
    assert.equal((await erase(storage, [])).facts, 0)
    assert.equal((await erase(storage, ['nowhere'])).facts, 0)
    assert.equal((await erase(storage, ['a'], { namespace: 'two' })).facts, 0)
    assert.deepEqual(await visible(storage), before)
    assert.deepEqual(await storage.namespaces(), ['one'])
    assert.notEqual(await storage.snapshots.load('one', 'learner@1'), undefined)
  }),

  lawOfOne(store, 'snapshots that knew an erased fact go, older ones stay', async (storage) => {
    const { facts } = await commit(storage, { facts: [runFact('a'), runFact('b'), runFact('c')] })
    const [a, b, c] = facts.map(({ sequence }) => sequence)
    await snapshotAt(storage, 'before@1', a ?? 0)
    await snapshotAt(storage, 'at@1', b ?? 0)
    await snapshotAt(storage, 'after@1', c ?? 0)
    await erase(storage, ['b'])
    const left = await Promise.all(['before@1', 'at@1', 'after@1'].map((learner) => storage.snapshots.load('one', learner)))
    assert.deepEqual(left.map((snapshot) => snapshot?.sequence), [a, undefined, undefined])
  }),

  lawOfOne(store, 'an erasure is made whole or not at all', async (storage) => {
    await commit(storage, { facts: [runFact('a')], index: [indexEntry('a', 'orders of last month')] })
    const before = await visible(storage)
    await fails(erase(storage, ['a'], { standings: [{ id: 'a', standing: 'failure' }], expect: [{ run: 'a', sequence: 0 }] }), 'CONFLICT')
    assert.deepEqual(await visible(storage), before)
    assert.deepEqual(await storage.erased('one', ['a']), [])
  }),

  lawOfOne(store, 'an erasure that has not seen all that it is meant to take is refused, whatever else was written', async (storage) => {
    await commit(storage, { facts: [runFact('a', { user: 'ada' })] })
    const found = { by: [{ namespace: 'one', user: 'ada' }, { namespace: 'one', author: 'ada' }], sequence: (await storage.head('one')).sequence }
    await commit(storage, { facts: [runFact('b', { user: 'grace' })] })
    await commit(storage, { namespace: 'two', facts: [runFact('a', { user: 'ada' })] })
    const late = [runFact('c', { user: 'ada' }), newFact('feedback.received', 'f', { run: 'b', user: 'grace' }, { author: 'ada' })]
    for (const fact of late) {
      await commit(storage, { facts: [fact] })
      await fails(erase(storage, ['a'], { found }), 'CONFLICT')
      await erase(storage, [fact.id], { found: { ...found, sequence: (await storage.head('one')).sequence } })
    }
    assert.deepEqual(await idsOf(storage), ['a', 'b'])
    assert.equal((await erase(storage, ['a'], { found })).facts, 1)
  }),

  lawOfOne(store, 'what is written and read while an erasure is under way ends as before it or after it', async (storage) => {
    // The erasure is met at another of its steps each time.
    for (let steps = 0; steps < 12; steps += 1) {
      const [gone, stays, comes] = [`gone ${steps}`, `stays ${steps}`, `comes ${steps}`]
      await commit(storage, { facts: [runFact(gone)] })
      await commit(storage, { facts: [runFact(stays, { blobs: [responseIn(stays)] })], blobs: [{ hash: stays, text: stays }] })
      const erasing = erase(storage, [gone])
      for (let step = 0; step < steps; step += 1) await Promise.resolve()
      const [, , text] = await Promise.all([erasing, commit(storage, { facts: [runFact(comes)] }), storage.blob('one', stays)])
      assert.equal(text, stays)
      assert.deepEqual(await idsOf(storage, { ids: [gone, stays, comes] }), [stays, comes])
    }
  }),

  lawOfOne(store, 'an erasure is noted in the same write, and not when there was nothing to erase', async (storage) => {
    await commit(storage, { facts: [runFact('a'), runFact('b')] })
    await erase(storage, ['nowhere'], { note: newFact('subject.forgotten', 'note 1') })
    await fails(erase(storage, ['a'], { note: runFact('b', {}, { task: 'another' }) }), 'ID_CONFLICT')
    assert.deepEqual(await idsOf(storage), ['a', 'b'])
    await erase(storage, ['a'], { note: newFact('subject.forgotten', 'note 2') })
    assert.deepEqual(await idsOf(storage), ['b', 'note 2'])
  }),

  lawOfOne(store, 'a run that loses a verdict changes its standing in the same write', async (storage) => {
    await commit(storage, { facts: [runFact('a')], index: [indexEntry('a', 'orders of last month', { standing: 'failure' })] })
    await commit(storage, { facts: [newFact('feedback.received', 'f', { run: 'a' })] })
    await erase(storage, ['f'], { standings: [{ id: 'a', standing: 'unverified' }] })
    assert.deepEqual(await found(storage, 'orders', { standings: ['unverified'] }), ['a'])
  }),

  lawOfOne(store, 'a run that loses a verdict waits for one again, in the same write', async (storage) => {
    await commit(storage, { facts: [runFact('a')] })
    await commit(storage, { facts: [newFact('feedback.received', 'f', { run: 'a' })] })
    await erase(storage, ['f'], { deadlines: [{ run: 'a', expiresAt: 5 }] })
    assert.deepEqual(await storage.due('one', 10, 10), [{ run: 'a', expiresAt: 5 }])
  }),

  lawOfOne(store, 'a run that is erased cannot be added to, and expects nothing more', async (storage) => {
    await commit(storage, { facts: [newFact('advice.given', 'advice', { run: 'r' })], deadlines: [{ run: 'r', expiresAt: 5 }] })
    await erase(storage, ['advice'])
    assert.deepEqual(await storage.due('one', 10, 10), [])
    assert.deepEqual(await storage.erased('one', ['r', 'advice']), ['r', 'advice'])
    await fails(commit(storage, { facts: [runFact('r')] }), 'FORGOTTEN')
    await fails(commit(storage, { facts: [newFact('feedback.received', 'f', { run: 'r' })] }), 'FORGOTTEN')
  }),

  lawOfOne(store, 'erasing what somebody said of a run does not forbid the run', async (storage) => {
    for (const by of ['facts', 'namespace'] as const) {
      await commit(storage, { facts: [newFact('feedback.received', `early ${by}`, { run: `of ${by}` })] })
      await erase(storage, [`early ${by}`], { by })
      await commit(storage, { facts: [runFact(`of ${by}`)] })
      assert((await idsOf(storage)).includes(`of ${by}`))
    }
  }),

  lawOfOne(store, 'erasing a namespace takes everything in it, also what nobody has named', async (storage) => {
    await confide(storage)
    await commit(storage, { namespace: 'two', facts: [runFact('told')], index: [indexEntry('told', 'orders of last month')] })
    await snapshotAt(storage, 'learner@1', 1)
    const others = await visible(storage, 'two')
    assert.deepEqual(await erase(storage, ['told'], { by: 'namespace', expect: [{ run: 'told', sequence: 0 }] }), { facts: 3, status: 'proven' })
    assert.deepEqual(await idsOf(storage), [])
    assert.deepEqual(await found(storage, 'visit Oslo'), [])
    assert.deepEqual(await storage.due('one', 10, 10), [])
    assert.equal(await storage.blob('one', 'h'), undefined)
    assert.equal(await storage.optionSet('one', 'set'), undefined)
    assert.equal(await storage.snapshots.load('one', 'learner@1'), undefined)
    assert.equal((await storage.head('one')).epoch, 1)
    await fails(commit(storage, { facts: [runFact('other')] }), 'FORGOTTEN')
    assert.deepEqual(await visible(storage, 'two'), others)
    await commit(storage, { facts: [runFact('new')], index: [indexEntry('new', 'Visit Oslo')] })
    assert.deepEqual(await found(storage, 'visit Oslo'), ['new'])
  }),

  ...(store.capabilities.persistent ? proofs(store) : []),
]

const proofs = (store: StoreUnderTest): StorageLaw[] => [
  ...(['facts', 'namespace'] as const).map((by) =>
    law(store, `what is erased by ${by} is in no byte of what was written, and this is proven`, async (place) => {
      const storage = await place.open()
      await confide(storage)
      await expectWritten(store, place)
      assert.equal((await erase(storage, ['d', 'told'], { by })).status, 'proven')
      assert(!(await knowsSecret(place)), 'the erased text is still there')
      await storage.close()
      assert(!(await knowsSecret(place)), 'the erased text came back with the end of the process')
    }),
  ),

  law(store, 'what it tells of its own bytes holds what was written, and nothing of what was erased', async (place) => {
    const storage = await place.open()
    if (storage.raw === undefined) return storage.close()
    await confide(storage)
    // A store that is encrypted may show what it can decrypt, or what it has written.
    if (store.capabilities.encrypted !== true) assert(await tells(storage.raw()), 'what was written is not told, so a search for it would prove nothing')
    await erase(storage, ['d', 'told'])
    assert(!(await tells(storage.raw())), 'what was erased is told of')
    await storage.close()
  }),

  law(store, 'nothing of many erased facts is left where rows once lay before they were moved', async (place) => {
    const storage = await place.open()
    // In an order that has nothing to do with that of the log, so that indexes are split and merged everywhere.
    const users = Array.from({ length: manyUsers }, (_, place) => `${Math.imul(place + 1, 0x9e3779b1) >>> 0}${place % 2 === 0 ? secret : ''}`)
    const batch = 500
    for (let start = 0; start < manyUsers; start += batch) {
      await commit(storage, { facts: users.slice(start, start + batch).map((user, place) => runFact(`run ${start + place}`, { user, session: user })) })
    }
    await expectWritten(store, place)
    const secrets = users.flatMap((user, place) => (user.endsWith(secret) ? [`run ${place}`] : []))
    assert.deepEqual(await erase(storage, secrets), { facts: manyUsers / 2, status: 'proven' })
    assert(!(await knowsSecret(place)), 'a copy of an erased key is still there')
    await storage.close()
  }),

  law(store, 'while somebody still reads, an erasure is pending, and asking again proves it', async (place) => {
    if (place.hold === undefined) return
    const storage = await place.open()
    await confide(storage)
    const release = await place.hold()
    const { reason, ...receipt } = await erase(storage, ['d', 'told'])
    assert.deepEqual(receipt, { facts: 2, status: 'pending' })
    assert(reason !== undefined && reason.length > 0, 'what is in the way is not told')
    assert.deepEqual(await idsOf(storage), ['other'], 'pending is only the proof: the facts are gone at once')
    assert.equal((await erase(storage, [])).status, 'pending')
    await release()
    assert.deepEqual(await erase(storage, ['d', 'told']), { facts: 0, status: 'proven' })
    assert(!(await knowsSecret(place)), 'the erased text is still there')
    await storage.close()
  }),
]

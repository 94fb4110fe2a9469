import assert from 'node:assert/strict'
import type { IndexEntry } from '../../storage/storage.ts'
import { commit, fails, found, idsOf, indexEntry, law, lawOfOne, newFact, readAll, responseIn, runFact, type StorageLaw, type StoreUnderTest } from './workbench.ts'

/** A character of each Unicode plane that has any, and forms that a careless store would fold together or cut. */
const everyPlane = ['ä', 'a\u0308', 'ß', 'Ω', '語', '\u{1F9E0}', '\u{20BB7}', '\u{30EDE}', '\u{E0041}', '\u{F0000}', '\u{10FFFD}', "';--", '%_*"', '  ', '\u200B']

const texts: Readonly<Record<string, string>> = {
  english: 'Which customers ordered twice last month?',
  stopWords: 'to be or not to be',
  identifiers: 'SELECT open_account FROM customerTable WHERE id = 4711',
  german: 'Größere Überweisungen prüfen',
  greek: 'Πόσες παραγγελίες;',
  arabic: 'كم عدد الطلبات',
  japanese: '先月の注文数を数える',
  thai: 'จำนวนคำสั่งซื้อ',
  emoji: '🧠🚀',
  punctuation: '?!… — ***',
  operators: '"NEAR(a b)" AND NOT (c OR d*) ^e : f',
  longWord: 'x'.repeat(5_000),
  nul: 'before\u0000after',
  lines: 'A title\n\nand a body of several words',
}

const entryOf = (id: string, text: string, other: Partial<IndexEntry> = {}) => ({ facts: [runFact(id)], index: [indexEntry(id, text, other)] })

const decision = (id: string, optionSet: string) => newFact('decision.made', id, { run: `run of ${id}` }, { optionSet })

const at = (run: string, expiresAt: number | undefined) => ({ run, expiresAt })

const erase = (facts: readonly string[]) => ({ namespace: 'one', facts, standings: [], expect: [], by: 'facts' as const })

/** What belongs to facts: the index, option sets, blobs, deadlines, names. */
export const contentLaws = (store: StoreUnderTest): StorageLaw[] => [
  lawOfOne(store, 'everything stored is found by itself', async (storage) => {
    for (const [id, text] of Object.entries(texts)) await commit(storage, entryOf(id, text))
    for (const [id, text] of Object.entries(texts)) assert((await found(storage, text)).includes(id), `the text "${id}" was not found by itself`)
    assert.deepEqual(await found(storage, 'nothing of that kind'), [])
  }),

  lawOfOne(store, 'a text of stop words alone is found by itself among many that hold them', async (storage) => {
    for (let place = 0; place < 120; place += 1) await commit(storage, entryOf(`text-${place}`, `the order of the day ${place} in a the`))
    await commit(storage, entryOf('bare', 'a the the in the the'))
    assert.equal((await found(storage, 'a the the in the the'))[0], 'bare')
  }),

  lawOfOne(store, 'a search obeys limit, standing, kind, user and agent', async (storage) => {
    const text = 'orders of last month'
    await commit(storage, entryOf('ada', text, { user: 'ada', agent: 'clerk' }))
    await commit(storage, entryOf('grace', text, { user: 'grace', standing: 'failure' }))
    await commit(storage, { facts: [newFact('knowledge.written', 'known')], index: [indexEntry('known', text, { kind: 'knowledge', standing: 'knowledge' })] })
    const all = async (query: Parameters<typeof found>[2]) => (await found(storage, text, query)).toSorted()
    assert.deepEqual(await all({}), ['ada', 'grace', 'known'])
    assert.deepEqual(await all({ standings: ['success'] }), ['ada'])
    assert.deepEqual(await all({ standings: [] }), [])
    assert.deepEqual(await all({ kinds: ['knowledge'] }), ['known'])
    assert.deepEqual(await all({ user: 'ada' }), ['ada', 'known'])
    assert.deepEqual(await all({ agent: 'another' }), ['grace', 'known'])
    assert.deepEqual(await all({ only: ['known', 'nothing'] }), ['ada', 'grace', 'known'])
    assert.deepEqual(await all({ only: ['grace'] }), ['ada', 'grace'])
    assert.deepEqual(await all({ only: [] }), ['ada', 'grace'])
    assert.deepEqual(await all({ except: ['known', 'ada'] }), ['ada', 'grace'])
    assert.deepEqual(await all({ except: [] }), ['ada', 'grace', 'known'])
    assert.equal((await all({ limit: 1 })).length, 1)
    assert.deepEqual(await all({ limit: 0 }), [])
  }),

  lawOfOne(store, 'a hit tells what ranking needs', async (storage) => {
    const { facts } = await commit(storage, entryOf('r', 'orders of last month', { user: 'ada', agent: 'clerk', occurredAt: 55 }))
    const [hit] = await storage.search({ namespace: 'one', text: 'orders last month', limit: 1, standings: ['success'] })
    assert(hit !== undefined)
    const { relevance, matched, terms, digest, ...rest } = hit
    assert.deepEqual(rest, { id: 'r', kind: 'episode', standing: 'success', sequence: facts[0]?.sequence, occurredAt: 55, user: 'ada', agent: 'clerk' })
    assert(relevance > 0 && relevance < 1)
    assert(matched.length > 0 && terms.size > 0 && digest !== '')
  }),

  lawOfOne(store, 'a verdict changes how an item stands, in the same write', async (storage) => {
    await commit(storage, entryOf('r', 'orders of last month', { standing: 'unverified' }))
    await commit(storage, { facts: [newFact('feedback.received', 'f', { run: 'r' })], standings: [{ id: 'r', standing: 'failure' }, { id: 'nowhere', standing: 'success' }] })
    assert.deepEqual(await found(storage, 'orders', { standings: ['unverified'] }), [])
    assert.deepEqual(await found(storage, 'orders', { standings: ['failure'] }), ['r'])
  }),

  lawOfOne(store, 'an option set is stored once and kept for as long as a decision names it', async (storage) => {
    const options = [{ id: 'x', description: 'Searches' }, { id: 'y' }]
    assert.equal(await storage.optionSet('one', 'set'), undefined)
    const optionSets = [{ key: 'set', options }]
    await commit(storage, { facts: [decision('d1', 'set'), decision('d2', 'set')], optionSets })
    await commit(storage, { facts: [decision('d3', 'set')], optionSets: [{ key: 'set', options: [{ id: 'of the same key' }] }] })
    await commit(storage, { facts: [decision('d3', 'set')], optionSets })
    await storage.erase(erase(['d1']))
    await storage.erase(erase(['d3']))
    assert.deepEqual(await storage.optionSet('one', 'set'), { key: 'set', options })
    await storage.erase(erase(['d2']))
    assert.equal(await storage.optionSet('one', 'set'), undefined)
    await commit(storage, { facts: [decision('d4', 'set')], optionSets })
    assert.deepEqual(await storage.optionSet('one', 'set'), { key: 'set', options })
  }),

  lawOfOne(store, 'a blob is stored once and kept for as long as a fact refers to it', async (storage) => {
    const text = `${'long \u0000 \u{1F9E0} '.repeat(5_000)}end`
    const blobs = [{ hash: 'h', text }]
    await commit(storage, { facts: [runFact('a', { blobs: [responseIn('h')] })], blobs })
    const twice = [responseIn('h'), { place: ['steps', 0, 'output'], hash: 'h', form: 'text' as const }]
    await commit(storage, { facts: [runFact('b', { blobs: twice })], blobs: [...blobs, ...blobs] })
    await storage.erase(erase(['a']))
    assert.equal(await storage.blob('one', 'h'), text)
    await storage.erase(erase(['b']))
    assert.equal(await storage.blob('one', 'h'), undefined)
    assert.equal(await storage.blob('two', 'h'), undefined)
  }),

  lawOfOne(store, 'a blob belongs to the facts that refer to it, and to no other of the same write', async (storage) => {
    const other = { place: ['steps', 0, 'output', 'a.b', '__proto__', 'rows', 12], hash: 'other', form: 'json' as const }
    const facts = [runFact('a', { blobs: [responseIn('h'), other] }), runFact('b', { blobs: [responseIn('h')] }), runFact('c')]
    await commit(storage, { facts, blobs: [{ hash: 'h', text: 'long' }, { hash: 'other', text: '["long"]' }, { hash: 'nobody’s', text: 'long' }] })
    const kept = async (): Promise<unknown[]> => Promise.all(['h', 'other', 'nobody’s'].map((hash) => storage.blob('one', hash)))
    assert.deepEqual(await kept(), ['long', '["long"]', undefined])
    assert.deepEqual((await readAll(storage)).map(({ blobs }) => blobs), [[responseIn('h'), other], [responseIn('h')], undefined])
    await storage.erase(erase(['a', 'c']))
    assert.deepEqual(await kept(), ['long', undefined, undefined])
  }),

  lawOfOne(store, 'deadlines are due at their time, the earliest first, until they are taken away', async (storage) => {
    await commit(storage, { facts: [runFact('a')], deadlines: [at('late', 30), at('early', 10), at('middle', 20)] })
    assert.deepEqual(await storage.due('one', 9, 10), [])
    assert.deepEqual((await storage.due('one', 30, 10)).map(({ run }) => run), ['early', 'middle', 'late'])
    assert.deepEqual(await storage.due('one', 30, 1), [at('early', 10)])
    await commit(storage, { deadlines: [at('early', 40), at('middle', undefined), at('nowhere', undefined)] })
    assert.deepEqual(await storage.due('one', 40, 10), [at('late', 30), at('early', 40)])
  }),

  lawOfOne(store, 'a deadline replaces an earlier one, unless it is told to keep it', async (storage) => {
    const keepEarlier = true
    await commit(storage, { deadlines: [{ ...at('new', 20), keepEarlier }, at('kept', 10), at('advanced', 30), at('replaced', 10)] })
    await commit(storage, { deadlines: [{ ...at('kept', 40), keepEarlier }, { ...at('advanced', 25), keepEarlier }, at('replaced', 40)] })
    assert.deepEqual(await storage.due('one', 40, 10), [at('kept', 10), at('new', 20), at('advanced', 25), at('replaced', 40)])
  }),

  lawOfOne(store, 'names of every Unicode plane are kept byte for byte and told apart', async (storage) => {
    for (const name of everyPlane) {
      const fact = runFact(name, { user: name, session: name, agent: name, source: name }, { takeaway: name, response: { [name]: name } })
      await commit(storage, { namespace: name, facts: [fact], index: [indexEntry(name, `text of ${name}`)], deadlines: [{ run: name, expiresAt: 1 }] })
    }
    assert.deepEqual(await storage.namespaces(), everyPlane)
    for (const name of everyPlane) {
      assert.deepEqual(await idsOf(storage, { namespace: name, ids: everyPlane, runs: everyPlane, user: name, session: name, source: name }), [name])
      const [fact] = await readAll(storage, { namespace: name })
      assert(fact?.kind === 'run.recorded')
      assert.deepEqual([fact.id, fact.run, fact.user, fact.session, fact.agent, fact.source], Array.from({ length: 6 }, () => name))
      assert.deepEqual([fact.data.takeaway, fact.data.response], [name, { [name]: name }])
      assert.deepEqual(await found(storage, 'text', { namespace: name }), [name])
      assert.deepEqual(await storage.due(name, 1, 9), [{ run: name, expiresAt: 1 }])
      await storage.erase({ ...erase([name]), namespace: name })
      assert.deepEqual(await storage.erased(name, everyPlane), [name])
    }
  }),

  law(store, 'a closed store says so, whatever is asked of it', async (place) => {
    const storage = await place.open()
    await commit(storage, entryOf('r', 'orders of last month'))
    await found(storage, 'orders')
    const lease = await storage.leases.acquire('lease', 1_000)
    assert(lease !== undefined)
    await storage.close()
    await storage.close()
    await fails(commit(storage, { facts: [runFact('s')] }), 'CLOSED')
    await fails(idsOf(storage), 'CLOSED')
    await fails(found(storage, 'orders'), 'CLOSED')
    await fails(storage.head('one'), 'CLOSED')
    await fails(storage.erased('one', ['r']), 'CLOSED')
    await fails(storage.optionSet('one', 'set'), 'CLOSED')
    await fails(storage.blob('one', 'hash'), 'CLOSED')
    await fails(storage.due('one', 1, 1), 'CLOSED')
    await fails(storage.namespaces(), 'CLOSED')
    await fails(storage.snapshots.load('one', 'learner@1'), 'CLOSED')
    await fails(storage.snapshots.save([], lease), 'CLOSED')
    await fails(storage.leases.acquire('lease', 1), 'CLOSED')
    await fails(storage.leases.release(lease), 'CLOSED')
    await fails(storage.erase(erase(['r'])), 'CLOSED')
  }),
]

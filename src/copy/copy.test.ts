import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handClock } from '../../test/support/instance.ts'
import { AutodidactError } from '../errors.ts'
import * as everything from '../index.ts'
import { Autodidact, type AutodidactSettings, copyStore, type EncryptionSettings, type Learner } from '../index.ts'
import { Runner } from '../learn/runner.ts'
import type { Fact } from '../log/fact.ts'
import type { Storage } from '../storage/storage.ts'
import { storeAt } from '../storage/stores.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-copy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (error) {
    if (AutodidactError.is(error)) return error.code
    throw error
  }
}

const encryption: EncryptionSettings = { key: '0f'.repeat(32) }

interface Place {
  readonly path: string
  readonly encryption?: EncryptionSettings
}

const places: Readonly<Record<string, (name: string) => Place>> = {
  file: (name) => ({ path: join(folder, `${name}.db`) }),
  'encrypted file': (name) => ({ path: join(folder, `${name} encrypted.db`), encryption }),
  folder: (name) => ({ path: join(folder, `${name}/`) }),
  'encrypted folder': (name) => ({ path: join(folder, `${name} encrypted/`), encryption }),
}
const kinds = Object.keys(places)

const placeOf = (kind: string, name: string): Place => {
  const place = places[kind]?.(name)
  if (place === undefined) throw new Error(kind)
  return place
}

const settingsOf = ({ encryption: secret }: Place): AutodidactSettings => ({
  seed: 5,
  clock: handClock(),
  points: { tool: { policy: 'q-learning' } },
  ...(secret === undefined ? {} : { encryption: secret }),
})

const open = (place: Place, more: AutodidactSettings = {}): Promise<Autodidact> => Autodidact.open(place.path, { ...settingsOf(place), ...more })

const copy = (from: Place, to: Place, more: Parameters<typeof copyStore>[2] = {}) =>
  copyStore(from.path, to.path, {
    ...(from.encryption === undefined ? {} : { encryption: from.encryption }),
    ...(to.encryption === undefined ? {} : { toEncryption: to.encryption }),
    ...more,
  })

const long = (word: string): string => `${word} `.repeat(4_000)

/** Everything that a log can hold, with a person who is forgotten, a learner that is brought back, and runs that wait for a verdict. */
const live = async (place: Place): Promise<void> => {
  const clock = handClock()
  const autodidact = await open(place, { clock })
  await autodidact.in('acme').record({ run: 'a1', task: 'refund for acme', success: true })
  await autodidact.remember({ id: 'tip', content: `Refunds above 100 need a second signature. ${long('signature')}`, tags: ['refunds'] })
  for (let day = 0; day < 24; day += 1) {
    clock.advance(1_000)
    const user = ['ada', 'grace', 'mallory'][day % 3] ?? ''
    const advice = await autodidact.advise(`refund order ${day}`, { user, choices: { tool: [{ id: 'look up', description: 'in the book' }, 'ask'] }, context: { day } })
    const { option } = await autodidact.decide('tool', ['look up', 'ask'], { run: advice.run, state: `s${day % 2}`, task: 'refund' })
    const steps = [{ action: option, ok: day % 4 !== 0, input: { page: long('page') }, ...(day % 4 === 0 ? { error: 'timeout 503' } : {}) }, { action: 'retry', ok: true }]
    if (day % 8 === 7) continue
    await autodidact.record({ advice, steps, response: day % 6 === 0 ? long('the same answer') : `refunded ${day}`, takeaway: `takeaway ${day}`, used: ['tip'], ...(day % 5 === 0 ? {} : { success: option === 'ask' }) })
    if (day % 3 === 0) await autodidact.feedback(advice.run, { correction: `better ${day}` }, { author: 'ada' })
    if (day % 7 === 0) await autodidact.feedback(advice.run, { comment: long('and more'), score: 0.8 })
  }
  await autodidact.feedback('before its run', 'up')
  await autodidact.forget({ user: 'mallory' })
  const { sequence } = await autodidact.head()
  await autodidact.record({ run: 'r1', task: 'poisoned', used: ['tip'], success: false })
  await autodidact.states.rollBack('item-usefulness', sequence)
  await autodidact.persistence.saveQTable('other', { start: { search: 0.5 } })
  await autodidact.experiments.start({ point: 'tool', id: 'compared', arms: { one: 'uniform', other: 'greedy' } })
  await autodidact.record({ run: 'last', task: 'refund again', success: true })
  await autodidact.close()
}

const isLearner = (value: unknown): value is Learner => typeof value === 'object' && value !== null && 'initial' in value && 'learn' in value && 'save' in value
const learners: readonly Learner[] = Object.values<unknown>(everything).filter(isLearner)

const withStore = async <Result>(place: Place, work: (storage: Storage) => Promise<Result>): Promise<Result> => {
  const storage = await storeAt(place.path).open(place.path, { readOnly: true, ...(place.encryption === undefined ? {} : { encryption: place.encryption }) })
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}

const factsOf = async (storage: Storage, namespace = 'default'): Promise<readonly Fact[]> => {
  const facts: Fact[] = []
  for await (const page of storage.read('', { namespace })) facts.push(...page)
  return facts
}

/** Everything that a store holds, and what is learned from it, to the last bit. */
const contentsOf = (place: Place) =>
  withStore(place, async (storage) => {
    const facts = await factsOf(storage)
    const runner = new Runner(storage, { learners })
    const states: (readonly [string, string])[] = []
    for (const learner of learners) {
      states.push([learner.name, Buffer.from((await runner.foldUpTo('default', learner, Number.MAX_SAFE_INTEGER - 1)).save()).toString('base64')])
    }
    const hashes = new Set(facts.flatMap(({ blobs = [] }) => blobs.map(({ hash }) => hash)))
    const keys = new Set(facts.flatMap((fact) => (fact.kind === 'decision.made' ? [fact.data.optionSet] : [])))
    return {
      facts: facts.map((fact) => Object.fromEntries(Object.entries(fact).filter(([, value]) => value !== undefined))),
      origins: await storage.contents?.origins('default', facts.map(({ id }) => id)),
      tombstones: [...((await storage.contents?.tombstones('default')) ?? [])].toSorted((left, right) => left.sequence - right.sequence || (left.id < right.id ? -1 : 1)),
      blobs: await Promise.all([...hashes].map((hash) => storage.blob('default', hash))),
      options: await Promise.all([...keys].map((key) => storage.optionSet('default', key))),
      due: await storage.due('default', Number.MAX_SAFE_INTEGER, 1_000),
      found: (await storage.search({ namespace: 'default', text: 'refund order signature', limit: 100, standings: ['success', 'failure', 'unverified', 'knowledge'] })).map((hit) => ({
        ...hit,
        terms: hit.terms.size,
        digest: '',
        agent: undefined,
        // Encrypted, matched words are not told by themselves.
        matched: hit.matched.length,
      })),
      states,
      acme: (await factsOf(storage, 'acme')).map(({ id, recordedAt, data }) => ({ id, recordedAt, data })),
      namespaces: (await storage.namespaces()).toSorted(),
    }
  })

describe.each(kinds)('a %s', (source) => {
  const from = placeOf(source, 'source')
  beforeAll(() => live(from))

  test.each(kinds)('is copied to a %s: everything is there, as it was, and the second time nothing is written', async (target) => {
    const to = placeOf(target, `copy of a ${source}`)
    const shares: number[] = []
    const receipt = await copy(from, to, { onProgress: (share) => shares.push(share) })
    const original = await contentsOf(from)
    expect(receipt).toMatchObject({ complete: true, namespaces: [{ namespace: 'default', as: 'default', facts: original.facts.length, merged: 0, refusedFacts: 0 }, { namespace: 'acme', facts: 1 }] })
    expect([shares.at(-1), shares.every((share, place) => share >= (shares[place - 1] ?? 0))]).toEqual([1, true])
    const copied = await contentsOf(to)
    expect(copied.tombstones.length).toBeGreaterThan(10)
    expect(copied.due.length).toBeGreaterThan(0)
    expect(copied.found.length).toBeGreaterThan(10)
    expect(copied.states.every(([, state]) => state.length > 0)).toBe(true)
    expect(copied).toEqual(original)
    expect(await copy(from, to)).toMatchObject({ complete: true, namespaces: [{ facts: 0, merged: original.facts.length }, { facts: 0, merged: 1 }] })
    expect(await contentsOf(to)).toEqual(original)
  })

  test('stays forgotten in its copy, merges what is told again, and refuses what is told otherwise', async () => {
    const to = placeOf(source === 'file' ? 'encrypted folder' : 'encrypted file', `lived in, of a ${source}`)
    await copy(from, to)
    const [forgotten] = (await contentsOf(from)).tombstones.filter(({ kind }) => kind === 'run.recorded')
    const autodidact = await open(to)
    expect(await codeOf(autodidact.record({ run: forgotten?.id ?? '', task: 'again' }))).toBe('FORGOTTEN')
    expect((await autodidact.record({ run: 'last', task: 'refund again', success: true })).status).toBe('merged')
    expect(await codeOf(autodidact.record({ run: 'last', task: 'something else', success: true }))).toBe('ID_CONFLICT')
    expect((await autodidact.recall('refund order 3')).items.length).toBeGreaterThan(0)
    await autodidact.close()
  })
})

const recorded = async (place: Place, runs: readonly string[], settings: AutodidactSettings = {}): Promise<void> => {
  const autodidact = await open(place, settings)
  for (const run of runs) await autodidact.record({ run, task: `refund order ${run}`, success: true })
  await autodidact.close()
}

const idsIn = (place: Place, namespace?: string): Promise<string[]> => withStore(place, async (storage) => (await factsOf(storage, namespace)).map(({ id }) => id))

describe.each(kinds)('what is in a %s already', (kind) => {
  test('stays; a run that is another one there is refused with all that is said of it, and told', async () => {
    const [from, to] = [placeOf('folder', `mine ${kind}`), placeOf(kind, 'theirs')]
    const mine = await open(from)
    // Said before the run is, and behind it.
    await mine.feedback('same', 'up')
    await mine.record({ run: 'same', task: 'mine', success: true })
    await mine.feedback('same', { correction: 'mine' })
    await mine.record({ run: 'gone there', task: 'x' })
    await mine.record({ run: 'only mine', task: 'refund', success: true })
    await mine.remember({ id: 'tip', content: 'mine' })
    await mine.close()
    const theirs = await open(to)
    await theirs.record({ run: 'same', task: 'theirs', success: false })
    await theirs.record({ run: 'gone there', task: 'x' })
    await theirs.forget({ run: 'gone there' })
    await theirs.remember({ id: 'tip', content: 'theirs' })
    await theirs.close()
    const receipt = await copy(from, to)
    expect(receipt).toMatchObject({ complete: false, namespaces: [{ facts: 1, merged: 0, refusedFacts: 5 }] })
    expect(receipt.namespaces[0]?.refused.map(({ kind: what, code }) => [what, code])).toEqual([
      ['feedback.received', 'ID_CONFLICT'],
      ['run.recorded', 'ID_CONFLICT'],
      ['feedback.received', 'ID_CONFLICT'],
      ['run.recorded', 'FORGOTTEN'],
      ['knowledge.written', 'ID_CONFLICT'],
    ])
    const standings = await withStore(to, async (storage) => storage.contents?.origins('default', ['same', 'only mine']))
    expect([...(standings ?? [])].map(([id, { standing }]) => [id, standing])).toEqual([['same', 'failure'], ['only mine', 'success']])
    expect(await copy(from, to, { namespace: 'default', as: 'mine' })).toMatchObject({ complete: true, namespaces: [{ as: 'mine', facts: 6 }] })
    expect(await idsIn(to, 'mine')).toEqual(await idsIn(from))
  })

  test('is forgotten there too where that is wanted, and told where it is not', async () => {
    const [from, to] = [placeOf('file', `forgetful ${kind}`), placeOf(kind, 'remembering')]
    await recorded(from, ['r1', 'r2'])
    await copy(from, to)
    const autodidact = await open(from)
    await autodidact.forget({ run: 'r1' })
    await autodidact.close()
    expect(await copy(from, to)).toMatchObject({ complete: false, namespaces: [{ facts: 1, refusedFacts: 1, refused: [{ id: 'r1', kind: 'run.recorded', code: 'FORGOTTEN_IN_SOURCE' }] }] })
    expect(await idsIn(to)).toContain('r1')
    expect(await copy(from, to, { forget: true })).toMatchObject({ complete: true, namespaces: [{ erased: 1 }] })
    expect(await idsIn(to)).not.toContain('r1')
    const there = await open(to)
    expect(await codeOf(there.record({ run: 'r1', task: 'again' }))).toBe('FORGOTTEN')
    await there.close()
    expect(await copy(from, to)).toMatchObject({ complete: true })
  })

  test('learns of later feedback by another copy, and takes no deadline back that was met', async () => {
    const [from, to] = [placeOf('folder', `later ${kind}`), placeOf(kind, 'earlier')]
    const autodidact = await open(from)
    const { run } = await autodidact.advise('refund order 1', { choices: { tool: ['a', 'b'] } })
    await autodidact.record({ run, task: 'refund order 1' })
    await autodidact.close()
    await copy(from, to)
    expect(await withStore(to, (storage) => storage.due('default', Number.MAX_SAFE_INTEGER, 10))).toHaveLength(1)
    const again = await open(from)
    await again.feedback(run, 'up')
    await again.close()
    expect(await copy(from, to)).toMatchObject({ complete: true, namespaces: [{ facts: 1, merged: 3 }] })
    const [ours, theirs] = [await contentsOf(from), await contentsOf(to)]
    expect(theirs).toEqual(ours)
    expect(theirs.due).toEqual([])
    expect(theirs.found.map(({ standing }) => standing)).toEqual(['success'])
  })
})

test('a copy that was interrupted goes on, and what comes to the source meanwhile comes along', async () => {
  const [from, to] = [placeOf('file', 'interrupted'), placeOf('folder', 'interrupted')]
  await recorded(from, Array.from({ length: 500 }, (_, number) => `r${number}`))
  const stop = new Error('stopped')
  await expect(
    copy(from, to, {
      onProgress: () => {
        throw stop
      },
    }),
  ).rejects.toBe(stop)
  expect((await idsIn(to)).length).toBe(200)
  await recorded(from, ['new'])
  expect(await copy(from, to)).toMatchObject({ complete: true, namespaces: [{ facts: 301, merged: 200 }] })
  expect(await contentsOf(to)).toEqual(await contentsOf(from))
})

test('the agent goes on writing to a folder that is copied', async () => {
  const [from, to] = [placeOf('folder', 'in use'), placeOf('file', 'of the one in use')]
  const autodidact = await open(from)
  await autodidact.record({ run: 'r1', task: 'refund', success: true })
  expect(await copy(from, to)).toMatchObject({ complete: true, namespaces: [{ facts: 1 }] })
  await autodidact.record({ run: 'r2', task: 'refund', success: true })
  expect(await copy(from, to)).toMatchObject({ complete: true, namespaces: [{ facts: 1, merged: 1 }] })
  await autodidact.close()
})

test('a namespace gets another name within a store, and a roll-back goes to where it went although all places are others', async () => {
  for (const kind of ['file', 'folder']) {
    const place = placeOf(kind, 'renamed')
    const autodidact = await open(place)
    await autodidact.remember({ id: 'tip', content: 'Refunds above 100 need a second signature.' })
    await autodidact.record({ run: 'good', task: 'refund', used: ['tip'], success: true })
    await autodidact.in('other').record({ run: 'between', task: 'x' })
    const { sequence } = await autodidact.head()
    await autodidact.record({ run: 'bad', task: 'refund', used: ['tip'], success: false })
    await autodidact.states.rollBack('item-usefulness', sequence)
    const before = (await autodidact.learned(everything.itemUsefulness)).counts('tip')
    await autodidact.close()
    expect(before.down).toBe(0)
    expect(await copy(place, place, { namespace: 'default', as: 'acme' })).toMatchObject({ complete: true })
    const acme = await open(place, { namespace: 'acme' })
    expect((await acme.learned(everything.itemUsefulness)).counts('tip')).toEqual(before)
    await acme.close()
  }
})

test('a roll-back does not come into a log with facts of others, which it would take back', async () => {
  const [from, to] = [placeOf('file', 'rolled back'), placeOf('folder', 'of others')]
  const autodidact = await open(from)
  await autodidact.record({ run: 'r1', task: 'refund', success: true })
  await autodidact.states.rollBack('item-usefulness', 0)
  await autodidact.close()
  await recorded(to, ['theirs'])
  expect(await copy(from, to)).toMatchObject({ complete: false, namespaces: [{ facts: 1, refused: [{ kind: 'state.rolled-back', code: 'ROLL_BACK' }] }] })
})

test('what was pruned stays pruned, and its texts go with the last who needs them', async () => {
  const [from, to] = [placeOf('file', 'pruned'), placeOf('folder', 'pruned')]
  const clock = handClock()
  const autodidact = await open(from, { clock })
  const output = long('confidential')
  await autodidact.record({ run: 'old', task: 'refund', steps: [{ action: 'look up', output }], success: true, user: 'ada' })
  clock.advance(1_000)
  const middle = clock()
  await autodidact.record({ run: 'new', task: 'refund', steps: [{ action: 'look up', output }], success: true, user: 'grace' })
  await autodidact.prune({ before: middle })
  await autodidact.close()
  expect(await copy(from, to)).toMatchObject({ complete: true })
  expect(await contentsOf(to)).toEqual(await contentsOf(from))
  const there = await open(to)
  await there.forget({ user: 'grace' })
  await there.close()
  expect(readFileSync(join(to.path, 'data', 'default.jsonl'), 'utf8')).not.toContain('confidential confidential confidential')
})

describe('is refused', () => {
  test('what makes no sense, and nothing is written', async () => {
    const place = placeOf('file', 'senseless')
    await recorded(place, ['r1'])
    const elsewhere = placeOf('folder', 'never made')
    expect(await codeOf(copy(place, place))).toBe('INVALID_INPUT')
    expect(await codeOf(copy(place, place, { namespace: 'default', as: 'default' }))).toBe('INVALID_INPUT')
    expect(await codeOf(copy(place, elsewhere, { as: 'acme' }))).toBe('INVALID_INPUT')
    expect(await codeOf(copy(place, elsewhere, { namespace: 'nobody' }))).toBe('UNKNOWN_ID')
    expect(await codeOf(copy({ path: join(folder, 'missing.db') }, elsewhere))).toBe('CANNOT_OPEN')
    expect(await codeOf(copyStore(place.path, elsewhere.path, { more: true } as object))).toBe('INVALID_INPUT')
    expect(await codeOf(copyStore(place.path, 5 as unknown as string))).toBe('INVALID_INPUT')
    expect(existsSync(elsewhere.path)).toBe(false)
    expect(await codeOf(copy({ ...place, encryption }, elsewhere))).toBe('NOT_ENCRYPTED')
    const secret = placeOf('encrypted file', 'senseless')
    expect(await codeOf(copy(place, secret))).toBe('none')
    expect(await codeOf(copyStore(secret.path, elsewhere.path))).toBe('KEY_REQUIRED')
    expect(await codeOf(copyStore(place.path, secret.path))).toBe('KEY_REQUIRED')
  })
})

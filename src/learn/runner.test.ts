import { array, assert as holds, asyncProperty, boolean, constantFrom, nat, record } from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { replaced } from '../../test/support/replaced.ts'
import { AutodidactError } from '../errors.ts'
import type { NewFact } from '../log/fact.ts'
import { featurize } from './features.ts'
import { packFeatures } from '../log/packed.ts'
import { creditRules } from '../credit/rules.ts'
import { DatabaseSync } from '../storage/node-sqlite.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { newFact, runFact } from '../testing/storage/workbench.ts'
import type { Experience, Learner } from './learner.ts'
import { itemUsefulness } from './learners/item-usefulness.ts'
import { optionModel } from './learners/option-model.ts'
import { taskStatistics } from './learners/task-statistics.ts'
import { userPreferences } from './learners/user-preferences.ts'
import { Runner, type RunnerSettings } from './runner.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-runner-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newPath = (): string => join(folder, `agent ${(files += 1)}.db`)

/** Remembers what it was shown, in order: a fact folded twice, left out or out of order shows. */
const ledger: Learner<string[], readonly string[]> = {
  name: 'ledger',
  version: 1,
  handles: ['run.recorded', 'feedback.received', 'run.settled', 'decision.settled'],
  initial: () => [],
  learn: (lines, experience) => [...lines, lineOf(experience)],
  view: (lines) => lines,
  save: (lines) => new TextEncoder().encode(JSON.stringify(lines)),
  load: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as string[],
}

const lineOf = (experience: Experience): string => {
  if (experience.kind !== 'run.settled' && experience.kind !== 'decision.settled') return `${experience.kind} ${'id' in experience ? experience.id : ''}`
  return `${experience.kind} ${experience.run}: ${experience.previous?.reward} to ${experience.current?.reward}`
}

/** A factory: each learner is another object, and they are of one code. */
const made = (): Learner<string[], readonly string[]> => ({ ...ledger, learn: (lines) => lines })

const over = (storage: Storage, settings: Partial<RunnerSettings> = {}): Runner => new Runner(storage, { learners: [ledger], ...settings })

const commit = (storage: Storage, ...facts: readonly NewFact[]) => storage.commit({ namespace: 'one', facts })

const unjudged = (run: string): NewFact => runFact(run, {}, { outcome: undefined })

const judged = (run: string, success: boolean): NewFact => runFact(run, {}, { outcome: { success, judge: 'host' } })

const vote = (id: string, run: string, rating: number): NewFact => newFact('feedback.received', id, { run }, { author: id, rating })

const corrected = (id: string): NewFact => newFact('feedback.received', id, { run: 'a' }, { author: 'ada', correction: `The answer is ${id}.` })

describe('Runner', () => {
  test('shows a learner each fact once, in the order of the log, and what it settled', async () => {
    const storage = await SqliteStorage.open(':memory:')
    const runner = over(storage)
    expect(await runner.view('one', ledger)).toEqual([])
    await commit(storage, vote('early', 'a', 0), judged('a', true))
    await commit(storage, unjudged('b'))
    expect(await runner.view('one', ledger)).toEqual(['feedback.received early', 'run.recorded a', 'run.settled a: undefined to 0', 'run.recorded b'])
    await commit(storage, vote('late', 'b', 1), newFact('feedback.retracted', 'back', { run: 'b' }, { feedback: 'late' }))
    expect((await runner.view('one', ledger)).slice(4)).toEqual(['feedback.received late', 'run.settled b: undefined to 1', 'run.settled b: 1 to undefined'])
    await storage.close()
  })

  test('calls at the same time fold each fact once', async () => {
    const storage = await SqliteStorage.open(':memory:')
    const runner = over(storage, { sliceMs: 0 })
    const calls = Array.from({ length: 30 }, async (_, number) => {
      await commit(storage, unjudged(`r${number}`))
      return runner.view('one', ledger)
    })
    await Promise.all(calls)
    expect(await runner.view('one', ledger)).toEqual(Array.from({ length: 30 }, (_, number) => `run.recorded r${number}`))
    await storage.close()
  })

  test('leaves other work of the process its turn while it folds a long log', async () => {
    const storage = await SqliteStorage.open(':memory:')
    await commit(storage, ...Array.from({ length: 400 }, (_, number) => unjudged(`r${number}`)))
    let turns = 0
    let folding = true
    const work = (): void => {
      turns += 1
      if (folding) setImmediate(work)
    }
    setImmediate(work)
    // A slice of no time at all ends with each fact.
    await over(storage, { sliceMs: 0 }).view('one', ledger)
    folding = false
    expect(turns).toBeGreaterThan(300)
    await storage.close()
  })

  test('refuses another version of a learner than it folds: its view would be of another kind', async () => {
    const storage = await SqliteStorage.open(':memory:')
    await expect(over(storage).view('one', { ...ledger, version: 2 })).rejects.toMatchObject({ code: 'UNKNOWN_LEARNER', message: 'There is no learner "ledger@2". Here it is ledger@1: pass the learner of the version that this program has.' })
    await storage.close()
  })

  test('names the learners there are as they are asked for, and the one that was probably meant', async () => {
    const storage = await SqliteStorage.open(':memory:')
    await expect(over(storage).viewOf('one', 'legder')).rejects.toMatchObject({ message: 'There is no learner "legder". Known: ledger. Did you mean ledger?' })
    await expect(over(storage).viewOf('one', 'oracle')).rejects.toMatchObject({ message: 'There is no learner "oracle". Known: ledger.' })
    await expect(over(storage).viewOf('one', 'ledger@1')).rejects.toMatchObject({ message: 'There is no learner "ledger@1". Name it without its version: ledger.' })
    await storage.close()
  })

  test('a learner that is included while another namespace leaves memory is folded', async () => {
    const storage = await SqliteStorage.open(newPath())
    const late = { ...ledger, name: 'late' }
    const { snapshots } = storage
    let runner = over(storage)
    const including = replaced(storage, {
      snapshots: {
        load: (...given) => snapshots.load(...given),
        save: (...given) => {
          runner.include(late)
          return snapshots.save(...given)
        },
      },
    })
    runner = over(including, { namespacesInMemory: 1, snapshotEvery: 10 })
    for (const namespace of ['one', 'two']) {
      await storage.commit({ namespace, facts: [unjudged(namespace)] })
      await runner.view(namespace, ledger)
    }
    expect(await runner.view('two', late)).toEqual(['run.recorded two'])
    await storage.close()
  })

  test('first uses of many learners, from many calls and in many namespaces at once, all find theirs', async () => {
    // Each read of the store ends at a moment of its own, so that learners are included at every stage of a loading.
    await holds(
      asyncProperty(array(nat(4), { minLength: 8, maxLength: 60 }), constantFrom(1, 2, 16), async (pauses, namespacesInMemory) => {
        const storage = await SqliteStorage.open(':memory:')
        const { snapshots } = storage
        let calls = 0
        const paused = async <Result>(work: () => Promise<Result>): Promise<Result> => {
          for (let turn = pauses[(calls += 1) % pauses.length] ?? 0; turn > 0; turn -= 1) await new Promise(setImmediate)
          return work()
        }
        const slow = replaced(storage, {
          head: (namespace) => paused(() => storage.head(namespace)),
          snapshots: { load: (...given) => paused(() => snapshots.load(...given)), save: (...given) => snapshots.save(...given) },
        })
        const namespaces = ['one', 'two', 'three']
        for (const namespace of namespaces) await storage.commit({ namespace, facts: [unjudged(namespace)] })
        const runner = over(slow, { namespacesInMemory })
        const seen = await Promise.all(
          Array.from({ length: 24 }, (_, call) => {
            const namespace = namespaces[call % namespaces.length] ?? ''
            const learner = { ...ledger, name: `late ${call % 5}` }
            return paused(async () => [namespace, await runner.viewOfAny(namespace, learner)] as const)
          }),
        )
        for (const [namespace, lines] of seen) expect(lines).toEqual([`run.recorded ${namespace}`])
        await storage.close()
      }),
      { numRuns: 40 },
    )
  })

  test('refuses two learners of one name, unless they are of one make', async () => {
    const storage = await SqliteStorage.open(':memory:')
    const refused = { code: 'INVALID_INPUT', message: expect.stringContaining('Two learners are called "ledger"') as string }
    for (const other of [made(), { ...ledger, version: 2 }]) {
      expect(() => over(storage, { learners: [ledger, other] })).toThrow(expect.objectContaining(refused))
      expect(() => over(storage).include(other)).toThrow(expect.objectContaining(refused))
    }
    const runner = over(storage, { learners: [made(), made()] })
    runner.include(made())
    expect(await runner.viewOf('one', 'ledger')).toEqual([])
    await storage.close()
  })

  test('refuses a learner that nobody has registered, and names those there are', async () => {
    const storage = await SqliteStorage.open(':memory:')
    // The same learner with other settings answers for it, unless that one is there itself.
    const variant: Learner<string[], readonly string[]> = { ...ledger, name: 'ledger-2', variantOf: 'ledger', view: () => ['of the variant'] }
    for (const [learners, told] of [[[variant], ['of the variant']], [[variant, ledger], []]] as const) {
      const runner = over(storage, { learners: [...learners] })
      expect([await runner.viewOf('empty', 'ledger'), await runner.view('empty', ledger)]).toEqual([told, told])
      await expect(runner.view('empty', { ...ledger, version: 2 })).rejects.toMatchObject({ code: 'UNKNOWN_LEARNER' })
    }
    await expect(over(storage).viewOf('one', 'oracle')).rejects.toMatchObject({ code: 'UNKNOWN_LEARNER', message: expect.stringContaining('ledger') as string })
    await storage.close()
  })

  test('a later process goes on from the snapshot, and one with other weights or another version of the learner begins anew', async () => {
    const path = newPath()
    const first = await SqliteStorage.open(path)
    await commit(first, judged('a', true), judged('b', false))
    const before = over(first)
    const lines = await before.view('one', ledger)
    await before.close()
    await first.close()

    const second = await SqliteStorage.open(path)
    let read = 0
    const counted = replaced(second, {
      read: async function* (after, filter) {
        for await (const page of second.read(after, filter)) {
          read += page.length
          yield page
        }
      },
    })
    expect(await over(counted).view('one', ledger)).toEqual(lines)
    expect(read).toBe(0)
    const doubting = { credit: creditRules({ weights: { host: 0.5, model: 0.1 } }) }
    expect(await over(counted, doubting).view('one', ledger)).toEqual(lines)
    expect(read).toBe(2)
    const next = { ...ledger, version: 2, learn: (state: string[]) => [...state, 'seen'] }
    expect(await over(counted, { learners: [next] }).view('one', next)).toHaveLength(4)
    expect(read).toBe(4)
    // One learner at the end and one at the beginning: each sees what it lacks.
    const other = { ...next, name: 'other' }
    const both = over(counted, { learners: [ledger, other] })
    expect(await both.view('one', ledger)).toEqual(lines)
    expect(await both.view('one', other)).toHaveLength(4)
    await second.close()
  })

  test('folds the log where a snapshot is damaged', async () => {
    const path = newPath()
    const first = await SqliteStorage.open(path)
    await commit(first, judged('a', true))
    const before = over(first)
    const lines = await before.view('one', ledger)
    await before.close()
    const snapshots = { load: async () => ({ namespace: 'one', learner: 'ledger@1', sequence: 1, epoch: 0, bytes: Uint8Array.of(123) }), save: async () => {} }
    const runner = over(replaced(first, { snapshots }))
    expect(await runner.view('one', ledger)).toEqual(lines)
    expect(runner.failedSnapshots).toBe(1)
    await first.close()
  })

  test.each(['asked', 'folded on'])('folds the log where a large snapshot turns out to be damaged when it is %s', async (when) => {
    const path = newPath()
    const storage = await SqliteStorage.open(path)
    await commit(storage, judged('a', true))
    const large = {
      ...ledger,
      load: (bytes: Uint8Array): string[] => {
        if (bytes[0] === 0) throw new AutodidactError('CORRUPT', 'Saved lines are damaged.')
        return ledger.load(bytes.subarray(bytes.indexOf(91)))
      },
      save: (lines: string[]) => Buffer.concat([Buffer.alloc(20_000, ' '), ledger.save(lines)]),
    }
    const before = over(storage, { learners: [large] })
    const lines = await before.view('one', large)
    await before.close()
    const damaged: Storage['snapshots'] = {
      ...storage.snapshots,
      load: async (namespace, learner) => {
        const saved = await storage.snapshots.load(namespace, learner)
        return saved === undefined || saved.bytes.length < 20_000 ? saved : { ...saved, bytes: new Uint8Array(saved.bytes.length) }
      },
    }
    const runner = over(replaced(storage, { snapshots: damaged }), { learners: [large] })
    if (when === 'folded on') await commit(storage, judged('b', true))
    expect(await runner.view('one', large)).toEqual(when === 'asked' ? lines : [...lines, 'run.recorded b', 'run.settled b: undefined to 1'])
    expect(runner.failedSnapshots).toBe(1)
    await runner.close()
    await storage.close()
  })

  test('what was learned by a state that failed on the way is not saved, however long a saving waits for its turn', async () => {
    const path = newPath()
    const storage = await SqliteStorage.open(path)
    const { promise: turn, resolve: giveTurn } = Promise.withResolvers<void>()
    const leases: Storage['leases'] = { ...storage.leases, release: (lease) => storage.leases.release(lease), acquire: async (name, ms) => turn.then(() => storage.leases.acquire(name, ms)) }
    const fails: Learner<number, number> = {
      name: 'fails', version: 1, handles: ['run.recorded'], initial: () => 0, view: (count) => count, save: () => new Uint8Array(), load: () => 0,
      learn: (count, experience) => {
        if ('id' in experience && experience.id === 'c') throw new Error('Fails on purpose.')
        return count + 1
      },
    }
    const first = over(replaced(storage, { leases }), { learners: [ledger, fails], snapshotEvery: 1 })
    await commit(storage, judged('a', true))
    await first.view('one', ledger)
    await commit(storage, judged('b', true), judged('c', true))
    await expect(first.view('one', ledger)).rejects.toThrow('on purpose')
    giveTurn()
    await first.close()
    const second = over(storage)
    expect(await second.view('one', ledger)).toEqual(['a', 'b', 'c'].flatMap((run) => [`run.recorded ${run}`, `run.settled ${run}: undefined to 1`]))
    await second.close()
    await storage.close()
  })

  test('what was learned last is saved before it is closed, also where that is much', async () => {
    const storage = await SqliteStorage.open(newPath())
    const first = over(storage, { snapshotEvery: 2 })
    await first.view('one', ledger)
    await commit(storage, judged('a', true), judged('b', true), judged('c', true))
    await first.close()
    const { sequence } = await storage.head('one')
    expect((await storage.snapshots.load('one', 'ledger@1'))?.sequence).toBe(sequence)
    await storage.close()
  })

  test.each(['asked', 'asked for its view', 'folded on'])('folds the log where a part of a snapshot that a learner reads by itself is damaged when it is %s', async (when) => {
    const path = newPath()
    const storage = await SqliteStorage.open(path)
    await commit(storage, judged('a', true), corrected('first'))
    const before = over(storage, { learners: [userPreferences] })
    await before.view('one', userPreferences)
    await before.close()
    const damaged: Storage['snapshots'] = {
      ...storage.snapshots,
      load: async (namespace, learner) => {
        const saved = await storage.snapshots.load(namespace, learner)
        return saved?.learner.startsWith('user-preferences') !== true ? saved : { ...saved, bytes: Buffer.from(Buffer.from(saved.bytes).toString().replace('items', 'i ems')) }
      },
    }
    const runner = over(replaced(storage, { snapshots: damaged }), { learners: [userPreferences] })
    if (when === 'folded on') await commit(storage, corrected('second'))
    if (when === 'asked for its view') expect((await runner.ask('one', userPreferences, (view) => view.of('ada')))?.corrects).toBe(true)
    expect(await runner.about('one', 'ada')).toMatchObject([{ data: { corrections: when !== 'folded on' ? ['first'] : ['first', 'second'] } }])
    await runner.close()
    await storage.close()
  })

  test('what runs earned is written down, also where a state is saved while another one is', async () => {
    const path = newPath()
    const storage = await SqliteStorage.open(path)
    // A state that takes its time to be compressed.
    const large = { ...ledger, save: (lines: string[]) => new TextEncoder().encode(JSON.stringify(Array.from({ length: 100_000 }, (_, place) => (place * 7_919 + lines.length) % 1_000))) }
    const runner = over(storage, { learners: [large], snapshotEvery: 10 })
    for (let round = 0; round < 4; round += 1) {
      await commit(storage, ...Array.from({ length: 10 }, (_, run) => judged(`r${round} ${run}`, true)))
      await runner.view('one', large)
    }
    await Promise.all([runner.publish('one'), runner.publish('one')])
    await runner.close()
    expect(runner.failedSnapshots).toBe(0)
    await storage.close()
    const file = new DatabaseSync(path, { readOnly: true })
    expect(file.prepare('SELECT count(*) AS runs FROM worths').get()).toEqual({ runs: 40 })
    file.close()
  })

  test('a learner that calls a state damaged that was never saved is not asked again and again', async () => {
    const storage = await SqliteStorage.open(':memory:')
    let asked = 0
    const stubborn: Learner<number, number> = {
      name: 'stubborn', version: 1, handles: ['run.recorded'], initial: () => 0, view: (count) => count, save: () => new Uint8Array(), load: () => 0,
      learn: () => {
        asked += 1
        throw asked > 3 ? new Error('Asked again and again.') : new AutodidactError('CORRUPT', 'Is damaged whatever comes.')
      },
    }
    const runner = over(storage, { learners: [stubborn] })
    await commit(storage, judged('a', true))
    await expect(runner.view('one', stubborn)).rejects.toMatchObject({ code: 'CORRUPT' })
    await runner.close()
    await storage.close()
  })

  test('a learner that fails halfway through a fact has not learned it twice the next time', async () => {
    const storage = await SqliteStorage.open(':memory:')
    let failures = 1
    const failing: typeof ledger = {
      ...ledger,
      name: 'failing',
      learn: (lines, experience) => {
        if (experience.kind === 'run.settled' && (failures -= 1) >= 0) throw new Error('not today')
        return ledger.learn(lines, experience)
      },
    }
    const runner = over(storage, { learners: [ledger, failing] })
    await commit(storage, unjudged('a'), judged('b', true), unjudged('c'))
    await expect(runner.view('one', ledger)).rejects.toThrow('not today')
    const lines = ['run.recorded a', 'run.recorded b', 'run.settled b: undefined to 1', 'run.recorded c']
    expect(await runner.view('one', ledger)).toEqual(lines)
    expect(await runner.viewOf('one', 'failing')).toEqual(lines)
    await storage.close()
  })

  test('a history that could not be read to its end is read again, not taken for the whole', async () => {
    const path = newPath()
    const storage = await SqliteStorage.open(path)
    await commit(storage, vote('early', 'a', 0))
    const first = over(storage)
    await first.view('one', ledger)
    await first.close()
    let failures = 1
    const unreliable = replaced(storage, {
      read: async function* (after, filter) {
        if (filter.runs !== undefined && (failures -= 1) >= 0) throw new Error('busy')
        yield* storage.read(after, filter)
      },
    })
    const runner = over(unreliable)
    await runner.view('one', ledger)
    await commit(storage, unjudged('a'))
    await expect(runner.view('one', ledger)).rejects.toThrow('busy')
    expect(await runner.view('one', ledger)).toEqual(['feedback.received early', 'run.recorded a', 'run.settled a: undefined to 0'])
    await storage.close()
  })

  test('a snapshot that cannot be saved disturbs nobody', async () => {
    const storage = await SqliteStorage.open(newPath())
    const shy: typeof ledger = {
      ...ledger,
      save: () => {
        throw new Error('no')
      },
    }
    const runner = over(storage, { learners: [shy], snapshotEvery: 1, namespacesInMemory: 1 })
    for (const namespace of ['one', 'two', 'one']) {
      await storage.commit({ namespace, facts: [unjudged(`r${files}`)] })
      expect(await runner.viewOf(namespace, 'ledger')).toEqual([`run.recorded r${files}`])
    }
    await runner.close()
    expect(runner.failedSnapshots).toBeGreaterThan(2)
    await storage.close()
  })

  test('namespaces that leave memory come back as they were', async () => {
    for (const path of [':memory:', newPath()]) {
      const storage = await SqliteStorage.open(path)
      const runner = over(storage, { namespacesInMemory: 2, snapshotEvery: 2 })
      const namespaces = ['one', 'two', 'three', 'four', 'five']
      for (let round = 0; round < 4; round += 1) {
        for (const namespace of namespaces) {
          await storage.commit({ namespace, facts: [unjudged(`${namespace} ${round}`)] })
          const expected = Array.from({ length: round + 1 }, (_, place) => `run.recorded ${namespace} ${place}`)
          expect(await runner.view(namespace, ledger)).toEqual(expected)
        }
      }
      const all = await Promise.all(namespaces.map((namespace) => runner.view(namespace, ledger)))
      expect(all.map((lines) => lines.length)).toEqual([4, 4, 4, 4, 4])
      await runner.close()
      await storage.close()
    }
  })

  test('an erasure while the log is being folded is not in the answer', async () => {
    const storage = await SqliteStorage.open(newPath())
    await commit(storage, ...Array.from({ length: 5 }, (_, number) => unjudged(`r${number}`)))
    let erased = false
    const overtaken = replaced(storage, {
      read: async function* (after, filter) {
        for await (const page of storage.read(after, { ...filter, pageSize: 2 })) {
          yield page
          if (erased) continue
          erased = true
          await storage.erase({ namespace: 'one', facts: ['r0'], standings: [], expect: [], by: 'facts' })
        }
      },
    })
    const runner = over(overtaken, { snapshotEvery: 1 })
    expect(await runner.view('one', ledger)).toEqual([1, 2, 3, 4].map((number) => `run.recorded r${number}`))
    await runner.close()
    const again = over(storage)
    expect(await again.view('one', ledger)).toEqual([1, 2, 3, 4].map((number) => `run.recorded r${number}`))
    await storage.close()
  })

  test('what another process erased is dropped with the snapshots that knew it', async () => {
    const path = newPath()
    const [here, there] = [await SqliteStorage.open(path), await SqliteStorage.open(path)]
    const runner = over(here, { snapshotEvery: 1 })
    await commit(here, unjudged('a'), judged('b', true))
    expect(await runner.view('one', ledger)).toHaveLength(3)
    await there.erase({ namespace: 'one', facts: ['b'], standings: [], expect: [], by: 'facts' })
    expect(await runner.view('one', ledger)).toEqual(['run.recorded a'])
    await commit(there, unjudged('c'))
    expect(await runner.view('one', ledger)).toEqual(['run.recorded a', 'run.recorded c'])
    await runner.close()
    await Promise.all([here.close(), there.close()])
  })

  test('closing waits for what is under way', async () => {
    const path = newPath()
    const storage = await SqliteStorage.open(path)
    await commit(storage, ...Array.from({ length: 50 }, (_, number) => unjudged(`r${number}`)))
    const runner = over(storage, { sliceMs: 0 })
    const view = runner.view('one', ledger)
    await runner.close()
    expect(await view).toHaveLength(50)
    expect((await storage.snapshots.load('one', 'ledger@1'))?.sequence).toBe(50)
    await storage.close()
  })
})

describe('what is learned', () => {
  const learners: readonly Learner[] = [itemUsefulness, optionModel, taskStatistics, ledger]
  const tasks = ['count the orders', 'refund an order', 'book a flight', 'list customers of last month']
  const tools = ['search', 'calendar', 'mail']

  /** Facts about a few runs, in an order that only a careless world would bring about. */
  const factOf = (number: number, { kind, run, pick, up }: { kind: number; run: number; pick: number; up: boolean }): NewFact => {
    const [id, name] = [`fact ${number}`, `run ${run}`]
    const features = packFeatures(featurize({ task: tasks[pick % 4] ?? '' }))
    if (kind === 0) {
      return newFact('decision.made', id, { run: name }, { option: tools[pick % 3] ?? '', features, similarities: { search: pick / 10 }, defaultReward: 0.25 })
    }
    if (kind === 1) {
      const outcome = pick === 0 ? undefined : { success: up, judge: 'host' as const }
      return runFact(name, {}, { features, outcome, used: [`run ${pick}`], taken: up ? {} : { tool: tools[(pick + 1) % 3] ?? '' } })
    }
    if (kind === 2) return newFact('feedback.received', id, { run: name }, { author: `user ${pick}`, rating: Number(up) })
    if (kind === 3) return newFact('feedback.retracted', id, { run: name }, { feedback: `fact ${number - 1 - pick}` })
    return newFact('run.expired', `expired:${name}`, { run: name }, { recorded: false })
  }

  const choices = record({ kind: nat({ max: 4 }), run: nat({ max: 6 }), pick: nat({ max: 5 }), up: boolean() })

  const learned = async (storage: Storage): Promise<string[]> => {
    const runner = new Runner(storage, { learners, snapshotEvery: 1 })
    await runner.catchUp('one')
    await runner.close()
    const snapshots = await Promise.all(learners.map(({ name, version }) => storage.snapshots.load('one', `${name}@${version}`)))
    return snapshots.map((snapshot) => Buffer.from(snapshot?.bytes ?? []).toString('base64'))
  }

  test('is the fold of the log, bit for bit, however often it was interrupted and however little fitted into memory', async () => {
    const settings = record({ cuts: array(nat({ max: 39 }), { maxLength: 5 }), runsInMemory: nat({ max: 3 }), sliceMs: constantFrom(0, 5) })
    await holds(
      asyncProperty(array(choices, { minLength: 1, maxLength: 40 }), settings, async (given, { cuts, runsInMemory, sliceMs }) => {
        const [whole, pieces] = [newPath(), newPath()]
        const [inOne, inPieces] = [await SqliteStorage.open(whole), await SqliteStorage.open(pieces)]
        let runner = new Runner(inPieces, { learners, runsInMemory, sliceMs, snapshotEvery: 7 })
        const known = new Set<string>()
        for (const [number, choice] of given.entries()) {
          const fact = factOf(number, choice)
          if (known.has(fact.id)) continue
          known.add(fact.id)
          for (const storage of [inOne, inPieces]) await commit(storage, fact)
          if (number % 3 === 0) await runner.catchUp('one')
          if (!cuts.includes(number)) continue
          await runner.close()
          runner = new Runner(inPieces, { learners, runsInMemory, sliceMs, snapshotEvery: 7 })
        }
        await runner.close()
        expect(await learned(inPieces)).toEqual(await learned(inOne))
        await Promise.all([inOne.close(), inPieces.close()])
        for (const path of [whole, pieces]) rmSync(path)
      }),
      { numRuns: 40 },
    )
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Batch, Storage } from '../storage/storage.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { type KnownGaps, storageLaws, type StoreUnderTest } from './storage-contract.ts'

const folder = new URL('../storage/', import.meta.url)
const stores = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())

test.each(stores)('the store in src/storage/$name runs the contract', ({ name }) => {
  const file = new URL(`${name}/${name}-storage.test.ts`, folder)
  expect(existsSync(file), `${file.pathname} is missing`).toBe(true)
  expect(readFileSync(file, 'utf8')).toContain('storageLaws(')
})

type Clock = (() => number) | undefined

/** The store in memory, with some of its methods replaced by faulty ones. */
const faulty = (faults: (storage: Storage) => Partial<Storage>): StoreUnderTest => ({
  capabilities: { persistent: false, manyWriters: false, durability: 'none' },
  place: async () => ({
    open: async (clock: Clock) => {
      const storage = await SqliteStorage.open(':memory:', clock === undefined ? {} : { clock })
      const replaced = faults(storage)
      return new Proxy<Storage>(storage, {
        get: (_target, key) => {
          const value: unknown = Reflect.get(Object.hasOwn(replaced, key) ? replaced : storage, key)
          return typeof value === 'function' ? value.bind(storage) : value
        },
      })
    },
    dispose: async () => {},
  }),
})

const brokenBy = async (faults: (storage: Storage) => Partial<Storage>, gaps?: KnownGaps): Promise<string[]> => {
  const names: string[] = []
  for (const { name, check } of storageLaws(faulty(faults), gaps)) await check().catch(() => names.push(name))
  return names
}

/** A store that loses one part of every batch. */
const losing = (part: keyof Batch) => (storage: Storage): Partial<Storage> => ({
  commit: ({ ...batch }) => {
    delete (batch as Partial<Record<keyof Batch, unknown>>)[part]
    return storage.commit(batch)
  },
})

describe('the laws', () => {
  test('hold for a store that keeps them', async () => {
    expect(await brokenBy(() => ({}))).toEqual([])
  })

  test.each<[string, (storage: Storage) => Partial<Storage>]>([
    ['declares its capabilities', () => ({ capabilities: { persistent: false, manyWriters: false, durability: 'power' } })],
    [
      'a batch is written whole or not at all',
      (storage) => ({
        commit: async (batch) => {
          const facts = []
          for (const fact of batch.facts) facts.push(...(await storage.commit({ ...batch, facts: [fact] })).facts)
          return batch.facts.length === 0 ? storage.commit(batch) : { facts }
        },
      }),
    ],
    ['a writer who has not seen the last fact of a run is refused', losing('expect')],
    ['everything stored is found by itself', losing('index')],
    ['a verdict changes how an item stands, in the same write', losing('standings')],
    ['an option set is stored once and kept for as long as a decision names it', losing('optionSets')],
    ['a blob is stored once and kept for as long as a fact refers to it', losing('blobs')],
    [
      'a blob belongs to the facts that refer to it, and to no other of the same write',
      (storage) => ({
        commit: (batch) => {
          const all = batch.facts.flatMap(({ blobs = [] }) => blobs)
          return storage.commit({ ...batch, facts: batch.facts.map((fact) => ({ ...fact, blobs: all })) })
        },
      }),
    ],
    ['deadlines are due at their time, the earliest first, until they are taken away', losing('deadlines')],
    [
      'every filter lets the right facts through, in the order of the log, in pages of any size',
      (storage) => ({
        read: async function* (after, { pageSize, ...filter }) {
          for await (const page of storage.read(after, filter)) yield page.slice(0, pageSize)
        },
      }),
    ],
    ['reading goes on behind a cursor, and reading nothing is no error', (storage) => ({ read: (_after, filter) => storage.read('', filter) })],
    ['namespaces know nothing of each other', (storage) => ({ search: (query) => storage.search({ ...query, namespace: 'two' }) })],
    ['a search obeys limit, standing, kind, user and agent', (storage) => ({ search: ({ namespace, text, limit, standings }) => storage.search({ namespace, text, limit, standings }) })],
    ['what is erased is gone from log and index, remembered by its id, and refused when it comes back', () => ({ erase: async () => ({ facts: 1, status: 'proven' }) })],
    [
      'an erasure that has not seen all that it is meant to take is refused, whatever else was written',
      (storage) => ({ erase: ({ found: _found, ...erasure }) => storage.erase(erasure) }),
    ],
    ['erasing a namespace takes everything in it, also what nobody has named', (storage) => ({ erase: (erasure) => storage.erase({ ...erasure, by: 'facts' }) })],
    ['state from before an erasure is not saved, and nothing of the same save either', (storage) => ({
      snapshots: {
        load: (namespace, learner) => storage.snapshots.load(namespace, learner),
        save: async (snapshots, lease) => {
          for (const snapshot of snapshots) await storage.snapshots.save([{ ...snapshot, epoch: (await storage.head(snapshot.namespace)).epoch }], lease)
        },
      },
    })],
    ['whoever lost the lease saves nothing', (storage) => ({
      snapshots: {
        load: (namespace, learner) => storage.snapshots.load(namespace, learner),
        save: async (snapshots) => {
          const lease = await storage.leases.acquire('lease', 1)
          if (lease !== undefined) await storage.snapshots.save(snapshots, lease)
        },
      },
    })],
    ['a closed store says so, whatever is asked of it', () => ({ namespaces: async () => [] })],
  ])('catch a store that breaks "%s"', async (name, faults) => {
    expect(await brokenBy(faults)).toContain(name)
  })

  test('let a known gap pass, but not one that has closed or names no law', async () => {
    const lostIndex = losing('index')
    const gaps = Object.fromEntries((await brokenBy(lostIndex)).map((name) => [name, 'this store has no index']))
    expect(await brokenBy(lostIndex, gaps)).toEqual([])
    const closed = await brokenBy(() => ({}), { 'declares its capabilities': 'it was shy' })
    expect(closed).toEqual(['declares its capabilities (known gap: it was shy)'])
    await expect(brokenBy(() => ({}), { 'makes coffee': 'no kettle' })).rejects.toThrow('makes coffee')
  })
})

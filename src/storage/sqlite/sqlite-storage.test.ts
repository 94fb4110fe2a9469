import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { storageLaws, type StoragePlace, type StoreUnderTest } from '../../testing/storage-contract.ts'
import { runFact } from '../../testing/storage/workbench.ts'
import type { Filter } from '../storage.ts'
import { type SqliteSettings, SqliteStorage } from './sqlite-storage.ts'

const settings = (clock: (() => number) | undefined) => (clock === undefined ? {} : { clock })

const encryption = { key: '0f'.repeat(32) }

const onFile = (more: SqliteSettings = {}) => async (): Promise<StoragePlace> => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-'))
  const path = join(folder, 'agent.db')
  return {
    open: (clock) => SqliteStorage.open(path, { ...settings(clock), ...more }),
    // Read by another process: closing a file that SQLite has open gives up the locks that it holds on it.
    bytes: async () => execFileSync('cat', [path, `${path}-wal`].filter((file) => existsSync(file)), { maxBuffer: 2 ** 26 }),
    hold: async () => {
      const reader = new DatabaseSync(path, { readOnly: true })
      reader.exec('BEGIN')
      reader.prepare('SELECT count(*) FROM facts').get()
      return async () => reader.close()
    },
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

const inMemory = async (): Promise<StoragePlace> => ({
  open: (clock) => SqliteStorage.open(':memory:', settings(clock)),
  dispose: async () => {},
})

const stores: Readonly<Record<string, StoreUnderTest>> = {
  'a file': { capabilities: { persistent: true, manyWriters: true, durability: 'process', views: true }, place: onFile() },
  'an encrypted file': { capabilities: { persistent: true, manyWriters: true, durability: 'process', encrypted: true }, place: onFile({ encryption }) },
  ':memory:': { capabilities: { persistent: false, manyWriters: false, durability: 'none' }, place: inMemory },
}

describe.each(Object.entries(stores))('the storage contract on %s', (_name, store) => {
  test.each(storageLaws(store))('$name', async ({ check }) => {
    await check()
  })
})

test('durability "full" is declared', async () => {
  const storage = await SqliteStorage.open(':memory:', { durability: 'full' })
  expect(storage.capabilities.durability).toBe('none')
  await storage.close()
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-'))
  const onDisk = await SqliteStorage.open(join(folder, 'full.db'), { durability: 'full' })
  expect(onDisk.capabilities.durability).toBe('power')
  await onDisk.close()
  rmSync(folder, { recursive: true })
})

test('reading gives other work of the process its turn with every page', async () => {
  const storage = await SqliteStorage.open(':memory:')
  await storage.commit({ namespace: 'one', facts: Array.from({ length: 20 }, (_, place) => runFact(`run ${place}`)) })
  const seen = { pages: 0, turns: 0 }
  const working = (async () => {
    for (; seen.pages < 20; seen.turns += 1) await nextTurn()
  })()
  for await (const page of storage.read('', { namespace: 'one', pageSize: 1 })) seen.pages += page.length
  await working
  expect(seen.turns).toBeGreaterThanOrEqual(19)
  await storage.close()
})

test('what no index knows is found however far apart it lies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-'))
  const path = join(folder, 'agent.db')
  const storage = await SqliteStorage.open(path)
  const other = new DatabaseSync(path, { timeout: 5_000 })
  const places = [1, 10_000, 10_001, 10_002, 35_000, 35_001]
  for (const place of places) {
    // Facts that were erased leave such gaps.
    other.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = 'facts'").run(place - 1)
    await storage.commit({ namespace: 'one', facts: [runFact(`at ${place}`, { source: 'web' })] })
  }
  other.close()
  const found = async (filter: Partial<Filter>, after = ''): Promise<number[]> => {
    const sequences: number[] = []
    for await (const page of storage.read(after, { namespace: 'one', source: 'web', ...filter })) sequences.push(...page.map(({ sequence }) => sequence))
    return sequences
  }
  for (const pageSize of [1, 2, 5, 100]) {
    expect(await found({ pageSize })).toEqual(places)
    expect(await found({ pageSize, before: 35_001 })).toEqual(places.slice(0, -1))
    expect(await found({ pageSize }, '10000')).toEqual(places.slice(2))
  }
  await storage.close()
  rmSync(folder, { recursive: true })
})

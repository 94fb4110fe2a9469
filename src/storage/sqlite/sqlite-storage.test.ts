import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { storageLaws, type StoragePlace, type StoreUnderTest } from '../../testing/storage-contract.ts'
import { SqliteStorage } from './sqlite-storage.ts'

const settings = (clock: (() => number) | undefined) => (clock === undefined ? {} : { clock })

const onFile = async (): Promise<StoragePlace> => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-'))
  const path = join(folder, 'agent.db')
  return {
    open: (clock) => SqliteStorage.open(path, settings(clock)),
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
  'a file': { capabilities: { persistent: true, manyWriters: true, durability: 'process' }, place: onFile },
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

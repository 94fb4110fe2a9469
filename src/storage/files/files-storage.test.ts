import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { storageLaws, type StoragePlace, type StoreUnderTest } from '../../testing/storage-contract.ts'
import { type FilesSettings, FilesStorage } from './files-storage.ts'

const encryption = { key: '0f'.repeat(32) }

const inFolder = (more: FilesSettings = {}) => async (): Promise<StoragePlace> => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-files-'))
  const data = join(folder, 'agent', 'data')
  return {
    open: (clock) => FilesStorage.open(join(folder, 'agent'), { ...(clock === undefined ? {} : { clock }), ...more }),
    bytes: async () => Buffer.concat([readFileSync(join(folder, 'agent', 'store.json')), ...readdirSync(data).map((name) => readFileSync(join(data, name)))]),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

const stores: Readonly<Record<string, StoreUnderTest>> = {
  'a folder': { capabilities: { persistent: true, manyWriters: false, durability: 'process' }, place: inFolder() },
  'an encrypted folder': {
    capabilities: { persistent: true, manyWriters: false, durability: 'power', encrypted: true },
    place: inFolder({ encryption, durability: 'full' }),
  },
}

describe.each(Object.entries(stores))('the storage contract in %s', (_name, store) => {
  test.each(storageLaws(store))('$name', async ({ check }) => {
    await check()
  })
})

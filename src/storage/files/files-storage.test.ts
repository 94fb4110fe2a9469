import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { storageLaws, type StoragePlace, type StoreUnderTest } from '../../testing/storage-contract.ts'
import { commit, runFact } from '../../testing/storage/workbench.ts'
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

test.each([['in clear', {}], ['encrypted', { encryption }]])('a large state that repeats itself is stored in less, comes back, and is found by whoever looks at what is stored: %s', async (_, settings) => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const storage = await FilesStorage.open(folder, settings)
  const bytes = new Uint8Array(Buffer.from('{"category":"quixotropolis","runs":7}'.repeat(4_000)))
  await commit(storage, { facts: [runFact('a')] })
  const lease = await storage.leases.acquire('folding', 60_000)
  if (lease === undefined) expect.unreachable()
  await storage.snapshots.save([{ namespace: 'one', learner: 'large@1', sequence: 0, epoch: 0, bytes }], lease)
  const data = join(folder, 'data')
  const [file = ''] = readdirSync(data).filter((name) => name.endsWith('.snapshot'))
  expect(statSync(join(data, file)).size).toBeLessThan(bytes.length / 10)
  expect(Buffer.from((await storage.snapshots.load('one', 'large@1'))?.bytes ?? []).equals(bytes)).toBe(true)
  let stored = ''
  for await (const { chunks } of storage.raw()) for await (const chunk of chunks) stored += Buffer.from(chunk).toString('latin1')
  expect(stored).toContain('quixotropolis')
  let own = ''
  for await (const text of storage.ownTexts()) own += `${text}\n`
  expect(own.split(/\s/)).toContain('category')
  expect(own).not.toContain('quixotropolis')
  // One that an earlier version wrote, as it is, is read; one of a later version, made in another way, is none.
  await storage.close()
  if (Object.keys(settings).length > 0) return
  const written = (more: object): void => writeFileSync(join(data, file), Buffer.concat([Buffer.from(`${JSON.stringify({ namespace: 'one', learner: 'large@1', sequence: 0, epoch: 0, ...more, checksum: crc32(bytes) })}\n`), bytes]))
  for (const [more, expected] of [[{}, bytes.length], [{ compression: 'another' }, undefined]] as const) {
    written(more)
    const again = await FilesStorage.open(folder, settings)
    expect((await again.snapshots.load('one', 'large@1'))?.bytes.length).toBe(expected)
    await again.close()
  }
})

describe.each(Object.entries(stores))('the storage contract in %s', (_name, store) => {
  test.each(storageLaws(store))('$name', async ({ check }) => {
    await check()
  })
})

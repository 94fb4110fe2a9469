import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { EncryptionSettings } from '../storage/storage.ts'
import { dataKeyOf, newDataKey, wrapKey } from './key.ts'

const hex = 'ab'.repeat(32)

test.each<[string, EncryptionSettings]>([
  ['a key in bytes', { key: randomBytes(32) }],
  ['a key in digits', { key: hex }],
  ['a passphrase', { passphrase: 'correct horse' }],
])('%s unwraps what it wrapped, and says nothing of itself', async (_name, settings) => {
  const dataKey = newDataKey()
  const wrapped = await wrapKey(dataKey, settings)
  expect(await dataKeyOf(wrapped, settings, 'agent.db')).toEqual(dataKey)
  const written = JSON.stringify(wrapped)
  expect(written).not.toContain(Buffer.from(dataKey).toString('base64').slice(0, 16))
  expect(written).not.toContain('horse')
  // Another salt and nonce each time.
  expect((await wrapKey(dataKey, settings)).wrapped).not.toBe(wrapped.wrapped)
})

test('the same key may be given in bytes or in digits, of any case', async () => {
  const wrapped = await wrapKey(newDataKey(), { key: hex })
  for (const key of [hex.toUpperCase(), Buffer.from(hex, 'hex')]) expect(await dataKeyOf(wrapped, { key }, 'agent.db')).toHaveLength(32)
})

test('the same passphrase may be composed of other characters', async () => {
  const wrapped = await wrapKey(newDataKey(), { passphrase: 'gr\u00fcne wiese' })
  expect(await dataKeyOf(wrapped, { passphrase: 'gru\u0308ne wiese' }, 'agent.db')).toHaveLength(32)
})

test.each<[string, EncryptionSettings | undefined, string]>([
  ['no key', undefined, 'KEY_REQUIRED'],
  ['another key', { key: 'cd'.repeat(32) }, 'WRONG_KEY'],
  ['a passphrase', { passphrase: 'correct horse' }, 'WRONG_KEY'],
  ['a short key', { key: 'ab' }, 'INVALID_INPUT'],
  ['a key of 16 bytes', { key: randomBytes(16) }, 'INVALID_INPUT'],
])('%s does not open what was wrapped with a key', async (_name, given, code) => {
  const wrapped = await wrapKey(newDataKey(), { key: hex })
  await expect(dataKeyOf(wrapped, given, 'agent.db')).rejects.toMatchObject({ code, message: expect.not.stringContaining('cdcd') })
})

test('a wrong passphrase, a short one, a damaged key and a key of the future are told apart', async () => {
  const wrapped = await wrapKey(newDataKey(), { passphrase: 'correct horse' })
  await expect(dataKeyOf(wrapped, { passphrase: 'wrong horse' }, 'agent.db')).rejects.toMatchObject({ code: 'WRONG_KEY' })
  await expect(wrapKey(newDataKey(), { passphrase: 'horse' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(dataKeyOf({ ...wrapped, wrapped: '' }, { passphrase: 'correct horse' }, 'agent.db')).rejects.toMatchObject({ code: 'WRONG_KEY' })
  // A later version of this package may write what the type of today does not say.
  const future = { ...wrapped, version: 2 } as unknown as typeof wrapped
  await expect(dataKeyOf(future, { passphrase: 'correct horse' }, 'agent.db')).rejects.toMatchObject({ code: 'NEWER_VERSION' })
})

test('a key for what has none is refused, and no key for it is right', async () => {
  await expect(dataKeyOf(undefined, { key: hex }, 'agent.db')).rejects.toMatchObject({ code: 'NOT_ENCRYPTED' })
  expect(await dataKeyOf(undefined, undefined, 'agent.db')).toBeUndefined()
})

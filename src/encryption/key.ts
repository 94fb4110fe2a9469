import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt } from 'node:crypto'
import { AutodidactError } from '../errors.ts'
import type { EncryptionSettings } from '../storage/storage.ts'

/**
 * The key that payloads are encrypted with, itself encrypted with the key of the caller: what a store keeps in clear beside its data. So the caller's key can
 * change without a payload being written anew, and a wrong one is told from a right one before anything is read.
 */
export interface WrappedKey {
  /** Of all that encryption does: derivation, ciphers, what is encrypted. */
  readonly version: 1
  /** Where the wrapping key comes from. */
  readonly from: 'key' | 'passphrase'
  /** 16 random bytes, as base64. */
  readonly salt: string
  /** Nonce, encrypted data key and authentication tag, as base64. */
  readonly wrapped: string
}

const keyBytes = 32
const saltBytes = 16
const nonceBytes = 12
const tagBytes = 16

/** Scrypt (RFC 7914) as OWASP's password storage cheat sheet recommends it: 128 MB and some tenths of a second for each guess. */
const scryptCost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }

const shortestPassphrase = 8

const wrongInput = (what: string): AutodidactError =>
  new AutodidactError('INVALID_INPUT', `encryption: ${what} Nothing was opened; correct it and call again.`)

const keyOf = (key: Uint8Array | string): Uint8Array => {
  if (typeof key === 'string') {
    // As it stands in a file.
    const digits = key.trimEnd()
    if (/^[0-9a-f]{64}$/i.test(digits)) return Buffer.from(digits, 'hex')
    throw wrongInput('a key in text must be 64 hexadecimal digits, as "openssl rand -hex 32" prints.')
  }
  if (key.byteLength === keyBytes) return key
  throw wrongInput(`a key must have ${keyBytes} bytes, and this one has ${key.byteLength}.`)
}

const stretched = (passphrase: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // The same text typed on another system may be composed of other characters.
    scrypt(passphrase.normalize('NFKC'), salt, keyBytes, scryptCost, (error, key) => {
      if (error === null) resolve(key)
      else reject(new AutodidactError('STORAGE_FAILED', `A key could not be derived from the passphrase (${error.message}). Free memory and try again.`, { cause: error }))
    })
  })

/** A field that is there and undefined is none, as everywhere. */
const isKey = (settings: EncryptionSettings): settings is Extract<EncryptionSettings, { key: unknown }> => 'key' in settings && settings.key !== undefined

const nameOf = (settings: EncryptionSettings): 'key' | 'passphrase' => (isKey(settings) ? 'key' : 'passphrase')

/**
 * A key or passphrase that can be one. Asked before anything is made, so that a wrong one leaves nothing behind.
 *
 * @throws AutodidactError `INVALID_INPUT`
 */
export const expectSecret = (settings: EncryptionSettings | undefined): void => {
  if (settings === undefined) return
  if (isKey(settings)) keyOf(settings.key)
  else if (settings.passphrase.length < shortestPassphrase) throw wrongInput(`a passphrase must have ${shortestPassphrase} characters or more.`)
}

const wrappingKey = async (settings: EncryptionSettings, salt: Uint8Array): Promise<Uint8Array> => {
  expectSecret(settings)
  const secret = isKey(settings) ? keyOf(settings.key) : await stretched(settings.passphrase, salt)
  return new Uint8Array(hkdfSync('sha256', secret, salt, 'autodidact wrapping key', keyBytes))
}

/** A key that nobody else has, for the payloads of a new store. */
export const newDataKey = (): Uint8Array => randomBytes(keyBytes)

/**
 * Encrypts a data key with the key of the caller.
 *
 * @throws AutodidactError `INVALID_INPUT` for a key that is none
 */
export const wrapKey = async (dataKey: Uint8Array, settings: EncryptionSettings): Promise<WrappedKey> => {
  const salt = randomBytes(saltBytes)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', await wrappingKey(settings, salt), nonce)
  const wrapped = Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()])
  return { version: 1, from: nameOf(settings), salt: salt.toString('base64'), wrapped: wrapped.toString('base64') }
}

const unwrapped = (wrapped: Buffer, key: Uint8Array): Uint8Array => {
  const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAuthTag(wrapped.subarray(-tagBytes))
  return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, -tagBytes)), decipher.final()])
}

const unwrapKey = async (wrapped: WrappedKey, settings: EncryptionSettings, path: string): Promise<Uint8Array> => {
  const given = nameOf(settings)
  if (wrapped.from !== given) throw new AutodidactError('WRONG_KEY', `${path} is encrypted with a ${wrapped.from}, and a ${given} was given. Pass the ${wrapped.from}.`)
  const key = await wrappingKey(settings, Buffer.from(wrapped.salt, 'base64'))
  try {
    return unwrapped(Buffer.from(wrapped.wrapped, 'base64'), key)
  } catch (error) {
    throw new AutodidactError('WRONG_KEY', `The ${given} does not open ${path}. Pass the one that it was encrypted with last.`, { cause: error })
  }
}

/**
 * The data key of a store that is there, if it has one; a store and its caller must agree whether it has.
 *
 * @param stored what the store keeps; undefined when it is not encrypted
 * @param path names the store in errors
 * @throws AutodidactError `KEY_REQUIRED`, `NOT_ENCRYPTED`, `WRONG_KEY`, `NEWER_VERSION`, `INVALID_INPUT`
 */
export const dataKeyOf = async (stored: WrappedKey | undefined, given: EncryptionSettings | undefined, path: string): Promise<Uint8Array | undefined> => {
  if (stored === undefined) {
    if (given === undefined) return undefined
    const next = 'Open it without; to encrypt it, copy it to a new one with a key (copyStore, or "autodidact copy").'
    throw new AutodidactError('NOT_ENCRYPTED', `${path} is not encrypted, and a ${nameOf(given)} was given. ${next}`)
  }
  if (stored.version !== 1) {
    throw new AutodidactError('NEWER_VERSION', `${path} is encrypted in a newer way (${String(stored.version)}; this one knows 1). Update autodidact.`)
  }
  if (given === undefined) throw new AutodidactError('KEY_REQUIRED', `${path} is encrypted. Pass its ${stored.from} as "encryption".`)
  return unwrapKey(stored, given, path)
}

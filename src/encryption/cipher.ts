import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { AutodidactError } from '../errors.ts'

/**
 * How a store hides what it writes. A `space` is what keys are derived for, a namespace: what is equal in two of them does not look equal. A `place`
 * is authenticated with the content, so that nothing decrypts in another place than its own.
 */
export interface Cipher {
  /** False for a cipher that hides nothing: texts stay as they are. */
  readonly encrypts: boolean
  /** For whoever wraps it with another key; undefined for a cipher that hides nothing. */
  readonly dataKey: Uint8Array | undefined
  encrypt(space: string, place: string, text: string): string
  /** @throws AutodidactError `CORRUPT` for what was changed, moved or not encrypted by this cipher */
  decrypt(space: string, place: string, text: string): string
  encryptBytes(space: string, place: string, bytes: Uint8Array): Uint8Array
  /** @throws AutodidactError `CORRUPT` */
  decryptBytes(space: string, place: string, bytes: Uint8Array): Uint8Array
  /** A short text that is looked for by equality, such as a user: equal names of a space stay equal, and can be read again. */
  encryptName(space: string, name: string): string
  /** @throws AutodidactError `CORRUPT` */
  decryptName(space: string, text: string): string
  /** A key of content, such as a digest: equal ones of a space stay equal, and nobody without the key can compute one. */
  fingerprint(space: string, value: string): string
  /** The same for a word of the full-text index: 16 characters of `0-9a-f`. */
  term(space: string, term: string): string
}

/** Hides nothing. */
export const plaintext: Cipher = {
  encrypts: false,
  dataKey: undefined,
  encrypt: (_space, _place, text) => text,
  decrypt: (_space, _place, text) => text,
  encryptBytes: (_space, _place, bytes) => bytes,
  decryptBytes: (_space, _place, bytes) => bytes,
  encryptName: (_space, name) => name,
  decryptName: (_space, text) => text,
  fingerprint: (_space, value) => value,
  term: (_space, term) => term,
}

const nonceBytes = 12
const tagBytes = 16

/** Of a keyed hash of a word: among a million words, two are confused with probability 3e-8. */
const termDigits = 16

/** Names, words and keys kept at hand, each. */
const mostAtHand = 20_000

/** Node's HKDF takes no longer description of what a key is for. */
const longestInfo = 1024

/** What the key of a purpose and a space is derived for: in words, or as the digest of words that are too long. */
const infoOf = (name: string): string => {
  const info = `autodidact ${name}`
  return Buffer.byteLength(info) <= longestInfo ? info : `autodidact ${createHash('sha256').update(name).digest('hex')}`
}

type Purpose = 'payloads' | 'names' | 'name nonces' | 'fingerprints' | 'terms'

/**
 * AES-256-GCM for content, with a random nonce each; the same for names with a nonce made of the name (a synthetic initialisation vector, after Rogaway and
 * Shrimpton 2006, "Deterministic Authenticated-Encryption"), so that equal names stay equal; HMAC-SHA-256 for what is only compared. Keys by purpose and space
 * are derived from the data key by HKDF (RFC 5869). A random nonce is safe for 2^32 writes to a namespace (NIST SP 800-38D, 8.3).
 */
export class KeyedCipher implements Cipher {
  readonly encrypts = true
  readonly dataKey: Uint8Array
  readonly #keys = new Map<string, Uint8Array>()
  readonly #names = new Map<string, string>()
  readonly #read = new Map<string, string>()
  readonly #terms = new Map<string, string>()

  /** @param dataKey 32 bytes */
  constructor(dataKey: Uint8Array) {
    this.dataKey = dataKey
  }

  encrypt(space: string, place: string, text: string): string {
    return this.#seal('payloads', space, place, Buffer.from(text), randomBytes(nonceBytes)).toString('base64')
  }

  decrypt(space: string, place: string, text: string): string {
    return this.#open('payloads', space, place, Buffer.from(text, 'base64')).toString()
  }

  encryptBytes(space: string, place: string, bytes: Uint8Array): Uint8Array {
    return this.#seal('payloads', space, place, bytes, randomBytes(nonceBytes))
  }

  decryptBytes(space: string, place: string, bytes: Uint8Array): Uint8Array {
    return this.#open('payloads', space, place, bytes)
  }

  encryptName(space: string, name: string): string {
    return this.#remembered(this.#names, space, name, () => {
      const nonce = this.#hmac('name nonces', space, name).subarray(0, nonceBytes)
      return this.#seal('names', space, 'name', Buffer.from(name), nonce).toString('base64')
    })
  }

  decryptName(space: string, text: string): string {
    return this.#remembered(this.#read, space, text, () => this.#open('names', space, 'name', Buffer.from(text, 'base64')).toString())
  }

  fingerprint(space: string, value: string): string {
    return this.#hmac('fingerprints', space, value).toString('base64url').slice(0, 22)
  }

  term(space: string, term: string): string {
    return this.#remembered(this.#terms, space, term, () => this.#hmac('terms', space, term).toString('hex').slice(0, termDigits))
  }

  #seal(purpose: Purpose, space: string, place: string, content: Uint8Array, nonce: Uint8Array): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key(purpose, space), nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(place))
    return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
  }

  #open(purpose: Purpose, space: string, place: string, sealed: Uint8Array): Buffer {
    try {
      if (sealed.byteLength < nonceBytes + tagBytes) throw new RangeError('too short')
      const decipher = createDecipheriv('aes-256-gcm', this.#key(purpose, space), sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(-tagBytes))
      return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
    } catch (error) {
      throw new AutodidactError('CORRUPT', `What is stored as ${place} was changed or moved: it does not decrypt. Restore a backup.`, { cause: error })
    }
  }

  #hmac(purpose: Purpose, space: string, value: string): Buffer {
    return createHmac('sha256', this.#key(purpose, space)).update(value, 'utf16le').digest()
  }

  #key(purpose: Purpose, space: string): Uint8Array {
    const name = `${purpose} of ${space}`
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    const key = new Uint8Array(hkdfSync('sha256', this.dataKey, '', infoOf(name), 32))
    if (this.#keys.size >= mostAtHand) this.#keys.clear()
    this.#keys.set(name, key)
    return key
  }

  #remembered(known: Map<string, string>, space: string, value: string, make: () => string): string {
    const key = `${space.length} ${space}${value}`
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make()
    if (known.size >= mostAtHand) known.clear()
    known.set(key, made)
    return made
  }
}

/** The cipher of a data key; the one that hides nothing where there is none. */
export const cipherOf = (dataKey: Uint8Array | undefined): Cipher => (dataKey === undefined ? plaintext : new KeyedCipher(dataKey))

/** The same as `decryptBytes` for what can be done without: undefined for what was changed or moved. */
export const decrypted = (cipher: Cipher, space: string, place: string, bytes: Uint8Array): Uint8Array | undefined => {
  try {
    return cipher.decryptBytes(space, place, bytes)
  } catch {
    return undefined
  }
}

import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Cipher } from '../../encryption/cipher.ts'
import type { WrappedKey } from '../../encryption/key.ts'
import { factColumns, readColumns } from './rows.ts'

/** The space of a namespace: its number, which never changes, also when the namespace is empty again. */
export const spaceOf = (namespace: number): string => String(namespace)

/** Columns of facts that are looked for by equality. */
const names: ReadonlySet<string> = new Set(['agent', 'agent_version', 'user', 'session', 'source'])

const contents: ReadonlySet<string> = new Set(['data', 'blobs'])

const written = factColumns.split(', ')
const read = readColumns.split(', ')

const placeOf = (column: string, id: string): string => `${column} of fact ${id}`

/** The values of a fact's row, in the order of `factColumns`, as they are stored. */
export const encryptRow = (cipher: Cipher, namespace: number, values: readonly (string | number | null)[]): readonly (string | number | null)[] => {
  if (!cipher.encrypts) return values
  const space = spaceOf(namespace)
  const id = String(values[written.indexOf('id')])
  return values.map((value, place) => {
    const column = written[place] ?? ''
    if (typeof value !== 'string') return value
    if (names.has(column)) return cipher.encryptName(space, value)
    if (contents.has(column)) return cipher.encrypt(space, placeOf(column, id), value)
    return column === 'digest' ? encryptDigest(cipher, namespace, value) : value
  })
}

/** So that nobody can try out what was said, and a copy for another key can be made. */
const encryptDigest = (cipher: Cipher, namespace: number, digest: string): string => cipher.encryptName(spaceOf(namespace), digest)

/** Files of before hold keyed digests, which cannot be read again. They are shorter than anything that can. */
const fingerprintLength = 22

const isFingerprint = (cipher: Cipher, stored: string): boolean => cipher.encrypts && stored.length === fingerprintLength

/** Whether a fact's digest is what is stored of it. */
export const isDigest = (cipher: Cipher, namespace: number, stored: SQLOutputValue | undefined, digest: string): boolean =>
  stored === (isFingerprint(cipher, String(stored)) ? cipher.fingerprint(spaceOf(namespace), digest) : encryptDigest(cipher, namespace, digest))

/** The digest of a fact; of one in a file of before, that of its digest. */
export const decryptDigest = (cipher: Cipher, namespace: number, stored: string): string =>
  isFingerprint(cipher, stored) ? stored : cipher.decryptName(spaceOf(namespace), stored)

/** The data or the blobs of one fact, as they are stored. */
export const encryptContent = (cipher: Cipher, namespace: number, id: string, column: 'data' | 'blobs', text: string): string =>
  cipher.encrypt(spaceOf(namespace), placeOf(column, id), text)

/**
 * A stored row, in the order of `readColumns`, as it was before.
 *
 * @throws AutodidactError `CORRUPT`
 */
export const decryptRow = (cipher: Cipher, namespace: number, row: readonly SQLOutputValue[]): readonly SQLOutputValue[] => {
  if (!cipher.encrypts) return row
  const space = spaceOf(namespace)
  const id = String(row[read.indexOf('id')])
  return row.map((value, place) => {
    const column = read[place] ?? ''
    if (typeof value !== 'string') return value
    if (names.has(column)) return cipher.decryptName(space, value)
    return contents.has(column) ? cipher.decrypt(space, placeOf(column, id), value) : value
  })
}

/** The data of one fact, as JSON. */
export const decryptData = (cipher: Cipher, namespace: number, id: string, data: string): string => cipher.decrypt(spaceOf(namespace), placeOf('data', id), data)

/** The references to blobs of one fact, as JSON. */
export const decryptBlobs = (cipher: Cipher, namespace: number, id: string, blobs: string): string => cipher.decrypt(spaceOf(namespace), placeOf('blobs', id), blobs)

/** What SQL calls {@link decryptData}, for the one filter that looks into the data of facts; without encryption there is nothing to call. */
export const dataExpression = (cipher: Cipher): string => (cipher.encrypts ? 'decrypted_data(namespace, id, data)' : 'data')

/** Gives a connection the function that {@link dataExpression} names. */
export const defineDecryption = (database: DatabaseSync, cipher: Cipher): void => {
  if (!cipher.encrypts) return
  const decrypted = (namespace: SQLOutputValue, id: SQLOutputValue, data: SQLOutputValue): string => decryptData(cipher, Number(namespace), String(id), String(data))
  database.function('decrypted_data', { deterministic: true, directOnly: true }, decrypted)
}

/** The wrapped key that a file was made with; undefined when it is not encrypted. */
export const readWrappedKey = (database: DatabaseSync): WrappedKey | undefined => {
  const row = database.prepare('SELECT version, key_from, salt, wrapped FROM encryption').get()
  if (row === undefined) return undefined
  // Only `writeWrappedKey` writes this table, from the same type; another version is refused by whoever unwraps it.
  return { version: row['version'], from: row['key_from'], salt: row['salt'], wrapped: row['wrapped'] } as unknown as WrappedKey
}

/** Puts a wrapped key in the place of the one that is there. */
export const writeWrappedKey = (database: DatabaseSync, { version, from, salt, wrapped }: WrappedKey): void => {
  database.exec('DELETE FROM encryption')
  database.prepare('INSERT INTO encryption (one, version, key_from, salt, wrapped) VALUES (1, ?, ?, ?, ?)').run(version, from, salt, wrapped)
}

/** Where a content lies, so that none can be put in the place of another. */
export const blobPlace = (hash: string): string => `blob ${hash}`
export const optionsPlace = (key: string): string => `options ${key}`

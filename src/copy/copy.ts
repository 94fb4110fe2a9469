import { existsSync, realpathSync } from 'node:fs'
import { z } from 'zod'
import { encryptionInput } from '../encryption/input.ts'
import { AutodidactError } from '../errors.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { EncryptionSettings, Storage } from '../storage/storage.ts'
import { storeAt, type StoreName, storeNames } from '../storage/stores.ts'
import { type Copyable, NamespaceCopy } from './namespace.ts'
import type { CopiedNamespace, CopyReceipt } from './receipt.ts'

/** How to copy; every field has a default. */
export interface CopySettings {
  /** Only this namespace. Default: all. */
  readonly namespace?: string
  /** What that namespace is called in the copy. Default: as it is. */
  readonly as?: string
  /** The kind of store that a new copy becomes; default by its path, as in `open`. */
  readonly storage?: StoreName
  /** The key of what is copied. */
  readonly encryption?: EncryptionSettings
  /** The key of the copy: a new one is encrypted with it. Default: it is not encrypted. */
  readonly toEncryption?: EncryptionSettings
  /** True: what was forgotten in the one and is still in the other is erased there. Default: it is told in the receipt. */
  readonly forget?: boolean
  /** What a confirmed write to the copy survives, as in `open`. */
  readonly durability?: 'normal' | 'full'
  /** Called as it goes on, with the share that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void
}

const settingsInput = z.strictObject({
  namespace: name.optional(),
  as: name.optional(),
  storage: z.enum(storeNames).optional(),
  encryption: encryptionInput.optional(),
  toEncryption: encryptionInput.optional(),
  forget: z.boolean().optional(),
  durability: z.enum(['normal', 'full']).optional(),
  onProgress: z.custom<NonNullable<CopySettings['onProgress']>>((value) => typeof value === 'function', 'must be a function').optional(),
})

const isSame = (from: string, to: string): boolean => existsSync(from) && existsSync(to) && realpathSync(from) === realpathSync(to)

/** @throws AutodidactError `INVALID_INPUT` */
const refuseSenseless = (from: string, to: string, { namespace, as }: CopySettings): void => {
  if (as !== undefined && namespace === undefined) {
    throw new AutodidactError('INVALID_INPUT', `copyStore: as is "${as}", and it is not said of which namespace. Pass namespace too. Nothing was written.`)
  }
  if (isSame(from, to) && (as === undefined || as === namespace)) {
    throw new AutodidactError('INVALID_INPUT', `copyStore: ${to} is what is to be copied. Name another place, or another namespace with as. Nothing was written.`)
  }
}

const copyable = (storage: Storage, path: string): Copyable => {
  const { contents } = storage
  if (contents === undefined) throw new AutodidactError('NOT_ALLOWED', `The store at ${path} cannot be copied, nor hold a copy. Read it with "export".`)
  // Its methods stay bound to it; a copy of the object would lose them.
  return storage as Copyable
}

/** Of namespaces that had the same places, as in a folder, the first to come to a file keeps them. */
const largestFirst = async (source: Storage, namespaces: readonly string[]): Promise<readonly string[]> => {
  const heads = await Promise.all(namespaces.map(async (namespace) => ({ namespace, ...(await source.head(namespace)) })))
  return heads.toSorted((left, right) => right.sequence - left.sequence).map(({ namespace }) => namespace)
}

const wantedOf = async (source: Storage, path: string, namespace: string | undefined): Promise<readonly string[]> => {
  const all = await source.namespaces()
  if (namespace === undefined) return largestFirst(source, all)
  if (all.includes(namespace)) return [namespace]
  throw new AutodidactError('UNKNOWN_ID', `There is no namespace "${namespace}" in ${path}. There are ${all.length === 0 ? 'none' : all.map((one) => JSON.stringify(one)).join(', ')}. Nothing was written.`)
}

const openTarget = async (to: string, { storage, toEncryption, durability }: CopySettings): Promise<Storage> => {
  try {
    return await storeAt(to, storage).open(to, {
      readOnly: false,
      ...(toEncryption === undefined ? {} : { encryption: toEncryption }),
      ...(durability === undefined ? {} : { durability }),
    })
  } catch (error) {
    if (!AutodidactError.is(error) || error.code !== 'KEY_REQUIRED') throw error
    // A store knows of one key only.
    throw new AutodidactError(error.code, error.message.replace('"encryption"', '"toEncryption"'), { cause: error })
  }
}

/**
 * Copies everything that one store holds to another one, of any kind, encrypted or not, new or with facts of its own: facts with their ids, times, digests and places in the
 * log, long texts, options, rows of the index, deadlines, and what must not come back because it was forgotten. What was learned is folded anew there, and is the same
 * to the last bit. Snapshots, versions and states of your own stay behind.
 *
 * Facts that are there are merged, so that a copy which was interrupted goes on when it is made again, and a later one brings what is new. A run, an item of knowledge or an
 * experiment that is there with other content, or was forgotten there, is not copied, nor what is said of it; the receipt tells which. The source is opened for reading,
 * and may be in use.
 *
 * A file counts the places of all its namespaces together, and a folder those of each by itself: a place that is taken becomes the next one, and what was learned names that. Roll-backs
 * go to where they went. The largest namespace comes first, and keeps its places in a new file.
 *
 * @param from where the store is
 * @param to where its copy is, or will be; the same path to have a namespace under another name
 * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID` for a namespace that is not there, `NOT_ALLOWED` for a store that cannot be copied, and those of `open` for each of the two
 * @example
 * ```ts
 * import { Autodidact, copyStore } from 'autodidact'
 *
 * const autodidact = await Autodidact.open('agent/')
 * await autodidact.record({ run: 'r1', task: 'refund order 1187', success: true })
 * await autodidact.close()
 *
 * const { complete, namespaces } = await copyStore('agent/', 'secret.db', { toEncryption: { passphrase: 'correct horse' } })
 * console.assert(complete && namespaces[0]?.facts === 1)
 * console.assert((await copyStore('agent/', 'secret.db', { toEncryption: { passphrase: 'correct horse' } })).namespaces[0]?.merged === 1)
 * ```
 */
export const copyStore = async (from: string, to: string, settings: CopySettings = {}): Promise<CopyReceipt> => {
  for (const path of [from, to]) validated(z.string(), path, 'copyStore: path')
  validated(settingsInput, settings, 'copyStore')
  refuseSenseless(from, to, settings)
  const { namespace, as, encryption, forget = false, onProgress } = settings
  const source = await storeAt(from).open(from, { readOnly: true, ...(encryption === undefined ? {} : { encryption }) })
  try {
    const wanted = await wantedOf(source, from, namespace)
    const target = await openTarget(to, settings)
    try {
      const namespaces: CopiedNamespace[] = []
      for (const [done, one] of wanted.entries()) {
        const { sequence } = await source.head(one)
        const onPlace = (place: number): void => onProgress?.((done + Math.min(1, place / Math.max(1, sequence))) / wanted.length)
        const way = { source: copyable(source, from), target: copyable(target, to), from: one, to: as ?? one }
        namespaces.push(await new NamespaceCopy(way, { forget, onPlace }).copy())
      }
      onProgress?.(1)
      return { from, to, namespaces, complete: namespaces.every(({ refusedFacts }) => refusedFacts === 0) }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

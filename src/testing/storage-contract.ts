import { bookmarkLaws } from './storage/bookmark-laws.ts'
import { contentLaws } from './storage/content-laws.ts'
import { copyingLaws } from './storage/copying-laws.ts'
import { erasureLaws } from './storage/erasure-laws.ts'
import { learningLaws } from './storage/learning-laws.ts'
import { logLaws } from './storage/log-laws.ts'
import { pruningLaws } from './storage/pruning-laws.ts'
import type { StorageLaw, StoreUnderTest } from './storage/workbench.ts'

export type { StorageLaw, StoragePlace, StoreUnderTest } from './storage/workbench.ts'

/** Names of laws that a store does not keep, with the reason. */
export type KnownGaps = Readonly<Record<string, string>>

/**
 * The laws of the `Storage` port: its specification, to be checked in any test runner. Each law opens a place of its own. What a store declares in its
 * capabilities decides which laws it has to keep.
 *
 * A known gap is kept as data: its law passes for as long as it fails, and fails once it holds, so that the entry is removed.
 *
 * @param gaps laws that this store does not keep, by name, with the reason
 * @throws Error for a gap that names no law
 *
 * @example
 * ```ts
 * import { storageLaws, type StoreUnderTest } from 'autodidact/testing'
 *
 * const store: StoreUnderTest = {
 *   capabilities: { persistent: true, manyWriters: false, durability: 'process' },
 *   place: () => Promise.reject(new Error('Open a store of your own here.')),
 * }
 * const laws = storageLaws(store, { 'declares its capabilities': 'an example of a gap' })
 * console.assert(laws.some(({ name }) => name === 'a batch is written whole or not at all'))
 * ```
 */
export const storageLaws = (store: StoreUnderTest, gaps: KnownGaps = {}): StorageLaw[] => {
  const laws = [...logLaws(store), ...contentLaws(store), ...learningLaws(store), ...erasureLaws(store), ...pruningLaws(store), ...copyingLaws(store), ...bookmarkLaws(store)]
  const unknown = Object.keys(gaps).filter((gap) => !laws.some(({ name }) => name === gap))
  if (unknown.length > 0) throw new Error(`There is no law "${unknown.join('", "')}". Remove it from the known gaps.`)
  return laws.map((law) => {
    const reason = gaps[law.name]
    return reason === undefined ? law : gapOf(law, reason)
  })
}

const gapOf = ({ name, check }: StorageLaw, reason: string): StorageLaw => ({
  name: `${name} (known gap: ${reason})`,
  check: async () => {
    const holds = await check().then(
      () => true,
      () => false,
    )
    if (holds) throw new Error(`The law "${name}" holds now. Remove it from the known gaps.`)
  },
})

import { whole } from '../log/blobs.ts'
import { prepare, words } from '../recall/words.ts'
import type { Scope } from '../scope.ts'

/**
 * Whether the name of a kind of tasks is in what some runs say: as their category, or word by word in their tasks. A learned kind is named by the words of whoever's tasks came first, which may be
 * nobody's who is among these runs.
 */
export const isNamedIn = async ({ storage, namespace }: Scope, kind: string, runs: readonly string[]): Promise<boolean> => {
  // A number only tells it from another kind of the same words.
  const missing = new Set(words(kind).filter((word) => /\p{L}/u.test(word)))
  for await (const page of storage.read('', { namespace, ids: runs })) {
    for (const fact of page) {
      if (fact.kind !== 'run.recorded') continue
      const { task, category } = (await whole(storage, fact, ['task'])).data
      if (category === kind) return true
      const said = prepare(task).toLowerCase()
      for (const word of missing) if (said.includes(word)) missing.delete(word)
    }
  }
  return missing.size === 0
}

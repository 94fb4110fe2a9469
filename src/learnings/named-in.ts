import { prepare, words } from '../text/words.ts'
import type { EvidenceTasks } from './evidence-tasks.ts'

/**
 * Whether the name of a kind of tasks is in what some runs say: as their category, or word by word in their tasks. A learned kind is named by the words of whoever's tasks came first, which may be
 * nobody's who is among these runs.
 */
export const isNamedIn = (kind: string, { categories, tasks }: EvidenceTasks): boolean => {
  if (categories.has(kind)) return true
  const said = tasks.map((task) => prepare(task).toLowerCase())
  // A number only tells it from another kind of the same words.
  return words(kind).filter((word) => /\p{L}/u.test(word)).every((word) => said.some((task) => task.includes(word)))
}

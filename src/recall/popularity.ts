import type { ItemSummary } from '../learn/learners/knowledge-items.ts'

/**
 * How much other agents make of an item: votes for it less votes against it, and two for each agent that applied it. Every agent counts once in each; the author does not.
 */
const impactOf = ({ votes, applied }: Pick<ItemSummary, 'votes' | 'applied'>): number => votes.useful - votes.notUseful + 2 * applied

/** The one with the greater impact first; of equals the one that more agents looked at, and then the later one. */
export const byPopularity = (left: ItemSummary, right: ItemSummary): number => impactOf(right) - impactOf(left) || right.viewed - left.viewed || lastSequence(right) - lastSequence(left)

/** The one whose present version was written last first. */
export const byRecency = (left: ItemSummary, right: ItemSummary): number => lastSequence(right) - lastSequence(left)

const lastSequence = ({ versions }: ItemSummary): number => versions.at(-1)?.sequence ?? 0

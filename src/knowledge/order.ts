import { z } from 'zod'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import { priority } from '../log/kinds/knowledge-written.ts'

/** In which order items are listed: the latest first, or those first that were used most, surely do best, were voted for most, or are most urgent. */
export const knowledgeOrders = ['newest', 'uses', 'confidence', 'votes', 'priority'] as const

/** One of {@link knowledgeOrders}. */
export type KnowledgeOrder = (typeof knowledgeOrders)[number]

export const orderInput = z.enum(knowledgeOrders)

const measures: Readonly<Record<KnowledgeOrder, (item: ItemSummary) => number>> = {
  // They come in the order in which they were first written, and of equals the later one is first in any case.
  newest: () => 0,
  uses: ({ total }) => total.uses,
  confidence: ({ confidence }) => confidence,
  votes: ({ votes }) => votes.useful - votes.notUseful,
  priority: (item) => priority.options.indexOf(item.priority ?? 'medium'),
}

/**
 * Items in an order; of equals the one that was first written later is first.
 *
 * @param items in the order in which they were first written
 */
export const inOrder = (items: readonly ItemSummary[], order: KnowledgeOrder): ItemSummary[] => {
  const measure = measures[order]
  return items.toReversed().sort((left, right) => measure(right) - measure(left))
}

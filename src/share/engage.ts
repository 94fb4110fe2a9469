import { authorsOf, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import type { FactData } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { newFact } from '../log/new-fact.ts'
import type { Scope } from '../scope.ts'

/**
 * Writes down, once for an agent and an item, that the agent looked at it or applied it, so that the log does not grow with each look. What an author does with its own never counts.
 *
 * @param item its id
 * @param source who tells of it; default the agent
 * @returns whether it counts now and did not before
 */
export const engage = async ({ storage, namespace, clock, runner }: Scope, item: string, agent: string, by: FactData['knowledge.engaged']['by'], source = agent): Promise<boolean> => {
  const view = await runner.view(namespace, knowledgeItems)
  const known = view.get(item)
  if (known === undefined || authorsOf(known).has(agent) || view.hasEngaged(item, agent, by)) return false
  const data = { item: known.id, agent, by }
  await storage.commit({ namespace, facts: [newFact('knowledge.engaged', newId('knowledge'), data, { agent, source, trust: 'agent', occurredAt: clock() }, data)] })
  return true
}

import { AutodidactError } from '../errors.ts'
import { type ItemSummary, knowledgeItems, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import type { FactOf } from '../log/fact.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { factsOf } from './in-full.ts'
import type { Predecessor } from './write.ts'

export const viewOf = ({ runner, namespace }: Scope): Promise<KnowledgeItemsView> => runner.view(namespace, knowledgeItems)

/** The same for what is not there and for what is not theirs to see. */
export const unknownItem = (id: string): AutodidactError => new AutodidactError('UNKNOWN_ID', `There is no knowledge "${id}" in this namespace. See knowledge.list() for what there is.`)

/**
 * An item by its id, or that of one of its versions.
 *
 * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`
 */
export const itemOf = async (scope: Scope, id: string): Promise<ItemSummary> => {
  const asked = validated(name, id, 'knowledge: id')
  const item = (await viewOf(scope)).get(asked)
  if (item === undefined) throw unknownItem(asked)
  return item
}

/** An item with the fact of its present version. */
export interface Present {
  readonly item: ItemSummary
  readonly fact: FactOf<'knowledge.written'>
  readonly before: Predecessor
}

/**
 * @param expected number of the version that the caller has seen
 * @throws AutodidactError `UNKNOWN_ID`, `CONFLICT` where another version is there
 */
export const presentOf = async (scope: Scope, id: string, expected: number | undefined): Promise<Present> => {
  const item = await itemOf(scope, id)
  const last = item.versions.at(-1)
  if (expected !== undefined && last?.number !== expected) {
    throw new AutodidactError('CONFLICT', `"${item.id}" is at version ${last?.number ?? 0}, not ${expected}: somebody else changed it. Read it again and repeat.`)
  }
  const [fact] = last === undefined ? [] : await factsOf(scope, [last.id])
  if (last === undefined || fact === undefined) throw new AutodidactError('UNKNOWN_ID', `"${item.id}" was forgotten meanwhile.`)
  return { item, fact, before: { item: item.id, present: last.id, number: last.number, state: item.state } }
}

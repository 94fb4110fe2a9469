import type { ItemSummary, ItemVoices, KnowledgeItemsView, VersionSummary } from '../../learn/learners/knowledge-items.ts'
import type { Scope } from '../../scope.ts'
import { isVersionSeen } from '../filter.ts'
import { factsOf } from '../in-full.ts'
import { type ItemRecord, versionOf, type VersionRecord } from './record.ts'

const itemsAtOnce = 200

const usesOf = ({ uses, up, down }: VersionSummary): VersionRecord['uses'] => (uses > 0 ? { uses, up: Math.max(0, up), down: Math.max(0, down) } : undefined)

const voicesIn = ({ votes, viewed, applied }: ItemVoices): Pick<ItemRecord, 'votes' | 'viewed' | 'applied'> => ({
  ...(votes.length === 0 ? {} : { votes: votes.map(([voter, useful]): [string, boolean] => [voter, useful]) }),
  ...(viewed.length === 0 ? {} : { viewed: [...viewed] }),
  ...(applied.length === 0 ? {} : { applied: [...applied] }),
})

/**
 * Items as they stand in a file, in the order given; what was forgotten meanwhile is left out.
 *
 * @param reader without the versions that this agent may not know of; undefined: all
 */
export async function* recordsOf(scope: Scope, view: KnowledgeItemsView, items: readonly ItemSummary[], reader: string | undefined): AsyncGenerator<ItemRecord, void, undefined> {
  for (let from = 0; from < items.length; from += itemsAtOnce) {
    const some = items.slice(from, from + itemsAtOnce)
    const facts = new Map((await factsOf(scope, some.flatMap(({ versions }) => versions.map(({ id }) => id)))).map((fact) => [fact.id, fact]))
    for (const item of some) {
      const { id, state, mergedInto, total, lastUsedAt, versions } = item
      const kept = versions.flatMap((version) => {
        const fact = facts.get(version.id)
        return fact === undefined || !isVersionSeen(item, version, fact, reader) ? [] : [versionOf(fact, usesOf(version))]
      })
      const voices = view.voices(id)
      if (kept.length === 0 || voices === undefined) continue
      yield { id, state, ...(mergedInto === undefined ? {} : { mergedInto }), ...(total.uses > 0 && lastUsedAt !== undefined ? { lastUsedAt } : {}), ...voicesIn(voices), versions: kept }
    }
  }
}

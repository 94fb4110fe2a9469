import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import type { NewFact } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { name } from '../log/kinds/shared.ts'
import { newFact } from '../log/new-fact.ts'
import { validated } from '../log/validate.ts'
import { statesInUse } from '../recall/knowledge-wanted.ts'
import type { Scope } from '../scope.ts'
import { type Consolidation, joined } from './consolidate.ts'
import { lastingOf, saySame, wholeText } from './content.ts'
import { flagsOf } from './flags.ts'
import { type Present, presentOf } from './present.ts'
import { commitFacts } from './say.ts'
import { type KnowledgeReceipt, writeNextVersion } from './write.ts'

/** Who merges. */
export interface MergeSettings {
  readonly author?: string
}

const placed = z.object({ id: name, number: z.number().int().min(1) })
const proposalInput = z.object({ keep: placed, merge: z.array(placed).min(1).max(1_000) })
const mergeInput = z.strictObject({ author: name.optional() })

/** Facts that evidence may name. */
const mostEvidence = 1_000

/**
 * Merges what was proposed, all of it or nothing; `known` where that was done before. What the item that stays is to have is taken from the items, whatever the proposal says of it.
 *
 * @throws AutodidactError `INVALID_INPUT`, `NOT_ALLOWED`, `CONFLICT`, `UNKNOWN_ID`
 */
export const merge = async (scope: Scope, proposal: Pick<Consolidation, 'keep' | 'merge'>, settings: MergeSettings): Promise<KnowledgeReceipt> => {
  const { keep, merge: merged } = validated(proposalInput, proposal, 'knowledge.merge')
  const { author } = validated(mergeInput, settings, 'knowledge.merge: settings')
  const kept = await presentOf(scope, keep.id, keep.number)
  const others: Present[] = []
  for (const { id, number } of merged) others.push(await presentOf(scope, id, number))
  if (new Set([kept, ...others].map(({ item }) => item.id)).size <= others.length) throw new AutodidactError('INVALID_INPUT', 'knowledge.merge: an item is named twice. Pass what knowledge.consolidate() gave.')
  if (!statesInUse.includes(kept.item.state)) throw new AutodidactError('CONFLICT', `"${kept.item.id}" is ${kept.item.state} by now. Look at knowledge.consolidate() again.`)
  const { said, from, trust, refused } = joined([kept, ...others])
  if (refused !== undefined) throw new AutodidactError('NOT_ALLOWED', `They cannot be merged. ${refused}`)

  const by = { source: 'host', trust: 'user', occurredAt: scope.clock() } as const
  // Who merges the same again finds it done.
  const left = others.filter(({ item }) => item.mergedInto !== kept.item.id)
  const archived = left.map(({ item }): NewFact => {
    const data = { item: item.id, to: 'archived' as const, into: kept.item.id, reason: `It went into "${kept.item.id}".`, ...(author === undefined ? {} : { by: author }) }
    return newFact('knowledge.moved', newId('knowledge'), data, by)
  })
  const { fact, item, before } = kept
  if (saySame(said, lastingOf(fact.data))) {
    if (archived.length > 0) await commitFacts(scope, archived)
    return { id: fact.id, status: archived.length > 0 ? 'stored' : 'known', flags: flagsOf(wholeText(fact.data)), state: item.state }
  }
  const { agent, user, session } = fact
  // What was taken over goes with the item that it is from, when that is forgotten.
  const takenFrom = from.map((other) => other.fact.id)
  const lowered = trust === fact.trust ? '' : ` It is trusted as ${trust} from now on, and no longer as ${fact.trust}, like what it takes over.`
  const reason = `It takes in ${others.map((other) => `"${other.item.id}"`).join(', ')}, which said nearly the same.${lowered}`
  const receipt = await writeNextVersion(scope, before, { ...said, evidence: [...new Set([...(said.evidence ?? []), ...takenFrom])].slice(-mostEvidence), reason, ...(author === undefined ? {} : { author }) }, { agent, user, session, ...by, trust }, { along: archived, reviewed: true })
  return { ...receipt, state: item.state }
}

import { type ItemSummary, knowledgeItems, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import type { Scope } from '../scope.ts'
import type { Hit, IndexKind, Standing } from '../storage/storage.ts'
import { isFor, isWanted, statesInUse, type Wanted } from './knowledge-wanted.ts'
import { presentId } from './linked.ts'

/** Of whom, for whom, and of what kind something is to be. */
interface Asked {
  readonly kinds?: readonly IndexKind[]
  readonly user?: string
  readonly agent?: string
  readonly for?: string
  readonly knowledge?: Wanted
}

/** Of whoever was asked for, or of nobody in particular, as the index has it. */
const isOf = (wanted: string | undefined, one: string | undefined): boolean => wanted === undefined || one === undefined || one === wanted

/** Which knowledge may be recalled. */
export interface Selection {
  readonly items: KnowledgeItemsView
  readonly isRecalled: (item: ItemSummary) => boolean
}

/** Without knowledge that is out of use, for others, or not asked for. */
export const selectionOf = async (scope: Scope, { kinds, user, agent, for: reader = agent, knowledge }: Partial<Wanted<Asked>>): Promise<Selection> => {
  const items = await scope.runner.view(scope.namespace, knowledgeItems)
  const inUse = scope.settings.learning ? statesInUse : [...statesInUse, 'deprecated' as const]
  const now = scope.clock()
  const wanted = { ...knowledge, states: knowledge?.states ?? inUse, expired: knowledge?.expired ?? false }
  const isRecalled = (item: ItemSummary): boolean =>
    kinds?.includes('knowledge') !== false && isOf(user, item.user) && isOf(agent, item.agent) && isFor(item, reader) && isWanted(item, wanted, now)
  return { items, isRecalled }
}

/** What the index finds of that. */
export const search = async (
  scope: Scope,
  text: string,
  { kinds, user, agent, knowledge }: Partial<Wanted<Asked>>,
  { selection: { items, isRecalled }, standings, limit, knowledge: least }: { readonly selection: Selection; readonly standings: readonly Standing[]; readonly limit: number; readonly knowledge: number },
): Promise<readonly Hit[]> => {
  // What is for everybody is the rule; so that is passed over which is not, unless something is asked for.
  const chosen = knowledge === undefined ? { except: items.restricted().filter((item) => !isRecalled(item)).map(presentId) } : { only: items.all().filter(isRecalled).map(presentId) }
  const query = {
    namespace: scope.namespace,
    text,
    limit,
    standings,
    ...(kinds === undefined ? {} : { kinds }),
    ...(user === undefined ? {} : { user }),
    ...(agent === undefined ? {} : { agent }),
    ...(chosen.except?.length === 0 ? {} : chosen),
  }
  const hits = await scope.storage.search(query)
  // Where there are more runs of the kind than are looked at, no knowledge is among them.
  const isCrowded = hits.length >= limit && items.size > 0 && kinds?.includes('knowledge') !== false && hits.filter(({ kind }) => kind === 'knowledge').length < least
  const known = isCrowded ? await scope.storage.search({ ...query, kinds: ['knowledge'], limit: least }) : []
  const found = new Set(hits.map(({ id }) => id))
  return [...hits, ...known.filter(({ id }) => !found.has(id))]
}

import { type ItemSummary, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import type { Scope } from '../scope.ts'
import type { StandingChange } from '../storage/storage.ts'

/** What goes along with what is erased, and which earlier versions are the present ones again. */
export interface Lineage {
  readonly facts: readonly string[]
  readonly standings: readonly StandingChange[]
  /** True when anything is known at all: then nothing may be written down about it meanwhile. */
  readonly any: boolean
}

const sayings = ['knowledge.used', 'knowledge.voted', 'knowledge.moved', 'knowledge.engaged'] as const

/**
 * The knowledge that was made of what is erased, with what was made of that, and so on; and what was said of items of which nothing is left.
 *
 * @param erased ids of facts
 */
export const lineageOf = async (scope: Scope, erased: readonly string[]): Promise<Lineage> => {
  const items = (await scope.runner.view(scope.namespace, knowledgeItems)).all()
  if (items.length === 0) return { facts: [], standings: [], any: false }
  const gone = new Set(erased)
  const facts: string[] = []
  const versions = items.flatMap((item) => item.versions)
  for (;;) {
    const more = versions.filter(({ id, evidence }) => !gone.has(id) && evidence.some((fact) => gone.has(fact)))
    if (more.length === 0) break
    for (const { id } of more) {
      gone.add(id)
      facts.push(id)
    }
  }
  const lost = new Set(items.filter((item) => item.versions.every(({ id }) => gone.has(id))).map(({ id }) => id))
  if (lost.size > 0) facts.push(...(await saidOf(scope, lost)))
  return { facts, standings: items.flatMap((item) => presentAgain(item, gone)), any: true }
}

/** The latest version that is left, where the present one goes. */
const presentAgain = ({ versions }: ItemSummary, gone: ReadonlySet<string>): StandingChange[] => {
  const left = versions.findLast(({ id }) => !gone.has(id))
  return left === undefined || left === versions.at(-1) ? [] : [{ id: left.id, standing: 'knowledge' }]
}

const saidOf = async ({ storage, namespace }: Scope, items: ReadonlySet<string>): Promise<string[]> => {
  const ids: string[] = []
  for await (const page of storage.read('', { namespace, kinds: sayings })) {
    for (const fact of page) if ('item' in fact.data && items.has(String(fact.data.item))) ids.push(fact.id)
  }
  return ids
}

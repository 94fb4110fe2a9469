import { isKnowledge, type ItemSummary, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { whole } from '../log/blobs.ts'
import type { FactKind } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import type { StandingChange } from '../storage/storage.ts'
import { answering, type Derived, madeByLinks } from './derived-by-links.ts'
import { namesIn, namesOf, sayingsOf } from './sayings.ts'

/** What goes along with what is erased, and which earlier versions are the present ones again. */
export interface Lineage {
  readonly facts: readonly string[]
  readonly standings: readonly StandingChange[]
  /** Kinds of facts of which nothing may be written meanwhile, because it could belong to what is erased. */
  readonly watched: readonly FactKind[]
}

/** What may be made of what is erased. */
const derivedKinds = ['knowledge.written', 'knowledge.proposed'] as const

const sayingKinds = ['knowledge.used', 'knowledge.voted', 'knowledge.moved', 'knowledge.engaged'] as const

/**
 * The knowledge and the proposals that were made of what is erased, with what was made of that, and so on: by its evidence, by links that say so, and later versions that still say what an erased one said. And what
 * was said of items of which nothing is left.
 *
 * @param erased ids of facts
 */
export const lineageOf = async (scope: Scope, erased: readonly string[]): Promise<Lineage> => {
  const items = (await scope.runner.view(scope.namespace, knowledgeItems)).all()
  const others = await madeOfOthers(scope)
  if (items.length === 0 && others.length === 0) return { facts: [], standings: [], watched: derivedKinds }
  const gone = new Set(erased)
  const facts: string[] = []
  const linked = await madeByLinks(scope)
  const madeOf = byEvidence([...items.flatMap((item) => item.versions), ...linked.filter(({ answers }) => !answers), ...others])
  for (let latest = erased; ; ) {
    const made = descendants(madeOf, latest, gone)
    const more = made.length > 0 ? made : [...(await copiesOf(scope, items, gone)), ...(await answering(scope, linked, gone))]
    if (more.length === 0) break
    for (const id of more) gone.add(id)
    facts.push(...more)
    latest = more
  }
  const lost = new Set(items.filter((item) => item.versions.every(({ id }) => gone.has(id))).map(({ id }) => id))
  if (lost.size > 0) facts.push(...(await saidOf(scope, lost)))
  return { facts, standings: items.flatMap((item) => presentAgain(item, gone)), watched: lost.size === 0 ? derivedKinds : [...derivedKinds, ...sayingKinds] }
}

/** The facts that would not be there without one, by that one. */
const byEvidence = (derived: readonly Derived[]): ReadonlyMap<string, readonly string[]> => {
  const madeOf = new Map<string, string[]>()
  for (const { id, evidence } of derived) {
    for (const fact of evidence) {
      const made = madeOf.get(fact)
      if (made === undefined) madeOf.set(fact, [id])
      else made.push(id)
    }
  }
  return madeOf
}

/** What was made of facts, what was made of that, and so on, each once and none that is gone already: each fact is looked at once, however long the chain. */
const descendants = (madeOf: ReadonlyMap<string, readonly string[]>, from: readonly string[], gone: ReadonlySet<string>): string[] => {
  const found = new Set<string>()
  const waiting = [...from]
  for (let fact = waiting.pop(); fact !== undefined; fact = waiting.pop()) {
    for (const id of madeOf.get(fact) ?? []) {
      if (gone.has(id) || found.has(id)) continue
      found.add(id)
      waiting.push(id)
    }
  }
  return [...found]
}

/** What models proposed, how that was decided, and what was put away because of what it says. */
const madeOfOthers = async ({ storage, namespace }: Scope): Promise<Derived[]> => {
  const made: Derived[] = []
  for await (const page of storage.read('', { namespace, kinds: ['knowledge.proposed', 'knowledge.proposal-decided', 'knowledge.moved'] })) {
    for (const { id, kind, data } of page) {
      if (kind === 'knowledge.moved') made.push(...(data.because === undefined ? [] : [{ id, evidence: [data.because] }]))
      else if (kind === 'knowledge.proposed') made.push({ id, evidence: data.evidence })
      else if (kind === 'knowledge.proposal-decided') made.push({ id, evidence: [data.proposal.slice(0, data.proposal.lastIndexOf('/'))] })
    }
  }
  return made
}

/** The latest version that is left, where the present one goes. */
const presentAgain = ({ versions }: ItemSummary, gone: ReadonlySet<string>): StandingChange[] => {
  const left = versions.findLast(({ id }) => !gone.has(id))
  return left === undefined || left === versions.at(-1) ? [] : [{ id: left.id, standing: 'knowledge' }]
}

const saidOf = async ({ storage, namespace }: Scope, items: ReadonlySet<string>): Promise<string[]> => {
  const ids: string[] = []
  for await (const page of storage.read('', { namespace, kinds: sayingKinds })) {
    for (const fact of page) if ('item' in fact.data && items.has(String(fact.data.item))) ids.push(fact.id)
  }
  return ids
}

/** Versions that still say what an earlier one said that is gone, and none that stays. */
const copiesOf = async ({ storage, namespace }: Scope, items: readonly ItemSummary[], gone: ReadonlySet<string>): Promise<string[]> => {
  const touched = items.filter(({ versions }) => versions.some(({ id }, place) => gone.has(id) && versions.slice(place + 1).some((later) => !gone.has(later.id))))
  if (touched.length === 0) return []
  const common = namesOf(items.filter((item) => !touched.includes(item)))
  const said = new Map<string, ReadonlySet<string | number>>()
  for await (const page of storage.read('', { namespace, ids: touched.flatMap(({ versions }) => versions.map(({ id }) => id)) })) {
    for (const fact of page.filter(isKnowledge)) {
      const { data } = await whole(storage, fact)
      said.set(fact.id, new Set([...sayingsOf(data), ...namesIn(data).filter((name) => !common.has(name))]))
    }
  }
  return touched.flatMap(({ versions }) => {
    const copies: string[] = []
    const staying = new Set<string | number>()
    const going = new Set<string | number>()
    for (const { id } of versions) {
      const own = said.get(id) ?? new Set()
      const goes = gone.has(id) || [...own].some((saying) => going.has(saying) && !staying.has(saying))
      if (goes && !gone.has(id)) copies.push(id)
      for (const saying of own) (goes ? going : staying).add(saying)
    }
    return copies
  })
}

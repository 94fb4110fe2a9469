import { isKnowledge, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { whole } from '../log/blobs.ts'
import type { Scope } from '../scope.ts'
import { sayingsOf } from './sayings.ts'

/** A fact that would not be there without some others. */
export interface Derived {
  readonly id: string
  readonly evidence: readonly string[]
}

/** A version that names what it was derived from by a link. */
export interface Linked extends Derived {
  /** True for an answer to a question: that is the word of another, and only a quotation of it is derived. */
  readonly answers: boolean
}

/** By each link, what was there of the item that it names when the link was written: its latest version of then. A run is named by its record. */
export const madeByLinks = async (scope: Scope): Promise<Linked[]> => {
  const view = await scope.runner.view(scope.namespace, knowledgeItems)
  const made: Linked[] = []
  for await (const page of scope.storage.read('', { namespace: scope.namespace, kinds: ['knowledge.written'] })) {
    for (const { id, sequence, data } of page.filter(isKnowledge)) {
      for (const { relation, to } of data.links ?? []) {
        if (relation !== 'derived-from') continue
        const named = view.get(to)
        const source = named?.id === to ? (named.versions.findLast((version) => version.sequence < sequence)?.id ?? to) : to
        made.push({ id, evidence: [source], answers: data.kind === 'answer' && named?.kind === 'question' })
      }
    }
  }
  return made
}

/** Answers that quote a question that is gone. */
export const answering = async ({ storage, namespace }: Scope, linked: readonly Linked[], gone: ReadonlySet<string>): Promise<string[]> => {
  const asked = linked.filter(({ id, answers, evidence }) => answers && !gone.has(id) && evidence.some((question) => gone.has(question)))
  if (asked.length === 0) return []
  const said = new Map<string, ReadonlySet<string | number>>()
  for await (const page of storage.read('', { namespace, ids: asked.flatMap(({ id, evidence }) => [id, ...evidence]) })) {
    for (const fact of page.filter(isKnowledge)) said.set(fact.id, sayingsOf((await whole(storage, fact)).data))
  }
  const quotes = ({ id, evidence }: Linked): boolean => evidence.some((question) => [...(said.get(question) ?? [])].some((saying) => said.get(id)?.has(saying) === true))
  return asked.filter(quotes).map(({ id }) => id)
}

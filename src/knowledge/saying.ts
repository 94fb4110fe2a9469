import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import type { Scope } from '../scope.ts'
import { contentOf } from './content.ts'
import { factsOf } from './in-full.ts'
import { wordsOf } from './known.ts'
import { parseRule } from './rule.ts'

const itemsAtOnce = 500

/** Those of these items that say a text and nothing else, whatever its case and punctuation, under whatever title; of a line like a rule, those of its type. */
export const saying = async (scope: Scope, items: readonly ItemSummary[], text: string): Promise<ItemSummary[]> => {
  const rule = parseRule(text)
  const told = wordsOf({ kind: '', ...contentOf(rule?.text ?? text, 'knowledge.archive: text') })
  const candidates = rule === undefined ? items : items.filter(({ kind }) => kind === rule.type)
  const found: ItemSummary[] = []
  for (let from = 0; from < candidates.length; from += itemsAtOnce) {
    const some = candidates.slice(from, from + itemsAtOnce)
    const facts = await factsOf(scope, some.flatMap(({ versions }) => versions.at(-1)?.id ?? []))
    const same = new Set(facts.flatMap(({ id, data: { title: _title, ...data } }) => (data.data === undefined && wordsOf(data) === told ? [id] : [])))
    found.push(...some.filter(({ versions }) => same.has(versions.at(-1)?.id ?? '')))
  }
  return found
}

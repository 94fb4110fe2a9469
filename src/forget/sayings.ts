import { shingleHashes } from '../echo/echo.ts'
import { knowledgeKinds } from '../knowledge/input.ts'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import type { FactData } from '../log/fact.ts'
import { defaultChannels } from '../share/share.ts'

/** Every text of a value with the name that it stands under: whoever changes one field of data leaves the others as somebody else said them. */
const fieldsIn = (value: unknown, name = ''): readonly string[] => {
  if (typeof value === 'string') return value === '' ? [] : [JSON.stringify([name, value])]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, below]) => fieldsIn(below, Array.isArray(value) ? name : key))
}

/** What a version says, to be compared: each text as it is, and any eight words of it in a row; of data and context each field by itself, too. */
export const sayingsOf = ({ title, content, data, context, fix }: FactData['knowledge.written']): ReadonlySet<string | number> => {
  const texts = [title, content, data, context, fix].flatMap((part) => (part === undefined || part === '' ? [] : [typeof part === 'string' ? part : JSON.stringify(part)]))
  return new Set<string | number>([...texts, ...shingleHashes(texts), ...fieldsIn(data), ...fieldsIn(context)])
}

type Named = Pick<FactData['knowledge.written'], 'kind' | 'category' | 'tags' | 'channel' | 'links'>

/** The names that a version gives, each with what it names; apart from what it says in texts. */
export const namesIn = ({ kind, category, tags = [], channel, links = [] }: { readonly [Field in keyof Named]: Named[Field] | undefined }): string[] =>
  [['kind', kind], ['category', category], ['channel', channel], ...tags.map((tag) => ['tag', tag]), ...links.map(({ relation, to }) => [relation, to])].flatMap((named) =>
    named[1] === undefined ? [] : JSON.stringify(named),
  )

/** Names that are in use elsewhere are nobody's words: whoever uses them again repeats nobody. */
export const namesOf = (items: readonly ItemSummary[]): ReadonlySet<string> =>
  new Set([...[...defaultChannels, ...knowledgeKinds].flatMap((name) => [JSON.stringify(['channel', name]), JSON.stringify(['kind', name])]), ...items.flatMap((item) => namesIn({ ...item, tags: [...item.tags], links: [...item.links] }))])

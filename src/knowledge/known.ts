import { hasShingle, stripEchoes } from '../echo/echo.ts'
import { isKnowledge, type ItemSummary, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { whole } from '../log/blobs.ts'
import { canonicalJson } from '../log/canonical-json.ts'
import type { FactData } from '../log/fact.ts'
import { words } from '../recall/words.ts'
import type { Scope } from '../scope.ts'
import { readableText } from './readable-text.ts'
import type { Authorship, KnowledgeReceipt } from './write.ts'

type Written = FactData['knowledge.written']

/** So many texts are compared. */
const compared = 8

/** What is left of a text without its echoes says nothing of its own when it has fewer words. */
const fewestOwnWords = 4

/** The same for texts of the same words, whatever their case, punctuation and line breaks. */
const sayingOf = ({ title = '', content, data }: Written): string => words(`${title}\n${data === undefined ? content : readableText(data)}`).join(' ').toLowerCase()

/** A text as it is read: escapes of JSON and line breaks are no words. */
const plain = (text: string): string => text.replaceAll(/\\+[nrt"]/g, ' ')

const ownWords = (scope: Scope, text: string, { user, session }: Authorship): number => {
  const advices = scope.recentAdvice.of(user, session, scope.clock())
  if (advices.length === 0) return Number.POSITIVE_INFINITY
  const { text: left, spans } = stripEchoes(text, (shingle) => scope.recentAdvice.mayKnow(shingle) && advices.some(({ shingles }) => hasShingle(shingles, shingle)))
  return spans === 0 ? Number.POSITIVE_INFINITY : words(left).length
}

/**
 * The item that says this already: one with the very same words, and the same fix where there is one, for the same people, or the one that was lately put into a prompt and comes back from there, in whole or in
 * part. What was recalled and is written down again as news is how a memory fills with copies of itself.
 *
 * @returns its present version, and in which state it is
 */
export const knownAs = async (scope: Scope, written: Written, by: Authorship): Promise<Pick<KnowledgeReceipt, 'id' | 'state'> | undefined> => {
  const text = written.data === undefined ? `${written.title ?? ''}\n${plain(written.content)}` : `${written.title ?? ''}\n${readableText(written.data)}`
  const isEcho = ownWords(scope, text, by) < fewestOwnWords
  const hits = await scope.storage.search({ namespace: scope.namespace, text: text.trim(), limit: compared, standings: ['knowledge'], kinds: ['knowledge'] })
  if (hits.length === 0) return undefined
  const view = await scope.runner.view(scope.namespace, knowledgeItems)
  const said = sayingOf({ ...written, content: plain(written.content) })
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ids: hits.map(({ id }) => id) })) {
    for (const fact of page.filter(isKnowledge)) {
      const item = view.get(fact.id)
      const isForTheSame = fact.agent === by.agent && fact.user === by.user && fact.data.kind === written.kind && JSON.stringify(item?.targets) === JSON.stringify(written.targets)
      const fixesTheSame = canonicalJson(fact.data.fix) === canonicalJson(written.fix)
      if (isForTheSame && fixesTheSame && isTold(item, written) && sayingOf((await whole(scope.storage, fact)).data) === said) return { id: fact.id, state: item?.state ?? 'experimental' }
    }
  }
  const [nearest] = hits
  const echoed = nearest === undefined ? undefined : view.get(nearest.id)
  // A fix says of which error it is one, which no prompt has said.
  return isEcho && nearest !== undefined && written.fix === undefined && isTold(echoed, written) ? { id: nearest.id, state: echoed?.state ?? 'experimental' } : undefined
}

/** Whether an item was told wherever this is to be told: what everybody could know, and nobody was told of, is shared all the same. */
const isTold = (item: ItemSummary | undefined, { channel, broadcast }: Written): boolean =>
  channel === undefined || (item?.channel === channel && (broadcast === undefined || item.broadcast))

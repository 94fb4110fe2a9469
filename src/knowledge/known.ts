import { hasShingle, shingleHashes, stripEchoes } from '../echo/echo.ts'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import { canonicalJson } from '../log/canonical-json.ts'
import type { FactData, FactOf } from '../log/fact.ts'
import type { Authorship } from '../log/new-fact.ts'
import { isFor } from '../recall/knowledge-wanted.ts'
import { words } from '../text/words.ts'
import type { Scope } from '../scope.ts'
import { cursorAfter } from '../storage/storage.ts'
import { saidText, wholeText } from './content.ts'
import { examined } from './examined.ts'
import { flagsOf } from './flags.ts'
import { factsOf } from './in-full.ts'
import { viewOf } from './present.ts'
import { isRuleType } from './rule.ts'
import { statementOf } from './statement.ts'
import { isTrustedLike } from './trust.ts'
import type { KnowledgeReceipt } from './write.ts'

type Written = FactData['knowledge.written']

/** So many texts are compared. */
const compared = 8

/** What is left of a text without its echoes says nothing of its own when it has fewer words. */
const fewestOwnWords = 4

/** What was put into a prompt is looked for in so many of the latest facts, and no longer ago. */
const latestFacts = 4_096
const latestMs = 3_600_000

/** An item that may say what somebody is about to tell. */
interface Candidate {
  readonly item: ItemSummary
  readonly fact: FactOf<'knowledge.written'>
}

/** As it is read: escapes of JSON and line breaks are no words. */
const plainText = (written: Written): string => saidText({ ...written, content: written.content.replaceAll(/\\+[nrt"]/g, ' ') })

/** The same for texts of the same words, whatever their case, punctuation and line breaks. */
export const wordsOf = (written: Written): string => words(plainText(written)).join(' ').toLowerCase()

const candidatesFor = async (scope: Scope, written: Written): Promise<readonly Candidate[]> => {
  const hits = await scope.storage.search({ namespace: scope.namespace, text: plainText(written).trim(), limit: compared, standings: ['knowledge'], kinds: ['knowledge'] })
  if (hits.length === 0) return []
  const view = await viewOf(scope)
  const facts = new Map((await factsOf(scope, hits.map(({ id }) => id))).map((fact) => [fact.id, fact]))
  return hits.flatMap(({ id }) => {
    const [item, fact] = [view.get(id), facts.get(id)]
    return item === undefined || fact === undefined ? [] : [{ item, fact }]
  })
}

const sameNames = (left: readonly string[] | undefined, right: readonly string[] | undefined): boolean => canonicalJson(left?.toSorted()) === canonicalJson(right?.toSorted())

/** Whether an item was told wherever this is to be told: what everybody could know, and nobody was told of, is shared all the same. */
const isTold = (item: ItemSummary, { channel, broadcast }: Written): boolean => channel === undefined || (item.channel === channel && (broadcast === undefined || item.broadcast))

const hasAll = <Value>(known: readonly Value[], told: readonly Value[] = []): boolean => told.every((value) => known.some((other) => canonicalJson(other) === canonicalJson(value)))

/** Whether nothing that is told beside the text would be lost. */
const addsNothing = (item: ItemSummary, { category, tags, score, links, evidence, priority }: Written): boolean =>
  hasAll(item.tags, tags) &&
  hasAll(item.links, links) &&
  hasAll(item.evidence, evidence) &&
  (category === undefined || category === item.category) &&
  (score === undefined || score === item.score) &&
  (priority === undefined || priority === item.priority)

const isSaid = ({ item, fact }: Candidate, written: Written, { agent, user, trust }: Authorship): boolean =>
  fact.agent === agent &&
  fact.user === user &&
  fact.data.kind === written.kind &&
  sameNames(item.targets, written.targets) &&
  canonicalJson(fact.data.fix) === canonicalJson(written.fix) &&
  // Whoever is believed more says it for the first time.
  isTrustedLike(fact.trust, trust) &&
  isTold(item, written) &&
  addsNothing(item, written) &&
  wordsOf(fact.data) === wordsOf(written)

/** Whether somebody may have read an item in a prompt, and says nothing else with it than what they have read. */
const mayBeEcho = ({ item, fact }: Candidate, written: Written, { agent, user }: Authorship): boolean =>
  isFor(item, agent) &&
  (fact.user === undefined || fact.user === user) &&
  (item.kind === written.kind || !isRuleType(written.kind)) &&
  isTold(item, written) &&
  hasAll(item.links, written.links)

/** Those with the very same words. */
const saying = (written: Written, candidates: readonly Candidate[]): readonly Candidate[] => {
  const told = wordsOf(written)
  return candidates.filter(({ fact }) => wordsOf(fact.data) === told)
}

/** Those of which a text is made up, the most relevant first; none where it says something of its own. */
const sourcesOf = (written: Written, candidates: readonly Candidate[]): readonly Candidate[] => {
  const text = plainText(written)
  const told = shingleHashes([text])
  const known = told.length === 0 ? [] : candidates.map((candidate) => ({ candidate, shingles: shingleHashes([saidText(candidate.fact.data)]) }))
  const { text: left, spans } = stripEchoes(text, (shingle) => known.some(({ shingles }) => hasShingle(shingles, shingle)))
  // Too short to have rows of words.
  if (spans === 0) return saying(written, candidates)
  // Whoever puts a word of their own between those of others, or says no, does not repeat them.
  if (spans > 1 || words(left).length >= fewestOwnWords || statementOf(left).isNegative) return []
  return known.filter(({ shingles }) => told.some((shingle) => hasShingle(shingles, shingle))).map(({ candidate }) => candidate)
}

const agrees = (own: string | undefined, other: string | undefined): boolean => own === undefined || other === undefined || own === other

/** Those that were lately put into a prompt, of whatever process, that this may come from. */
const shownOf = async ({ storage, namespace, clock }: Scope, candidates: readonly Candidate[], { user, session }: Authorship): Promise<readonly Candidate[]> => {
  if (candidates.length === 0) return []
  const ids = new Set(candidates.map(({ fact }) => fact.id))
  const shown = new Set<string>()
  const { sequence } = await storage.head(namespace)
  const since = clock() - latestMs
  for await (const page of storage.read(cursorAfter(Math.max(0, sequence - latestFacts)), { namespace, kinds: ['advice.given'] })) {
    for (const fact of page) {
      if (fact.kind !== 'advice.given' || fact.occurredAt < since || !agrees(fact.user, user) || !agrees(fact.session, session)) continue
      for (const { id } of fact.data.items) if (ids.has(id)) shown.add(id)
    }
  }
  return candidates.filter(({ fact }) => shown.has(fact.id))
}

/** What is suspicious about the telling, and about the item that says so already. */
const receiptOf = ({ redact }: Scope, { item, fact }: Candidate, told: Written, { trust }: Authorship): KnowledgeReceipt => ({
  id: fact.id,
  status: 'known',
  flags: [...new Set([...flagsOf(wholeText(fact.data)), ...examined(redact, told, trust).flags])],
  state: item.state,
})

const echoAmong = async (scope: Scope, written: Written, by: Authorship, candidates: readonly Candidate[]): Promise<Candidate | undefined> => {
  // A fix says of which error it is one, which no prompt has said.
  if (written.fix !== undefined) return undefined
  const sources = sourcesOf(written, candidates.filter((candidate) => mayBeEcho(candidate, written, by)))
  return sourcesOf(written, await shownOf(scope, sources, by))[0]
}

/**
 * The item that says this already: one with the very same words for the same people, told by somebody who is believed as much, with everything that is told beside; or one that was lately put into a prompt
 * and comes back from there, in whole or in part. What was recalled and is written down again as news is how a memory fills with copies of itself.
 */
export const knownAs = async (scope: Scope, written: Written, by: Authorship): Promise<KnowledgeReceipt | undefined> => {
  const candidates = await candidatesFor(scope, written)
  const known = candidates.find((candidate) => isSaid(candidate, written, by)) ?? (await echoAmong(scope, written, by, candidates))
  return known === undefined ? undefined : receiptOf(scope, known, written, by)
}

/**
 * The same for what is written under a name: what an agent or a tool has read in a prompt is no news under any. A person, or a file, who names an item knows what is theirs.
 *
 * @param own id of the item that is written, which may be told again
 */
export const echoOf = async (scope: Scope, written: Written, by: Authorship, own: string): Promise<KnowledgeReceipt | undefined> => {
  if (by.trust === 'user' || by.trust === 'imported') return undefined
  const candidates = (await candidatesFor(scope, written)).filter(({ item }) => item.id !== own)
  const echo = await echoAmong(scope, written, by, candidates)
  return echo === undefined ? undefined : receiptOf(scope, echo, written, by)
}

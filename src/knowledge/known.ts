import { hasShingle, shingleHashes, stripEchoes } from '../echo/echo.ts'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import { canonicalJson } from '../log/canonical-json.ts'
import type { FactData, FactOf } from '../log/fact.ts'
import type { Authorship } from '../log/new-fact.ts'
import { isFor } from '../recall/knowledge-wanted.ts'
import { wording } from '../text/wording.ts'
import type { Scope } from '../scope.ts'
import { saidText, wholeText } from './content.ts'
import { shownText, withoutCutWords } from './cut-words.ts'
import { examined } from './examined.ts'
import { flagsOf } from './flags.ts'
import { factsOf } from './in-full.ts'
import { introducing, saysOwn } from './own-words.ts'
import { viewOf } from './present.ts'
import { latelyGiven, shinglesOf, shownItem } from './prompts.ts'
import { isRuleType } from './rule.ts'
import { isTrustedLike } from './trust.ts'
import type { KnowledgeReceipt } from './write.ts'

type Written = FactData['knowledge.written']

/** So many texts are compared. */
const compared = 8

/** An item that may say what somebody is about to tell. */
interface Candidate {
  readonly item: ItemSummary
  readonly fact: FactOf<'knowledge.written'>
}

/** As it is read: escapes of JSON and line breaks are no words. */
const plainText = (written: Written): string => saidText({ ...written, content: written.content.replaceAll(/(?<!\\)\\+[nrt"]/g, ' ') })

/** The same for texts of the same words, whatever their case, punctuation and line breaks; of a text without words its signs. */
export const wordsOf = (written: Written): string => {
  const text = plainText(written)
  return wording(text).join(' ') || text.trim()
}

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
const addsNothing = (item: ItemSummary, { category, tags, score, links, evidence, priority, validUntil }: Written): boolean =>
  hasAll(item.tags, tags) &&
  hasAll(item.links, links) &&
  hasAll(item.evidence, evidence) &&
  (category === undefined || category === item.category) &&
  // Of a rule the words count: twice in a prompt they say no more.
  (score === undefined || score === item.score || isRuleType(item.kind)) &&
  validUntil === item.validUntil &&
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
  // Until when it is true no prompt says.
  (written.validUntil === undefined || written.validUntil === item.validUntil) &&
  (item.kind === written.kind || !isRuleType(written.kind)) &&
  isTold(item, written) &&
  hasAll(item.links, written.links)

/** Those with the very same words. */
const saying = (written: Written, candidates: readonly Candidate[]): readonly Candidate[] => {
  const told = wordsOf(written)
  return candidates.filter(({ fact }) => wordsOf(fact.data) === told)
}

type IsKnown = (shingle: number) => boolean

/** Whether somebody puts something of their own to what is known: before it, behind it, or in the middle. */
const without = (text: string, isKnown: IsKnown, vocabulary: ReadonlySet<string>): { readonly spans: number; readonly saysMore: boolean } => {
  const { text: left, spans } = stripEchoes(text, isKnown)
  return { spans, saysMore: spans > 1 || saysOwn(left, vocabulary) }
}

/** Every word of some items, with its signs. */
const vocabularyOf = (candidates: readonly Candidate[]): ReadonlySet<string> => new Set(candidates.flatMap(({ fact }) => wording(saidText(fact.data))))

/** Those that a text holds eight words in a row of, the most relevant first; where it is too short to have rows of words, those of its very words. */
const heldIn = (written: Written, candidates: readonly Candidate[]): readonly Candidate[] => {
  const told = shingleHashes([plainText(written)])
  if (told.length === 0) return saying(written, candidates)
  return candidates.filter(({ fact }) => {
    const own = shingleHashes([saidText(fact.data)])
    return told.some((shingle) => hasShingle(own, shingle))
  })
}

/** As it is read, without pieces of words where a prompt that showed some of these was cut. */
const wholeWords = (written: Written, shown: readonly Candidate[]): string =>
  withoutCutWords(plainText(written), shownText(shown.map(({ fact }) => shownItem(fact))))

/** Those of which a text is made up, the most relevant first; none where it says something of its own, and undefined where it says one of them with other signs. */
const sourcesOf = (written: Written, candidates: readonly Candidate[]): readonly Candidate[] | undefined => {
  const text = wholeWords(written, candidates)
  // Too short to have rows of words: then none of anybody's is worth looking at.
  if (shingleHashes([text]).length === 0) return saying(written, candidates)
  const held = heldIn(written, candidates)
  const vocabulary = vocabularyOf(held)
  const known = held.map(({ fact }) => shingleHashes([saidText(fact.data)]))
  const { spans, saysMore } = without(text, (shingle) => known.some((shingles) => hasShingle(shingles, shingle)), vocabulary)
  if (spans === 0) return saying(written, candidates)
  if (saysMore) return []
  // Rows of words know nothing of signs: of "==" and "!=", of 5 and -5.
  return wording(text).some((word) => !vocabulary.has(word) && !introducing.has(word)) ? undefined : held
}

/** What was lately put into a prompt: the candidates among it, and the words of the whole. */
interface Prompt {
  readonly shown: readonly Candidate[]
  readonly shingles: Uint32Array
}

/** Prompts that showed some of these, of whatever process, that this may come from. */
const promptsOf = async (scope: Scope, candidates: readonly Candidate[], by: Authorship): Promise<readonly Prompt[]> => {
  if (candidates.length === 0) return []
  const prompts: Prompt[] = []
  for await (const advice of latelyGiven(scope, by)) {
    const ids = new Set(advice.data.items.map(({ id }) => id))
    const shown = candidates.filter((candidate) => ids.has(candidate.fact.id))
    if (shown.length > 0) prompts.push({ shown, shingles: await shinglesOf(scope, advice) })
  }
  return prompts
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
  const held = heldIn(written, candidates.filter((candidate) => mayBeEcho(candidate, written, by)))
  const prompts = await promptsOf(scope, held, by)
  const sources = sourcesOf(written, held.filter((candidate) => prompts.some(({ shown }) => shown.includes(candidate))))
  if (sources === undefined || sources.length > 0) return sources?.[0]
  // The prompt itself, or a part of it, with what we have written around the items.
  const text = wholeWords(written, held)
  return prompts.find(({ shown, shingles }) => {
    const { spans, saysMore } = without(text, (shingle) => hasShingle(shingles, shingle), vocabularyOf(shown))
    return spans > 0 && !saysMore
  })?.shown[0]
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

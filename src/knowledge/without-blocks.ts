import { block, headOfItem, openings } from '../echo/block.ts'
import { hasShingle, shingleHashes, stripEchoes } from '../echo/echo.ts'
import type { FactData, FactOf } from '../log/fact.ts'
import type { Authorship } from '../log/new-fact.ts'
import { type Json, mapTexts } from '../log/payload.ts'
import type { Scope } from '../scope.ts'
import { wording } from '../text/wording.ts'
import { shownText, withoutCutWords } from './cut-words.ts'
import { examined } from './examined.ts'
import { factsOf } from './in-full.ts'
import { isLong, saysOwn } from './own-words.ts'
import { viewOf } from './present.ts'
import { latelyGiven, shinglesOf, shownItem } from './prompts.ts'
import type { KnowledgeReceipt } from './write.ts'

type Written = FactData['knowledge.written']

/** What somebody tells without what was recalled for them. */
export interface Cleaned {
  /** What is left; the very same where nothing was recalled. */
  readonly written: Written
  /** Where nothing is left: what is answered in its place. */
  readonly known: KnowledgeReceipt | undefined
}

const frame = shingleHashes(Object.values(openings))

const wordsOfFrame = new Set(Object.values(openings).flatMap(wording))

const holdsFrame = (text: string): boolean => stripEchoes(text, (shingle) => hasShingle(frame, shingle)).spans > 0

/** So much of an id stands in a head. */
const shownOfId = 80

/** The ids of items whose head, as it stands in a block, is in a text. */
const headsIn = (text: string): readonly string[] => Array.from(text.matchAll(headOfItem), ([, id = '']) => id.toLowerCase())

/** What a text says; of JSON only the values, also of JSON in JSON. */
const readIn = (text: string): string => {
  try {
    return textsIn(JSON.parse(text)).map(readIn).join('\n')
  } catch {
    return text
  }
}

/** Every text of a value, at any depth. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const mapped = ({ title, content, data, context, ...rest }: Written, change: (text: string) => string): Written => {
  const left = title === undefined ? '' : change(title)
  const within = (value: Json): Json => mapTexts(value, (text): Json => change(text))
  return {
    ...rest,
    ...(left === '' ? {} : { title: left }),
    content: change(content),
    ...(data === undefined ? {} : { data: within(data) }),
    ...(context === undefined ? {} : { context: Object.fromEntries(Object.entries(context).map(([name, value]) => [name, within(value)])) }),
  }
}

/** The item that says what was shown first; where only runs were shown, the first of them. */
const shownIn = async (scope: Scope, { id: advice, data: { items } }: FactOf<'advice.given'>, told: Written, { trust }: Authorship): Promise<KnowledgeReceipt> => {
  const view = await viewOf(scope)
  const { flags } = examined(scope.redact, told, trust)
  for (const { id } of items) {
    const item = view.get(id)
    if (item !== undefined) return { id, status: 'known', flags, state: item.state }
  }
  return { id: items[0]?.id ?? advice, status: 'known', flags, state: 'experimental' }
}

/**
 * Takes the blocks of recalled text out of what somebody tells, such as a transcript of a conversation that begins with the prompt. Only where a text holds such a block, or a part of one with the head of an item: who quotes what an
 * item says, and puts words of their own to it, may correct it, and is written down as they say it.
 */
export const withoutBlocks = async (scope: Scope, told: Written, by: Authorship): Promise<Cleaned> => {
  const untouched = { written: told, known: undefined }
  const { title, content, data, context, fix, links = [] } = told
  const texts = textsIn({ title, content, data, context })
  // A fix says of which error it is one, which no prompt has said.
  if (fix !== undefined) return untouched
  const [isFramed, heads] = [texts.some(holdsFrame), new Set(texts.flatMap(headsIn))]
  if (!isFramed && heads.size === 0) return untouched
  const rows = shingleHashes(texts)
  const shown = new Set<number>()
  const items = new Set<string>()
  let first: FactOf<'advice.given'> | undefined
  for await (const advice of latelyGiven(scope, by)) {
    if (!isFramed && !advice.data.items.some(({ id }) => heads.has(id.slice(0, shownOfId).toLowerCase()))) continue
    const shingles = await shinglesOf(scope, advice)
    const held = rows.filter((row) => hasShingle(shingles, row))
    // The frame is that of any prompt.
    if (held.every((row) => hasShingle(frame, row))) continue
    first ??= advice
    for (const row of held) shown.add(row)
    for (const { id } of advice.data.items) items.add(id)
  }
  if (first === undefined) return untouched
  const isShown = (row: number): boolean => shown.has(row)
  const whole = shownText((await factsOf(scope, [...items])).map(shownItem))
  const written = mapped(told, (cut) => {
    const text = withoutCutWords(cut, whole)
    const outside = text.replaceAll(block, (found) => (stripEchoes(found, isShown).spans > 0 ? ' ' : found))
    return stripEchoes(outside === text ? text : outside.trim(), isShown).text
  })
  const left = textsIn({ content: written.content, data: written.data }).map(readIn).join('\n')
  if (saysOwn(left, wordsOfFrame)) return { written, known: undefined }
  // An answer, or what else is linked, is news to whatever it is linked to.
  if (links.length > 0) return untouched
  const { title: heading = '', data: _data, ...rest } = written
  return isLong(wording(heading)) ? { written: { ...rest, content: heading }, known: undefined } : { written, known: await shownIn(scope, first, told, by) }
}

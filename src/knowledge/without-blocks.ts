import { block, headOfItem, openings } from '../echo/block.ts'
import { hasShingle, shingleHashes, stripEchoes } from '../echo/echo.ts'
import type { FactData, FactOf } from '../log/fact.ts'
import type { Authorship } from '../log/new-fact.ts'
import { type Json, mapTexts } from '../log/payload.ts'
import type { Scope } from '../scope.ts'
import { words } from '../text/words.ts'
import { examined } from './examined.ts'
import { fewestOwnWords } from './known.ts'
import { viewOf } from './present.ts'
import { latelyGiven, shinglesOf } from './prompts.ts'
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

/** Whether a text may hold the block of a prompt, or a part of it. */
const mayHoldBlock = (text: string): boolean => headOfItem.test(text) || stripEchoes(text, (shingle) => hasShingle(frame, shingle)).spans > 0

/** What a text says in words; of JSON only the values, also of JSON in JSON. */
const wordsIn = (text: string): readonly string[] => {
  try {
    return textsIn(JSON.parse(text)).flatMap(wordsIn)
  } catch {
    return words(text)
  }
}

/** Every text of a value, at any depth. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const mapped = (written: Written, change: (text: string) => string): Written => {
  const { title, content, data, ...rest } = written
  const left = title === undefined ? '' : change(title)
  return {
    ...rest,
    ...(left === '' ? {} : { title: left }),
    content: change(content),
    ...(data === undefined ? {} : { data: mapTexts(data, (text): Json => change(text)) }),
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
  const { title, content, data, fix, links = [] } = told
  const texts = textsIn({ title, content, data })
  // A fix says of which error it is one, which no prompt has said.
  if (fix !== undefined || !texts.some(mayHoldBlock)) return untouched
  const rows = shingleHashes(texts)
  const shown = new Set<number>()
  let first: FactOf<'advice.given'> | undefined
  for await (const advice of latelyGiven(scope, by)) {
    const shingles = await shinglesOf(scope, advice)
    const held = rows.filter((row) => hasShingle(shingles, row))
    // The frame is that of any prompt.
    if (held.every((row) => hasShingle(frame, row))) continue
    first ??= advice
    for (const row of held) shown.add(row)
  }
  if (first === undefined) return untouched
  const isShown = (row: number): boolean => shown.has(row)
  const written = mapped(told, (text) => {
    const outside = text.replaceAll(block, (whole) => (stripEchoes(whole, isShown).spans > 0 ? ' ' : whole))
    return stripEchoes(outside === text ? text : outside.trim(), isShown).text
  })
  if (textsIn({ content: written.content, data: written.data }).flatMap(wordsIn).length >= fewestOwnWords) return { written, known: undefined }
  // An answer, or what else is linked, is news to whatever it is linked to.
  return links.length > 0 ? untouched : { written, known: await shownIn(scope, first, told, by) }
}

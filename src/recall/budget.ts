/** Keeping what is recalled within a number of tokens, without the tokenizer of any one model. */

import { expectText } from '../expect.ts'

/** Four ASCII characters are about a token of English text; tokenizers spend more on everything else. */
const asciiTokens = 0.25

/** Accented Latin, Greek, Cyrillic, Hebrew, Arabic, the scripts of India: about two characters a token. */
const alphabeticTokens = 0.5

/** Han, kana, Hangul and everything above: a token a character. */
const ideographTokens = 1

/** Emoji and rare characters beyond the basic plane: two tokens. */
const astralTokens = 2

const tokensOf = (point: number): number => {
  if (point < 0x80) return asciiTokens
  if (point < 0x0e00) return alphabeticTokens
  return point < 0x10000 ? ideographTokens : astralTokens
}

/**
 * Estimated number of tokens of a text: ¼ per ASCII character, ½ per character of other alphabets (below U+0E00), 1 per character above, 2 per
 * character beyond the basic plane, rounded up. Adding the estimates of parts never gives less than the estimate of the whole.
 *
 * @example
 * ```ts
 * import { estimateTokens } from 'autodidact'
 *
 * console.assert(estimateTokens('twelve chars') === 3 && estimateTokens('東京') === 2 && estimateTokens('') === 0)
 * ```
 */
export const estimateTokens = (text: string): number => {
  expectText(text, 'estimateTokens: text')
  let tokens = 0
  for (let place = 0; place < text.length; place += 1) {
    const point = text.codePointAt(place) ?? 0
    tokens += tokensOf(point)
    if (point > 0xffff) place += 1
  }
  return Math.ceil(tokens)
}

const ellipsis = ' […]'

/**
 * A text cut to at most this many estimated tokens, with ` […]` where something is left out. Never cuts a character in half. Empty when not even the
 * mark fits.
 *
 * @param tokens 0 or more.
 */
export const clipToTokens = (text: string, tokens: number): string => {
  // No text of that many characters can be within the budget without being short: long texts need not be read to their end.
  if (text.length <= tokens / asciiTokens && estimateTokens(text) <= tokens) return text
  const room = tokens - estimateTokens(ellipsis)
  if (room < 0) return ''
  let used = 0
  let end = 0
  while (end < text.length) {
    const point = text.codePointAt(end) ?? 0
    used += tokensOf(point)
    if (used > room) break
    end += point > 0xffff ? 2 : 1
  }
  return text.slice(0, end) + ellipsis
}

/**
 * The items that fit a budget, taken in order; one that does not fit is passed over for the smaller ones behind it.
 *
 * @param cost Estimated tokens of an item, given those already taken (the first of its section may have to pay for a heading).
 */
export const fillBudget = <Item>(items: readonly Item[], tokens: number, cost: (item: Item, taken: readonly Item[]) => number): Item[] => {
  const taken: Item[] = []
  let left = tokens
  for (const item of items) {
    const price = cost(item, taken)
    if (price > left) continue
    left -= price
    taken.push(item)
  }
  return taken
}

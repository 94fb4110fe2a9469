/** Words of a shingle: shorter overlaps happen by chance or are common phrases. */
const shingleWords = 8

interface Token {
  readonly word: string
  readonly start: number
  readonly end: number
}

const wordPattern = /[\p{L}\p{N}]+/gu

/** Escapes of JSON text (once or twice escaped) are blanked at equal length, so that `\nfoo` is not read as the word `nfoo`. */
const unescaped = (text: string): string => text.replaceAll(/\\+(?:[nrtbf"/]|u[0-9a-fA-F]{4})/g, (found) => ' '.repeat(found.length))

const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = []
  for (const match of unescaped(text).matchAll(wordPattern)) {
    tokens.push({ word: match[0].normalize('NFKC').toLowerCase(), start: match.index, end: match.index + match[0].length })
  }
  return tokens
}

/** FNV-1a over UTF-16 units; http://www.isthe.com/chongo/tech/comp/fnv/ */
const hashWords = (tokens: readonly Token[], from: number): number => {
  let hash = 0x811c9dc5
  for (let place = from; place < from + shingleWords; place += 1) {
    for (const character of tokens[place]?.word ?? '') hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
    hash = Math.imul(hash ^ 0x20, 0x01000193)
  }
  return hash >>> 0
}

/**
 * Hashes of every eight consecutive words of the texts, whatever their case, line breaks, punctuation or JSON escapes; ascending, each once.
 * Texts of fewer than eight words have none: they are too short to be told from ordinary speech.
 */
export const shingleHashes = (texts: readonly string[]): Uint32Array => {
  const hashes = new Set<number>()
  for (const text of texts) {
    const tokens = tokensOf(text)
    for (let from = 0; from + shingleWords <= tokens.length; from += 1) hashes.add(hashWords(tokens, from))
  }
  return Uint32Array.from(hashes).sort()
}

/** Whether a shingle is among hashes in ascending order. */
export const hasShingle = (hashes: Uint32Array, shingle: number): boolean => {
  let low = 0
  let high = hashes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((hashes[middle] ?? 0) < shingle) low = middle + 1
    else high = middle
  }
  return hashes[low] === shingle
}

/** A text without its echoes, and how many spans were taken out. */
export interface Stripped {
  readonly text: string
  readonly spans: number
}

/** Takes out every span of at least eight words whose shingles are echoes. */
export const stripEchoes = (text: string, isEcho: (shingle: number) => boolean): Stripped => {
  const tokens = tokensOf(text)
  const covered = new Uint8Array(tokens.length)
  for (let from = 0; from + shingleWords <= tokens.length; from += 1) {
    if (isEcho(hashWords(tokens, from))) covered.fill(1, from, from + shingleWords)
  }
  let rest = ''
  let copied = 0
  let spans = 0
  for (let place = 0; place < tokens.length; place += 1) {
    if (covered[place] !== 1) continue
    let last = place
    while (covered[last + 1] === 1) last += 1
    rest += text.slice(copied, tokens[place]?.start ?? copied)
    copied = tokens[last]?.end ?? copied
    spans += 1
    place = last
  }
  if (spans === 0) return { text, spans: 0 }
  const left = (rest + text.slice(copied)).replaceAll(/[ \t]{2,}/g, ' ').trim()
  // Quotes, bullets and commas alone are what was around the echo.
  return { text: /[\p{L}\p{N}]/u.test(left) ? left : '', spans }
}

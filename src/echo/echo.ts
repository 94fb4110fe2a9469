/** Words of a shingle: shorter overlaps happen by chance or are common phrases. */
const shingleWords = 8

interface Token {
  readonly word: string
  readonly start: number
  readonly end: number
}

const wordPattern = /[\p{L}\p{N}]+/gu

/** Escapes of JSON text (once or twice escaped) are blanked at equal length, so that `\nfoo` is not read as the word `nfoo`. */
const unescaped = (text: string): string => text.replaceAll(/(?<!\\)\\+(?:[nrtbf"/]|u[0-9a-fA-F]{4})/g, (found) => ' '.repeat(found.length))

/** The texts of every eight consecutive words, one at a time: of megabytes only eight words are held. */
function* windowsOf(text: string): Generator<readonly Token[], void, undefined> {
  const window: Token[] = []
  for (const match of unescaped(text).matchAll(wordPattern)) {
    window.push({ word: match[0].normalize('NFKC').toLowerCase(), start: match.index, end: match.index + match[0].length })
    if (window.length > shingleWords) window.shift()
    if (window.length === shingleWords) yield window
  }
}

/** FNV-1a over UTF-16 units; http://www.isthe.com/chongo/tech/comp/fnv/ */
const hashWords = (window: readonly Token[]): number => {
  let hash = 0x811c9dc5
  for (const { word } of window) {
    for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
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
  for (const text of texts) for (const window of windowsOf(text)) hashes.add(hashWords(window))
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

/** Where a word begins, with what makes it the mark of a block, such as `<recalled>` or `</recalled>`. */
const startOfMark = (text: string, start: number): number => {
  if (text[start - 1] === '<') return start - 1
  return text.startsWith('</', start - 2) ? start - 2 : start
}

/** Where it ends. */
const endOfMark = (text: string, end: number): number => (text[end] === '>' ? end + 1 : end)

/** Takes out every span of at least eight words whose shingles are echoes. */
export const stripEchoes = (text: string, isEcho: (shingle: number) => boolean): Stripped => {
  let rest = ''
  let copied = 0
  let spans = 0
  // Windows since the last echo. Up to eight, and the words of both touch: they are one span.
  let since = shingleWords + 1
  for (const window of windowsOf(text)) {
    since += 1
    if (!isEcho(hashWords(window))) continue
    if (since > shingleWords) {
      rest += text.slice(copied, Math.max(copied, startOfMark(text, window[0]?.start ?? copied)))
      spans += 1
    }
    copied = endOfMark(text, window.at(-1)?.end ?? copied)
    since = 0
  }
  if (spans === 0) return { text, spans: 0 }
  const left = (rest + text.slice(copied)).replaceAll(/[ \t]{2,}/g, ' ').trim()
  // Quotes, bullets and commas alone are what was around the echo.
  return { text: /[\p{L}\p{N}]/u.test(left) ? left : '', spans }
}

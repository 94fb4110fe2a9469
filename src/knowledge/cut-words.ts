/** So many whole words beside a cut one must be those that stand there in what was shown: a word of somebody's own is none that is cut. */
const beside = 3

const word = /[\p{L}\p{N}\p{M}]+/gu

const readAs = (words: readonly string[]): string => words.map((one) => one.normalize('NFKC').toLowerCase()).join(' ')

/** What was shown, to be looked in by {@link withoutCutWords}. */
export const shownText = (texts: readonly string[]): string => ` ${texts.map((text) => readAs(text.match(word) ?? [])).join(' | ')} `

/**
 * A text without the piece of a word that it begins or ends with, where somebody cut what was shown to them, such as a transcript to a number of characters. Such a piece is no word of theirs.
 *
 * @param shown of {@link shownText}
 */
export const withoutCutWords = (text: string, shown: string): string => {
  const found = [...text.matchAll(word)]
  const [first, last] = [found[0], found.at(-1)]
  if (first === undefined || last === undefined || found.length <= beside) return text
  const [beginning = '', end = ''] = [found.slice(0, beside + 1), found.slice(-beside - 1)].map((some) => readAs(some.map(([one]) => one)))
  const isCutBefore = shown.includes(`${beginning} `) && !shown.includes(` ${beginning} `)
  const isCutBehind = shown.includes(` ${end}`) && !shown.includes(` ${end} `)
  return text.slice(isCutBefore ? first.index + first[0].length : 0, isCutBehind ? last.index : text.length)
}

import { hashText } from '../hash.ts'
import { stem, words } from '../../text/words.ts'

/** Words without which a rule says the same. "Not", "never", "only", "before" and numbers are none of them. */
const fillers: ReadonlySet<string> = new Set(['a', 'an', 'the', 'please', 'just', 'so', 'very', 'really', 'simply'])

/**
 * Equal for two rules that say the same: the same words in the same order, whatever their case, punctuation and inflection, and without words that add nothing. One word more, or
 * another one, is another rule: nobody is taken to have said what they did not. Holds no word; empty for a text without words.
 */
export const ruleSignature = (text: string): string => {
  const said = words(text).filter((word) => !fillers.has(word)).map(stem)
  if (said.length === 0) return ''
  // Twice 32 bits of the same text in two orders: among a million rules two others have the same once in thirty million times.
  return `${hashText(said.join(' ')).toString(36)}-${hashText(said.toReversed().join(' ')).toString(36)}`
}

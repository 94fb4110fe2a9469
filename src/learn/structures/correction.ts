import { canonicalJson } from '../../log/canonical-json.ts'
import type { BlobReference, FactData } from '../../log/fact.ts'
import type { Json } from '../../log/payload.ts'
import { stem, stopWords, words } from '../../text/words.ts'
import { hashText } from '../hash.ts'

/** An answer that somebody gave in place of a wrong one, as hashes: all that is ever compared with it. Pruning leaves them where it takes the words. */
export type CorrectionHashes = NonNullable<FactData['feedback.received']['correctionHashes']>

/** A longer correction is known as a whole, and not by its words. */
const mostTerms = 12

/** Something that may say the same as a correction. */
export interface ComparedText {
  /** The answer, or the knowledge; of a long one its beginning. */
  readonly text: string
  /** What was asked: an agreement in these words alone is none. */
  readonly query: string
}

/** An answer as a text whose words can be compared, whatever the order of its keys. */
export const answerText = (answer: Json): string => (typeof answer === 'string' ? answer : canonicalJson(answer))

const wholeOf = (text: string): number => hashText(words(text).join(' '))

const termsOf = (text: string): number[] => [...new Set(words(text).filter((word) => !stopWords.has(word)).map((word) => hashText(stem(word))))]

/** Undefined for an answer without a word: it would agree with everything that has none. */
const correctionHashes = (answer: Json): CorrectionHashes | undefined => {
  const text = answerText(answer)
  if (words(text).length === 0) return undefined
  const terms = termsOf(text)
  return { whole: wholeOf(text), terms: terms.length > mostTerms ? [] : terms }
}

/** What is compared with the correction of a feedback: as pruning left it, or made of its words. Undefined where there is none, or where of a long one only the beginning is here. */
export const correctionIn = ({ data, blobs = [] }: { readonly data: FactData['feedback.received']; readonly blobs?: readonly BlobReference[] | undefined }): CorrectionHashes | undefined => {
  const { correction, correctionHashes: kept } = data
  if (kept !== undefined) return kept
  return correction === undefined || blobs.some(({ place }) => place[0] === 'correction') ? undefined : correctionHashes(correction)
}

/** Whether a text says the same as one of the corrections, or has all words of one, at least one of which was not in the question. */
export const agreesWith = (corrections: readonly CorrectionHashes[], { text, query }: ComparedText): boolean => {
  if (corrections.length === 0) return false
  const whole = wholeOf(text)
  if (corrections.some((correction) => correction.whole === whole)) return true
  const asked = new Set(termsOf(query))
  const said = new Set(termsOf(text))
  return corrections.some(({ terms }) => terms.some((term) => !asked.has(term)) && terms.every((term) => said.has(term)))
}

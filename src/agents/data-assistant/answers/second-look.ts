import type { Tried } from './candidate.ts'
import type { Question } from '../cases.ts'
import { isEmpty, isZero } from './judge.ts'
import type { Features } from '../ranking/ranker.ts'

/** Lowest score that still makes a difference, below that of the best candidate. */
const lowestScore = -12

/** Two questions this similar are the same but for trifles. */
const nearlySame = 0.95

/** How much a single word counts beside the features that all candidates have. */
const valueOfWord = 0.5

/** How many added and missing words are looked at in pairs. */
const wordsPaired = 6

/**
 * Initial weights of the features that every candidate has, in the order of {@link secondLook}: the score of the first ranking is nearly taken as it is, and an
 * empty result, values without a slot and fragments that no word explains speak against a candidate. Rough on purpose; what is 0 has to be learned.
 */
export const priorLook: readonly number[] = [0.9, -1.5, -0.5, -1, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0.5]

/** A number for two words, the same for the same two (Cantor's pairing function). */
const paired = (left: number, right: number): number => ((left + right) * (left + right + 1)) / 2 + right

/** Features of words and of pairs of words come after those that all candidates have. */
const featureOf = (kind: 0 | 1 | 2, id: number): number => priorLook.length + 3 * id + kind

/** How a question differs from a case: its words that the case does not have, and the other way round. */
export interface Difference {
  readonly addedWords: readonly number[]
  readonly missingWords: readonly number[]
  /** What they tell, as a share of what all words of the question tell. */
  readonly added: number
  readonly missing: number
  readonly same: boolean
}

/** What those words of a question tell that are not among others, as a share of what all its words tell. */
export const unmetBy = (question: Question, others: Iterable<Question>, rarity: (word: number) => number): number => {
  const met = new Set<number>()
  for (const { plain } of others) for (const word of plain) met.add(word)
  const weigh = (words: readonly number[]): number => words.reduce((sum, word) => sum + rarity(word), 0)
  return weigh(question.plain.filter((word) => !met.has(word))) / Math.max(1, weigh(question.plain))
}

/** @param rarity how much a word tells, at least 0 */
export const differenceOf = (question: Question, other: Question | undefined, rarity: (word: number) => number): Difference => {
  const theirs = other?.plain ?? []
  const weigh = (words: readonly number[]): number => words.reduce((sum, word) => sum + rarity(word), 0)
  const addedWords = question.plain.filter((word) => !theirs.includes(word))
  const missingWords = theirs.filter((word) => !question.plain.includes(word))
  const total = Math.max(1, weigh(question.plain))
  return { addedWords, missingWords, added: weigh(addedWords) / total, missing: weigh(missingWords) / total, same: addedWords.length + missingWords.length === 0 }
}

/**
 * What there is to see once the best candidates were run, for each of them: how the first ranking scores it, whether it returns anything, how it compares with the
 * others, and how the question differs from the nearest case of its template. Each word that was added or left out is a feature of its own, and so is each pair of a word
 * and one that stands instead of it, so that it can be learned which words may differ without any consequence and which ask for another query.
 *
 * @param differences of the question from each candidate's nearest case
 */
export const secondLook = (tried: readonly Tried[], differences: readonly Difference[]): Features[] => {
  const best = tried.reduce((most, { candidate }) => Math.max(most, candidate.score), -Infinity)
  const nearest = tried.reduce((most, { evidence }) => Math.max(most, evidence.nearest), 0)
  return tried.map(({ candidate: { score, fromFragments, known }, evidence, key }, at) => {
    const { added = 1, missing = 0, same = false, addedWords = [], missingWords = [] } = differences[at] ?? {}
    const features: [number, number][] = [
      Math.max(lowestScore, score - best), Number(isEmpty(key)), Number(isZero(key)),
      evidence.nearest - nearest, evidence.second, evidence.frequency, evidence.open, evidence.absent, evidence.exchanged, evidence.nested, evidence.lacking, evidence.unexplained, fromFragments / 3,
      Number(evidence.nearest >= nearest), Number(evidence.nearest > nearlySame), added, missing, Number(same),
    ].map((value, feature) => [feature, value])
    // An analogy is made because of such words.
    if (known.kind === 'seen') {
      for (const word of addedWords) features.push([featureOf(0, word), valueOfWord])
      for (const word of missingWords) features.push([featureOf(1, word), valueOfWord])
    }
    for (const word of addedWords.slice(0, wordsPaired)) {
      for (const instead of missingWords.slice(0, wordsPaired)) features.push([featureOf(2, paired(word, instead)), valueOfWord])
    }
    return features
  })
}

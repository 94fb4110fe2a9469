import type { Tried } from './candidate.ts'
import type { Question } from './cases.ts'
import { isEmpty, isZero } from './judge.ts'
import type { Features } from './ranker.ts'

/** Lowest score that still makes a difference, below that of the best candidate. */
const lowestScore = -12

/** Two questions this similar are the same but for trifles. */
const nearlySame = 0.95

/** How much a single word counts beside the features that all candidates have. */
const valueOfWord = 0.5

/**
 * Initial weights of the features that every candidate has, in the order of {@link secondLook}: the score of the first ranking is taken as it is, an empty result
 * speaks against a candidate, and everything else has to be learned.
 */
export const priorLook: readonly number[] = [1, -1.2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

/**
 * What there is to see once the best candidates were run, for each of them: how the first ranking scores it, whether it returns anything, how it compares with the
 * others, and how the question differs from the nearest case of its template. Each word that was added or left out is a feature of its own, so that it can be
 * learned which words may differ without any consequence and which ask for another query.
 *
 * @param rarity how much a word tells, at least 0
 */
export const secondLook = (question: Question, tried: readonly Tried[], rarity: (word: number) => number): Features[] => {
  const best = tried.reduce((most, { candidate }) => Math.max(most, candidate.score), -Infinity)
  const nearest = tried.reduce((most, { candidate }) => Math.max(most, candidate.signs.nearest), 0)
  const weigh = (words: readonly number[]): number => words.reduce((sum, word) => sum + rarity(word), 0)
  const total = Math.max(1, weigh(question.plain))
  return tried.map(({ candidate, key }) => {
    const { signs, score, fromFragments, known } = candidate
    const theirs = candidate.nearest?.question.plain ?? []
    const added = question.plain.filter((word) => !theirs.includes(word))
    const missing = theirs.filter((word) => !question.plain.includes(word))
    const features: [number, number][] = [
      Math.max(lowestScore, score - best), Number(isEmpty(key)), Number(isZero(key)),
      signs.nearest - nearest, signs.second, signs.frequency, signs.open, signs.absent, signs.exchanged, signs.nested, signs.lacking, signs.unexplained, fromFragments / 3,
      Number(signs.nearest >= nearest), Number(signs.nearest > nearlySame),
      weigh(added) / total, weigh(missing) / total, Number(added.length + missing.length === 0),
    ].map((value, feature) => [feature, value])
    // An analogy is made because of such words.
    if (known.kind === 'seen') {
      for (const word of added) features.push([priorLook.length + 2 * word, valueOfWord])
      for (const word of missing) features.push([priorLook.length + 2 * word + 1, valueOfWord])
    }
    return features
  })
}

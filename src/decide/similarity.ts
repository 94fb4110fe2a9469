import { stem, stopWords, words } from '../text/words.ts'
import { expectList, expectObject, expectText } from '../expect.ts'
import { isWorkflowId } from '../learn/structures/workflow-id.ts'
import type { Option } from './policy.ts'
import { RecentlyUsed } from './recently-used.ts'

/** Term frequency saturates at this rate, and a description's length counts by this share: the usual settings of BM25. */
const saturation = 1.2
const lengthShare = 0.75
/** Three letters in a row count this much of a word: they find compounds and inflections that stemming misses, without outvoting words. */
const gramLength = 3
const gramWeight = 0.3
/** The score that makes a similarity of .5. */
const halfway = 2
/** Words of a task or a description that are read. */
const longestText = 400

type Weights = ReadonlyMap<string, number>

interface Document {
  readonly weights: Weights
  readonly length: number
}

interface Posting {
  readonly option: number
  readonly score: number
}

/** The terms of some options, ready to be compared with tasks. */
export interface OptionIndex {
  readonly size: number
  readonly postings: ReadonlyMap<string, readonly Posting[]>
}

/** Parts names such as `findBus_2` where a word ends, so that ids are matched by their words. */
const apart = (name: string): string => name.replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 ').replaceAll('_', ' ')

/** Stems, and groups of three letters of each word with its edges, with how much each weighs. */
const termsOf = (text: string): Map<string, number> => {
  const terms = new Map<string, number>()
  const count = (term: string, weight: number): void => {
    terms.set(term, (terms.get(term) ?? 0) + weight)
  }
  for (const word of words(apart(text)).slice(0, longestText)) {
    if (stopWords.has(word)) continue
    count(stem(word), 1)
    const edged = `#${word}#`
    for (let start = 0; start + gramLength <= edged.length; start += 1) count(`#${edged.slice(start, start + gramLength)}`, gramWeight)
  }
  return terms
}

const analyse = ({ id, description = '' }: Option): Document => {
  // An id that only repeats the description must not count its words twice: the score would depend on how options happen to be named.
  // The digits of a digest are no words at all.
  const repeats = isWorkflowId(id) || words(apart(id)).join(' ') === words(apart(description)).join(' ')
  const weights = termsOf(repeats ? description : `${id} ${description}`)
  let length = 0
  for (const weight of weights.values()) length += weight
  return { weights, length }
}

const keyOf = ({ id, description = '' }: Option): string => `${id}\u0000${description}`

/** Inverse document frequency of a term that `count` of `size` options have; Robertson and Zaragoza 2009, kept above 0. */
const rarity = (size: number, count: number): number => Math.log(1 + (size - count + 0.5) / (count + 0.5))

const documents = new RecentlyUsed<Document>(4096)
const indexes = new RecentlyUsed<OptionIndex>(64)

/** Prepares options for {@link similaritiesIn}. */
export const indexOptions = (options: readonly Option[]): OptionIndex => {
  const all = options.map((option) => documents.get(keyOf(option), () => analyse(option)))
  const meanLength = all.reduce((sum, { length }) => sum + length, 0) / all.length || 1
  const postings = new Map<string, Posting[]>()
  for (const [option, { weights, length }] of all.entries()) {
    const norm = saturation * (1 - lengthShare + (lengthShare * length) / meanLength)
    for (const [term, weight] of weights) {
      const posting = { option, score: weight / (weight + norm) }
      const list = postings.get(term)
      if (list === undefined) postings.set(term, [posting])
      else list.push(posting)
    }
  }
  return { size: options.length, postings }
}

/**
 * How like the task each option's id and description are, in [0, 1], aligned with `options`: the BM25 score over stems and letter triples, with
 * the rarity of a term taken over the options offered, in units of one perfectly matched term that only one option has, s / (s + 2). Two such
 * words in common make .5.
 *
 * Option sets are remembered, so that a set that comes again costs only its matches.
 *
 * @example
 * ```ts
 * import { similarities } from 'autodidact'
 *
 * const [weather = 0, music = 0] = similarities('will it rain in Oslo?', [
 *   { id: 'weather', description: 'rain, wind and temperature of a place' },
 *   { id: 'music', description: 'play a song' },
 * ])
 * console.assert(weather > music)
 * ```
 */
export const similarities = (task: string, options: readonly Option[]): Float64Array => {
  expectText(task, 'similarities: task')
  expectList(options, 'similarities: options')
  for (const option of options) {
    expectObject(option, 'similarities: an option')
    expectText(option.id, 'similarities: id of an option')
    if (option.description !== undefined) expectText(option.description, 'similarities: description of an option')
  }
  return similaritiesIn(indexes.get(options.map(keyOf).join('\u0001'), () => indexOptions(options)), task)
}

/** The same for options that are prepared already. */
export const similaritiesIn = ({ size, postings }: OptionIndex, task: string): Float64Array => {
  const scores = new Float64Array(size)
  for (const [term, weight] of termsOf(task)) {
    const list = postings.get(term)
    if (list === undefined) continue
    const share = Math.min(1, weight) * (rarity(size, list.length) / rarity(size, 1))
    for (const { option, score } of list) scores[option] = (scores[option] ?? 0) + share * score
  }
  return scores.map((score) => score / (score + halfway))
}

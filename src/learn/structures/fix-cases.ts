import { packBytes, unpackHashes } from '../../log/packed.ts'
import { type Trust, trustOrder } from '../../log/fact.ts'
import type { FixSlot } from './fix-slots.ts'
import type { FixStep } from './recoveries.ts'
import { TermSets } from './term-sets.ts'

/** One error that one fix was tried against, in one situation, however often. */
export interface FixCase {
  /** Of the fix; several cases may share one. */
  readonly fix: string
  /** Name of the fix, where somebody gave it one. */
  readonly approach?: string
  /** The masked error, for people. */
  readonly template: string
  readonly tool?: string
  /** Whether the case knows what the tool was given. */
  readonly hasInput: boolean
  readonly categories: readonly string[]
  readonly context?: Readonly<Record<string, number | string | boolean>>
  /** What was done the last time, and where what it took over from the error stood there. */
  readonly steps: readonly FixStep[]
  readonly slots: readonly FixSlot[]
  /** What it has in common with fixes that may differ from it in a word of the message alone, and a hash of the steps with that word, until one was seen that does. */
  readonly words?: { readonly key: string; readonly steps?: string }
  /** Of the facts that it was learned from. */
  readonly trust: Trust
  /** Facts that it was learned from, the latest last; at most 3. */
  readonly facts: readonly string[]
  /** Times that it was tried, and that it helped. */
  readonly uses: number
  readonly successes: number
  /** Sequence of the latest fact. */
  readonly last: number
  /** The item of knowledge that tells of it, and a digest of what that says; absent where runs do. */
  readonly told?: { readonly item: string; readonly digest: string }
}

/** Whether what an item of knowledge tells may be offered. */
export type IsOffered = (item: string) => boolean

/** An error to which fixes are wanted, or with which one was found. */
export interface Situation {
  /** Terms of the message. */
  readonly message: Uint32Array
  readonly tool?: string
  /** Terms of what the tool was given, where that is known. */
  readonly input?: Uint32Array
  readonly categories: readonly string[]
}

/** A fix that may be the right one, with what speaks for it. */
export interface Candidate {
  readonly fix: string
  /** The most similar of its cases in which it helped. */
  readonly nearest: FixCase
  /** Similarity of the message and of the tool with its input to that case, each in [0, 1]. */
  readonly message: number
  readonly situation: number
  /** Its part of all that has helped in cases like this, in [0, 1]. */
  readonly share: number
  /** Chance that a fix with this past meets this tool and this kind of task, in [0, 1]. */
  readonly fit: number
  /** Uses and successes in cases about as similar as the nearest one. */
  readonly nearUses: number
  readonly nearSuccesses: number
  readonly uses: number
  readonly successes: number
  readonly categories: readonly string[]
  readonly tools: readonly string[]
}

/** How sharply a case counts less for being less alike: a case .9 as similar counts a fifth, one .75 as similar a hundredth. */
const sharpness = 16

/** The most trusted first; of nothing, last. */
const trustRank = (trust: Trust | undefined): number => (trust === undefined ? trustOrder.length : trustOrder.indexOf(trust))

/** Nothing is known of one of the two: neither alike nor different. */
const unknown = 0.5

/** Share of errors after which a fix is met with something new, by how often it was: (kinds − 1) / times; 1 for what it was met with. */
const chanceOf = (met: readonly string[], wanted: readonly string[]): number => {
  if (wanted.length === 0 || met.length === 0) return unknown
  const kinds = new Set(met)
  return wanted.some((one) => kinds.has(one)) ? 1 : (kinds.size - 1) / met.length
}

interface SavedCase extends FixCase {
  readonly key: string
  readonly terms: readonly [message: string, input: string]
}

/** How like each case is to a situation, by place. */
interface Likeness {
  readonly messages: Float64Array
  readonly inputs: Float64Array
  readonly situations: Float64Array
  /** How much the case counts. */
  readonly weights: Float64Array
}

const roomFor = (cases: number): Likeness => ({
  messages: new Float64Array(cases),
  inputs: new Float64Array(cases),
  situations: new Float64Array(cases),
  weights: new Float64Array(cases),
})

/** How a fix stands among the others. */
interface Standing {
  readonly fix: string
  /** Of the most similar case in which it helped. */
  readonly place: number
  /** How often it helped, each time counted as much as the case is alike. */
  readonly helped: number
  readonly nearUses: number
  readonly nearSuccesses: number
  readonly rank: number
}

/** The likeliest first. */
const byRank = (left: Standing, right: Standing): number => right.rank - left.rank || (left.fix < right.fix ? -1 : 1)

/** All that a {@link FixCases} knows, as JSON can hold it. */
export type SavedFixCases = readonly SavedCase[]

/** Keeps which fixes were tried against which errors, up to a number of cases, and finds those that fit another error. */
export class FixCases {
  readonly #most: number
  readonly #cases: FixCase[] = []
  readonly #keys: string[] = []
  readonly #places = new Map<string, number>()
  /** Places of the cases of a fix, in ascending order. */
  readonly #byFix = new Map<string, readonly number[]>()
  /** Places of cases by the key of their words. */
  readonly #byWords = new Map<string, readonly number[]>()
  /** The place of what an item tells. */
  readonly #byItem = new Map<string, number>()
  readonly #messages = new TermSets()
  readonly #inputs = new TermSets()
  /** Room for one question, used anew by each: nearly every recovery asks one, and arrays outside the heap are dear to make. */
  #likeness = roomFor(0)

  /** @param most cases that are kept; the one that has helped least, and of those the one longest not seen, makes room */
  constructor(most: number, saved: SavedFixCases = []) {
    this.#most = most
    for (const { key, terms, ...one } of saved) this.#put(this.#cases.length, key, one, unpackHashes(terms[0]), unpackHashes(terms[1]))
  }

  save(): SavedFixCases {
    return this.#cases.map((one, place) => ({
      ...one,
      key: this.#keys[place] ?? '',
      terms: [packBytes(this.#messages.at(place)), packBytes(this.#inputs.at(place))],
    }))
  }

  #put(place: number, key: string, one: FixCase, message: Uint32Array, input: Uint32Array): void {
    const before = this.#keys[place]
    if (before !== undefined) {
      this.#places.delete(before)
      this.#leave(place)
    }
    this.#places.set(key, place)
    this.#keys[place] = key
    this.#cases[place] = one
    this.#enter(place, one)
    this.#messages.put(place, message)
    this.#inputs.put(place, input)
  }

  #enter(place: number, { fix, words, told }: FixCase): void {
    const add = (index: Map<string, readonly number[]>, key: string): void => void index.set(key, [...(index.get(key) ?? []), place].sort((left, right) => left - right))
    add(this.#byFix, fix)
    if (told !== undefined) this.#byItem.set(told.item, place)
    if (words !== undefined) add(this.#byWords, words.key)
  }

  /** A place is given to another case. */
  #leave(place: number): void {
    const remove = (index: Map<string, readonly number[]>, key: string): void => {
      const rest = (index.get(key) ?? []).filter((other) => other !== place)
      if (rest.length === 0) index.delete(key)
      else index.set(key, rest)
    }
    const one = this.#cases[place]
    if (one === undefined) return
    remove(this.#byFix, one.fix)
    if (one.told !== undefined) this.#byItem.delete(one.told.item)
    if (one.words !== undefined) remove(this.#byWords, one.words.key)
  }

  /** Whether fixes with this key were seen that differ in words of their messages. */
  vary({ key, steps }: { readonly key: string; readonly steps: string }): boolean {
    return (this.#byWords.get(key) ?? []).some((place) => this.#cases[place]?.words?.steps !== steps)
  }

  /** Makes one fix of those with this key, in which the words have slots. */
  unite(key: string, made: Pick<FixCase, 'steps' | 'slots'>, fixOf: (one: FixCase) => string): void {
    for (const place of this.#byWords.get(key) ?? []) {
      const one = this.#cases[place]
      if (one?.words?.steps === undefined) continue
      this.#leave(place)
      const united = { ...one, ...made, fix: fixOf(one), words: { key } }
      this.#cases[place] = united
      this.#enter(place, united)
    }
  }

  #of(fix: string): readonly number[] {
    return this.#byFix.get(fix) ?? []
  }

  /** Whether a fix has helped in any case. */
  knows(fix: string): boolean {
    return this.#of(fix).some((place) => (this.#cases[place]?.successes ?? 0) > 0)
  }

  /** How often a fix has failed, in all of its cases. */
  failures(fix: string): number {
    return this.#of(fix).reduce((sum, place) => sum + (this.#cases[place]?.uses ?? 0) - (this.#cases[place]?.successes ?? 0), 0)
  }

  /** Whether an item tells this already: then a later version of it says so now, with the trust of that. */
  renew({ item, digest }: NonNullable<FixCase['told']>, { id, trust }: { readonly id: string; readonly trust: Trust }): boolean {
    const place = this.#byItem.get(item)
    const one = place === undefined ? undefined : this.#cases[place]
    if (place === undefined || one?.told?.digest !== digest) return false
    this.#cases[place] = { ...one, trust, facts: [id] }
    return true
  }

  /** An item does not tell any more what it told. Its place is the first to be given to another case. */
  withdraw(item: string): void {
    const place = this.#byItem.get(item)
    const one = place === undefined ? undefined : this.#cases[place]
    if (place === undefined || one === undefined) return
    this.#leave(place)
    const { told: _told, words: _words, ...rest } = one
    const nothing = { ...rest, steps: [], slots: [], facts: [], uses: 0, successes: 0, last: 0 }
    this.#cases[place] = nothing
    this.#enter(place, nothing)
  }

  /** Notes that a fix was tried, with all that is known of the case; what was noted under the same key before is counted on. */
  note(key: string, one: Omit<FixCase, 'hasInput'>, { message, input }: Situation): void {
    const place = this.#places.get(key)
    const before = place === undefined ? undefined : this.#cases[place]
    if (place !== undefined && before !== undefined) {
      const facts = [...new Set([...before.facts, ...one.facts])].slice(-3)
      const { steps, slots } = one.successes > 0 ? one : before
      this.#cases[place] = { ...before, steps, slots, facts, uses: before.uses + one.uses, successes: before.successes + one.successes, last: one.last }
      return
    }
    const room = this.#cases.length < this.#most ? this.#cases.length : this.#leastWorth()
    this.#put(room, key, { ...one, hasInput: input !== undefined }, message, input ?? new Uint32Array())
  }

  #leastWorth(): number {
    let least = 0
    for (const [place, { successes, last }] of this.#cases.entries()) {
      const worst = this.#cases[least]
      if (worst === undefined || successes < worst.successes || (successes === worst.successes && last < worst.last)) least = place
    }
    return least
  }

  /**
   * Fixes that have helped against anything like this, the likeliest first.
   *
   * @param most at most so many
   * @param isOffered what knowledge tells counts where this is true; default: all of it
   */
  candidates(situation: Situation, most: number, isOffered: IsOffered = () => true): readonly Candidate[] {
    const isCounted = ({ uses, told }: FixCase): boolean => uses > 0 && (told === undefined || isOffered(told.item))
    const likeness = this.#likenessTo(situation, isCounted)
    let all = 0
    for (let place = 0; place < this.#cases.length; place += 1) all += (likeness.weights[place] ?? 0) * (this.#cases[place]?.successes ?? 0)
    if (all === 0) return []
    return this.#ranked(likeness, most).flatMap(({ fix, place, helped, nearUses, nearSuccesses }) => {
      const nearest = this.#cases[place]
      if (nearest === undefined) return []
      const [message, alike] = [likeness.messages[place] ?? 0, likeness.situations[place] ?? 0]
      return [{ fix, nearest, message, situation: alike, share: helped / all, nearUses, nearSuccesses, ...this.#pastOf(fix, situation, isCounted) }]
    })
  }

  /** Fixes that stand best, the best first. */
  #ranked(likeness: Likeness, most: number): readonly Standing[] {
    const ranked: Standing[] = []
    this.#byFix.forEach((places, fix) => {
      const standing = this.#standingOf(fix, places, likeness)
      if (standing === undefined) return
      const last = ranked.at(-1)
      if (ranked.length >= most && last !== undefined && byRank(last, standing) < 0) return
      ranked.push(standing)
      // One is asked for at most recoveries: nothing but the best is put in order.
      ranked.sort(byRank)
      if (ranked.length > most) ranked.pop()
    })
    return ranked
  }

  /** How like each case is to this, by place; those that have nothing to do with it weigh 0. */
  #likenessTo({ message, tool, input }: Situation, isCounted: (one: FixCase) => boolean): Likeness {
    if (this.#likeness.weights.length < this.#cases.length) this.#likeness = roomFor(2 * this.#cases.length)
    const likeness = this.#likeness
    const { messages, inputs, situations, weights } = likeness
    this.#messages.similarities(message, messages)
    if (input !== undefined) this.#inputs.similarities(input, inputs)
    for (let place = 0; place < this.#cases.length; place += 1) {
      const one = this.#cases[place]
      weights[place] = 0
      if (one === undefined) continue
      const alike = messages[place] ?? 0
      const given = one.hasInput && input !== undefined ? inputs[place] : undefined
      // The same tool is nothing to go by.
      if ((alike === 0 && (given === undefined || given === 0)) || !isCounted(one)) continue
      const situation = given ?? (tool === undefined || one.tool === undefined ? unknown : Number(one.tool === tool))
      situations[place] = situation
      weights[place] = ((alike + situation) / 2) ** sharpness
    }
    return likeness
  }

  /** What speaks for a fix by its cases, and the place of the most similar one in which it helped; undefined where it never helped against anything like it. */
  #standingOf(fix: string, places: readonly number[], { weights }: Likeness): Standing | undefined {
    let [nearest, heaviest, heaviestHelpful] = [-1, 0, 0]
    for (const place of places) {
      const weight = weights[place] ?? 0
      heaviest = Math.max(heaviest, weight)
      const isNearer = weight > heaviestHelpful || (weight > 0 && weight === heaviestHelpful && this.#isTrustedMore(place, nearest))
      if (!isNearer || this.#cases[place]?.successes === 0) continue
      nearest = place
      heaviestHelpful = weight
    }
    if (nearest === -1) return undefined
    let [nearUses, nearSuccesses, helped] = [0, 0, 0]
    for (const place of places) {
      const weight = weights[place] ?? 0
      const { uses, successes } = this.#cases[place] ?? { uses: 0, successes: 0 }
      nearUses += (weight / heaviest) * uses
      nearSuccesses += (weight / heaviest) * successes
      helped += weight * successes
    }
    return { fix, place: nearest, helped, nearUses, nearSuccesses, rank: (helped * (nearSuccesses + 1)) / (nearUses + 2) }
  }

  #isTrustedMore(place: number, than: number): boolean {
    return trustRank(this.#cases[place]?.trust) < trustRank(this.#cases[than]?.trust)
  }

  /** What is known of a fix whatever the error, and whether this is where it is met. */
  #pastOf(fix: string, { tool, categories }: Situation, isCounted: (one: FixCase) => boolean): Pick<Candidate, 'fit' | 'uses' | 'successes' | 'tools' | 'categories'> {
    const own = this.#of(fix).flatMap((place) => this.#cases[place] ?? []).filter(isCounted)
    const [tools, kinds] = [own.flatMap((one) => one.tool ?? []), own.flatMap((one) => one.categories)]
    return {
      fit: Math.min(chanceOf(tools, tool === undefined ? [] : [tool]), categories.length === 0 ? 1 : chanceOf(kinds, categories)),
      uses: own.reduce((sum, { uses }) => sum + uses, 0),
      successes: own.reduce((sum, { successes }) => sum + successes, 0),
      tools: [...new Set(tools)].sort(),
      categories: [...new Set(kinds)].sort(),
    }
  }
}

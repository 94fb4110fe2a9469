import { packBytes, unpackHashes } from '../../log/packed.ts'
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
  /** What was done the last time. */
  readonly steps: readonly FixStep[]
  /** Facts that it was learned from, the latest last; at most 3. */
  readonly facts: readonly string[]
  /** Times that it was tried, and that it helped. */
  readonly uses: number
  readonly successes: number
  /** Sequence of the latest fact. */
  readonly last: number
}

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

/** All that a {@link FixCases} knows, as JSON can hold it. */
export type SavedFixCases = readonly SavedCase[]

/** Keeps which fixes were tried against which errors, up to a number of cases, and finds those that fit another error. */
export class FixCases {
  readonly #most: number
  readonly #cases: FixCase[] = []
  readonly #keys: string[] = []
  readonly #places = new Map<string, number>()
  readonly #messages = new TermSets()
  readonly #inputs = new TermSets()

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
    if (before !== undefined) this.#places.delete(before)
    this.#places.set(key, place)
    this.#keys[place] = key
    this.#cases[place] = one
    this.#messages.put(place, message)
    this.#inputs.put(place, input)
  }

  /** Whether a fix has helped in any case. */
  knows(fix: string): boolean {
    return this.#cases.some((one) => one.fix === fix && one.successes > 0)
  }

  /** Notes that a fix was tried, with all that is known of the case; what was noted under the same key before is counted on. */
  note(key: string, one: Omit<FixCase, 'hasInput'>, { message, input }: Situation): void {
    const place = this.#places.get(key)
    const before = place === undefined ? undefined : this.#cases[place]
    if (place !== undefined && before !== undefined) {
      const facts = [...new Set([...before.facts, ...one.facts])].slice(-3)
      const steps = one.successes > 0 ? one.steps : before.steps
      this.#cases[place] = { ...before, steps, facts, uses: before.uses + one.uses, successes: before.successes + one.successes, last: one.last }
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
   */
  candidates(situation: Situation, most: number): readonly Candidate[] {
    const seen = this.#seen(situation)
    const all = seen.reduce((sum, { one, weight }) => sum + weight * one.successes, 0)
    if (all === 0) return []
    const ranked = [...Map.groupBy(seen, ({ one }) => one.fix)].flatMap(([fix, cases]) => {
      const [first] = cases
      const nearest = cases.reduce((best, other) => (other.one.successes > 0 && (best?.one.successes === 0 || other.weight > (best?.weight ?? 0)) ? other : best), first)
      if (nearest === undefined || nearest.one.successes === 0) return []
      const heaviest = cases.reduce((greatest, { weight }) => Math.max(greatest, weight), 0)
      const near = (count: (one: FixCase) => number): number => cases.reduce((sum, { one, weight }) => sum + (weight / heaviest) * count(one), 0)
      const [nearUses, nearSuccesses] = [near(({ uses }) => uses), near(({ successes }) => successes)]
      const helped = cases.reduce((sum, { one, weight }) => sum + weight * one.successes, 0)
      return [{ fix, nearest, share: helped / all, nearUses, nearSuccesses, rank: (helped * (nearSuccesses + 1)) / (nearUses + 2) }]
    })
    ranked.sort((left, right) => right.rank - left.rank || (left.fix < right.fix ? -1 : 1))
    return ranked.slice(0, most).map(({ fix, nearest, share, nearUses, nearSuccesses }) => {
      const { one, message, situation: alike } = nearest
      return { fix, nearest: one, message, situation: alike, share, nearUses, nearSuccesses, ...this.#pastOf(fix, situation) }
    })
  }

  /** Cases that have anything to do with this, and how much they count. */
  #seen({ message, tool, input }: Situation): { readonly one: FixCase; readonly message: number; readonly situation: number; readonly weight: number }[] {
    const messages = this.#messages.similarities(message)
    const inputs = input === undefined ? undefined : this.#inputs.similarities(input)
    const byTool = (one: FixCase): number => (tool === undefined || one.tool === undefined ? unknown : Number(one.tool === tool))
    return this.#cases.flatMap((one, place) => {
      const alike = messages[place] ?? 0
      const given = one.hasInput ? inputs?.[place] : undefined
      // The same tool is nothing to go by.
      if (alike === 0 && (given === undefined || given === 0)) return []
      const situation = given ?? byTool(one)
      return [{ one, message: alike, situation, weight: ((alike + situation) / 2) ** sharpness }]
    })
  }

  /** What is known of a fix whatever the error, and whether this is where it is met. */
  #pastOf(fix: string, { tool, categories }: Situation): Pick<Candidate, 'fit' | 'uses' | 'successes' | 'tools' | 'categories'> {
    const own = this.#cases.filter((one) => one.fix === fix)
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

/** What each mark is worth for one question. Sums over it are kept by whoever computes them, for as long as the object is the same. */
export type Worths = Float64Array

/** Something that is worth as much as the marks that come with it, less those that go. */
export interface Valued {
  /** Numbers of marks. */
  readonly gained: readonly number[]
  readonly lost: readonly number[]
  /** The sum when it was last asked for, and for which worths. */
  sum: number
  sumFor: Worths | undefined
}

/** Adds what comes to a number and takes off what goes. For the same worths it is added up only once, so `start` must be the same too. */
export const sumOf = (valued: Valued, worths: Worths, start: number): number => {
  if (valued.sumFor === worths) return valued.sum
  let sum = start
  for (const word of valued.gained) sum += worths[word] ?? 0
  for (const word of valued.lost) sum -= worths[word] ?? 0
  valued.sum = sum
  valued.sumFor = worths
  return sum
}

/** The items with the largest numbers and their places, largest first; of equal ones those that came first. */
export class Largest<Item, Place> {
  readonly items: { readonly item: Item; readonly place: Place; readonly number: number }[] = []
  readonly #limit: number
  #least: number

  constructor(limit: number) {
    this.#limit = limit
    this.#least = limit > 0 ? -Infinity : Infinity
  }

  offer(number: number, item: Item, place: Place): void {
    const full = this.items.length >= this.#limit
    if (full && !(number > this.#least)) return
    const smaller = this.items.findIndex((other) => other.number < number)
    if (full) this.items.pop()
    this.items.splice(smaller < 0 ? this.items.length : smaller, 0, { item, place, number })
    this.#least = this.items.at(-1)?.number ?? -Infinity
  }
}

/** The item that is worth most, the first of equals. */
export const largestOf = <Item>(items: readonly Item[], worth: (item: Item) => number): Item | undefined => {
  let largest: Item | undefined
  let most = -Infinity
  for (const item of items) {
    const value = worth(item)
    if (largest === undefined || value > most) {
      largest = item
      most = value
    }
  }
  return largest
}

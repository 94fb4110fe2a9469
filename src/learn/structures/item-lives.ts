import { ItemLife, type SavedLife } from './item-life.ts'
import { isHeld } from './knowledge-life.ts'

/** As JSON holds the lives of an item. */
export interface SavedLives {
  /** Number of the first version that says what the present one says. */
  readonly said: number
  readonly present: SavedLife
  /** By the number of the first version that said it; what was said last comes last. */
  readonly earlier: readonly (readonly [said: number, life: SavedLife])[]
}

/** The lives of so many texts that an item once had are kept; one that had another before these begins anew. */
const mostEarlier = 16

/** The life of what an item says, and of what it said before: what one text has proved says nothing of another, and is there again when that text is. */
export class ItemLives {
  #said: number
  #present: ItemLife
  /** Most items say one thing. */
  #earlier: Map<number, ItemLife> | undefined

  /** @param since sequence of the fact that says it */
  constructor(said: number, since: number) {
    this.#said = said
    this.#present = new ItemLife('experimental', since)
  }

  static from({ said, present, earlier }: SavedLives): ItemLives {
    const lives = new ItemLives(said, 0)
    lives.#present = ItemLife.from(present)
    if (earlier.length > 0) lives.#earlier = new Map(earlier.map(([number, life]) => [number, ItemLife.from(life)]))
    return lives
  }

  save(): SavedLives {
    return { said: this.#said, present: this.#present.save(), earlier: Array.from(this.#earlier ?? [], ([number, life]) => [number, life.save()]) }
  }

  get present(): ItemLife {
    return this.#present
  }

  /** The life of what a version says; undefined where it is not kept. */
  of({ saidSince }: { readonly saidSince: number }): ItemLife | undefined {
    return saidSince === this.#said ? this.#present : this.#earlier?.get(saidSince)
  }

  /**
   * The item says something from now on, which it may have said before. Where somebody has put the item away it stays there, whatever it says.
   *
   * @param since sequence of the fact that says it
   * @returns whether it goes on in another life
   */
  say({ saidSince }: { readonly saidSince: number }, since: number): boolean {
    if (saidSince === this.#said) return false
    const [before, left] = [this.#said, this.#present]
    this.#said = saidSince
    if (isHeld(left)) return false
    const earlier = (this.#earlier ??= new Map<number, ItemLife>())
    this.#present = earlier.get(saidSince) ?? new ItemLife('experimental', since)
    earlier.delete(saidSince)
    earlier.set(before, left)
    for (const number of earlier.keys()) if (earlier.size > mostEarlier) earlier.delete(number)
    return true
  }
}

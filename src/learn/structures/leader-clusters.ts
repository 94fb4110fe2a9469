import { hashText } from '../hash.ts'
import type { Features } from '../learner.ts'

/** The first member of a cluster: all that a cluster is. */
export interface Leader {
  readonly name: string
  readonly hashes: readonly number[]
  /** Scaled to Euclidean length 1. */
  readonly values: readonly number[]
}

/** The leaders that have a feature: by turns the place of one and the value in it, in one plain array, since every run of the log passes through them. */
type Posting = number[]

/**
 * Leader clustering, online and deterministic (Hartigan, "Clustering Algorithms", 1975, chapter 3): a member joins the first cluster, in order of creation, whose
 * leader is near enough, or founds one while there is a place.
 *
 * The first, not the nearest: so clusters that are founded later never change where an earlier member belongs.
 */
export class LeaderClusters {
  readonly leaders: Leader[] = []
  readonly #most: number
  readonly #nearness: number
  /** Per feature the leaders that have it, so that only those are compared. */
  readonly #postings = new Map<number, Posting>()
  /** Room for one product a leader, used anew by each search. */
  readonly #products: Float64Array

  /**
   * @param most most clusters
   * @param nearness cosine with the leader from which a member belongs, in (0, 1]
   */
  constructor(most: number, nearness: number, leaders: readonly Leader[] = []) {
    this.#most = most
    this.#products = new Float64Array(most)
    this.#nearness = nearness
    for (const leader of leaders) this.#add(leader)
  }

  /** Name of the cluster that the features belong to; undefined when there is none. */
  find({ hashes, values }: Features): string | undefined {
    const products = this.#products.fill(0)
    let squares = 0
    for (let index = 0; index < hashes.length; index += 1) {
      const value = values[index] ?? 0
      squares += value * value
      const posting = this.#postings.get(hashes[index] ?? 0)
      if (posting === undefined) continue
      for (let place = 0; place < posting.length; place += 2) {
        const leader = posting[place] ?? 0
        products[leader] = (products[leader] ?? 0) + (posting[place + 1] ?? 0) * value
      }
    }
    if (squares === 0) return undefined
    const enough = this.#nearness * Math.sqrt(squares)
    for (let place = 0; place < this.leaders.length; place += 1) if ((products[place] ?? 0) >= enough) return this.leaders[place]?.name
    return undefined
  }

  /** Like {@link find}, but founds a cluster when there is none, named after its leader's features; undefined when all places are taken. */
  join(features: Features): string | undefined {
    const found = this.find(features)
    if (found !== undefined || this.leaders.length >= this.#most) return found
    const length = Math.hypot(...features.values)
    if (length === 0) return undefined
    const name = `task-${hashText(features.hashes.join(' ')).toString(16).padStart(8, '0')}`
    this.#add({ name, hashes: [...features.hashes], values: Array.from(features.values, (value) => value / length) })
    return name
  }

  #add(leader: Leader): void {
    for (const [index, hash] of leader.hashes.entries()) {
      const value = leader.values[index] ?? 0
      const posting = this.#postings.get(hash)
      // Most features belong to one leader only: a literal takes the room of its two numbers, where `push` would take that of sixteen.
      if (posting === undefined) this.#postings.set(hash, [this.leaders.length, value])
      else posting.push(this.leaders.length, value)
    }
    this.leaders.push(leader)
  }
}

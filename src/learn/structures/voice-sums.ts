import { hashText } from '../hash.ts'
import type { Voice } from '../learner.ts'

/** Sums of the words of one judge, in millionths, so that what is taken out again leaves nothing behind. */
interface Sums {
  /** Of weight · reward. */
  up: number
  /** Of weight. */
  total: number
}

/** One judge after another: number of the judge, and the sums. */
export type SavedVoiceSums = readonly (readonly [judge: number, up: number, total: number])[]

/** Judges are told apart by a hash: of many more than this, some are taken for one, and all of them together stay bounded. */
const judges = 64

const million = 1e6

const judgeOf = ({ user, agent, source }: Voice): number => hashText(user ?? agent ?? source) % judges

/** What judges said, by judge. Bounded, exact under taking back, and the same in whatever order things were said. */
export class VoiceSums {
  readonly #sums: Map<number, Sums>

  constructor(saved: SavedVoiceSums = []) {
    this.#sums = new Map(saved.map(([judge, up, total]) => [judge, { up, total }]))
  }

  /** @param sign −1 takes it back */
  add(voice: Voice, sign: 1 | -1): void {
    const judge = judgeOf(voice)
    const sums = this.#sums.get(judge) ?? { up: 0, total: 0 }
    this.#sums.set(judge, sums)
    sums.up += sign * Math.round(voice.weight * voice.reward * million)
    sums.total += sign * Math.round(voice.weight * million)
    if (sums.up === 0 && sums.total === 0) this.#sums.delete(judge)
  }

  /** In the order of the judges. */
  save(): SavedVoiceSums {
    return [...this.#sums].sort(([left], [right]) => left - right).map(([judge, { up, total }]) => [judge, up, total] as const)
  }

  /** Weight of all words, 0 or more. */
  get weight(): number {
    return [...this.#sums.values()].reduce((sum, { total }) => sum + total, 0) / million
  }

  /**
   * What was said here, and what the same judges said of the rest: each judge is compared with itself, so that neither the strict nor the lenient tip the scales.
   *
   * @param all sums that these are part of
   * @param most weight with which one judge counts at most
   * @returns means in [0, 1], that of the rest shrunk to ½ as if by two more words, and the weight that they stand for
   */
  comparedWith(all: VoiceSums, most: number): { readonly weight: number; readonly rate: number; readonly expected: number } {
    let [weight, rate, expected] = [0, 0, 0]
    for (const [judge, { up, total }] of this.#sums) {
      if (total <= 0) continue
      const sums = all.#sums.get(judge) ?? { up, total }
      const counted = Math.min(most, total / million)
      weight += counted
      rate += (counted * up) / total
      expected += (counted * (million + sums.up - up)) / (2 * million + sums.total - total)
    }
    return weight === 0 ? { weight, rate: 0, expected: 0.5 } : { weight, rate: rate / weight, expected: expected / weight }
  }
}

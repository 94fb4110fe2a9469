import { packBytes } from '../../log/packed.ts'

/** What some runs came to. */
export interface RunTally {
  readonly runs: number
  /** Runs with a reward above one half. */
  readonly good: number
  /** Sum of the weights of their verdicts, and of weight · reward. */
  readonly weight: number
  readonly reward: number
}

export const noRuns: RunTally = { runs: 0, good: 0, weight: 0, reward: 0 }

/** With some runs more, each counted by a share of it. */
export const plus = (tally: RunTally = noRuns, more: RunTally, share = 1): RunTally => ({
  runs: tally.runs + share * more.runs,
  good: tally.good + share * more.good,
  weight: tally.weight + share * more.weight,
  reward: tally.reward + share * more.reward,
})

/** Typed arrays as base64. */
export interface SavedTallies {
  readonly runs: string
  readonly good: string
  readonly weights: string
  readonly rewards: string
}

/** The first places of a typed array as base64. */
export const packed = (values: Int32Array | Float64Array, size: number): string => {
  const { buffer, byteOffset, byteLength } = values.subarray(0, size)
  return packBytes(new Uint32Array(buffer, byteOffset, byteLength / 4))
}

/** Base64 of a typed array back into its bytes, in memory of their own. */
export const unpacked = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text, 'base64')).buffer

/** Tallies of runs by place, in typed arrays. */
export class RunTallies {
  readonly #runs: Int32Array
  readonly #good: Int32Array
  readonly #weights: Float64Array
  readonly #rewards: Float64Array

  constructor(places: number, saved?: SavedTallies) {
    this.#runs = new Int32Array(places)
    this.#good = new Int32Array(places)
    this.#weights = new Float64Array(places)
    this.#rewards = new Float64Array(places)
    if (saved === undefined) return
    this.#runs.set(new Int32Array(unpacked(saved.runs)))
    this.#good.set(new Int32Array(unpacked(saved.good)))
    this.#weights.set(new Float64Array(unpacked(saved.weights)))
    this.#rewards.set(new Float64Array(unpacked(saved.rewards)))
  }

  /** @param size places that are in use */
  save(size: number): SavedTallies {
    return { runs: packed(this.#runs, size), good: packed(this.#good, size), weights: packed(this.#weights, size), rewards: packed(this.#rewards, size) }
  }

  runsAt(place: number): number {
    return this.#runs[place] ?? 0
  }

  at(place: number): RunTally {
    return { runs: this.#runs[place] ?? 0, good: this.#good[place] ?? 0, weight: this.#weights[place] ?? 0, reward: this.#rewards[place] ?? 0 }
  }

  add(place: number, change: RunTally): void {
    const runs = this.runsAt(place) + change.runs
    // A run that was counted before its place was dropped and came back is not in these counts, and cannot be taken out.
    this.#runs[place] = Math.max(0, runs)
    this.#good[place] = runs <= 0 ? 0 : Math.min(runs, Math.max(0, (this.#good[place] ?? 0) + change.good))
    const weight = runs <= 0 ? 0 : Math.max(0, (this.#weights[place] ?? 0) + change.weight)
    this.#weights[place] = weight
    this.#rewards[place] = runs <= 0 ? 0 : Math.min(weight, Math.max(0, (this.#rewards[place] ?? 0) + change.reward))
  }

  clear(place: number): void {
    for (const values of [this.#runs, this.#good, this.#weights, this.#rewards]) values[place] = 0
  }

  copy(from: number, to: number): void {
    for (const values of [this.#runs, this.#good, this.#weights, this.#rewards]) values[to] = values[from] ?? 0
  }
}

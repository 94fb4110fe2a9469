import { grown, Numbering } from './numbering.ts'

/** Sparse features of a question: interned ids and values. */
export type Features = readonly (readonly [id: number, value: number])[]

/** The weights of the pairs of one feature, by the place of the fragment, with the sums of squared slopes that AdaGrad divides by. */
class Row {
  readonly fragments: Numbering
  #weights: Float32Array
  #squares: Float32Array

  constructor({ ids, weights, squares }: SavedRow = { ids: new Int32Array(0), weights: new Float32Array(0), squares: new Float32Array(0) }) {
    this.fragments = new Numbering(ids)
    this.#weights = weights
    this.#squares = squares
  }

  /** Adds the weights, times a factor, to scores by fragment. */
  addTo(scores: Float64Array, factor: number): void {
    const { ids, size } = this.fragments
    const weights = this.#weights
    for (let place = 0; place < size; place += 1) {
      const fragment = ids[place] ?? 0
      scores[fragment] = (scores[fragment] ?? 0) + factor * (weights[place] ?? 0)
    }
  }

  learn(fragment: number, slope: number): void {
    const known = this.fragments.size
    const place = this.fragments.place(fragment)
    if (place === known) {
      if (place >= this.#weights.length) {
        this.#weights = grown(this.#weights, this.fragments.ids.length)
        this.#squares = grown(this.#squares, this.fragments.ids.length)
      }
      this.#squares[place] = initialSquares
    }
    const squares = (this.#squares[place] ?? 0) + slope * slope
    const weight = this.#weights[place] ?? 0
    this.#squares[place] = squares
    this.#weights[place] = weight + (pairRate * (slope - decay * weight)) / Math.sqrt(squares)
  }

  save(): SavedRow {
    const { ids, size } = this.fragments
    return { ids: ids.subarray(0, size), weights: this.#weights.subarray(0, size), squares: this.#squares.subarray(0, size) }
  }
}

interface SavedRow {
  readonly ids: Int32Array
  readonly weights: Float32Array
  readonly squares: Float32Array
}

/** What a {@link Ranker} has learned: the rows of all features one after the other, with their lengths by feature. */
export interface SavedRanker extends SavedRow {
  readonly lengths: Int32Array
  /** Weights and sums of squared slopes of the evidence. */
  readonly evidence: Float64Array
  readonly evidenceSquares: Float64Array
}

interface Cell {
  weight: number
  squares: number
}

/** A way to answer: the fragments of its template and a few numbers that speak for or against it. */
export interface Candidate {
  readonly fragments: Int32Array
  readonly evidence: readonly number[]
}

/** Step sizes of AdaGrad, for pairs of features and for the evidence, and the pull of weights towards 0. */
const pairRate = 1
const evidenceRate = 0.1
const decay = 1e-4

/** Where the sum of squared slopes of a pair starts: a small number makes the first steps long. */
const initialSquares = 0.01

/** Smaller slopes, and errors of candidates, are not worth a step, nor the memory for a pair that would have next to no weight. */
const smallestSlope = 1e-3
const smallestError = 1e-3

/**
 * Learns which candidate answers a question: a log-linear model over pairs of a question's feature and a query's fragment, plus a few shared
 * weights of evidence, fitted by AdaGrad on the log-likelihood of the right candidate.
 */
export class Ranker {
  /** By feature. */
  readonly #rows: (Row | undefined)[] = []
  readonly #evidence: Cell[]
  #scores = new Float64Array(0)

  /** @param evidence initial weights of the evidence, in order */
  constructor(evidence: readonly number[]) {
    this.#evidence = evidence.map((weight) => ({ weight, squares: 1 }))
  }

  /** Continues where another one was saved, whose arrays become its own. */
  static from({ lengths, ids, weights, squares, evidence, evidenceSquares }: SavedRanker): Ranker {
    const ranker = new Ranker([...evidence])
    ranker.#evidence.forEach((cell, at) => { cell.squares = evidenceSquares[at] ?? cell.squares })
    let start = 0
    lengths.forEach((length, feature) => {
      const end = start + length
      if (length > 0) ranker.#rows[feature] = new Row({ ids: ids.subarray(start, end), weights: weights.subarray(start, end), squares: squares.subarray(start, end) })
      start = end
    })
    return ranker
  }

  save(): SavedRanker {
    // Without the empty rows at the end, so that equal weights are equal bytes.
    const last = this.#rows.findLastIndex((row) => row !== undefined && row.fragments.size > 0)
    const lengths = Int32Array.from({ length: last + 1 }, (_, feature) => this.#rows[feature]?.fragments.size ?? 0)
    const total = lengths.reduce((sum, length) => sum + length, 0)
    const saved: SavedRanker = {
      lengths, ids: new Int32Array(total), weights: new Float32Array(total), squares: new Float32Array(total),
      evidence: Float64Array.from(this.#evidence, ({ weight }) => weight), evidenceSquares: Float64Array.from(this.#evidence, (cell) => cell.squares),
    }
    let start = 0
    lengths.forEach((length, feature) => {
      const row = this.#rows[feature]?.save()
      if (row === undefined) return
      saved.ids.set(row.ids, start)
      saved.weights.set(row.weights, start)
      saved.squares.set(row.squares, start)
      start += length
    })
    return saved
  }

  /** What each fragment is worth for a question, until the next call; `size` is one more than the largest fragment id. */
  fragmentScores(features: Features, size: number): Float64Array {
    // One array for all questions: there are so many that those of the past would fill the memory before they are collected.
    if (this.#scores.length < size) this.#scores = new Float64Array(2 * size)
    const scores = this.#scores.fill(0, 0, size).subarray(0, size)
    for (const [feature, value] of features) this.#rows[feature]?.addTo(scores, value)
    return scores
  }

  /** The score of a candidate; differences of scores are log-odds. */
  score(candidate: Candidate, fragmentScores: Float64Array): number {
    return this.fromFragments(candidate, fragmentScores) + this.fromEvidence(candidate)
  }

  /** The part of the score that comes from the fragments. */
  fromFragments({ fragments }: Pick<Candidate, 'fragments'>, fragmentScores: Float64Array): number {
    let sum = 0
    for (let at = 0; at < fragments.length; at += 1) {
      const fragment = fragments[at] ?? 0
      // Fragments that were met since have no score. Reading it would give no number, and have every number allocated.
      if (fragment < fragmentScores.length) sum += fragmentScores[fragment] ?? 0
    }
    return sum * scale(fragments)
  }

  /** The part of the score that comes from the evidence. */
  fromEvidence({ evidence }: Pick<Candidate, 'evidence'>): number {
    let sum = 0
    for (let at = 0; at < evidence.length; at += 1) sum += (evidence[at] ?? 0) * (this.#evidence[at]?.weight ?? 0)
    return sum
  }

  /** One step towards the right candidates. `right[i]` tells whether `candidates[i]` is right; nothing happens if none is. */
  learn(features: Features, candidates: readonly Candidate[], scores: readonly number[], right: readonly boolean[], evidenceToo = true): void {
    const p = softmax(scores)
    let mass = 0
    right.forEach((isRight, at) => { if (isRight) mass += p[at] ?? 0 })
    if (!right.includes(true)) return
    const touched = new Numbering()
    let gradient = new Float64Array(64)
    const evidence = this.#evidence.map(() => 0)
    candidates.forEach((candidate, at) => {
      const probability = p[at] ?? 0
      const error = (right[at] === true ? probability / Math.max(mass, 1e-12) : 0) - probability
      if (Math.abs(error) < smallestError) return
      const share = error * scale(candidate.fragments)
      for (const fragment of candidate.fragments) {
        const place = touched.place(fragment)
        if (place === gradient.length) gradient = grown(gradient, place * 2)
        gradient[place] = (gradient[place] ?? 0) + share
      }
      candidate.evidence.forEach((value, place) => { evidence[place] = (evidence[place] ?? 0) + error * value })
    })
    for (const [feature, value] of features) {
      const row = (this.#rows[feature] ??= new Row())
      for (let place = 0; place < touched.size; place += 1) {
        const slope = gradient[place] ?? 0
        if (Math.abs(slope) >= smallestSlope) row.learn(touched.ids[place] ?? 0, slope * value)
      }
    }
    if (evidenceToo) this.#evidence.forEach((cell, at) => step(cell, evidence[at] ?? 0))
  }
}

const step = (cell: Cell, slope: number): void => {
  cell.squares += slope * slope
  cell.weight += (evidenceRate * (slope - decay * cell.weight)) / Math.sqrt(cell.squares)
}

/** Long queries have more fragments; without this they would win or lose by their length. */
const scale = (fragments: Int32Array): number => 1 / Math.sqrt(Math.max(1, fragments.length))

/** Probabilities from scores. */
export const softmax = (scores: readonly number[]): number[] => {
  let top = -Infinity
  for (const score of scores) top = Math.max(top, score)
  const powers = scores.map((score) => Math.exp(score - top))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

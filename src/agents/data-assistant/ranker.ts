/** Sparse features of a question: interned ids and values. */
export type Features = readonly (readonly [id: number, value: number])[]

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

/**
 * Learns which candidate answers a question: a log-linear model over pairs of a question's feature and a query's fragment, plus a few shared
 * weights of evidence, fitted by AdaGrad on the log-likelihood of the right candidate.
 */
export class Ranker {
  readonly #rows = new Map<number, Map<number, Cell>>()
  readonly #evidence: Cell[]

  /** @param evidence initial weights of the evidence, in order */
  constructor(evidence: readonly number[]) {
    this.#evidence = evidence.map((weight) => ({ weight, squares: 1 }))
  }

  /** What each fragment is worth for a question; `size` is one more than the largest fragment id. */
  fragmentScores(features: Features, size: number): Float64Array {
    const scores = new Float64Array(size)
    for (const [feature, value] of features) {
      const row = this.#rows.get(feature)
      if (row === undefined) continue
      for (const [fragment, cell] of row) scores[fragment] = (scores[fragment] ?? 0) + value * cell.weight
    }
    return scores
  }

  /** The score of a candidate; differences of scores are log-odds. */
  score(candidate: Candidate, fragmentScores: Float64Array): number {
    let sum = 0
    for (const fragment of candidate.fragments) sum += fragmentScores[fragment] ?? 0
    return sum * scale(candidate) + this.fromEvidence(candidate)
  }

  /** The part of the score that comes from the evidence alone. */
  fromEvidence(candidate: Candidate): number {
    let sum = 0
    candidate.evidence.forEach((value, at) => { sum += value * (this.#evidence[at]?.weight ?? 0) })
    return sum
  }

  /** One step towards the right candidates. `right[i]` tells whether `candidates[i]` is right; nothing happens if none is. */
  learn(features: Features, candidates: readonly Candidate[], scores: readonly number[], right: readonly boolean[], evidenceToo = true): void {
    const p = softmax(scores)
    let mass = 0
    right.forEach((isRight, at) => { if (isRight) mass += p[at] ?? 0 })
    if (!right.includes(true)) return
    const gradient = new Map<number, number>()
    const evidence = this.#evidence.map(() => 0)
    candidates.forEach((candidate, at) => {
      const probability = p[at] ?? 0
      const error = (right[at] === true ? probability / Math.max(mass, 1e-12) : 0) - probability
      if (Math.abs(error) < 1e-3) return
      const share = error * scale(candidate)
      for (const fragment of candidate.fragments) gradient.set(fragment, (gradient.get(fragment) ?? 0) + share)
      candidate.evidence.forEach((value, place) => { evidence[place] = (evidence[place] ?? 0) + error * value })
    })
    for (const [feature, value] of features) {
      let row = this.#rows.get(feature)
      if (row === undefined) this.#rows.set(feature, (row = new Map()))
      for (const [fragment, slope] of gradient) {
        if (Math.abs(slope) < 1e-4) continue
        let cell = row.get(fragment)
        if (cell === undefined) row.set(fragment, (cell = { weight: 0, squares: 0.01 }))
        step(cell, slope * value, pairRate)
      }
    }
    if (evidenceToo) this.#evidence.forEach((cell, at) => step(cell, evidence[at] ?? 0, evidenceRate))
  }
}

const step = (cell: Cell, slope: number, rate: number): void => {
  cell.squares += slope * slope
  cell.weight += (rate * (slope - decay * cell.weight)) / Math.sqrt(cell.squares)
}

/** Long queries have more fragments; without this they would win or lose by their length. */
const scale = (candidate: Candidate): number => 1 / Math.sqrt(Math.max(1, candidate.fragments.length))

/** Probabilities from scores. */
export const softmax = (scores: readonly number[]): number[] => {
  let top = -Infinity
  for (const score of scores) top = Math.max(top, score)
  const powers = scores.map((score) => Math.exp(score - top))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

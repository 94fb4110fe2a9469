import type { Known, Learned } from '../cases.ts'
import { type Candidate, softmax } from '../ranking/ranker.ts'
import type { Span } from '../templates/values.ts'

/** What speaks for a candidate besides its fragments. */
export interface Evidence {
  /** Similarity to the nearest and the second nearest case of its template, in [0, 1]. */
  readonly nearest: number
  readonly second: number
  /** ln(1 + cases of the template). */
  readonly frequency: number
  /** Values of the question that the query has no slot for. */
  readonly open: number
  /** Text constants of the query that the question does not name. */
  readonly absent: number
  readonly exchanged: number
  readonly nested: number
  /** ln(1 + support) of an analogy. */
  readonly support: number
  readonly lacking: number
  readonly unexplained: number
}

/** Where learning of the evidence's weights starts: nearness and frequency speak for a candidate, whatever does not fit speaks against it. */
export const priorEvidence: Evidence = {
  nearest: 8, second: 2, frequency: 0.3, open: -1.5, absent: -1, exchanged: -3, nested: -2, support: 0.2, lacking: -1, unexplained: -3,
}

/** Evidence as plain numbers, in the order of {@link Evidence}: thousands of candidates are weighed for every question. */
export const numbersOf = ({ nearest, second, frequency, open, absent, exchanged, nested, support, lacking, unexplained }: Evidence): number[] => [
  nearest, second, frequency, open, absent, exchanged, nested, support, lacking, unexplained,
]

/** The evidence that plain numbers stand for. */
export const evidenceOf = (numbers: readonly number[]): Evidence => {
  const [nearest = 0, second = 0, frequency = 0, open = 0, absent = 0, exchanged = 0, nested = 0, support = 0, lacking = 0, unexplained = 0] = numbers
  return { nearest, second, frequency, open, absent, exchanged, nested, support, lacking, unexplained }
}

/** A template with the values of a question in its slots, and what the ranking makes of it. Its evidence is {@link numbersOf} some. */
export interface Scored extends Candidate {
  readonly known: Known
  readonly spans: readonly Span[]
  readonly nearest: Learned | undefined
  score: number
  fromFragments: number
}

/** A candidate whose query was run. */
export interface Tried {
  readonly candidate: Scored
  readonly evidence: Evidence
  readonly query: string
  /** Of its result: equal for equal rows. */
  readonly key: string
}

/** Candidates that return the same rows vote together, with their probabilities; the rows with the largest mass come first. */
export const votes = (tried: readonly Tried[], scores: readonly number[]): { mass: number; readonly best: Tried }[] => {
  const p = softmax(scores)
  const places = tried.map((_, at) => at).toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  const groups = new Map<string, { mass: number; readonly best: Tried }>()
  for (const at of places) {
    const one = tried[at]
    if (one === undefined) continue
    const mass = p[at] ?? 0
    const group = groups.get(one.key)
    if (group === undefined) groups.set(one.key, { mass, best: one })
    else group.mass += mass
  }
  return [...groups.values()].toSorted((a, b) => b.mass - a.mass)
}

/** A query that may answer a question, and how sure the reasoner is of it. */
export interface Proposal {
  readonly question: string
  readonly query: string
  /** Probability that the answer is right, in [0, 1], learned from how earlier answers went. */
  readonly confidence: number
  /** False if the confidence is too low to answer: say "I do not know", and ask for the right query. */
  readonly answered: boolean
  /** Ids of the cases it was built from. */
  readonly cases: readonly string[]
  /** The values of the question that were put into the query. */
  readonly slots: readonly string[]
  /** How the query came about, for a person to read. */
  readonly reason: string
}

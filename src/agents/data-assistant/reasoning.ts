import type { Advice } from '../../advise/advise.ts'
import type { Case } from './cases.ts'
import type { QueryRunner } from './database/database.ts'
import type { Proposal } from './proposal.ts'
import { CaseReasoner } from './reasoner.ts'

/** A query that may answer a question. */
export type Suggestion = Pick<Proposal, 'query' | 'confidence' | 'answered' | 'cases' | 'reason'>

/**
 * What turns a question into a query: reasoning from cases, or a language model with the recalled cases as examples.
 *
 * @example
 * ```ts
 * import type { Reasoner } from 'autodidact/agents'
 *
 * const askModel = async (prompt: string) => `SELECT ${prompt.length}` // a language model would be asked here
 * const reasoner: Reasoner = {
 *   answer: async (question, { prompt, items }) => {
 *     const query = await askModel(`${prompt}\n\nWrite a SQLite query that answers: ${question}`)
 *     return { query, confidence: 0.8, answered: items.length > 0, cases: items.map(({ id }) => id), reason: 'written by a language model' }
 *   },
 * }
 * console.assert(reasoner.add === undefined)
 * ```
 */
export interface Reasoner {
  /**
   * The best query for a question, or nothing if there is no idea at all.
   *
   * @param advice what was recalled: `items` are the nearest verified cases, `response.query` of each its query; `prompt` says the same in words
   */
  answer(question: string, advice: Advice): Promise<Suggestion | undefined>
  /** Learns a verified pair: a correction, or an answer that was confirmed. A reasoner that only reads `advice` needs no memory of its own. */
  add?(entry: Case): Promise<void>
  /** Learns that a query does not answer a question. */
  reject?(question: string, query: string): Promise<void>
  /** What it has learned so far, as bytes for {@link restore}; without it, everything is learned anew when an assistant is opened. */
  save?(): Promise<Uint8Array>
  /** Continues where another one saved these bytes, before anything else is asked of it. False, and nothing happens, if it cannot. */
  restore?(bytes: Uint8Array): Promise<boolean>
}

/** The case reasoning as it wants to be used: one call at a time, whoever asks meanwhile. */
export const reasonFromCases = async (database: QueryRunner): Promise<Reasoner> => {
  const cases = await CaseReasoner.create(database)
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(call: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(call)
    turn = mine.catch(() => undefined)
    return mine
  }
  return {
    answer: (question) => inTurn(() => cases.answer(question)),
    add: (entry) => inTurn(() => cases.add(entry)),
    reject: (question, query) => inTurn(() => cases.reject(question, query)),
    save: () => inTurn(async () => cases.save()),
    restore: (bytes) => inTurn(async () => cases.restore(bytes)),
  }
}

import type { DataAnswer, DataAssistant } from '../../agents/data-assistant/assistant.ts'
import type { QueryLimits, QueryRunner, Result } from '../../agents/data-assistant/database/database.ts'
import { sameAnswer } from '../../agents/data-assistant/answers/judge.ts'
import { AutodidactError } from '../../errors.ts'
import type { StreamQuestion } from './stream.ts'

/** How one question went. */
export interface Turn {
  readonly verdict: 'right' | 'wrong' | 'unknown'
  /** False for "I don't know", which is right where the data hold no answer. */
  readonly answered: boolean
  /** From the question to the answer. */
  readonly durationMs: number
  /** What taking in the user's reaction took; 0 where there was none. */
  readonly learningMs: number
}

export interface Simulation {
  readonly learning: readonly Turn[]
  readonly baseline: readonly Turn[]
  /** Questions whose own query fails: nobody could say what is right. */
  readonly leftOut: number
  readonly interrupted: boolean
}

export interface SimulationInput {
  readonly questions: readonly StreamQuestion[]
  readonly database: QueryRunner
  /** Learns from every verdict. */
  readonly learning: DataAssistant
  /** Is asked the same and told nothing. */
  readonly baseline: DataAssistant
  readonly signal: AbortSignal
  /** After each question, with what is known so far. */
  readonly onTurn: (turn: Turn | undefined) => void
}

/** Of the queries on both sides; an answer that is cut short could not be compared. */
export const simulationLimits = { maximumRows: 10_000, maximumMs: 5_000 } as const satisfies QueryLimits

/** What the right query returns; undefined when it fails. */
const goldOf = async (database: QueryRunner, query: string): Promise<Result | undefined> => {
  try {
    return await database.query(query, simulationLimits)
  } catch (error) {
    if (AutodidactError.is(error)) return undefined
    throw error
  }
}

const judged = (answer: DataAnswer, { sql }: StreamQuestion, gold: Result | undefined): Omit<Turn, 'learningMs'> => {
  const answered = answer.kind === 'answer'
  const { durationMs } = answer
  if (!answered) return { verdict: sql === null ? 'right' : 'unknown', answered, durationMs }
  const right = sql !== null && gold !== undefined && !answer.truncated && sameAnswer({ query: sql, rows: gold.rows }, answer.rows)
  return { verdict: right ? 'right' : 'wrong', answered, durationMs }
}

/** The user's reaction: the right query after everything that is not right, as far as there is one. Returns how long it took in milliseconds. */
const teach = async (assistant: DataAssistant, { run }: DataAnswer, verdict: Turn['verdict'], { sql }: StreamQuestion): Promise<number> => {
  const started = performance.now()
  if (verdict !== 'right' && sql !== null) await assistant.correct(run, sql)
  else await assistant.judge(run, verdict === 'right')
  return performance.now() - started
}

/**
 * A simulated user asks one question after the other, compares the rows of each answer with those of the right query, and corrects. Two assistants are
 * asked: one that learns and one that does not. Ends early when the signal says so.
 */
export const simulate = async ({ questions, database, learning, baseline, signal, onTurn }: SimulationInput): Promise<Simulation> => {
  const turns: Turn[] = []
  const baselineTurns: Turn[] = []
  let leftOut = 0
  for (const question of questions) {
    if (signal.aborted) break
    const gold = question.sql === null ? undefined : await goldOf(database, question.sql)
    if (question.sql !== null && gold === undefined) {
      leftOut += 1
      onTurn(undefined)
      continue
    }
    const answer = await learning.ask(question.question)
    const judgement = judged(answer, question, gold)
    const turn = { ...judgement, learningMs: await teach(learning, answer, judgement.verdict, question) }
    baselineTurns.push({ ...judged(await baseline.ask(question.question), question, gold), learningMs: 0 })
    turns.push(turn)
    onTurn(turn)
  }
  return { learning: turns, baseline: baselineTurns, leftOut, interrupted: signal.aborted }
}

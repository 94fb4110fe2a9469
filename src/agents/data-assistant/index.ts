export {
  type Correction,
  type DataAnswer,
  DataAssistant,
  type DataAssistantSettings,
} from './assistant.ts'
export type { Case } from './cases.ts'
export { type Cell, type QueryLimits, type QueryRunner, ReadOnlyDatabase, type Result, type Rows } from './database/database.ts'
export { sameAnswer } from './answers/judge.ts'
export type { Proposal } from './proposal.ts'
export { CaseReasoner, type CaseReasonerOptions } from './reasoner.ts'
export type { Reasoner, Suggestion } from './reasoning.ts'
export type { Column, Schema } from './database/schema.ts'

export {
  type Correction,
  type DataAnswer,
  DataAssistant,
  type DataAssistantSettings,
  type Reasoner,
  type Suggestion,
} from './assistant.ts'
export type { Case } from './cases.ts'
export { type Cell, type QueryLimits, type QueryRunner, ReadOnlyDatabase, type Result, type Rows } from './database.ts'
export { sameAnswer } from './judge.ts'
export { CaseReasoner, type CaseReasonerOptions, type Proposal } from './reasoner.ts'
export type { Column, Schema } from './schema.ts'

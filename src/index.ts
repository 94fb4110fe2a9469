export type { Advice, AdviseSettings } from './advise/advise.ts'
export { Autodidact, type AutodidactSettings } from './autodidact.ts'
export type { JudgeLevel, VerdictWeights } from './credit/dossier.ts'
export type { Decision } from './decide/choose.ts'
export type { DecideSettings } from './decide/decide.ts'
export { type Context, featurize, type Situation } from './learn/features.ts'
export type { OptionInput, SituationInput } from './decide/input.ts'
export { defaultPolicy } from './decide/policies/default.ts'
export { epsilonGreedy, type EpsilonGreedySettings } from './decide/policies/epsilon-greedy.ts'
export { fixed, type FixedSettings } from './decide/policies/fixed.ts'
export { greedy } from './decide/policies/greedy.ts'
export { uniform } from './decide/policies/uniform.ts'
export { policyNames, policyOf } from './decide/policies.ts'
export type { Ask, Distribution, Option, Policy, PolicyChoice } from './decide/policy.ts'
export { type Random, seededRandom, shuffled } from './decide/random.ts'
export { sample } from './decide/sample.ts'
export { similarities } from './decide/similarity.ts'
export { AutodidactError, type ErrorCode, errorCodes } from './errors.ts'
export type {
  ExplainedDecision,
  ExplainedItem,
  ExplainedOption,
  ExplainedOutcome,
  ExplainedVote,
  Explanation,
  Lesson,
  Teaching,
  UsefulnessEvidence,
} from './explain/explanation.ts'
export type { ExportedFact, ExportSettings } from './export/export.ts'
export type { FeedbackInput, FeedbackReceipt, FeedbackSettings } from './feedback/feedback.ts'
export type { ForgetReport, Selector } from './forget/forget.ts'
export type { KnowledgeInput, KnowledgeReceipt } from './knowledge/remember.ts'
export type { DecisionSettled, Experience, ExperienceKind, Features, Learner, RunSettled, Verdict } from './learn/learner.ts'
export { itemUsefulness, type ItemUsefulnessView, type UsefulnessCounts } from './learn/learners/item-usefulness.ts'
export { createOptionModel, optionModel, type OptionModelSettings, type OptionModelView } from './learn/learners/option-model.ts'
export { taskStatistics, type TaskStatisticsView } from './learn/learners/task-statistics.ts'
export type { Envelope, Fact, FactData, FactKind, FactOf, Trust } from './log/fact.ts'
export { estimateTokens } from './recall/budget.ts'
export type { Item, RecalledKind } from './recall/item.ts'
export { type Prompt, type PromptItem, type PromptSettings, renderPrompt } from './recall/prompt.ts'
export { type Candidate, rank, type Ranked, type RankSettings, usefulness } from './recall/rank.ts'
export type { Recollection, RecallSettings } from './recall/recall.ts'
export { stem, stems, words } from './recall/words.ts'
export type { OutcomeInput, RecordInput, StepInput } from './record/input.ts'
export type { ReceiptPart, RecordReceipt } from './record/receipt.ts'
export { createRedact, type Redact, type RedactSettings } from './log/redact.ts'
export type { RunInput, RunNotes, RunResult } from './run/run.ts'
export type {
  AgentReport,
  FeedbackReport,
  ItemReport,
  KindReport,
  OptionReport,
  PointReport,
  Report,
  RunCounts,
  Share,
  StorageReport,
  TenthReport,
} from './report/summary.ts'
export type { PointSettings } from './scope.ts'
export type * from './storage/storage.ts'
export type { Warning } from './warning.ts'

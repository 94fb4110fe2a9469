export type { Advice, AdviseSettings } from './advise/advise.ts'
export { Autodidact, type AutodidactSettings } from './autodidact.ts'
export { copyStore, type CopySettings } from './copy/copy.ts'
export type { CopiedNamespace, CopyReceipt, RefusalCode as CopyRefusalCode, RefusedFact } from './copy/receipt.ts'
export type { JudgeLevel, VerdictWeights } from './credit/votes.ts'
export type { Evidence, Reward } from './credit/reward.ts'
export type { Decision } from './decide/choose.ts'
export type { ConfiguredPolicy } from './decide/configured.ts'
export type { DecideSettings } from './decide/decide.ts'
export { type Context, featurize, type Situation } from './learn/features.ts'
export type { OptionInput, SituationInput } from './decide/input.ts'
export { defaultPolicy } from './decide/policies/default.ts'
export { epsilonGreedy, type EpsilonGreedySettings } from './decide/policies/epsilon-greedy.ts'
export { fixed, type FixedSettings } from './decide/policies/fixed.ts'
export { greedy } from './decide/policies/greedy.ts'
export { linUcb, type LinUcbSettings } from './decide/policies/linucb.ts'
export { reinforce, type ReinforceSettings } from './decide/policies/policy-gradient.ts'
export { qLearning, type QLearningSettings } from './decide/policies/q-learning.ts'
export { softmax, type SoftmaxSettings } from './decide/policies/softmax.ts'
export { squareCb, type SquareCbSettings } from './decide/policies/squarecb.ts'
export { thompsonBeta, type ThompsonBetaSettings, thompsonDynamic } from './decide/policies/thompson-beta.ts'
export { thompsonLinear, type ThompsonLinearSettings } from './decide/policies/thompson-linear.ts'
export { thompsonLogistic, type ThompsonLogisticSettings } from './decide/policies/thompson-logistic.ts'
export { uniform } from './decide/policies/uniform.ts'
export { type PolicyChoice, policyNames, policyOf } from './decide/policies.ts'
export type { Ask, Distribution, Option, Policy } from './decide/policy.ts'
export { type RewardChoice, rewardNames, rewardOf } from './decide/rewards.ts'
export { additive, type AdditiveSettings } from './decide/rewards/additive.ts'
export { combined, type RewardPart } from './decide/rewards/combined.ts'
export { completion } from './decide/rewards/completion.ts'
export { efficiency } from './decide/rewards/efficiency.ts'
export { satisfaction } from './decide/rewards/satisfaction.ts'
export { success } from './decide/rewards/success.ts'
export { threePart, type ThreePartSettings } from './decide/rewards/three-part.ts'
export { type Random, seededRandom, shuffled } from './decide/random.ts'
export { sample } from './decide/sample.ts'
export { similarities } from './decide/similarity.ts'
export { AutodidactError, type ErrorCode, errorCodes } from './errors.ts'
export type { Answer, Assessment, DecisionCounts, Estimates, Evaluation, EvaluationWeights, NoAnswer, Refusal, RefusalCode } from './evaluate/evaluation.ts'
export type { EvaluateInput } from './evaluate/evaluate.ts'
export type { ArmPolicy, ArmStatus, ExperimentInput, ExperimentStatus, LearningHelp, WithoutOption } from './evaluate/experiments/experiment.ts'
export { Experiments } from './evaluate/experiments/experiments.ts'
export type { Comparison } from './statistics/sequential/judge.ts'
export { directMethod } from './evaluate/estimators/direct-method.ts'
export { doublyRobust } from './evaluate/estimators/doubly-robust.ts'
export { type Estimate, estimate } from './evaluate/estimators/estimate.ts'
export { inversePropensity } from './evaluate/estimators/inverse-propensity.ts'
export type { Estimator, LoggedReward, PointEstimate } from './evaluate/estimators/sample.ts'
export { selfNormalised } from './evaluate/estimators/self-normalised.ts'
export { selfNormalisedDoublyRobust } from './evaluate/estimators/self-normalised-doubly-robust.ts'
export { summarizeWeights, type WeightSummary } from './evaluate/estimators/weights.ts'
export { asymptoticDifference, asymptoticMargin, type AsymptoticSettings, type Difference, type Moments } from './statistics/sequential/asymptotic.ts'
export { bestArm, type BestArmSettings } from './statistics/sequential/best-arm.ts'
export { betaBinomialInterval } from './statistics/sequential/beta-binomial.ts'
export type { Interval } from './statistics/sequential/interval.ts'
export { optimalShares, type OptimalSharesSettings } from './statistics/sequential/optimal-shares.ts'
export { robustInterval, type WeightedReward } from './statistics/sequential/robust.ts'
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
export type { ExportedFact, ExportedLearning, ExportedSubscription, ExportSettings, UserExportSettings } from './export/export.ts'
export type { FeedbackInput, FeedbackReceipt, FeedbackSettings } from './feedback/feedback.ts'
export type { ForgetReport, ForgetSettings, ForgettableKind, Selector } from './forget/forget.ts'
export type { ScanReport } from './forget/scan.ts'
export type { FieldMap } from './import/fields.ts'
export type { ImportFormat } from './import/format-names.ts'
export type { ImportProblem, ImportReport, ImportSettings } from './import/import.ts'
export type { Chunks } from './import/bytes.ts'
export type { AuditReport, AuditSettings } from './audit/audit.ts'
export { type AuditFinding, type AuditKind, auditKinds } from './audit/finding.ts'
export { type ForeignFormat, foreignFormats, type ForeignProblem } from './foreign/memory.ts'
export type { MemoryImportReport, MemoryImportSettings } from './foreign/take-over.ts'
export type { ImproveSettings } from './improve/improve.ts'
export type { ExportProposal, Improvement, Issue, IssueExample } from './improve/improvement.ts'
export type { KeptState } from './keep/keep.ts'
export type { KnowledgeArchiveFilter, KnowledgeArchiveReport, KnowledgeArchiveSettings } from './knowledge/archive.ts'
export type { Consolidation } from './knowledge/consolidate.ts'
export type { FieldChange } from './knowledge/diff.ts'
export type { KnowledgeExportSettings, KnowledgeImportReport, KnowledgeImportSettings, KnowledgeProblem } from './knowledge/exchange/exchange.ts'
export { type KnowledgeFormat, knowledgeFormats } from './knowledge/exchange/format-names.ts'
export type { KnowledgeFilter, KnowledgeListSettings } from './knowledge/filter.ts'
export { type FixInput, type KnowledgeChange, type KnowledgeDescription, type KnowledgeInput, knowledgeKinds, type Link, type Priority } from './knowledge/input.ts'
export { type Flag, flagsOf } from './knowledge/flags.ts'
export type { IncomingLink, KnowledgeItem } from './knowledge/in-full.ts'
export { Knowledge, type KnowledgeState, type KnowledgeVersion, type MergeSettings, type MoveSettings, type ReaderSettings, type RevertSettings, type Said, type SaidReceipt, type UseInput, type VoteInput } from './knowledge/knowledge.ts'
export { type KnowledgeOrder, knowledgeOrders } from './knowledge/order.ts'
export type { KnowledgePruneReport, KnowledgePruneSettings } from './knowledge/prune.ts'
export type { KnowledgeReceipt } from './knowledge/remember.ts'
export { formatRule, parseRule, type Rule, type RuleType, ruleTypes } from './knowledge/rule.ts'
export type { KnowledgeStatistics, NamedCount } from './knowledge/statistics.ts'
export type {
  Assigned,
  DecisionSettled,
  Episode,
  EpisodeSettled,
  Experience,
  ExperienceKind,
  Features,
  Learner,
  Numbers,
  Publication,
  RunSettled,
  Transition,
  Verdict,
} from './learn/learner.ts'
export { type BetaBanditSettings, type BetaBanditView, betaBandit, type BetaCounts, createBetaBandit, dynamicBetaBandit } from './learn/learners/beta-bandit.ts'
export {
  type ErrorFix,
  createErrorFixes,
  errorFixes,
  type ErrorFixesSettings,
  type ErrorFixesView,
  type ErrorGroup,
  type ErrorToFix,
  type FixesSettings,
  type FixStep,
  leastConfidence,
} from './learn/learners/error-fixes.ts'
export { type ArmOfUnit, type ArmTally, type ExperimentTally, experimentTallies, type ExperimentsView } from './learn/learners/experiment-tallies.ts'
export {
  createExecutionPatterns,
  type ExecutionPattern,
  executionPatterns,
  type ExecutionPatternsSettings,
  type ExecutionPatternsView,
  type PatternTally,
  type ToolTally,
} from './learn/learners/execution-patterns.ts'
export { itemUsefulness, type ItemUsefulnessView, type UsefulnessCounts } from './learn/learners/item-usefulness.ts'
export {
  createLinearBandit,
  linearBandit,
  type LinearBanditSettings,
  type LinearBanditView,
  type LinearEstimate,
  type LinearOption,
} from './learn/learners/linear-bandit.ts'
export {
  createLogisticBandit,
  logisticBandit,
  type LogisticBanditSettings,
  type LogisticBanditView,
  type LogisticEstimate,
} from './learn/learners/logistic-bandit.ts'
export { createKnowledgeItems, type ItemSummary, type ItemVoices, knowledgeItems, type KnowledgeItemsView, type UseCounts, type VersionSummary } from './learn/learners/knowledge-items.ts'
export { type SourceReputation, sourceReputation, type SourceReputationView, type SourceRole } from './learn/learners/source-reputation.ts'
export { createOptionModel, optionModel, type OptionModelPoint, type OptionModelSettings, type OptionModelView } from './learn/learners/option-model.ts'
export {
  createPolicyGradient,
  policyGradient,
  type PolicyGradientSettings,
  type PolicyGradientView,
  type PolicyParameters,
} from './learn/learners/policy-gradient.ts'
export { type StatedPreference, statedPreferences, type StatedPreferencesView } from './learn/learners/stated-preferences.ts'
export { type OutlinedError, type RunOutline, runOutlines, type RunOutlinesView } from './learn/learners/run-outlines.ts'
export { type RunToCome, type SuccessPrediction, successPredictor, type SuccessPredictorView } from './learn/learners/success-predictor.ts'
export { createTabularQ, type QTable, tabularQ, type TabularQSettings, type TabularQView } from './learn/learners/tabular-q.ts'
export { taskStatistics, type TaskStatisticsView } from './learn/learners/task-statistics.ts'
export type { ComparedText } from './learn/structures/correction.ts'
export { type PersonalView, userPreferences, type UserPreferencesView } from './learn/learners/user-preferences.ts'
export type { RatingSums, Taste } from './learn/structures/taste.ts'
export { workflows, type WorkflowsView, type WorkflowTaken } from './learn/learners/workflows.ts'
export type { Complexity } from './learn/structures/complexity.ts'
export type { RunTally } from './learn/structures/run-tallies.ts'
export type { CountedSequence } from './learn/structures/sequence-counts.ts'
export { type DayOfTokens, modelTokens, type ModelTokensView } from './learn/learners/model-tokens.ts'
export { type ProposalSummary, type ProposalVoice, reflections, type ReflectionsView } from './learn/learners/reflections.ts'
export { type ErrorTemplate, errorTemplate } from './learn/structures/error-template.ts'
export { type Band, bands, type HabitType, type Learning, type LearningList, type LearningType, learningTypes, type RelevantLearning } from './learnings/learning.ts'
export { type KeepSettings, type LearningFilter, Learnings } from './learnings/learnings.ts'
export type { LearningSettings } from './learnings/settings.ts'
export type { BlobReference, Envelope, Fact, FactData, FactKind, FactOf, Trust } from './log/fact.ts'
export type { Model, ModelAnswer, ModelMessage, ModelRequest } from './models/model.ts'
export { estimateTokens } from './recall/budget.ts'
export type { Item, ItemKnowledge, RecalledKind } from './recall/item.ts'
export type { KnowledgeWanted } from './recall/knowledge-wanted.ts'
export type { Bearing, LinkWords, Relation } from './recall/linked.ts'
export { type Prompt, type PromptItem, type PromptSettings, renderPrompt } from './recall/prompt.ts'
export type {
  AlternativeApproach,
  ApproachEvidence,
  NamedEvidence,
  ToolEvidence,
  PatternSettings,
  RecommendInput,
  Recommendation,
  SimilarRun,
} from './patterns/recommendation.ts'
export { type Preference, type PreferenceReceipt, Preferences, type PreferenceSettings, type PreferenceValue, type PreferredOption } from './preferences/preferences.ts'
export { type Candidate, rank, type Ranked, type RankSettings, usefulness } from './recall/rank.ts'
export type { Recollection, RecallSettings } from './recall/recall.ts'
export { stem, stems, words } from './text/words.ts'
export type { DroppedPart } from './reflect/operations.ts'
export { type DecideProposal, type Proposal, type ProposalFilter, type ProposalReceipt, Proposals } from './reflect/proposals.ts'
export type { Reflection } from './reflect/reflect.ts'
export type { ReflectionSettings, ReflectSettings } from './reflect/settings.ts'
export type { OutcomeInput, RecordInput, StepInput } from './record/input.ts'
export type { DecisionReward } from './credit/rewards.ts'
export type { ReceiptPart, RecordReceipt } from './record/receipt.ts'
export { createRedact, type Redact, type RedactSettings } from './log/redact.ts'
export type { RunInput, RunNotes, RunResult } from './run/run.ts'
export type { AgentComparison, CategoryComparison } from './evaluate/compare.ts'
export type { ComparedRuns, RunComparison } from './evaluate/metrics/comparison.ts'
export type { FactorPerformance } from './evaluate/metrics/factors.ts'
export type { GroupPerformance } from './evaluate/metrics/groups.ts'
export type { ApproachPerformance, Performance } from './evaluate/metrics/performance.ts'
export type { Period, PeriodChange } from './evaluate/metrics/period-change.ts'
export type { RunCounts } from './evaluate/metrics/run-counts.ts'
export type { ActionFigures } from './evaluate/metrics/steps.ts'
export type { Trend } from './evaluate/metrics/trend.ts'
export type { ConfidenceInterval } from './statistics/means.ts'
export type { ShareDifference } from './statistics/newcombe.ts'
export type { Spread } from './statistics/quantiles.ts'
export type { Share } from './statistics/share.ts'
export type { LessonReport } from './report/lessons.ts'
export { type Gain, type Recommendation as ReportRecommendation, type RecommendationLimits, type RecommendationType, recommendationTypes } from './report/recommendations/recommendation.ts'
export { reportHtml } from './report/html/report-html.ts'
export type { ReportSettings } from './report/report.ts'
export type {
  AgentReport,
  ExperimentReport,
  FeedbackReport,
  GroupReport,
  ItemReport,
  KindReport,
  LearnedReport,
  OptionReport,
  PointReport,
  Report,
  StorageReport,
  TenthReport,
} from './report/summary.ts'
export type { PointSettings } from './scope.ts'
export { Channels } from './share/channels.ts'
export type { Message } from './share/message.ts'
export type { ChannelSummary, QuestionReceipt, SharedFilter, SubscribeSettings, SubscriptionSummary, TellingSettings } from './share/settings.ts'
export { defaultChannels } from './share/share.ts'
export type { Subscription } from './share/subscription.ts'
export type { Wants } from './share/wants.ts'
export type { StateChange } from './state/difference.ts'
export type { AgentDecision, AgentInteraction, AgentReward } from './state/history.ts'
export type { Origin } from './state/origin.ts'
export { Persistence, type SavedDecision } from './state/persistence.ts'
export type { PruneReport, PruneSettings } from './state/prune.ts'
export { type RollBackReceipt, type StateDifference, States, type StateVersion } from './state/states.ts'
export { type FilesSettings, FilesStorage } from './storage/files/files-storage.ts'
export { type SqliteSettings, SqliteStorage } from './storage/sqlite/sqlite-storage.ts'
export type * from './storage/storage.ts'
export type { StoreName } from './storage/stores.ts'
export type { Warning } from './warning.ts'
export type { Workflow, WorkflowInFull, WorkflowList, WorkflowSettings, WorkflowSlot, WorkflowStep, WorkflowTrial } from './workflows/workflow.ts'
export { type OfferedWorkflow, type WorkflowListSettings, type WorkflowOffer, type WorkflowOfferSettings, type WorkflowTrySettings, Workflows } from './workflows/workflows.ts'

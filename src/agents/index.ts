export * from './data-assistant/index.ts'
export { AdaptiveExecution } from './adaptive.ts'
export {
  Coordinator,
  type CoordinatorAnswer,
  type CoordinatorSettings,
  type Interaction,
  type RequestSettings,
  type UpdateReceipt,
} from './coordinator.ts'
export type { BatchResult, BatchSettings, Judgement, PastInteraction } from './coordination/batches.ts'
export type { AgentFunction, AgentObject, Briefing, SubAgent } from './coordination/sub-agent.ts'
export { Api, type ApiSettings, type Route } from './execution/api.ts'
export { apiHeavy } from './execution/api-heavy.ts'
export { type BackOff, backOffMs } from './execution/back-off.ts'
export type { Checkpoint, Checkpoints } from './execution/checkpoints.ts'
export { classifyError, defaultRetries, type ErrorClass, errorClasses, type Retries } from './execution/classify.ts'
export { type Clock, machineClock } from './execution/clock.ts'
export type { ExecuteSettings, Execution } from './execution/execution.ts'
export type { Executor, Work } from './execution/executor.ts'
export { type ErrorToFix, type Fix, type FixSource, type FixStep, learnedFixes, noFixes, type Tool, type ToolBriefing } from './execution/fixes.ts'
export { incremental } from './execution/incremental.ts'
export type { Failure, Recovery } from './execution/journal.ts'
export type { ApproachSummary, LoopSettings, LoopSummary } from './execution/learning-loop.ts'
export { parallel, type ParallelSettings } from './execution/parallel.ts'
export type { Plan } from './execution/plan.ts'
export type { Rate } from './execution/rate-limit.ts'
export type { ExecutionSettings } from './execution/settings.ts'
export { standard } from './execution/standard.ts'
export type { CallStep, Outputs, Step, StepBriefing, Task, WorkStep } from './execution/task.ts'

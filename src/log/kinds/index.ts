import type { z } from 'zod'
import { adviceGiven } from './advice-given.ts'
import { decisionMade } from './decision-made.ts'
import { decisionSaved } from './decision-saved.ts'
import { experimentRolledBack } from './experiment-rolled-back.ts'
import { experimentStarted } from './experiment-started.ts'
import { experimentStopped } from './experiment-stopped.ts'
import { feedbackReceived } from './feedback-received.ts'
import { feedbackRetracted } from './feedback-retracted.ts'
import { knowledgeEngaged } from './knowledge-engaged.ts'
import { knowledgeMoved } from './knowledge-moved.ts'
import { knowledgeProposalDecided } from './knowledge-proposal-decided.ts'
import { knowledgeProposed } from './knowledge-proposed.ts'
import { knowledgeUsed } from './knowledge-used.ts'
import { knowledgeVoted } from './knowledge-voted.ts'
import { knowledgeWritten } from './knowledge-written.ts'
import { modelAnswered } from './model-answered.ts'
import { modelCalled } from './model-called.ts'
import { preferenceStated } from './preference-stated.ts'
import { rewardSaved } from './reward-saved.ts'
import { runExpired } from './run-expired.ts'
import { runRecorded } from './run-recorded.ts'
import { stateImported } from './state-imported.ts'
import { stateRolledBack } from './state-rolled-back.ts'
import { subjectForgotten } from './subject-forgotten.ts'

/** Every kind of fact, by name. A new kind is a new file, an entry here, a fixture in `fixtures/log`, and a decision to write down. */
export const kinds = {
  'advice.given': adviceGiven,
  'decision.made': decisionMade,
  'run.recorded': runRecorded,
  'run.expired': runExpired,
  'feedback.received': feedbackReceived,
  'feedback.retracted': feedbackRetracted,
  'knowledge.written': knowledgeWritten,
  'knowledge.used': knowledgeUsed,
  'knowledge.voted': knowledgeVoted,
  'knowledge.moved': knowledgeMoved,
  'knowledge.proposed': knowledgeProposed,
  'knowledge.proposal-decided': knowledgeProposalDecided,
  'model.called': modelCalled,
  'model.answered': modelAnswered,
  'knowledge.engaged': knowledgeEngaged,
  'experiment.started': experimentStarted,
  'experiment.rolled-back': experimentRolledBack,
  'experiment.stopped': experimentStopped,
  'state.imported': stateImported,
  'state.rolled-back': stateRolledBack,
  'preference.stated': preferenceStated,
  'reward.saved': rewardSaved,
  'decision.saved': decisionSaved,
  'subject.forgotten': subjectForgotten,
} as const

export type FactKind = keyof typeof kinds

/** The data of each kind of fact. */
export type FactData = { readonly [Kind in FactKind]: z.infer<(typeof kinds)[Kind]['schema']> }

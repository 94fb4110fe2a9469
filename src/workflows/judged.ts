import { percentText, signedText } from '../statistics/in-words.ts'
import type { Candidate } from './candidates.ts'
import type { Workflow, WorkflowTrial } from './workflow.ts'

/** What its trial says of a workflow that was taken so often. */
export const statusOf = (trial: WorkflowTrial | undefined, taken: number, trialUnits: number): Workflow['status'] => {
  if (trial === undefined) return 'candidate'
  // An interval of arms in which it was never taken is about something else.
  if (trial.low > 0 && taken > 0) return 'helpful'
  const isOver = trial.state === 'stopped' || trial.high < 0 || trial.judgedOffered + trial.judgedWithheld >= trialUnits
  return isOver ? 'not helpful' : 'on trial'
}

const verdicts: Readonly<Record<Workflow['status'], string>> = {
  recurring: 'Does not stand out',
  candidate: 'Not tried yet',
  'on trial': 'On trial',
  helpful: 'Helpful',
  'not helpful': 'Not helpful',
}

const answerOf = (status: Workflow['status'], { success, runs, lift }: Candidate, taken: number, trial: WorkflowTrial | undefined): string => {
  const recurs = `${percentText(success.rate ?? 0)} of its ${runs} ${runs === 1 ? 'run' : 'runs'} went well, ${signedText(lift.difference)} against runs without it`
  if (trial === undefined) return `${verdicts[status]}: ${recurs}.`
  const { difference, low, high, judgedOffered, judgedWithheld } = trial
  const evidence = `${signedText(difference)} (95 %: ${signedText(low)} to ${signedText(high)}), ${judgedOffered} against ${judgedWithheld} judged, taken ${taken} times`
  return `${verdicts[status]}: offered over withheld ${evidence}; ${recurs}.`
}

/** What recurs without standing out. */
export const notStandingOut = (candidate: Candidate): Workflow => ({ ...candidate, status: 'recurring', taken: 0, answer: answerOf('recurring', candidate, 0, undefined) })

/** A candidate with what its trial says. */
export const judged = (candidate: Candidate, trial: WorkflowTrial | undefined, taken: number, trialUnits: number): Workflow => {
  const status = statusOf(trial, taken, trialUnits)
  return { ...candidate, status, taken, ...(trial === undefined ? {} : { trial }), answer: answerOf(status, candidate, taken, trial) }
}

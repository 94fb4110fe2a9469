import type { Learner } from '../../src/learn/learner.ts'
import type { DecisionSettled, RunSettled, Verdict } from '../../src/learn/learner.ts'

/** What stands at the end of all settlements: for each decision and option taken, and for each run, the verdict that counts. */
export type Ledger = ReadonlyMap<string, Verdict | undefined>

const subjectOf = (settled: RunSettled | DecisionSettled): string =>
  settled.kind === 'run.settled' ? `run ${settled.run} ${settled.shown.join()}` : `decision ${settled.decision} ${settled.option}`

/** A learner that only keeps books, and throws when a settlement revises something else than what stood. */
export const ledger: Learner<Map<string, Verdict | undefined>, Ledger> = {
  name: 'ledger',
  version: 1,
  handles: ['run.settled', 'decision.settled'],
  initial: () => new Map(),
  learn: (state, experience) => {
    if (experience.kind !== 'run.settled' && experience.kind !== 'decision.settled') return state
    const subject = subjectOf(experience)
    if (JSON.stringify(state.get(subject)) !== JSON.stringify(experience.previous)) {
      throw new Error(`${subject}: ${JSON.stringify(experience.previous)} is revised, ${JSON.stringify(state.get(subject))} stood`)
    }
    if (experience.current === undefined) state.delete(subject)
    else state.set(subject, experience.current)
    return state
  },
  view: (state) => state,
  save: (state) => new TextEncoder().encode(JSON.stringify([...state])),
  load: (bytes) => new Map(JSON.parse(new TextDecoder().decode(bytes)) as [string, Verdict][]),
}

/** Keeps every settlement of a decision as it came. */
export const decisionsSettled: Learner<DecisionSettled[], readonly DecisionSettled[]> = {
  name: 'decisions-settled',
  version: 1,
  handles: ['decision.settled'],
  initial: () => [],
  learn: (state, experience) => (experience.kind === 'decision.settled' ? [...state, experience] : state),
  view: (state) => state,
  save: () => new Uint8Array(),
  load: () => [],
}

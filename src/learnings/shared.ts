import { plus } from '../learn/structures/run-tallies.ts'
import type { OutlinedError } from '../learn/learners/run-outlines.ts'
import type { Outcomes } from '../statistics/lift.ts'
import { type Found, groupedBy, type JudgedRun, outcomesOf } from './found.ts'
import type { LearningThresholds } from './settings.ts'

const inOrder = (runs: readonly JudgedRun[], places: ReadonlyMap<JudgedRun, number>): JudgedRun[] => runs.toSorted((left, right) => (places.get(left) ?? 0) - (places.get(right) ?? 0))

const keyOf = ({ type, from, kind, key }: Found): string => JSON.stringify([type, kind, key, ...(from === undefined ? [] : [from])])

/** Sequences, last actions, and approaches that have a name: what an agent does from beginning to end is its own. */
const isComparable = ({ type, from, agent, approach }: Found): boolean => {
  const way = from ?? type
  return agent !== undefined && (way === 'success_pattern' || way === 'failure_pattern' || (way === 'task_strategy' && approach !== undefined))
}

/**
 * What several agents do when they succeed at a kind of task, or fail at it: their sequences and approaches, and their last actions, each compared with the other runs of the same agent, so that
 * nothing is a practice only because the best agent does it.
 */
export const sharedHabits = (found: readonly Found[], all: readonly JudgedRun[], { leastAgents }: LearningThresholds): Found[] => {
  const places = new Map(all.map((run, place) => [run, place]))
  const habits = found.filter(isComparable)
  return [...groupedBy(habits, keyOf)].filter(([, own]) => own.length >= leastAgents).flatMap(([key, own]): Found[] => {
    const [first] = own
    if (first === undefined) return []
    const { type, from, kind, actions, approach, tries } = first
    return [
      {
        type: type === 'failure_pattern' ? type : 'best_practice',
        ...(from === undefined ? {} : { from: 'best_practice' }),
        several: true,
        ...(tries === undefined ? {} : { tries: own.reduce((sum, one) => ({ failed: sum.failed + (one.tries?.failed ?? 0), of: sum.of + (one.tries?.of ?? 0) }), { failed: 0, of: 0 }) }),
        ...(kind === undefined ? {} : { kind }),
        ...(approach === undefined ? { actions: actions ?? [] } : { approach }),
        key,
        runs: inOrder(own.flatMap(({ runs }) => runs), places),
        brokenOff: own.reduce<Found['brokenOff']>((sum, { brokenOff }) => (brokenOff === undefined ? sum : plus(sum, brokenOff)), undefined),
        strata: own.flatMap(({ strata }) => strata),
      },
    ]
  })
}

/** An error of a run against which something was tried. */
interface Recovery {
  readonly run: JudgedRun
  readonly met: OutlinedError & { readonly fix: string }
}

/** What was tried against an error and did not help made no run better, however that went in the end. */
const credited = ({ run, met }: Recovery): JudgedRun => (met.helped === true ? run : { ...run, verdict: { ...run.verdict, reward: 0 } })

/** What runs on one kind of task met. */
const caseOf = (kind: string, { error, tool }: Pick<OutlinedError, 'error' | 'tool'>): string => JSON.stringify([kind, error, tool])

/** How runs went by what they met, each once. */
const outcomesByCase = (runs: readonly JudgedRun[]): ReadonlyMap<string, Outcomes> => {
  const met = runs.flatMap((run) => [...new Set(run.errors.map((error) => caseOf(run.kind, error)))].map((key) => ({ key, run })))
  return new Map([...groupedBy(met, ({ key }) => key)].map(([key, own]) => [key, outcomesOf(own.map(({ run }) => run))]))
}

/**
 * What was done about an error, and how the run then went: against other runs of the same kinds that met this error with this tool, whatever they did about it. Another error may be one that nobody gets past, and says
 * nothing of what helps against this one. A recovery that did not help counts as a failure.
 */
export const errorRecoveries = (all: readonly JudgedRun[], { leastRuns }: LearningThresholds): Found[] => {
  const outcomes = outcomesByCase(all)
  const tried = all.flatMap((run) => run.errors.flatMap((met): Recovery[] => (met.fix === undefined ? [] : [{ run, met: { ...met, fix: met.fix } }])))
  return [...groupedBy(tried, ({ met: { error, tool, fix } }) => JSON.stringify([error, tool, fix]))].flatMap(([key, own]): Found[] => {
    const [met] = own.map((recovery) => recovery.met)
    const helped = new Set(own.filter((recovery) => recovery.met.helped).map(({ run }) => run.run))
    if (met === undefined || helped.size < leastRuns.error_recovery) return []
    // Tried twice in a run it counts once, as it ended.
    const ofRun = [...new Map(own.map((recovery) => [recovery.run.run, recovery])).values()]
    const runs = ofRun.map(credited)
    const strata = [...groupedBy(runs, ({ kind }) => kind)].map(([kind, ofKind]) => {
      const others = outcomes.get(caseOf(kind, met)) ?? { weight: 0, reward: 0 }
      const [before, own] = [outcomesOf(ofRun.filter(({ run }) => run.kind === kind).map(({ run }) => run)), outcomesOf(ofKind)]
      return { with: own, all: { weight: others.weight, reward: others.reward - before.reward + own.reward } }
    })
    const { error, tool, fix, actions = [] } = met
    return [{ type: 'error_recovery', key, error, ...(tool === undefined ? {} : { tool }), actions, fix, runs, strata }]
  })
}

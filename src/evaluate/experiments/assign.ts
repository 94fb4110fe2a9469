import { type ArmOfUnit, experimentTallies, type ExperimentTally } from '../../learn/learners/experiment-tallies.ts'
import { textDigest } from '../../log/canonical.ts'
import type { FactData } from '../../log/fact.ts'
import type { Assignment, Scope, Subject } from '../../scope.ts'
import { optionWithheld, policyOfArm } from './arm-policy.ts'
import { rollBackLosers } from './roll-back.ts'
import { standingOf } from './standing.ts'

type Started = FactData['experiment.started']

/** What is assigned: the user or session where the experiment asks for one and there is one, otherwise the run. */
const subjectOf = (unit: Started['unit'], { user, session, run }: Subject): string => {
  if (unit === 'user' && user !== undefined) return `user ${user}`
  if (unit !== 'run' && session !== undefined) return `session ${session}`
  return `run ${run}`
}

/** A number in [0, 1) that depends on the text alone: the same in every process, so that nobody needs to ask anybody. */
const numberOf = (text: string): number => Number.parseInt(textDigest(text).slice(0, 13), 16) / 2 ** 52

const drawn = (shares: ReadonlyMap<string, number>, text: string): string | undefined => {
  let left = numberOf(text)
  for (const [arm, share] of shares) {
    left -= share
    if (left < 0) return arm
  }
  return [...shares.keys()].at(-1)
}


/** The first arm of a unit as long as it is there, otherwise the latest; otherwise one that is drawn among those that are left. */
const assignTo = (tally: ExperimentTally, unit: string, known: readonly ArmOfUnit[]): ArmOfUnit | undefined => {
  const own = known.find(({ arm }) => !tally.rolledBack.has(arm))
  if (own !== undefined) return own
  const { shares } = standingOf(tally)
  // Another number each time that one was rolled back, so that those of the lost arm spread over all the others.
  const arm = drawn(shares, `${unit} ${tally.rolledBack.size}`)
  return arm === undefined ? undefined : { arm, propensity: shares.get(arm) ?? 0 }
}

/**
 * The arm that decides for a run at a point, where an experiment is running there. A unit stays in its arm as long as the arm is there; a new one is drawn by a hash of
 * its name. Arms that are shown to be worse are rolled back on the way. A decision in which an option that the experiment withholds was not offered is no part of it.
 *
 * @throws AutodidactError `UNKNOWN_POLICY` when the arm's policy is not known to this version, and what the storage throws
 */
export const assign = async (scope: Scope, point: string, subject: Subject): Promise<Assignment | undefined> => {
  // As a baseline, the instance decides without anything learned, also from experiments.
  if (!scope.settings.learning) return undefined
  let view = await scope.runner.view(scope.namespace, experimentTallies)
  let running = view.running(point)
  if (running !== undefined && (await rollBackLosers(scope, running))) {
    view = await scope.runner.view(scope.namespace, experimentTallies)
    running = view.running(point)
  }
  if (running?.started === undefined) return undefined
  const { id, started } = running
  const withheld = started.arms.flatMap(({ policy }) => optionWithheld(policy) ?? [])
  if (!withheld.every(subject.offers)) return undefined
  const unit = textDigest(`${id} ${subjectOf(started.unit, subject)}`).slice(0, 16)
  const assigned = assignTo(running, unit, view.armsOf(id, unit))
  const arm = started.arms.find(({ name }) => name === assigned?.arm)
  if (assigned === undefined || arm === undefined) return undefined
  return {
    experiment: { id, arm: arm.name, propensity: assigned.propensity, unit },
    policy: policyOfArm(scope, point, arm.policy),
    learning: arm.policy !== 'off',
  }
}

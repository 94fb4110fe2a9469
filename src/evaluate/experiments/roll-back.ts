import { AutodidactError } from '../../errors.ts'
import type { ExperimentTally } from '../../learn/learners/experiment-tallies.ts'
import { newFact } from '../../log/new-fact.ts'
import type { Scope } from '../../scope.ts'
import { standingOf } from './standing.ts'

/**
 * Writes down which arms are shown to be worse than another and get no further units. Any process may do it at any time: the fact's id is made from the experiment
 * and the arm, so it is written once. At least one arm stays.
 *
 * @returns whether something was written
 */
export const rollBackLosers = async (scope: Scope, tally: ExperimentTally): Promise<boolean> => {
  if (tally.started?.rollBack !== true || tally.stopped !== undefined) return false
  const lost = [...standingOf(tally).losses.values()].filter(({ arm }) => !tally.rolledBack.has(arm))
  const active = tally.started.arms.filter(({ name }) => !tally.rolledBack.has(name)).length
  // Who loses, loses against somebody; but that one may have been rolled back by what later feedback took back.
  const facts = lost.slice(0, active - 1).map(({ arm, against, difference, low, high }) => {
    const data = { experiment: tally.id, arm, against, difference, low, high }
    // The same is what is said of the arm: two processes that notice it may have seen different numbers.
    return newFact('experiment.rolled-back', `rolled-back:${tally.id}:${arm}`, data, { source: 'autodidact', trust: 'agent', occurredAt: scope.clock() }, { experiment: tally.id, arm })
  })
  if (facts.length === 0) return false
  try {
    await scope.storage.commit({ namespace: scope.namespace, facts })
    return true
  } catch (error) {
    // Somebody had this very roll-back erased: the arm then stays.
    if (AutodidactError.is(error) && error.code === 'FORGOTTEN') return false
    throw error
  }
}

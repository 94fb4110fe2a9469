import { Dossier } from '../credit/dossier.ts'
import type { Scope } from '../scope.ts'

/**
 * The facts that carry what is said of a run: without them nobody has judged it, and nothing is learned from it. That is the record when it
 * tells an outcome itself (erased, it takes the rest of the run along), and otherwise every feedback, also one that another has replaced since: it would
 * count again.
 */
export const carriersOf = (dossier: Dossier): string[] => {
  const { recorded, votes, expiredBy } = dossier
  const judged = new Set(votes.map((vote) => vote.fact))
  const byItself =
    recorded !== undefined && (judged.has(recorded.id) || recorded.data.steps.some((step) => step.decision !== undefined && step.reward !== undefined))
  if (byItself) return [recorded.id]
  const byDeadline = expiredBy !== undefined && [...dossier.decisions.values()].some((decision) => decision.defaultReward !== undefined)
  return [...judged, ...(byDeadline ? [expiredBy] : [])]
}

/** What the log said of some runs before a place in it. */
export const dossiersBefore = async (scope: Scope, runs: readonly string[], sequence: number): Promise<ReadonlyMap<string, Dossier>> => {
  const dossiers = new Map(runs.map((run) => [run, new Dossier(run, scope.settings.credit)]))
  if (runs.length === 0) return dossiers
  for await (const page of scope.storage.read('', { namespace: scope.namespace, runs })) {
    for (const fact of page) if (fact.run !== undefined && fact.sequence < sequence) dossiers.get(fact.run)?.add(fact)
  }
  return dossiers
}

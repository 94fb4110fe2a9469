import { AutodidactError } from '../errors.ts'
import type { Fact, FactKind } from '../log/fact.ts'
import { Dossier } from './dossier.ts'
import type { Storage } from '../storage/storage.ts'

/** The kinds of facts that say what was done in a run and how it went, without what was advised before. */
export const outcomeKinds: readonly FactKind[] = ['run.recorded', 'feedback.received', 'feedback.retracted']

/**
 * Everything the log says about some runs, by run; a run without facts has an empty dossier.
 *
 * Its verdicts have the default weights: whoever asks here wants to know how the run stands, which depends on rewards and levels alone.
 *
 * @param kinds only what facts of these kinds say; default all
 */
export const dossiersOf = async (
  storage: Storage,
  namespace: string,
  runs: readonly string[],
  kinds?: readonly FactKind[],
): Promise<ReadonlyMap<string, Dossier>> => {
  const facts = await factsOfRuns(storage, namespace, runs, kinds)
  return new Map([...facts].map(([run, history]) => [run, Dossier.of(run, history)]))
}

/**
 * Everything the log holds of some runs, by run, each in the order of the log; nothing for a run without facts.
 *
 * @param kinds only facts of these kinds; default all
 */
export const factsOfRuns = async (
  storage: Storage,
  namespace: string,
  runs: readonly string[],
  kinds?: readonly FactKind[],
): Promise<ReadonlyMap<string, readonly Fact[]>> => {
  const facts = new Map(runs.map((run) => [run, new Array<Fact>()]))
  if (runs.length === 0) return facts
  for await (const page of storage.read('', { namespace, runs, ...(kinds === undefined ? {} : { kinds }) })) {
    for (const fact of page) if (fact.run !== undefined) facts.get(fact.run)?.push(fact)
  }
  return facts
}

/** Everything the log holds of one run, in its order. */
export const factsOfRun = async (storage: Storage, namespace: string, run: string): Promise<readonly Fact[]> =>
  (await factsOfRuns(storage, namespace, [run])).get(run) ?? []

const attempts = 20

/**
 * Repeats a write that depends on what it has read until nobody wrote to the same run in between.
 *
 * @throws AutodidactError `CONFLICT` after 20 attempts, and whatever `write` throws otherwise
 */
export const untilUndisturbed = async <Result>(write: () => Promise<Result>): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write()
    } catch (error) {
      if (!AutodidactError.is(error) || error.code !== 'CONFLICT' || attempt === attempts) throw error
    }
  }
}

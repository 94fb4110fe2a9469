import type { OutlinedError } from '../learn/learners/run-outlines.ts'
import { errorsOf } from '../learn/structures/recoveries.ts'
import type { Scope } from '../scope.ts'
import { isGood } from './found.ts'
import { type Judged, learningOf, mostEvidence } from './judged.ts'
import type { Learning } from './learning.ts'

/** Errors of a learning that are named. */
const mostErrors = 3

/** Hashes of the errors of a learning, the most frequent first, each with the latest run that had it. */
const errorRuns = ({ found }: Judged): ReadonlyMap<number, string> => {
  const { type, error, tries, actions = [], runs } = found
  // What fails often has errors of its own, and of runs that no step is named for.
  const isItsOwn = ({ tool }: OutlinedError): boolean => tries === undefined || tool === undefined || actions.includes(tool)
  if (error !== undefined) return new Map(runs.slice(-1).map(({ run }) => [error, run]))
  if (type !== 'failure_pattern') return new Map()
  const counted = new Map<number, { runs: number; run: string }>()
  for (const { run, errors } of runs.filter((one) => !isGood(one))) {
    for (const hash of new Set(errors.filter(isItsOwn).map((one) => one.error))) counted.set(hash, { runs: (counted.get(hash)?.runs ?? 0) + 1, run })
  }
  const frequent = [...counted].sort(([, left], [, right]) => right.runs - left.runs).slice(0, mostErrors)
  return new Map(frequent.map(([hash, { run }]) => [hash, run]))
}

/** The words of errors, by their hashes, as the log has them: no learning keeps them. */
const wordsIn = async ({ storage, namespace }: Scope, runs: readonly string[]): Promise<ReadonlyMap<number, string>> => {
  const words = new Map<number, string>()
  if (runs.length === 0) return words
  for await (const page of storage.read('', { namespace, ids: runs })) {
    // As the fold has read them: without what lies in blobs.
    for (const fact of page) if (fact.kind === 'run.recorded') for (const { template } of errorsOf(fact)) words.set(template.hash, template.text)
  }
  return words
}

/** What is known of some that recur, with the words of their errors. */
export const learningsOf = async (scope: Scope, chosen: readonly Judged[]): Promise<Learning[]> => {
  const errors = chosen.map(errorRuns)
  const words = await wordsIn(scope, [...new Set(errors.flatMap((runs) => [...runs.values()]))])
  return chosen.map((one, place) => {
    const named = [...(errors[place] ?? [])].flatMap(([hash, run]) => {
      const text = words.get(hash)
      return text === undefined ? [] : [{ text, run }]
    })
    const evidence = one.found.runs.slice(-mostEvidence).map(({ run }) => run).reverse()
    if (named.length === 0) return learningOf(one, { evidence })
    // What is told of a run is evidence, also where it is none of the latest: whoever has it erased has the words erased.
    const other = [...new Set(named.map(({ run }) => run))].filter((run) => !evidence.includes(run))
    return learningOf(one, { errors: named.map(({ text }) => text), evidence: [...evidence.slice(0, mostEvidence - other.length), ...other] })
  })
}

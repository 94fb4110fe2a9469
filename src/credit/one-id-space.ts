import { AutodidactError } from '../errors.ts'
import type { Fact } from '../log/fact.ts'
import type { Storage } from '../storage/storage.ts'

/** Where ids are looked for. */
interface Place {
  readonly storage: Storage
  readonly namespace: string
}

const firstFact = async ({ storage, namespace }: Place, filter: { readonly ids: readonly string[] } | { readonly runs: readonly string[] }): Promise<Fact | undefined> => {
  for await (const page of storage.read('', { namespace, ...filter, pageSize: 1 })) return page[0]
  return undefined
}

/**
 * Ids of a namespace are in one space, and a run takes its id with the first word about it, long before the fact that records it. Whoever gives an id to anything
 * else is refused here, and not the run when it is recorded.
 *
 * @throws AutodidactError `ID_CONFLICT` for the id of a run that was begun
 */
export const refuseIdOfRun = async (place: Place, id: string, what: string): Promise<void> => {
  if ((await firstFact(place, { runs: [id] })) === undefined) return
  throw new AutodidactError('ID_CONFLICT', `${what}: id "${id}" is that of a run. Nothing was written; use another id, or leave it out.`)
}

/**
 * The other way round: a run of which nothing is known yet must not have the id of something else, because it could never be recorded.
 *
 * @throws AutodidactError `INVALID_INPUT`
 */
export const refuseRunOfOtherKind = async (place: Place, run: string, what: string): Promise<void> => {
  const fact = await firstFact(place, { ids: [run] })
  if (fact === undefined || fact.kind === 'run.recorded') return
  const whose = fact.run === undefined ? '' : ` of run "${fact.run}"`
  throw new AutodidactError('INVALID_INPUT', `${what}: "${run}" is no run but the id of another fact, "${fact.kind}"${whose}. Nothing was written; name the run.`)
}

import { AutodidactError } from '../errors.ts'
import { isHeld, type ItemSummary } from '../learn/learners/knowledge-items.ts'
import type { FactOf, Trust } from '../log/fact.ts'
import type { Scope } from '../scope.ts'

/** The last that somebody moved an item. */
const lastMove = async ({ storage, namespace }: Scope, item: string): Promise<FactOf<'knowledge.moved'> | undefined> => {
  let last: FactOf<'knowledge.moved'> | undefined
  for await (const page of storage.read('', { namespace, kinds: ['knowledge.moved'] })) {
    for (const fact of page) if (fact.kind === 'knowledge.moved' && fact.data.item === item) last = fact
  }
  return last
}

/**
 * Refuses what would take an item out of quarantine, or out of an archive where a person put it, on the word of anybody but a person: otherwise who is suspected releases what is.
 *
 * @throws AutodidactError `NOT_ALLOWED`
 */
export const refuseRelease = async (scope: Scope, { id, state }: ItemSummary, to: ItemSummary['state'], trust: Trust): Promise<void> => {
  if (trust === 'user' || state === to || !isHeld({ state })) return
  if (state === 'archived' && (await lastMove(scope, id))?.trust !== 'user') return
  throw new AutodidactError('NOT_ALLOWED', `"${id}" is ${state}, and only a person takes it out. Let one look at it, and say so with trust: "user".`)
}

/**
 * Refuses what nobody but a person says by hand: that something has proved itself. Others tell of uses, which do.
 *
 * @throws AutodidactError `NOT_ALLOWED`
 */
export const refuseUnproven = ({ id, state }: ItemSummary, to: ItemSummary['state'], trust: Trust): void => {
  if (trust === 'user' || to !== 'validated' || state === to) return
  throw new AutodidactError('NOT_ALLOWED', `"${id}" is validated by its uses, or by a person. Tell how uses went with knowledge.use, or let a person do it with trust: "user".`)
}

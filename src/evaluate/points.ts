import type { Scope } from '../scope.ts'
import { nearestName } from '../text/nearest.ts'

/** More points are counted and not named. */
const mostNamed = 20

/** Whether anything was ever decided at a choice point. Ends with the first decision there. */
const isDecidedAt = async ({ storage, namespace }: Scope, point: string, others: Set<string>): Promise<boolean> => {
  for await (const page of storage.read('', { namespace, kinds: ['decision.made'] })) {
    for (const fact of page) {
      if (fact.kind !== 'decision.made') continue
      if (fact.data.point === point) return true
      others.add(fact.data.point)
    }
  }
  return false
}

/**
 * The choice points at which something was decided, as two sentences with the one that was probably meant, for whoever named one at which nothing ever was; undefined where something was decided there, or anywhere at all nothing. Reads
 * the decisions of the log up to the first one there.
 */
export const otherPoints = async (scope: Scope, point: string): Promise<string | undefined> => {
  const others = new Set<string>()
  if ((await isDecidedAt(scope, point, others)) || others.size === 0) return undefined
  const nearest = nearestName(point, others)
  const named = [...others].slice(0, mostNamed).map((name) => JSON.stringify(name)).join(', ')
  return `Decided was at ${named}${others.size > mostNamed ? `, and ${others.size - mostNamed} more` : ''}.${nearest === undefined ? '' : ` Did you mean ${JSON.stringify(nearest)}?`}`
}

import type { Scope } from '../scope.ts'
import { type Bookmark, cursorAfter } from '../storage/storage.ts'
import type { SubscriptionSummary } from './settings.ts'
import { wantsOf } from './wants.ts'

/** Under which the place of an agent is kept, and that of a subscription with a name of its own: so nobody takes the place of another agent by its name. */
const ofAgent = 'subscription/'
const named = 'named-subscription/'

export const bookmarkOf = (agent: string, subscription: string): string => `${subscription === agent ? ofAgent : named}${subscription}`

const summaryOf = ({ name: bookmark, note, sequence }: Bookmark): (SubscriptionSummary & { readonly bookmark: string })[] => {
  const prefix = [ofAgent, named].find((candidate) => bookmark.startsWith(candidate))
  return prefix === undefined ? [] : [{ bookmark, name: bookmark.slice(prefix.length), ...wantsOf(note), cursor: cursorAfter(sequence) }]
}

/** All subscriptions of a namespace, by name, each with the name of its bookmark. */
export const subscriptionsIn = async ({ storage, namespace }: Pick<Scope, 'storage' | 'namespace'>): Promise<readonly (SubscriptionSummary & { readonly bookmark: string })[]> =>
  ((await storage.bookmarks?.list(namespace)) ?? []).flatMap(summaryOf).toSorted((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0))

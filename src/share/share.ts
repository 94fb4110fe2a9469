import type { KnowledgeInput } from '../knowledge/input.ts'
import { checkedItem, type CheckedItem, type KnowledgeReceipt, writeItem } from '../knowledge/remember.ts'
import type { Scope } from '../scope.ts'

/** Channels that are there before anybody has shared anything. Any other name is a channel, too, from the first item on. */
export const defaultChannels = ['general', 'solutions', 'warnings', 'optimizations', 'code', 'testing', 'debugging'] as const

/** What an item is shared with where its author says nothing else. */
export type ShareDefaults = Partial<Pick<CheckedItem, 'kind' | 'title' | 'channel' | 'priority' | 'broadcast' | 'targets' | 'links'>>

/** A warning that everybody is to hear, a discovery, and a solution of a problem. */
export const presets = {
  warning: { kind: 'warning', channel: 'warnings', priority: 'critical', broadcast: true },
  discovery: { kind: 'discovery', channel: 'general', priority: 'high', broadcast: true },
  solution: { kind: 'solution', channel: 'solutions', priority: 'medium' },
} as const satisfies Readonly<Record<string, ShareDefaults>>

/**
 * Remembers something, and tells it to the agents that subscribe to its channel; with `broadcast` to all that subscribe to any; with `targets` to those only.
 *
 * Where nothing else is said, it is trusted like the word of an agent, and its source is its author: `forget({ source })` takes back all that an agent has told.
 *
 * @throws AutodidactError as `remember`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const subscription = await autodidact.channels.subscribe('tester', { channels: ['warnings'] })
 * await autodidact.share({ author: 'reviewer', kind: 'warning', channel: 'warnings', priority: 'high', content: 'Use parameters in SQL.' })
 * for await (const message of subscription) {
 *   console.assert(message.content === 'Use parameters in SQL.' && message.author === 'reviewer')
 *   await message.acknowledge()
 *   break
 * }
 * await autodidact.close()
 * ```
 */
export const share = (scope: Scope, input: string | KnowledgeInput): Promise<KnowledgeReceipt> => shareWith(scope, input, {}, 'share')

/** The same with other defaults than the channel `general` and the priority `medium`. */
export const shareWith = async (scope: Scope, input: string | KnowledgeInput, defaults: ShareDefaults, verb: string): Promise<KnowledgeReceipt> => shareChecked(scope, checkedItem(input, verb), defaults, verb)

/** The same for what was checked. */
export const shareChecked = (scope: Scope, given: CheckedItem, defaults: ShareDefaults, verb: string): Promise<KnowledgeReceipt> => {
  const { kind = defaults.kind, title = defaults.title, channel = defaults.channel ?? 'general', priority = defaults.priority ?? 'medium', targets = defaults.targets } = given
  // What is for some is not told to all, whatever is usual.
  const broadcast = given.broadcast ?? (targets === undefined ? defaults.broadcast : undefined)
  const links = defaults.links === undefined ? given.links : [...defaults.links, ...(given.links ?? [])]
  // What an agent says is no word of a person, unless the host says so; under its name all that it has told can be forgotten.
  const { trust = 'agent', source = given.author ?? given.agent } = given
  return writeItem(scope, { ...given, ...present({ kind, title, channel, priority, targets, broadcast, links, trust, source }) }, verb)
}

/** Only what has a value: a fact holds no field that says nothing. */
const present = (fields: Partial<CheckedItem>): Partial<CheckedItem> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

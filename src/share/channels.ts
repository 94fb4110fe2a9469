import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { inFull, type KnowledgeItem } from '../knowledge/in-full.ts'
import type { KnowledgeInput } from '../knowledge/input.ts'
import { checkedItem, type KnowledgeReceipt } from '../knowledge/remember.ts'
import { authorsOf, isHeld, type ItemSummary, knowledgeItems, type KnowledgeItemsView } from '../learn/learners/knowledge-items.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { isExpired, isFor } from '../recall/knowledge-wanted.ts'
import type { Scope } from '../scope.ts'
import { engage } from './engage.ts'
import { byPopularity, byRecency } from '../recall/popularity.ts'
import { bookmarkOf, subscriptionsIn } from './bookmarks.ts'
import { type ChannelSummary, listInput, popularInput, type QuestionReceipt, type SharedFilter, subscribeInput, type SubscribeSettings, type SubscriptionSummary, tellingInput, type TellingSettings, unsubscribeInput } from './settings.ts'
import { defaultChannels, presets, shareChecked, shareWith } from './share.ts'
import { Subscription } from './subscription.ts'
import { answers, noteOf, reaches, type Wants, wantsOf } from './wants.ts'

/**
 * Where agents tell each other what they know. What is shared is knowledge like any other: with versions, a life, votes, and found by `recall`.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const subscription = await autodidact.channels.subscribe('coder', { channels: ['debugging'] })
 * const { id } = await autodidact.channels.ask({ author: 'tester', channel: 'debugging', content: 'Why does the build hang?' })
 * const { value: question } = await subscription.next()
 * console.assert(question?.id === id)
 * await autodidact.channels.answer(id, { author: 'coder', content: 'It waits for a lock: delete build.lock.' })
 * console.assert((await autodidact.channels.answers(id))[0]?.content === 'It waits for a lock: delete build.lock.')
 * await autodidact.close()
 * ```
 */
export class Channels {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /**
   * Tells an agent what is shared from now on, and what it has not acknowledged yet. Once this returns, nothing is missed.
   *
   * @throws AutodidactError `INVALID_INPUT`, `NOT_ALLOWED` (the name belongs to another agent), `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const first = await autodidact.channels.subscribe('coder', { channels: ['code'] })
   * await autodidact.share({ channel: 'code', content: 'The linter needs Node 24.' })
   * const { value: message } = await first.next()
   * // Not acknowledged: it comes again.
   * const second = await autodidact.channels.subscribe('coder')
   * console.assert((await second.next()).value?.id === message?.id)
   * await autodidact.close()
   * ```
   */
  async subscribe(agent: string, settings: SubscribeSettings = {}): Promise<Subscription> {
    const who = validated(name, agent, 'channels.subscribe: agent')
    const { channels, leastPriority, own, from = 'now', after, name: given = who } = validated(subscribeInput, settings, 'channels.subscribe')
    const { storage, namespace } = this.#scope
    const bookmark = bookmarkOf(who, given)
    const known = await storage.bookmarks?.find(namespace, bookmark)
    const before = known === undefined ? undefined : wantsOf(known.note)
    if (before !== undefined && before.agent !== who) {
      throw new AutodidactError('NOT_ALLOWED', `The name "${given}" belongs to a subscription of the agent "${before.agent}". Take another name, or unsubscribe that first.`)
    }
    const wanted = channels === undefined ? before?.channels : channels === 'all' ? undefined : [...new Set(channels)]
    const wants: Wants = { agent: who, channels: wanted, leastPriority: leastPriority ?? before?.leastPriority ?? 'low', own: own ?? before?.own ?? false }
    const sequence = after === undefined ? (known?.sequence ?? (from === 'beginning' ? 0 : (await storage.head(namespace)).sequence)) : Number(after)
    const note = noteOf(wants)
    // A reader follows without being known: its place is its own affair.
    if (storage.capabilities.readOnly !== true && (known?.note !== note || known.sequence !== sequence)) await storage.bookmarks?.put(namespace, { name: bookmark, sequence, note })
    return new Subscription(this.#scope, given, wants, sequence)
  }

  /**
   * Forgets a subscription with its place. Nothing happens where there is none.
   *
   * @param subscription its name; that of the agent where it was given none
   * @param settings `agent`: whose it is. Needed only where an agent and the subscription of another one are called the same
   * @throws AutodidactError `INVALID_INPUT`; `CONFLICT` where several are called so and nobody says whose is meant
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.channels.subscribe('coder')
   * await autodidact.channels.unsubscribe('coder')
   * console.assert((await autodidact.channels.subscriptions()).length === 0)
   * await autodidact.close()
   * ```
   */
  async unsubscribe(subscription: string, settings: { readonly agent?: string } = {}): Promise<void> {
    const given = validated(name, subscription, 'channels.unsubscribe: name')
    const { agent } = validated(unsubscribeInput, settings, 'channels.unsubscribe')
    const found = (await this.subscriptions(agent)).filter((known) => known.name === given)
    if (found.length > 1) {
      throw new AutodidactError('CONFLICT', `"${given}" is what subscriptions of ${found.map((known) => `"${known.agent}"`).join(' and ')} are called. Nothing was removed; say whose is meant, with agent.`)
    }
    const [meant] = found
    if (meant !== undefined) await this.#scope.storage.bookmarks?.remove(this.#scope.namespace, bookmarkOf(meant.agent, meant.name))
  }

  /**
   * What is subscribed to, by name; those of one agent, where one is named.
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.channels.subscribe('coder', { channels: ['code'] })
   * const [subscription] = await autodidact.channels.subscriptions('coder')
   * console.assert(subscription?.channels?.[0] === 'code' && subscription.leastPriority === 'low')
   * await autodidact.close()
   * ```
   */
  async subscriptions(agent?: string): Promise<readonly SubscriptionSummary[]> {
    const who = validated(name.optional(), agent, 'channels.subscriptions: agent')
    return (await subscriptionsIn(this.#scope)).filter((summary) => who === undefined || summary.agent === who).map(({ bookmark: _bookmark, ...summary }) => summary)
  }

  /**
   * The channels that there are: those that are always there, those that something is shared on, and those that somebody waits at.
   *
   * @param agent as this agent sees them; without it, only what is for everybody counts
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.share({ channel: 'deployments', content: 'Fridays are frozen.' })
   * const channels = await autodidact.channels.list()
   * console.assert(channels.length === 8 && channels.find(({ name }) => name === 'deployments')?.items === 1)
   * await autodidact.close()
   * ```
   */
  async list(agent?: string): Promise<readonly ChannelSummary[]> {
    const reader = validated(name.optional(), agent, 'channels.list: agent')
    const shared = Map.groupBy((await this.#view()).all().filter(this.#isTold).filter(seenBy(reader)), ({ channel }) => channel)
    const awaited = (await this.subscriptions()).flatMap(({ channels = [] }) => channels)
    const names = new Set<string>([...defaultChannels, ...[...shared.keys()].filter((channel) => channel !== undefined), ...awaited])
    return [...names].map((channel) => {
      const items = shared.get(channel) ?? []
      return { name: channel, items: items.length, lastSharedAt: items.length === 0 ? undefined : Math.max(...items.map(({ writtenAt }) => writtenAt)) }
    })
  }

  /**
   * Shares a discovery with everybody: channel `general`, priority `high`, unless said otherwise.
   *
   * @throws AutodidactError as `share`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { id } = await autodidact.channels.discovery({ author: 'coder', content: 'The API allows 60 calls a minute.' })
   * console.assert((await autodidact.knowledge.get(id))?.priority === 'high')
   * await autodidact.close()
   * ```
   */
  discovery(input: string | KnowledgeInput): Promise<KnowledgeReceipt> {
    return shareWith(this.#scope, input, presets.discovery, 'channels.discovery')
  }

  /**
   * Warns everybody: channel `warnings`, priority `critical`, unless said otherwise.
   *
   * @throws AutodidactError as `share`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const coder = await autodidact.channels.subscribe('coder', { channels: ['code'] })
   * await autodidact.channels.warning({ author: 'reviewer', content: 'The staging database is gone.' })
   * console.assert((await coder.next()).value?.priority === 'critical')
   * await autodidact.close()
   * ```
   */
  warning(input: string | KnowledgeInput): Promise<KnowledgeReceipt> {
    return shareWith(this.#scope, input, presets.warning, 'channels.warning')
  }

  /**
   * Shares what solves a problem: channel `solutions`, priority `medium`, and the problem in the title, unless said otherwise.
   *
   * @param problem in a few words
   * @throws AutodidactError as `share`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { id } = await autodidact.channels.solution('slow builds', { author: 'coder', content: 'Cache the modules.' })
   * console.assert((await autodidact.knowledge.get(id))?.title === 'Solution: slow builds')
   * await autodidact.close()
   * ```
   */
  async solution(problem: string, input: string | KnowledgeInput): Promise<KnowledgeReceipt> {
    const title = `Solution: ${validated(z.string(), problem, 'channels.solution: problem')}`
    return shareWith(this.#scope, input, { ...presets.solution, title }, 'channels.solution')
  }

  /**
   * Asks the agents of a channel; default `general`. The answers reach whoever asked, as `author`, in any case. Who asks what was asked before, in the same words for the same agents, gets `known`, what was answered by now, and the answers
   * to come.
   *
   * @throws AutodidactError as `share`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { id } = await autodidact.channels.ask({ author: 'tester', content: 'Why does the build hang?' })
   * await autodidact.channels.answer(id, { author: 'coder', content: 'It waits for a lock.' })
   * const again = await autodidact.channels.ask({ author: 'reviewer', content: 'Why does the build hang?' })
   * console.assert(again.status === 'known' && again.id === id && again.answers[0]?.content === 'It waits for a lock.')
   * await autodidact.close()
   * ```
   */
  async ask(input: string | KnowledgeInput): Promise<QuestionReceipt> {
    const given = checkedItem(input, 'channels.ask')
    const receipt = await shareChecked(this.#scope, given, { kind: 'question' }, 'channels.ask')
    const asker = given.author ?? given.agent
    const question = receipt.status === 'known' ? (await this.#view()).get(receipt.id) : undefined
    if (question === undefined || isHeld(question)) return { ...receipt, answers: [] }
    if (asker !== undefined) await engage(this.#scope, question.id, asker, 'asking')
    return { ...receipt, answers: await this.#answersTo(question, asker) }
  }

  /**
   * Answers a question, on its channel and for those who may see it, unless said otherwise.
   *
   * @throws AutodidactError `UNKNOWN_ID` (no such question, or one that `author` is not to see), and as `share`
   */
  async answer(question: string, input: string | KnowledgeInput): Promise<KnowledgeReceipt> {
    const given = checkedItem(input, 'channels.answer')
    const { id, channel = 'general', priority: urgency = 'medium', targets, ...asked } = await this.#question(question, given.author, 'channels.answer')
    const readers = targets === undefined ? {} : { targets: [...new Set([...targets, ...authorsOf({ ...asked, user: undefined })])] }
    const answered = { kind: 'answer', channel, priority: urgency, links: [{ relation: 'derived-from', to: id } as const], ...readers }
    return shareChecked(this.#scope, given, answered, 'channels.answer')
  }

  /**
   * What was answered to a question, the answer that others make most of first.
   *
   * @param settings `for`: as this agent sees it
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`
   */
  async answers(question: string, settings: { readonly for?: string } = {}): Promise<readonly KnowledgeItem[]> {
    const { for: reader } = validated(z.strictObject({ for: name.optional() }), settings, 'channels.answers')
    const asked = await this.#question(question, reader, 'channels.answers')
    return this.#answersTo(asked, reader)
  }

  /**
   * What was shared last and concerns an agent, the latest first: on the channels that it subscribes to, or on all where it does not.
   *
   * @throws AutodidactError `INVALID_INPUT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.share({ channel: 'code', targets: ['coder'], content: 'Rebase before you push.' })
   * console.assert((await autodidact.channels.recent('coder')).length === 1)
   * console.assert((await autodidact.channels.recent('tester')).length === 0)
   * await autodidact.close()
   * ```
   */
  async recent(agent: string, filter: SharedFilter = {}): Promise<readonly KnowledgeItem[]> {
    const who = validated(name, agent, 'channels.recent: agent')
    const wanted = validated(listInput, filter, 'channels.recent')
    const subscribed = (await this.subscriptions(who)).map(({ channels }) => channels)
    const channels = wanted.channels ?? (subscribed.length === 0 || subscribed.includes(undefined) ? undefined : subscribed.flatMap((names) => names ?? []))
    return this.#shared({ ...wanted, channels, for: who, addressed: wanted.channels === undefined }, byRecency)
  }

  /**
   * What other agents make most of: by votes and by how many applied it, then by how many looked at it. A vote counts one, an agent that applied it two.
   *
   * @param filter with `for`: as this agent sees it; without it, only what is for everybody
   * @throws AutodidactError `INVALID_INPUT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.share({ id: 'cache', author: 'coder', content: 'Cache the modules.' })
   * await autodidact.share({ id: 'wait', author: 'coder', content: 'Wait for the build.' })
   * await autodidact.knowledge.vote('cache', { voter: 'tester', useful: true })
   * console.assert((await autodidact.channels.popular())[0]?.id === 'cache')
   * await autodidact.close()
   * ```
   */
  async popular(filter: SharedFilter & { readonly for?: string } = {}): Promise<readonly KnowledgeItem[]> {
    return this.#shared({ ...validated(popularInput, filter, 'channels.popular'), addressed: false }, byPopularity)
  }

  /**
   * Shows an item to an agent, and counts that it looked.
   *
   * @param settings `source`: who tells of it; default the agent
   * @throws AutodidactError `UNKNOWN_ID` for one that is not there, or not for this agent
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.share({ id: 'cache', author: 'coder', content: 'Cache the modules.' })
   * const item = await autodidact.channels.view('cache', 'tester')
   * console.assert(item.content === 'Cache the modules.' && item.viewed === 1)
   * await autodidact.close()
   * ```
   */
  async view(id: string, agent: string, settings: TellingSettings = {}): Promise<KnowledgeItem> {
    const { source } = validated(tellingInput, settings, 'channels.view')
    const { item, who } = await this.#visible(id, agent, 'channels.view')
    await engage(this.#scope, item.id, who, 'viewing', source)
    const [shown] = await inFull(this.#scope, [(await this.#view()).get(item.id) ?? item], seenBy(who))
    if (shown === undefined) throw unknown(id, 'knowledge')
    return shown
  }

  /**
   * Counts that an agent applied an item. How that went, `knowledge.use` tells.
   *
   * @param settings `source`: who tells of it; default the agent
   * @returns false when it is counted already, or was written by that agent
   * @throws AutodidactError `UNKNOWN_ID` for one that is not there, or not for this agent
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { id } = await autodidact.channels.solution('slow builds', { author: 'coder', content: 'Cache the modules.' })
   * console.assert(await autodidact.channels.applied(id, 'tester'))
   * console.assert(!(await autodidact.channels.applied(id, 'tester')))
   * console.assert((await autodidact.channels.popular())[0]?.applied === 1)
   * await autodidact.close()
   * ```
   */
  async applied(id: string, agent: string, settings: TellingSettings = {}): Promise<boolean> {
    const { source } = validated(tellingInput, settings, 'channels.applied')
    const { item, who } = await this.#visible(id, agent, 'channels.applied')
    return engage(this.#scope, item.id, who, 'applying', source)
  }

  #view(): Promise<KnowledgeItemsView> {
    return this.#scope.runner.view(this.#scope.namespace, knowledgeItems)
  }

  /** What is true no longer is told to nobody. */
  readonly #isTold = (item: ItemSummary): boolean => !isExpired(item, this.#scope.clock())

  async #answersTo({ id }: ItemSummary, reader: string | undefined): Promise<KnowledgeItem[]> {
    const found = (await this.#view()).linkedTo(id).filter((item) => item.kind === 'answer' && this.#isTold(item) && seenBy(reader)(item))
    return inFull(this.#scope, found.toSorted(byPopularity), seenBy(reader))
  }

  /** A question that an agent may see, or has asked; with nobody named, any. */
  async #question(id: string, reader: string | undefined, what: string): Promise<ItemSummary> {
    const item = (await this.#view()).get(validated(name, id, `${what}: question`))
    if (item?.kind !== 'question' || isHeld(item)) throw unknown(id, 'question')
    if (reader !== undefined && !isFor(item, reader) && !isBy(item, reader)) throw unknown(id, 'question')
    return item
  }

  async #visible(id: string, agent: string, what: string): Promise<{ readonly item: ItemSummary; readonly who: string }> {
    const who = validated(name, agent, `${what}: agent`)
    const item = (await this.#view()).get(validated(name, id, `${what}: id`))
    if (item === undefined || isHeld(item) || !(isFor(item, who) || isBy(item, who))) throw unknown(id, 'knowledge')
    return { item, who }
  }

  async #shared(
    { channels, kinds, leastPriority = 'low', limit = 20, for: reader, addressed }: z.output<typeof popularInput> & { readonly addressed: boolean },
    order: (left: ItemSummary, right: ItemSummary) => number,
  ): Promise<KnowledgeItem[]> {
    const view = await this.#view()
    const isAddressed = (item: ItemSummary): boolean => item.broadcast || item.targets !== undefined || (reader !== undefined && answers(item, reader, view))
    const suits = (item: ItemSummary): boolean =>
      item.channel !== undefined &&
      !isHeld(item) &&
      this.#isTold(item) &&
      isFor(item, reader) &&
      (channels === undefined || channels.includes(item.channel) || (addressed && isAddressed(item))) &&
      (kinds === undefined || kinds.includes(item.kind)) &&
      reaches(item.priority, leastPriority)
    return inFull(this.#scope, view.all().filter(suits).sort(order).slice(0, limit), seenBy(reader))
  }
}

/** What an agent may know of: what is for it, or by it, and not put away. */
const seenBy = (agent: string | undefined) => (item: ItemSummary): boolean => !isHeld(item) && (isFor(item, agent) || isBy(item, agent))

const isBy = (item: ItemSummary, agent: string | undefined): boolean => agent !== undefined && authorsOf(item).has(agent)

/** The same for what is not there and for what is not theirs to see: nobody learns of the latter. */
const unknown = (id: string, what: string): AutodidactError =>
  new AutodidactError('UNKNOWN_ID', `There is no ${what} "${id}" here for this agent. See channels.recent(agent) for what there is.`)

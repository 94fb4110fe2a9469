import type { Chunks } from '../import/bytes.ts'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { archive, type KnowledgeArchiveFilter, type KnowledgeArchiveReport, type KnowledgeArchiveSettings } from './archive.ts'
import { type Consolidation, consolidations } from './consolidate.ts'
import type { FieldChange } from './diff.ts'
import { exportKnowledge, importKnowledge, type KnowledgeExportSettings, type KnowledgeImportReport, type KnowledgeImportSettings } from './exchange/exchange.ts'
import { filterInput, isSeen, type KnowledgeFilter, type KnowledgeListSettings, listInput, matches } from './filter.ts'
import { changesBetween, historyOf, type KnowledgeVersion, type ReaderSettings } from './history.ts'
import { inFull, type KnowledgeItem } from './in-full.ts'
import type { KnowledgeChange, KnowledgeInput } from './input.ts'
import { merge, type MergeSettings } from './merge.ts'
import { inOrder } from './order.ts'
import { viewOf } from './present.ts'
import { type KnowledgePruneReport, type KnowledgePruneSettings, prune } from './prune.ts'
import { type KnowledgeReceipt, remember } from './remember.ts'
import { revert, type RevertSettings, update } from './revise.ts'
import { move, type MoveSettings, type SaidReceipt, use, type UseInput, vote, type VoteInput } from './say.ts'
import { type KnowledgeStatistics, statisticsOf } from './statistics.ts'

export type { KnowledgeVersion, ReaderSettings } from './history.ts'
export type { MergeSettings } from './merge.ts'
export type { RevertSettings } from './revise.ts'
export type { MoveSettings, Said, SaidReceipt, UseInput, VoteInput } from './say.ts'

export type KnowledgeState = ItemSummary['state']

const getInput = filterInput.pick({ for: true })

/** Which other items whoever asks may know of. */
const seenBy = ({ for: reader }: { readonly for?: string | undefined }) => (item: ItemSummary): boolean => isSeen(item, reader)

/**
 * What was distilled from experience, or told: rules, lessons, solutions, questions and answers. Every item has versions and a life: it is experimental until its
 * uses prove it, deprecated when they speak against it, and comes back when they speak for it again.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { id } = await autodidact.knowledge.add({ kind: 'best_practice', category: 'patterns', title: 'Tests first', content: 'Write the test first.' })
 * for (let use = 0; use < 6; use += 1) await autodidact.knowledge.use(id, { success: true })
 * console.assert((await autodidact.knowledge.get(id))?.state === 'validated')
 *
 * await autodidact.knowledge.update(id, { content: 'Write the test first, and see it fail.', reason: 'A test that never failed proves nothing.' })
 * const item = await autodidact.knowledge.get(id)
 * console.assert(item?.state === 'experimental' && item.number === 2 && item.total.uses === 6)
 *
 * await autodidact.knowledge.revert(id, 1)
 * console.assert((await autodidact.knowledge.get(id))?.content === 'Write the test first.')
 * await autodidact.close()
 * ```
 */
export class Knowledge {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /**
   * Writes a new item down; the same as `remember`.
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { id } = await autodidact.knowledge.add('[RESPONSE_PRINCIPLE|0.9] Be concise.')
   * const item = await autodidact.knowledge.get(id)
   * console.assert(item?.kind === 'RESPONSE_PRINCIPLE' && item.score === 0.9 && item.content === 'Be concise.')
   * await autodidact.close()
   * ```
   */
  add(input: string | KnowledgeInput): Promise<KnowledgeReceipt> {
    return remember(this.#scope, input)
  }

  /**
   * Writes a new version of an item. It begins as experimental; the uses of the old one stay with it. What is not named, or undefined, stays as it is, and null takes a field away. Where something of the old version
   * stays, the new one is trusted no more than it was. A change of nothing writes nothing: the receipt says `known`.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `CONFLICT` (another writer was quicker), `NOT_ALLOWED` (a core rule, by anybody but a person; an item that is trusted more than whoever changes it)
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.' })
   * const { id } = await autodidact.knowledge.update('refunds', { content: 'Refund within a day.', author: 'ada', reason: 'Too fast.', expected: 1 })
   * console.assert(id === 'refunds@2')
   * await autodidact.close()
   * ```
   */
  update(id: string, change: KnowledgeChange): Promise<KnowledgeReceipt> {
    return update(this.#scope, id, change)
  }

  /**
   * Brings the content of an earlier version back, as a new version.
   *
   * @param number of the version, from 1
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `CONFLICT`, `NOT_ALLOWED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.' })
   * await autodidact.knowledge.update('refunds', { content: 'Never refund.' })
   * await autodidact.knowledge.revert('refunds', 1, { reason: 'It was right.' })
   * console.assert((await autodidact.knowledge.get('refunds'))?.content === 'Refund at once.')
   * await autodidact.close()
   * ```
   */
  revert(id: string, number: number, settings: RevertSettings = {}): Promise<KnowledgeReceipt> {
    return revert(this.#scope, id, number, settings)
  }

  /**
   * By the id of the item, or of one of its versions; undefined when there is none. Without `for` also what is for some agents, out of use, or in quarantine: look at its `state` before you show it to a model.
   *
   * @param settings `for`: as this agent sees it; undefined where it is for others, or in quarantine
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.' })
   * const item = await autodidact.knowledge.get('refunds')
   * console.assert(item?.state === 'experimental' && item.number === 1 && item.content === 'Refund at once.')
   * await autodidact.close()
   * ```
   */
  async get(id: string, settings: ReaderSettings = {}): Promise<KnowledgeItem | undefined> {
    const wanted = validated(getInput, settings, 'knowledge.get')
    const item = (await viewOf(this.#scope)).get(validated(name, id, 'knowledge.get: id'))
    return item === undefined || !isSeen(item, wanted.for) ? undefined : (await inFull(this.#scope, [item], seenBy(wanted)))[0]
  }

  /**
   * What suits a filter, the latest written first, or in another `order`.
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ kind: 'warning', tags: ['sql'], priority: 'critical', content: 'Use parameters.' })
   * await autodidact.remember({ kind: 'technique', content: 'Quicksort.' })
   * const found = await autodidact.knowledge.list({ kinds: ['warning'], leastPriority: 'high' })
   * console.assert(found.length === 1 && found[0]?.content === 'Use parameters.')
   * await autodidact.close()
   * ```
   */
  async list(filter: KnowledgeListSettings = {}): Promise<readonly KnowledgeItem[]> {
    const { limit = 100, order = 'newest', ...wanted } = validated(listInput, filter, 'knowledge.list')
    const now = this.#scope.clock()
    const found = (await viewOf(this.#scope)).all().filter((item) => matches(item, wanted, now))
    return inFull(this.#scope, inOrder(found, order).slice(0, limit), seenBy(wanted))
  }

  /**
   * What there is, in numbers: by state, kind, category, channel and contributor, with uses, votes, looks and applications. Costs no more than a look at each item that was learned of.
   *
   * @param filter counts only what suits it; `for` an agent, only what that one sees
   * @throws AutodidactError `INVALID_INPUT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.share({ kind: 'warning', author: 'coder', channel: 'testing', content: 'The clock tests need --retry 2.' })
   * const { items, states, channels } = await autodidact.knowledge.statistics()
   * console.assert(items === 1 && states.experimental === 1 && channels[0]?.name === 'testing')
   * await autodidact.close()
   * ```
   */
  statistics(filter: Omit<KnowledgeFilter, 'limit'> = {}): Promise<KnowledgeStatistics> {
    return statisticsOf(this.#scope, filter)
  }

  /**
   * Every version of an item, the earliest first.
   *
   * @param settings `for`: as this agent sees it, without versions that were for others, or in quarantine
   * @throws AutodidactError `UNKNOWN_ID` (also for what is for other agents), `INVALID_INPUT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.' })
   * await autodidact.knowledge.update('refunds', { content: 'Refund within a day.', reason: 'Too fast.' })
   * const versions = await autodidact.knowledge.history('refunds')
   * console.assert(versions.length === 2 && versions[1]?.reason === 'Too fast.')
   * await autodidact.close()
   * ```
   */
  history(id: string, settings: ReaderSettings = {}): Promise<readonly KnowledgeVersion[]> {
    return historyOf(this.#scope, id, settings)
  }

  /**
   * Tells of a use outside of any recorded run, and how it went. What recall put into a prompt is counted by itself when the run is recorded.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `ID_CONFLICT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.' })
   * await autodidact.knowledge.use('refunds', { success: false, note: 'The customer had not paid yet.' })
   * console.assert((await autodidact.knowledge.get('refunds'))?.total.down === 1)
   * await autodidact.close()
   * ```
   */
  use(id: string, input: UseInput): Promise<SaidReceipt> {
    return use(this.#scope, id, input)
  }

  /**
   * Votes for or against an item; a later vote of the same voter replaces the earlier one, and null takes it back. Votes order what is popular, and the answers to a question; they prove nothing, and change neither state nor score.
   *
   * @throws AutodidactError `UNKNOWN_ID` (also for an item that is for other agents), `INVALID_INPUT`, `NOT_ALLOWED` (what one wrote, or is the source of)
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.', author: 'ada' })
   * await autodidact.knowledge.vote('refunds', { voter: 'grace', useful: true })
   * console.assert((await autodidact.knowledge.get('refunds'))?.votes.useful === 1)
   * await autodidact.close()
   * ```
   */
  vote(id: string, input: VoteInput): Promise<SaidReceipt> {
    return vote(this.#scope, id, input)
  }

  /**
   * Puts an item into a state by hand: out of use, into quarantine, or back.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `NOT_ALLOWED` (by anybody but a person: a core rule, an item that is trusted more than whoever moves it, into `validated`, or what is to leave quarantine, or the archive
   * where a person put it)
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.' })
   * await autodidact.knowledge.move('refunds', 'archived', { by: 'ada', reason: 'The shop is closed.' })
   * console.assert((await autodidact.recall('refund')).items.length === 0)
   * await autodidact.close()
   * ```
   */
  move(id: string, to: KnowledgeState, settings: MoveSettings = {}): Promise<SaidReceipt> {
    return move(this.#scope, id, to, settings)
  }

  /**
   * Puts away everything that suits a filter, such as all rules, or the one that says a text; as `move` does, each by itself. To erase what was put away, pass its ids to `forget({ facts })`.
   *
   * @param filter names at least one thing
   * @throws AutodidactError `INVALID_INPUT`; what may not be put away is in `problems`
   *
   * @example
   * ```ts
   * import { Autodidact, ruleTypes } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * for (const rule of ['[CORE_RULE|1.0] My name is Ada.', '[RESPONSE_PRINCIPLE|0.9] Be concise.']) await autodidact.remember(rule)
   * await autodidact.remember('Refunds above 100 need a second signature.')
   * console.assert((await autodidact.knowledge.archive({ text: '[RESPONSE_PRINCIPLE|0.9] Be concise.' }, { by: 'ada' })).items.length === 1)
   * console.assert((await autodidact.knowledge.archive({ kinds: ruleTypes })).items.length === 1)
   * console.assert((await autodidact.knowledge.list({ states: ['experimental'] })).length === 1)
   * await autodidact.close()
   * ```
   */
  archive(filter: KnowledgeArchiveFilter, settings: KnowledgeArchiveSettings = {}): Promise<KnowledgeArchiveReport> {
    return archive(this.#scope, filter, settings)
  }

  /**
   * What two versions of an item say differently, field by field.
   *
   * @param from number of a version; default: the one before the present
   * @param to number of another; default: the present one
   * @param settings `for`: as this agent sees it, without versions that were for others, or in quarantine
   * @throws AutodidactError `UNKNOWN_ID` (also for what is for other agents), `INVALID_INPUT`
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.' })
   * await autodidact.knowledge.update('refunds', { content: 'Refund within a day.', tags: ['money'] })
   * const changes = await autodidact.knowledge.diff('refunds')
   * console.assert(changes.map(({ field }) => field).join() === 'content,tags')
   * await autodidact.close()
   * ```
   */
  diff(id: string, from?: number, to?: number, settings: ReaderSettings = {}): Promise<readonly FieldChange[]> {
    return changesBetween(this.#scope, id, from, to, settings)
  }

  /**
   * Archives what nobody has used for a long time, also what nobody ever has. What was validated, core rules and what is critical stay.
   *
   * @throws AutodidactError `INVALID_INPUT`
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'refunds', content: 'Refund at once.', occurredAt: 1_700_000_000_000 })
   * const { items } = await autodidact.knowledge.prune({ dryRun: true })
   * console.assert(items[0]?.id === 'refunds' && items[0].uses === 0)
   * await autodidact.close()
   * ```
   */
  prune(settings: KnowledgePruneSettings = {}): Promise<KnowledgePruneReport> {
    return prune(this.#scope, settings)
  }

  /**
   * Finds items that say nearly the same (four fifths of their terms, no opposites, and the same numbers and units), of the same kind and for the same people, and says what merging them would do. Changes
   * nothing; {@link Knowledge.merge} does what one of the proposals says.
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'a', content: 'Refunds above one hundred need a second signature', tags: ['money'] })
   * await autodidact.remember({ id: 'b', content: 'Refunds above one hundred need a second signature.', tags: ['orders'] })
   * const [proposal] = await autodidact.knowledge.consolidate()
   * console.assert(proposal?.keep.id === 'a' && proposal.merge[0]?.id === 'b' && proposal.tags.length === 2)
   * if (proposal !== undefined) await autodidact.knowledge.merge(proposal)
   * console.assert((await autodidact.knowledge.get('b'))?.state === 'archived')
   * await autodidact.close()
   * ```
   */
  consolidate(): Promise<readonly Consolidation[]> {
    return consolidations(this.#scope)
  }

  /**
   * Merges what was proposed, all of it or nothing: the others are archived with a word on where they went, and the item that stays gets a new version where they have tags, links, evidence, a fix, a score or a priority
   * that it lacks; in its state it stays. Uses and votes stay where they were given.
   *
   * @param proposal which items, and which versions of them; everything else is read again from the items
   * @throws AutodidactError `NOT_ALLOWED` (what they say cannot be one), `CONFLICT` (one of them has changed since), `UNKNOWN_ID`, `INVALID_INPUT`
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.remember({ id: 'a', content: 'Refunds above one hundred need a second signature' })
   * await autodidact.remember({ id: 'b', content: 'Refunds above one hundred need a second signature!' })
   * for (const proposal of await autodidact.knowledge.consolidate()) await autodidact.knowledge.merge(proposal, { author: 'ada' })
   * console.assert((await autodidact.knowledge.list({ states: ['experimental'] })).length === 1)
   * await autodidact.close()
   * ```
   */
  merge(proposal: Pick<Consolidation, 'keep' | 'merge'>, settings: MergeSettings = {}): Promise<KnowledgeReceipt> {
    return merge(this.#scope, proposal, settings)
  }

  /**
   * Items with all their versions, states, uses and votes as the text of a file, in the order in which they were first written. Without a filter all of them. What was shown or left out by a draw, and
   * what reflection made of their importance, stays here.
   *
   * @throws AutodidactError `INVALID_INPUT`
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const [here, there] = [await Autodidact.open(':memory:'), await Autodidact.open(':memory:')]
   * await here.remember({ id: 'refunds', title: 'Refunds', content: 'Refund at once.' })
   * const file = await here.knowledge.export({ format: 'markdown' })
   * await there.knowledge.import(file.replace('\nRefund at once.', '\nRefund within a day.'), { trusted: true })
   * const item = await there.knowledge.get('refunds')
   * console.assert(item?.number === 2 && item.content === 'Refund within a day.')
   * await here.close()
   * await there.close()
   * ```
   */
  export(settings: KnowledgeExportSettings = {}): Promise<string> {
    return exportKnowledge(this.#scope, settings)
  }

  /**
   * Takes over what {@link Knowledge.export} gave, item by item: one that is wrong is reported, and the others are imported all the same. Versions that are here already are not written again, nor are their uses and votes
   * counted again; later ones are appended; an item that is here with another history is left alone and reported as `CONFLICT`.
   *
   * @param source the text of a file, or a read stream of one, compressed with gzip or not; at most 256 MB
   * @throws AutodidactError `INVALID_INPUT` where it is no file of knowledge, `NEWER_VERSION`, `LIMIT_EXCEEDED`, `CORRUPT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
   *
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const [here, there] = [await Autodidact.open(':memory:'), await Autodidact.open(':memory:')]
   * await here.remember({ id: 'refunds', content: 'Refund at once.' })
   * for (let use = 0; use < 5; use += 1) await here.knowledge.use('refunds', { success: true })
   * const file = await here.knowledge.export()
   * const { stored } = await there.knowledge.import(file, { trusted: true })
   * console.assert(stored === 1 && (await there.knowledge.export()) === file)
   * await here.close()
   * await there.close()
   * ```
   */
  import(source: string | Chunks, settings: KnowledgeImportSettings = {}): Promise<KnowledgeImportReport> {
    return importKnowledge(this.#scope, source, settings)
  }
}

import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { authorsOf, knowledgeItems, type ItemSummary, type KnowledgeItemsView, type VersionSummary } from '../learn/learners/knowledge-items.ts'
import { asWritten } from '../log/blobs.ts'
import { contentDigest } from '../log/canonical.ts'
import { refuseImpossible } from '../log/clock.ts'
import type { FactData, FactOf, NewFact, NewFactOf, Trust } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { link } from '../log/kinds/knowledge-written.ts'
import { knowledgeState } from '../log/kinds/knowledge-moved.ts'
import { name, text } from '../log/kinds/shared.ts'
import type { Json } from '../log/payload.ts'
import { validated } from '../log/validate.ts'
import { isFor } from '../recall/knowledge-wanted.ts'
import type { Scope } from '../scope.ts'
import { changeInput, type KnowledgeChange, type KnowledgeInput, trust as trustInput } from './input.ts'
import { type Consolidation, consolidations } from './consolidate.ts'
import { diffOf, type FieldChange } from './diff.ts'
import { type KnowledgeFilter, filterInput, matches } from './filter.ts'
import type { Chunks } from '../import/bytes.ts'
import { exportKnowledge, importKnowledge, type KnowledgeExportSettings, type KnowledgeImportReport, type KnowledgeImportSettings } from './exchange/exchange.ts'
import { factsOf, inFull, type KnowledgeItem } from './in-full.ts'
import { type KnowledgePruneReport, type KnowledgePruneSettings, pruneInput, unused } from './prune.ts'
import { refuseRelease } from './release.ts'
import { type KnowledgeReceipt, remember } from './remember.ts'
import { isRuleType } from './rule.ts'
import { contentOf, leastTrust, trustWith, writeNextVersion } from './write.ts'

export type KnowledgeState = ItemSummary['state']

/** One version of an item, in full. */
export interface KnowledgeVersion {
  readonly number: number
  readonly kind: string
  readonly category: string | undefined
  readonly title: string | undefined
  readonly content: string | Json
  readonly tags: readonly string[]
  readonly author: string | undefined
  readonly reason: string | undefined
  readonly source: string
  readonly trust: Trust
  /** The version whose content it brought back. */
  readonly restores: number | undefined
  /** Milliseconds since 1970-01-01 UTC. */
  readonly occurredAt: number
  readonly uses: number
  /** Share of its uses that went well, weighted by how much each is to be believed; undefined without any. */
  readonly rate: number | undefined
}

/** Who says something about an item, and on whose word. */
export interface Said {
  /** Default `host`. */
  readonly source?: string
  /** Default `user`. */
  readonly trust?: Trust
  readonly agent?: string
}

const said = { source: name.optional(), trust: trustInput.optional(), agent: name.optional() }

const useInput = z.strictObject({ success: z.boolean(), number: z.number().int().min(1).optional(), note: text.optional(), id: name.optional(), ...said })
const voteInput = z.strictObject({ voter: name, useful: z.boolean().nullable() })
const getInput = filterInput.pick({ for: true })
const moveInput = z.strictObject({ by: name.optional(), reason: text.optional(), ...said })
const placed = { id: name, number: z.number().int().min(1), text }
const consolidationInput = z.strictObject({
  keep: z.strictObject(placed),
  merge: z.array(z.strictObject({ ...placed, overlap: z.number() })).min(1),
  tags: z.array(name).max(100),
  evidence: z.array(name).max(1_000),
  links: z.array(link).max(100),
  refused: z.string().optional(),
})
const mergeInput = z.strictObject({ author: name.optional() })
const revertInput = z.strictObject({ author: name.optional(), reason: text.optional(), expected: z.number().int().min(1).optional(), source: name.optional(), trust: trustInput.optional() })

/** What became of something that was said of an item. */
export interface SaidReceipt {
  /** Of the fact that says so. */
  readonly id: string
  /** `merged`: it was said before, under the same id. */
  readonly status: 'stored' | 'merged'
}

/** What a use is told with. */
export interface UseInput extends Said {
  readonly success: boolean
  /** The version that was used; default: the present one. */
  readonly number?: number
  readonly note?: string
  /** The same id counts once; default: a new one. */
  readonly id?: string
}

/** What a version is brought back with. */
export interface RevertSettings {
  readonly author?: string
  readonly reason?: string
  /** Number of the version that is there, as far as the caller knows; with another one it is refused with `CONFLICT`. */
  readonly expected?: number
  readonly source?: string
  /** Default `user`. */
  readonly trust?: Trust
}

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
   * Writes a new version of an item. It begins as experimental; the uses of the old one stay with it.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `CONFLICT` (another writer was quicker), `NOT_ALLOWED` (a core rule, by anybody but a person)
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
  async update(id: string, change: KnowledgeChange): Promise<KnowledgeReceipt> {
    const { content, reason, expected, author, source = 'host', trust = 'user', occurredAt, tags, ...described } = validated(changeInput, change, 'knowledge.update')
    refuseImpossible({ occurredAt }, this.#scope.clock(), 'knowledge.update')
    const { summary, present } = await this.#present(id, expected)
    const before = present.data
    const next = {
      ...before,
      ...described,
      kind: described.kind ?? before.kind,
      ...(content === undefined ? {} : contentOf(content, 'knowledge.update')),
      ...(tags === undefined ? {} : { tags: [...new Set(tags)] }),
    }
    // What was said of the last version alone.
    const { number: _number, item: _item, author: _author, reason: _reason, restores: _restores, ...lasting } = next
    if (content !== undefined && typeof content === 'string') delete lasting.data
    const trusted = await trustWith(this.#scope, content === undefined ? leastTrust(trust, present.trust) : trust, described.evidence)
    this.#refuseForCoreRule([before.kind, next.kind], trusted)
    return this.#write(summary, present, { ...lasting, ...(author === undefined ? {} : { author }), ...(reason === undefined ? {} : { reason }) }, { source, trust: trusted, occurredAt })
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
  async revert(id: string, number: number, settings: RevertSettings = {}): Promise<KnowledgeReceipt> {
    const restores = validated(z.number().int().min(1), number, 'knowledge.revert: number')
    const { author, reason, expected, source = 'host', trust = 'user' } = validated(revertInput, settings, 'knowledge.revert')
    const { summary, present } = await this.#present(id, expected)
    const wanted = summary.versions.find((version) => version.number === restores)
    if (wanted === undefined) throw new AutodidactError('UNKNOWN_ID', `"${summary.id}" has no version ${restores}. See knowledge.history("${summary.id}").`)
    const [old] = await factsOf(this.#scope, [wanted.id])
    if (old === undefined) throw new AutodidactError('UNKNOWN_ID', `Version ${restores} of "${summary.id}" was forgotten meanwhile.`)
    const trusted = leastTrust(trust, old.trust)
    this.#refuseForCoreRule([present.data.kind, old.data.kind], trusted)
    const { number: _number, item: _item, author: _author, reason: _reason, restores: _restores, ...lasting } = old.data
    return this.#write(summary, present, { ...lasting, restores, ...(author === undefined ? {} : { author }), ...(reason === undefined ? {} : { reason }) }, { source, trust: trusted })
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
  async get(id: string, settings: { readonly for?: string } = {}): Promise<KnowledgeItem | undefined> {
    const asked = validated(name, id, 'knowledge.get: id')
    const wanted = validated(getInput, settings, 'knowledge.get')
    const summary = (await this.#view()).get(asked)
    return summary === undefined || !matches(summary, wanted) ? undefined : (await inFull(this.#scope, [summary]))[0]
  }

  /**
   * What suits a filter, the latest written first.
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
  async list(filter: KnowledgeFilter = {}): Promise<readonly KnowledgeItem[]> {
    const { limit = 100, ...wanted } = validated(filterInput, filter, 'knowledge.list')
    const found = (await this.#view()).all().filter((item) => matches(item, wanted))
    return inFull(this.#scope, found.reverse().slice(0, limit))
  }

  /**
   * Every version of an item, the earliest first.
   *
   * @throws AutodidactError `UNKNOWN_ID`
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
  async history(id: string): Promise<readonly KnowledgeVersion[]> {
    const summary = await this.#known(id)
    const facts = new Map((await factsOf(this.#scope, summary.versions.map((version) => version.id))).map((fact) => [fact.id, fact]))
    return summary.versions.flatMap(({ id: version, number, uses, up, down }) => {
      const fact = facts.get(version)
      if (fact === undefined) return []
      const { kind, category, title, content, data, tags = [], author, reason, restores } = fact.data
      return [{ number, kind, category, title, content: data ?? content, tags, author, reason, source: fact.source, trust: fact.trust, restores, occurredAt: fact.occurredAt, uses, rate: up + down > 0 ? up / (up + down) : undefined }]
    })
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
  async use(id: string, input: UseInput): Promise<SaidReceipt> {
    const { success, number, note, id: given, ...by } = validated(useInput, input, 'knowledge.use')
    const summary = await this.#known(id)
    const present = summary.versions.at(-1)?.number ?? 1
    if (number !== undefined && !summary.versions.some((version) => version.number === number)) {
      throw new AutodidactError('UNKNOWN_ID', `"${summary.id}" has no version ${number}; the present one is ${present}.`)
    }
    const data = { item: summary.id, number: number ?? present, success, ...(note === undefined ? {} : { note: this.#scope.redact(note, 'note') }) }
    return this.#say('knowledge.used', data, by, given)
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
  async vote(id: string, vote: { readonly voter: string; readonly useful: boolean | null }): Promise<SaidReceipt> {
    const { voter, useful } = validated(voteInput, vote, 'knowledge.vote')
    const summary = await this.#known(id)
    const sources = await this.#sourcesOf(summary)
    if (!isFor(summary, voter) && !authorsOf(summary).has(voter)) throw unknownItem(id)
    if (authorsOf(summary).has(voter) || sources.has(voter)) throw new AutodidactError('NOT_ALLOWED', `"${voter}" wrote "${summary.id}", and nobody votes on what is their own. Let others vote.`)
    return this.#say('knowledge.voted', { item: summary.id, voter, useful }, { agent: voter })
  }

  /**
   * Puts an item into a state by hand: out of use, into quarantine, or back.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `NOT_ALLOWED` (by anybody but a person: a core rule, or what is to leave quarantine, or the archive where a person put it)
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
  async move(id: string, to: KnowledgeState, settings: Said & { readonly by?: string; readonly reason?: string } = {}): Promise<SaidReceipt> {
    const state = validated(knowledgeState, to, 'knowledge.move: to')
    const { by, reason, ...saying } = validated(moveInput, settings, 'knowledge.move')
    const summary = await this.#known(id)
    this.#refuseForCoreRule([summary.kind], saying.trust ?? 'user')
    await refuseRelease(this.#scope, summary, state, saying.trust ?? 'user')
    const data = { item: summary.id, to: state, ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason: this.#scope.redact(reason, 'reason') }) }
    return this.#say('knowledge.moved', data, saying)
  }

  /**
   * What two versions of an item say differently, field by field.
   *
   * @param from number of a version; default: the one before the present
   * @param to number of another; default: the present one
   * @throws AutodidactError `UNKNOWN_ID`
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
  async diff(id: string, from?: number, to?: number): Promise<readonly FieldChange[]> {
    const numbers = z.number().int().min(1).optional()
    const [old, now] = [validated(numbers, from, 'knowledge.diff: from'), validated(numbers, to, 'knowledge.diff: to')]
    const summary = await this.#known(id)
    const of = (number: number | undefined, fallback: VersionSummary | undefined): string => {
      const version = number === undefined ? fallback : summary.versions.find((candidate) => candidate.number === number)
      if (version === undefined) throw new AutodidactError('UNKNOWN_ID', `"${summary.id}" has no ${number === undefined ? 'earlier version' : `version ${number}`}. See knowledge.history("${summary.id}").`)
      return version.id
    }
    const [before, after] = [of(old, summary.versions.at(-2)), of(now, summary.versions.at(-1))]
    const facts = new Map((await factsOf(this.#scope, [before, after])).map((fact) => [fact.id, fact.data]))
    const [first, second] = [facts.get(before), facts.get(after)]
    if (first === undefined || second === undefined) throw new AutodidactError('UNKNOWN_ID', `A version of "${summary.id}" was forgotten meanwhile.`)
    return diffOf(first, second)
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
  async prune(settings: KnowledgePruneSettings = {}): Promise<KnowledgePruneReport> {
    const { unusedForMs, dryRun = false } = validated(pruneInput, settings, 'knowledge.prune')
    const found = unused(await this.#view(), this.#scope.clock(), unusedForMs)
    if (!dryRun) {
      for (const { id } of found) await this.#say('knowledge.moved', { item: id, to: 'archived', by: 'autodidact', reason: 'Nobody has used it for a long time.' }, { source: 'autodidact', trust: 'agent' })
    }
    return { status: dryRun ? 'dry-run' : 'archived', items: found.map(({ id, state, total, lastUsedAt }) => ({ id, state, uses: total.uses, lastUsedAt })) }
  }

  /**
   * Finds items that say nearly the same (four fifths of their terms), of the same kind and for the same people, and says what merging them would do. Changes nothing; {@link Knowledge.merge}
   * does what one of the proposals says.
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
   * Merges what was proposed: the item that stays gets a new version with all tags, links and evidence, and the others are archived with a word on where they went.
   *
   * @throws AutodidactError `NOT_ALLOWED` (a proposal that is refused), `CONFLICT` (one of them has changed since), `UNKNOWN_ID`
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
  async merge(proposal: Consolidation, settings: { readonly author?: string } = {}): Promise<KnowledgeReceipt> {
    const { keep, merge, tags, evidence, links, refused } = validated(consolidationInput, proposal, 'knowledge.merge')
    const { author } = validated(mergeInput, settings, 'knowledge.merge: settings')
    if (refused !== undefined) throw new AutodidactError('NOT_ALLOWED', `They cannot be merged. ${refused}`)
    for (const { id, number } of merge) await this.#present(id, number)
    const reason = `It takes in ${merge.map(({ id }) => `"${id}"`).join(', ')}, which said nearly the same.`
    const receipt = await this.update(keep.id, { tags, evidence, links, reason, expected: keep.number, ...(author === undefined ? {} : { author }) })
    for (const { id } of merge) await this.move(id, 'archived', { reason: `It went into "${keep.id}".`, ...(author === undefined ? {} : { by: author }) })
    return receipt
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

  #view(): Promise<KnowledgeItemsView> {
    return this.#scope.runner.view(this.#scope.namespace, knowledgeItems)
  }

  async #known(id: string): Promise<ItemSummary> {
    const asked = validated(name, id, 'knowledge: id')
    const summary = (await this.#view()).get(asked)
    if (summary === undefined) throw unknownItem(asked)
    return summary
  }

  /** Who told of any of its versions. */
  async #sourcesOf({ source, versions }: ItemSummary): Promise<ReadonlySet<string>> {
    const earlier = versions.length === 1 ? [] : await factsOf(this.#scope, versions.map((version) => version.id))
    return new Set([source, ...earlier.map((version) => version.source)])
  }

  /** An item with the fact of its present version. */
  async #present(id: string, expected: number | undefined): Promise<{ readonly summary: ItemSummary; readonly present: FactOf<'knowledge.written'> }> {
    const summary = await this.#known(id)
    const last = summary.versions.at(-1)
    if (expected !== undefined && last?.number !== expected) {
      throw new AutodidactError('CONFLICT', `"${summary.id}" is at version ${last?.number ?? 0}, not ${expected}: somebody else changed it. Read it again and repeat.`)
    }
    const [present] = last === undefined ? [] : await factsOf(this.#scope, [last.id])
    if (present === undefined) throw new AutodidactError('UNKNOWN_ID', `"${summary.id}" was forgotten meanwhile.`)
    return { summary, present }
  }

  /** What an agent is at its core, only people change. */
  #refuseForCoreRule(of: readonly string[], trust: Trust): void {
    if (trust === 'user' || !of.some((kind) => isRuleType(kind) && kind === 'CORE_RULE')) return
    throw new AutodidactError('NOT_ALLOWED', 'A core rule is changed by a person only. Let one look at it, and say so with trust: "user".')
  }

  async #write(
    { id: item, versions }: ItemSummary,
    present: FactOf<'knowledge.written'>,
    written: FactData['knowledge.written'],
    { source, trust, occurredAt = this.#scope.clock() }: { source: string; trust: Trust; occurredAt?: number | undefined },
  ): Promise<KnowledgeReceipt> {
    const { agent, user, session } = present
    return writeNextVersion(this.#scope, { item, present: present.id, number: versions.at(-1)?.number ?? 1 }, written, { agent, user, session, source, trust, occurredAt })
  }

  async #say<Kind extends 'knowledge.used' | 'knowledge.voted' | 'knowledge.moved'>(kind: Kind, data: FactData[Kind], { source = 'host', trust = 'user', agent }: { [Field in keyof Said]: Said[Field] | undefined }, given?: string): Promise<SaidReceipt> {
    const id = given ?? newId('knowledge')
    const { namespace, storage, clock, arrivals } = this.#scope
    const fact = {
      id,
      kind,
      version: kinds[kind].version,
      occurredAt: clock(),
      agent,
      source,
      trust,
      digest: contentDigest({ kind, data, source, trust, agent }),
      data,
    } satisfies Omit<NewFactOf<Kind>, 'kind'> & { kind: Kind }
    // A fact of one of three kinds is one of all.
    const { facts } = await storage.commit({ namespace, ...asWritten([fact as NewFact]) })
    arrivals.arrived(namespace)
    return { id, status: facts[0]?.status ?? 'stored' }
  }
}

/** The same for what is not there and for what is not theirs to see. */
const unknownItem = (id: string): AutodidactError => new AutodidactError('UNKNOWN_ID', `There is no knowledge "${id}" in this namespace. See knowledge.list() for what there is.`)

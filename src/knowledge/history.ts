import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import type { ItemSummary, VersionSummary } from '../learn/learners/knowledge-items.ts'
import type { FactOf, Trust } from '../log/fact.ts'
import type { Json } from '../log/payload.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { diffOf, type FieldChange } from './diff.ts'
import { filterInput, isSeen, isVersionSeen } from './filter.ts'
import { factsOf } from './in-full.ts'
import { itemOf, unknownItem } from './present.ts'

/** One version of an item, in full. */
export interface KnowledgeVersion {
  readonly number: number
  readonly kind: string
  readonly category: string | undefined
  readonly title: string | undefined
  readonly content: string | Json
  /** What it was said of, as data. */
  readonly context: Readonly<Record<string, Json>> | undefined
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

/** Who reads. */
export interface ReaderSettings {
  /** As this agent sees it: without what is, or was, for others only, and what waits, or waited, in quarantine. Default: whoever looks after the store, who sees everything. */
  readonly for?: string
}

const readerInput = filterInput.pick({ for: true })

/** A version with the fact that holds it. */
interface Told {
  readonly version: VersionSummary
  readonly fact: FactOf<'knowledge.written'>
}

/** The versions of an item that a reader may see. */
const toldTo = async (scope: Scope, item: ItemSummary, reader: string | undefined): Promise<readonly Told[]> => {
  const facts = new Map((await factsOf(scope, item.versions.map(({ id }) => id))).map((fact) => [fact.id, fact]))
  return item.versions.flatMap((version) => {
    const fact = facts.get(version.id)
    return fact === undefined || !isVersionSeen(item, version, fact, reader) ? [] : [{ version, fact }]
  })
}

const itemFor = async (scope: Scope, id: string, wanted: { readonly for?: string | undefined }): Promise<ItemSummary> => {
  const item = await itemOf(scope, id)
  if (!isSeen(item, wanted.for)) throw unknownItem(id)
  return item
}

/** Every version of an item, the earliest first. */
export const historyOf = async (scope: Scope, id: string, settings: ReaderSettings = {}): Promise<readonly KnowledgeVersion[]> => {
  const wanted = validated(readerInput, settings, 'knowledge.history')
  const told = await toldTo(scope, await itemFor(scope, id, wanted), wanted.for)
  return told.map(({ version: { number, uses, up, down }, fact: { data: written, source, trust, occurredAt } }) => {
    const { kind, category, title, content, data, context, tags = [], author, reason, restores } = written
    return { number, kind, category, title, content: data ?? content, context, tags, author, reason, source, trust, restores, occurredAt, uses, rate: up + down > 0 ? up / (up + down) : undefined }
  })
}

/** What two versions of an item say differently. */
export const changesBetween = async (scope: Scope, id: string, from: number | undefined, to: number | undefined, settings: ReaderSettings): Promise<readonly FieldChange[]> => {
  const numbers = z.number().int().min(1).optional()
  const [old, now] = [validated(numbers, from, 'knowledge.diff: from'), validated(numbers, to, 'knowledge.diff: to')]
  const wanted = validated(readerInput, settings, 'knowledge.diff')
  const item = await itemFor(scope, id, wanted)
  const told = await toldTo(scope, item, wanted.for)
  const of = (number: number | undefined, fallback: Told | undefined): FactOf<'knowledge.written'>['data'] => {
    const found = number === undefined ? fallback : told.find(({ version }) => version.number === number)
    if (found === undefined) throw new AutodidactError('UNKNOWN_ID', `"${item.id}" has no ${number === undefined ? 'earlier version' : `version ${number}`}. See knowledge.history("${item.id}").`)
    return found.fact.data
  }
  return diffOf(of(old, told.at(-2)), of(now, told.at(-1)))
}

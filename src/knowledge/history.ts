import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import type { VersionSummary } from '../learn/learners/knowledge-items.ts'
import type { Trust } from '../log/fact.ts'
import type { Json } from '../log/payload.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { diffOf, type FieldChange } from './diff.ts'
import { factsOf } from './in-full.ts'
import { itemOf } from './present.ts'

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

/** Every version of an item, the earliest first. */
export const historyOf = async (scope: Scope, id: string): Promise<readonly KnowledgeVersion[]> => {
  const { versions } = await itemOf(scope, id)
  const facts = new Map((await factsOf(scope, versions.map((version) => version.id))).map((fact) => [fact.id, fact]))
  return versions.flatMap(({ id: version, number, uses, up, down }) => {
    const fact = facts.get(version)
    if (fact === undefined) return []
    const { kind, category, title, content, data, context, tags = [], author, reason, restores } = fact.data
    const { source, trust, occurredAt } = fact
    return [{ number, kind, category, title, content: data ?? content, context, tags, author, reason, source, trust, restores, occurredAt, uses, rate: up + down > 0 ? up / (up + down) : undefined }]
  })
}

/** What two versions of an item say differently. */
export const changesBetween = async (scope: Scope, id: string, from: number | undefined, to: number | undefined): Promise<readonly FieldChange[]> => {
  const numbers = z.number().int().min(1).optional()
  const [old, now] = [validated(numbers, from, 'knowledge.diff: from'), validated(numbers, to, 'knowledge.diff: to')]
  const item = await itemOf(scope, id)
  const of = (number: number | undefined, fallback: VersionSummary | undefined): string => {
    const version = number === undefined ? fallback : item.versions.find((candidate) => candidate.number === number)
    if (version === undefined) throw new AutodidactError('UNKNOWN_ID', `"${item.id}" has no ${number === undefined ? 'earlier version' : `version ${number}`}. See knowledge.history("${item.id}").`)
    return version.id
  }
  const [before, after] = [of(old, item.versions.at(-2)), of(now, item.versions.at(-1))]
  const facts = new Map((await factsOf(scope, [before, after])).map((fact) => [fact.id, fact.data]))
  const [first, second] = [facts.get(before), facts.get(after)]
  if (first === undefined || second === undefined) throw new AutodidactError('UNKNOWN_ID', `A version of "${item.id}" was forgotten meanwhile.`)
  return diffOf(first, second)
}

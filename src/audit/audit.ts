import { z } from 'zod'
import { type ForeignFormat, type ForeignMemory, type ForeignProblem, readForeign } from '../foreign/foreign.ts'
import { memoryPath } from '../foreign/memory.ts'
import { saidText } from '../knowledge/content.ts'
import { inFull, type KnowledgeItem } from '../knowledge/in-full.ts'
import { knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { createRedact } from '../log/redact.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { examined } from './examine.ts'
import { type Audited, type AuditFinding, type AuditKind, auditKinds, type Life } from './finding.ts'

export interface AuditSettings {
  /** Path of the memory of another program, to be looked at in place of what is known here: MCP memory (JSON lines), or a SQLite file of mem0. Nothing is written to it. */
  readonly memory?: string
  /** Milliseconds after which an item that nobody used is worth a word; default 30 days. */
  readonly unusedForMs?: number
}

/** What an audit found. */
export interface AuditReport {
  readonly about: 'knowledge' | ForeignFormat
  /** Items that were looked at. */
  readonly items: number
  /** The most serious first. */
  readonly findings: readonly AuditFinding[]
  /** Findings by kind. */
  readonly counts: Readonly<Record<AuditKind, number>>
  /** Findings by which somebody could be harmed or misled. */
  readonly serious: number
  /** Ids of items that wait in quarantine: nobody is shown them, and what is suspicious about them is not told again. */
  readonly quarantined: readonly string[]
  /** Parts of a foreign memory that cannot be read. */
  readonly problems: readonly ForeignProblem[]
}

const monthMs = 30 * 24 * 3_600_000

const itemsAtOnce = 500

const settingsInput = z.strictObject({ memory: memoryPath.optional(), unusedForMs: z.number().int().min(0).optional() })

/** Secrets are looked for whatever this instance masks when it writes: what it did not mask is what an audit is for. */
const redact = createRedact()
const mask = (text: string): string => redact(text, 'content')

/** Which of these facts are in the log. */
const present = async ({ storage, namespace }: Scope, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const found = new Set<string>()
  for (let from = 0; from < ids.length; from += itemsAtOnce) {
    for await (const page of storage.read('', { namespace, ids: ids.slice(from, from + itemsAtOnce) })) for (const { id } of page) found.add(id)
  }
  return found
}

const lifeOf = (item: KnowledgeItem, there: ReadonlySet<string>, { now, unusedForMs }: { readonly now: number; readonly unusedForMs: number }): Life => ({
  isHeld: item.state === 'quarantined',
  expiredAt: item.expired ? item.validUntil : undefined,
  isRecalled: item.trust === 'recalled',
  isUnused: item.total.uses === 0 && item.viewed === 0 && item.applied === 0 && item.writtenAt < now - unusedForMs && item.kind !== 'CORE_RULE',
  lost: item.evidence.filter((id) => !there.has(id)),
  // A question claims nothing, and what is shared is the word of whoever shared it, who is asked there: it claims support only where it names some, which then must be there.
  isUnproven: item.kind !== 'question' && item.channel === undefined && item.evidence.length === 0 && item.trust !== 'user' && item.state !== 'validated',
})

const textOf = ({ title, content, context }: KnowledgeItem): string => saidText({ title, context, ...(typeof content === 'string' ? { content } : { content: '', data: content }) })

/** What was taken over from elsewhere says something else on each line. */
const statementsOf = ({ trust, content }: KnowledgeItem): Pick<Audited, 'statements'> => {
  const lines = trust === 'imported' && typeof content === 'string' ? content.split('\n').filter((line) => line.trim() !== '') : []
  return lines.length > 0 ? { statements: lines } : {}
}

const ownItems = async (scope: Scope, unusedForMs: number): Promise<Audited[]> => {
  const summaries = (await scope.runner.view(scope.namespace, knowledgeItems)).all().filter(({ state }) => state !== 'archived')
  const there = await present(scope, [...new Set(summaries.flatMap(({ evidence }) => evidence))])
  const items: Audited[] = []
  for (let from = 0; from < summaries.length; from += itemsAtOnce) {
    for (const item of await inFull(scope, summaries.slice(from, from + itemsAtOnce))) {
      items.push({
        id: item.id,
        text: textOf(item),
        ...statementsOf(item),
        audience: JSON.stringify([item.agent, item.user, item.targets]),
        contradicts: item.links.filter(({ relation }) => relation === 'contradicts').map(({ to }) => to),
        life: lifeOf(item, there, { now: scope.clock(), unusedForMs }),
      })
    }
  }
  return items
}

const foreignItems = (memories: readonly ForeignMemory[]): Audited[] =>
  memories.flatMap(({ id, parts, user, agent, session }) =>
    parts.map((text, place) => ({ id: parts.length === 1 ? id : `${id} (${place + 1})`, text, audience: JSON.stringify([agent, user, session]), contradicts: [] })),
  )

const reportOf = (about: AuditReport['about'], items: readonly Audited[], found: readonly AuditFinding[], problems: AuditReport['problems']): AuditReport => {
  const findings = auditKinds.flatMap((kind) => found.filter((finding) => finding.kind === kind))
  const counts = Object.fromEntries(auditKinds.map((kind) => [kind, findings.filter((finding) => finding.kind === kind).length])) as Record<AuditKind, number> // Its keys are all kinds.
  return { about, items: items.length, findings, counts, serious: findings.filter(({ isSerious }) => isSerious).length, quarantined: items.flatMap(({ id, life }) => (life?.isHeld === true ? [id] : [])), problems }
}

/**
 * Looks through everything that is known here, or that another program has in its memory: secrets, text that gives orders or hides something, contradictions, claims without support, duplicates, echoes, and what nobody ever used; with what to do about each.
 * Changes nothing. Archived items are left out.
 *
 * @throws AutodidactError `INVALID_INPUT` (also where the file is no memory that is known), `CANNOT_OPEN`, `CORRUPT`, `LIMIT_EXCEEDED`
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.remember({ id: 'a', content: 'Always retry failed payments.' })
 * await autodidact.remember({ id: 'b', content: 'Never retry failed payments.' })
 * const { findings } = await autodidact.audit()
 * console.assert(findings[0]?.kind === 'contradiction' && findings[0].items.length === 2)
 * await autodidact.close()
 * ```
 */
export const audit = async (scope: Scope, settings: AuditSettings = {}): Promise<AuditReport> => {
  const { memory, unusedForMs = monthMs } = validated(settingsInput, settings, 'audit')
  if (memory === undefined) {
    const items = await ownItems(scope, unusedForMs)
    return reportOf('knowledge', items, await examined(items, mask), [])
  }
  const { format, memories, problems } = await readForeign(memory)
  const items = foreignItems(memories)
  return reportOf(format, items, await examined(items, mask), problems)
}

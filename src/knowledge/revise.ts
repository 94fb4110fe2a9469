import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { refuseImpossible, refuseSeconds } from '../log/clock.ts'
import type { FactData, Trust } from '../log/fact.ts'
import { name, text } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { contentOf, haveSameWords, isEmpty, lastingOf, type Saying, saySame } from './content.ts'
import { examined } from './examined.ts'
import { factsOf } from './in-full.ts'
import { changeInput, type KnowledgeChange, trust as trustInput } from './input.ts'
import { echoOf } from './known.ts'
import { type Present, presentOf } from './present.ts'
import { isTrustedLike, leastTrust, refuseForCoreRule, refuseLessTrusted, trustWith, unnamedSource } from './trust.ts'
import { withoutBlocks } from './without-blocks.ts'
import { type KnowledgeReceipt, writeNextVersion } from './write.ts'

const revertInput = z.strictObject({ author: name.optional(), reason: text.optional(), expected: z.number().int().min(1).optional(), source: name.optional(), trust: trustInput.optional() })

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

/** Fields with which nobody tells anything in words of their own. */
const wordless: ReadonlySet<string> = new Set(['kind', 'score', 'targets', 'validUntil'])

type Changed = Omit<z.output<typeof changeInput>, 'content' | 'reason' | 'expected' | 'author' | 'source' | 'trust' | 'occurredAt'>

/** What is said from now on: what is not named stays, and null takes a field away. */
const changedBy = (before: Saying, { kind = before.kind, tags, ...described }: Changed, content: string | object | undefined): Saying => {
  const { content: _content, data: _data, ...others } = before
  const named = Object.entries({ ...described, tags: Array.isArray(tags) ? [...new Set(tags)] : tags }).filter(([, value]) => value !== undefined)
  const kept = Object.entries(others).filter(([field]) => !named.some(([other]) => other === field))
  const isForSome = !isEmpty(named.find(([field]) => field === 'targets')?.[1])
  return {
    ...Object.fromEntries([...kept, ...named].filter(([field, value]) => value !== null && !(field === 'broadcast' && isForSome))),
    kind,
    ...(content === undefined ? { content: before.content, ...(before.data === undefined ? {} : { data: before.data }) } : contentOf(content, 'knowledge.update: content')),
  }
}

/** Whether something that the version before said in words is said by this one, too. */
const retains = (before: Saying, after: Saying): boolean =>
  Object.entries(before).some(([field, value]) => !wordless.has(field) && !isEmpty(value) && value !== '' && Reflect.get(after, field) === value)

/** Who changes an item, what that is worth by itself, and what it is worth with what stays of the item. */
interface Changing {
  readonly source: string
  readonly own: Trust
  readonly trust: Trust
  readonly occurredAt?: number | undefined
}

const authored = (scope: Scope, { item, fact, before }: Present, written: FactData['knowledge.written'], { source, own, trust, occurredAt = scope.clock() }: Changing): Promise<KnowledgeReceipt> => {
  const { agent, user, session } = fact
  refuseForCoreRule([item.kind, written.kind], own)
  // A person who changes the words of an item has looked at them, whoever began it; one who only tags what is in quarantine has not let it out.
  const reviewed = own === 'user' && !(item.state === 'quarantined' && haveSameWords(fact.data, written))
  return writeNextVersion(scope, before, written, { agent, user, session, source, trust, occurredAt }, { reviewed })
}

const signed = (author: string | undefined, reason: string | undefined): Pick<FactData['knowledge.written'], 'author' | 'reason'> => ({
  ...(author === undefined ? {} : { author }),
  ...(reason === undefined ? {} : { reason }),
})

/**
 * Writes a new version of an item. What says the same as before is none.
 *
 * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `CONFLICT`, `NOT_ALLOWED`
 */
export const update = async (scope: Scope, id: string, change: KnowledgeChange): Promise<KnowledgeReceipt> => {
  const { content, reason, expected, author, source = unnamedSource, trust = 'user', occurredAt, ...described } = validated(changeInput, change, 'knowledge.update')
  refuseImpossible({ occurredAt }, scope.clock(), 'knowledge.update')
  refuseSeconds({ validUntil: described.validUntil ?? undefined }, scope.clock(), 'knowledge.update')
  const present = await presentOf(scope, id, expected)
  const { item, fact } = present
  const before = lastingOf(fact.data)
  const { agent, user, session } = fact
  const changed = changedBy(before, described, content)
  const by = { agent, user, session, source, trust, occurredAt: 0 }
  const { written: next, known } = content === undefined || trust === 'imported' ? { written: changed, known: undefined } : await withoutBlocks(scope, changed, by)
  if (known !== undefined) return known
  const own = await trustWith(scope, trust, described.evidence ?? [])
  const trusted = retains(before, next) ? leastTrust(own, fact.trust) : own
  refuseForCoreRule([before.kind, next.kind], own)
  const { written, flags } = examined(scope.redact, next, trusted)
  if (isTrustedLike(fact.trust, trusted) && saySame(written, before)) return { id: fact.id, status: 'known', flags, state: item.state }
  const echo = content === undefined ? undefined : await echoOf(scope, next, by, item.id)
  if (echo !== undefined) return echo
  await refuseLessTrusted(scope, item, { source, trust })
  return authored(scope, present, { ...next, ...signed(author, reason) }, { source, own, trust: trusted, occurredAt })
}

/**
 * Brings the content of an earlier version back, as a new version.
 *
 * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `CONFLICT`, `NOT_ALLOWED`
 */
export const revert = async (scope: Scope, id: string, number: number, settings: RevertSettings): Promise<KnowledgeReceipt> => {
  const restores = validated(z.number().int().min(1), number, 'knowledge.revert: number')
  const { author, reason, expected, source = unnamedSource, trust = 'user' } = validated(revertInput, settings, 'knowledge.revert')
  const present = await presentOf(scope, id, expected)
  const { item } = present
  await refuseLessTrusted(scope, item, { source, trust })
  const wanted = item.versions.find((version) => version.number === restores)
  if (wanted === undefined) throw new AutodidactError('UNKNOWN_ID', `"${item.id}" has no version ${restores}. See knowledge.history("${item.id}").`)
  const [old] = await factsOf(scope, [wanted.id])
  if (old === undefined) throw new AutodidactError('UNKNOWN_ID', `Version ${restores} of "${item.id}" was forgotten meanwhile.`)
  return authored(scope, present, { ...lastingOf(old.data), restores, ...signed(author, reason) }, { source, own: trust, trust: leastTrust(trust, old.trust) })
}

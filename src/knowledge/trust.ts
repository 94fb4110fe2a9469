import { AutodidactError } from '../errors.ts'
import type { ItemSummary } from '../learn/learners/knowledge-items.ts'
import { type Trust, trustOrder } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import { factsOf } from './in-full.ts'
import { isRuleType } from './rule.ts'

/** As whom somebody speaks who does not say. */
export const unnamedSource = 'host'

/** What is made of several things is trusted like the least of them. */
export const leastTrust = (first: Trust, ...others: readonly Trust[]): Trust => trustOrder[Math.max(...[first, ...others].map((trust) => trustOrder.indexOf(trust)))] ?? 'recalled'

/** Whether the first is trusted as much as the second, or more. */
export const isTrustedLike = (first: Trust, second: Trust): boolean => trustOrder.indexOf(first) <= trustOrder.indexOf(second)

/** Whether nobody who works with this store says so: it came with a file, or out of what was recalled. */
export const isHearsay = (trust: Trust): boolean => isTrustedLike('imported', trust)

/**
 * The least trust of what knowledge is made of, and of whoever wrote it.
 *
 * @throws AutodidactError `UNKNOWN_ID` for evidence that is not in the log
 */
export const trustWith = async ({ storage, namespace }: Scope, own: Trust, evidence: readonly string[] = []): Promise<Trust> => {
  if (evidence.length === 0) return own
  const found = new Map<string, Trust>()
  for await (const page of storage.read('', { namespace, ids: evidence })) for (const { id, trust } of page) found.set(id, trust)
  const missing = evidence.find((id) => !found.has(id))
  if (missing !== undefined) throw new AutodidactError('UNKNOWN_ID', `The evidence "${missing}" is not in this namespace. Record the run first, or leave it out.`)
  return leastTrust(own, ...found.values())
}

/** Whether a kind is that of what an agent is at its core. */
export const isCoreRule = (kind: string): boolean => isRuleType(kind) && kind === 'CORE_RULE'

/**
 * A core rule that is in force changes only on the word of a person. A new one may be told by anybody: it waits in quarantine.
 *
 * @param of the kinds of an item before and after a change
 * @throws AutodidactError `NOT_ALLOWED`
 */
export const refuseForCoreRule = (of: readonly string[], trust: Trust): void => {
  if (trust === 'user' || !of.some(isCoreRule)) return
  throw new AutodidactError('NOT_ALLOWED', 'A core rule is changed by a person only. Let one look at it, and say so with trust: "user".')
}

/** How far what an item says is trusted at most: what was added to it later, such as evidence or the tags of another item, may lower its trust, and does not make it the word of somebody else. */
const trustOfWords = async (scope: Scope, { trust, versions }: Pick<ItemSummary, 'trust' | 'versions'>): Promise<Trust> => {
  const since = versions.at(-1)?.saidSince
  const saying = versions.filter(({ saidSince }) => saidSince === since)
  if (saying.length < 2) return trust
  const trusts = (await factsOf(scope, saying.map(({ id }) => id))).map((fact) => fact.trust)
  return trustOrder.find((one) => one === trust || trusts.includes(one)) ?? trust
}

/**
 * Refuses a change by somebody who is trusted less than what an item says, and is not where it comes from: what one source may do to the items of others it does by telling how they went. Who wrote it is told by the source, which a
 * program cannot choose, and not by the name under which somebody signs.
 *
 * @param by who speaks, and what their word is worth
 * @throws AutodidactError `NOT_ALLOWED`
 */
export const refuseLessTrusted = async (scope: Scope, { id, source, trust, versions }: Pick<ItemSummary, 'id' | 'source' | 'trust' | 'versions'>, by: { readonly source: string; readonly trust: Trust }): Promise<void> => {
  if (by.trust === 'user' || (by.source !== unnamedSource && by.source === source)) return
  const words = await trustOfWords(scope, { trust, versions })
  if (isTrustedLike(by.trust, words)) return
  throw new AutodidactError(
    'NOT_ALLOWED',
    `What "${id}" says is trusted as ${words}, and what is said as ${by.trust} does not change it. Tell how it went with knowledge.use, add an item of your own with a link to it (contradicts or supports), or let a person do it with trust: "user".`,
  )
}

import { whole } from '../log/blobs.ts'
import type { FactOf } from '../log/fact.ts'
import type { Authorship } from '../log/new-fact.ts'
import { unpackHashes } from '../log/packed.ts'
import { renderPrompt } from '../recall/prompt.ts'
import type { Scope } from '../scope.ts'
import { cursorAfter } from '../storage/storage.ts'
import { saidText } from './content.ts'

/** What was put into a prompt is looked for in so many of the latest facts, and no longer ago. */
const latestFacts = 4_096
const latestMs = 3_600_000

const agrees = (own: string | undefined, other: string | undefined): boolean => own === undefined || other === undefined || own === other

/** Advices that were lately given, by whatever process, and that what somebody tells may come from; the earliest first. */
export async function* latelyGiven({ storage, namespace, clock }: Scope, { user, session }: Pick<Authorship, 'user' | 'session'>): AsyncGenerator<FactOf<'advice.given'>, void, undefined> {
  const { sequence } = await storage.head(namespace)
  const since = clock() - latestMs
  for await (const page of storage.read(cursorAfter(Math.max(0, sequence - latestFacts)), { namespace, kinds: ['advice.given'] })) {
    for (const fact of page) if (fact.kind === 'advice.given' && fact.occurredAt >= since && agrees(fact.user, user) && agrees(fact.session, session)) yield fact
  }
}

/** An item as it mostly stands in a prompt: with its head, and all that it says. */
export const shownItem = ({ id, source, data }: FactOf<'knowledge.written'>): string =>
  renderPrompt([{ id, form: 'knowledge', source: `source ${source}`, text: saidText(data) }], { tokens: Number.MAX_SAFE_INTEGER, itemTokens: Number.MAX_SAFE_INTEGER }).prompt

/** Hashes of what an advice put into the prompt, ascending. */
export const shinglesOf = async ({ storage }: Pick<Scope, 'storage'>, advice: FactOf<'advice.given'>): Promise<Uint32Array> => unpackHashes((await whole(storage, advice, ['shingles'])).data.shingles)

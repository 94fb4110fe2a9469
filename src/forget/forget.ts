import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { type Changed, consequences } from '../credit/consequences.ts'
import { Dossier } from '../credit/dossier.ts'
import { factsOfRuns, untilUndisturbed } from '../credit/run-facts.ts'
import { contentDigest } from '../log/canonical.ts'
import type { Fact } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import type { Erasure, Filter } from '../storage/storage.ts'

const selectorInput = z
  .strictObject({
    facts: z.array(name).optional(),
    user: name.optional(),
    session: name.optional(),
    run: name.optional(),
    source: name.optional(),
    namespace: z.literal(true).optional(),
  })
  .refine((selector) => Object.values(selector).filter((value) => value !== undefined).length === 1, 'name exactly one of facts, user, session, run, source, namespace')

/** Whose or which facts are to be erased; exactly one. */
export type Selector =
  | { readonly facts: readonly string[] }
  | { readonly user: string }
  | { readonly session: string }
  | { readonly run: string }
  | { readonly source: string }
  | { readonly namespace: true }

/** What was erased. */
export interface ForgetReport {
  readonly facts: number
  /** `pending`: another process still reads the old text, or the disk is too full to write the file anew; call again when that is over. */
  readonly status: 'proven' | 'pending'
}

/**
 * Erases facts with their index rows and blobs, drops every state that had learned from them, and folds what remains. A run whose verdict is
 * erased loses its standing; a run that is erased takes its advice, decisions and feedback with it.
 *
 * A run belongs to the user, session or source that it was recorded for; one that was not recorded, or for nobody in particular, to those who asked in it,
 * where these are one. Of a run of others only what is their own is erased: what they asked, what was decided for them, what they said of it.
 *
 * @throws AutodidactError `INVALID_INPUT`, `CONFLICT`, `READ_ONLY`, `BUSY`, `CLOSED`
 */
export const forget = async (scope: Scope, given: Selector): Promise<ForgetReport> => {
  const selector = validated(selectorInput, given, 'forget')
  const by = selectorKinds.find((kind) => selector[kind] !== undefined)
  if (by === undefined) throw new AutodidactError('INVALID_INPUT', 'forget: nothing is selected. Name one of facts, user, session, run, source, namespace.')
  const { namespace, storage } = scope
  const report = await untilUndisturbed(async () => {
    // The store takes all of it, whatever is in it.
    if (by === 'namespace') return storage.erase({ namespace, facts: [], standings: [], expect: [], by })
    const facts = await selected(scope, selector)
    const note = forgottenFact(scope, by, facts.length)
    return storage.erase({ namespace, facts: facts.map((fact) => fact.id), ...consequences(await changedBy(scope, facts)), by, note })
  })
  scope.recentAdvice.at((await storage.head(namespace)).epoch)
  scope.runner.drop(scope.namespace)
  return report
}

const selectorKinds = ['facts', 'user', 'session', 'run', 'source', 'namespace'] as const satisfies readonly Erasure['by'][]

const forgottenFact = (scope: Scope, by: Erasure['by'], facts: number) => {
  const id = newId('forget')
  return {
    id,
    kind: 'subject.forgotten' as const,
    version: kinds['subject.forgotten'].version,
    occurredAt: scope.clock(),
    source: 'autodidact',
    trust: 'agent' as const,
    digest: contentDigest({ id }),
    data: { by, facts },
  }
}

/** The facts that a selector means, and everything else of the runs among them. */
const selected = async (scope: Scope, selector: z.infer<typeof selectorInput>): Promise<Fact[]> => {
  const { namespace } = scope
  const filter: Filter = {
    namespace,
    ...(selector.facts === undefined ? {} : { ids: selector.facts }),
    ...(selector.user === undefined ? {} : { user: selector.user }),
    ...(selector.session === undefined ? {} : { session: selector.session }),
    ...(selector.source === undefined ? {} : { source: selector.source }),
    ...(selector.run === undefined ? {} : { runs: [selector.run] }),
  }
  const facts = new Map<string, Fact>()
  const begun = new Set<string>()
  for await (const page of scope.storage.read('', filter)) {
    for (const fact of page) {
      facts.set(fact.id, fact)
      // A single feedback takes only itself along, and so does a single decision that is named.
      if (fact.run !== undefined && isBeginning(fact) && (fact.kind !== 'decision.made' || selector.facts === undefined)) begun.add(fact.run)
    }
  }
  for (const run of (await factsOfRuns(scope.storage, namespace, [...begun])).values()) {
    if (selector.facts === undefined && !belongs(run, selector, (fact) => facts.has(fact.id))) continue
    for (const fact of run) facts.set(fact.id, fact)
  }
  if (selector.user !== undefined) await addVotesOf(scope, selector.user, facts)
  return [...facts.values()]
}

/** A run begins with being asked about, decided in, or recorded. */
const isBeginning = ({ kind }: Fact): boolean => kind === 'run.recorded' || kind === 'advice.given' || kind === 'decision.made'

/** Whether a run is of those who are selected, with all that hangs on it: because it was recorded for them, or because nobody else asked in it. */
const belongs = (run: readonly Fact[], selector: z.infer<typeof selectorInput>, isSelected: (fact: Fact) => boolean): boolean => {
  const recorded = run.find(({ kind }) => kind === 'run.recorded')
  const forNobody = recorded !== undefined && ((selector.user !== undefined && recorded.user === undefined) || (selector.session !== undefined && recorded.session === undefined))
  if (recorded !== undefined && !forNobody) return isSelected(recorded)
  return run.filter((fact) => isBeginning(fact) && fact !== recorded).every(isSelected)
}

/** What a person said of other people's runs is that person's too. */
const addVotesOf = async (scope: Scope, author: string, facts: Map<string, Fact>): Promise<void> => {
  for await (const page of scope.storage.read('', { namespace: scope.namespace, kinds: ['feedback.received'] })) {
    for (const fact of page) if (fact.kind === 'feedback.received' && fact.data.author === author) facts.set(fact.id, fact)
  }
}

/** The runs that lose a part of their history, as they were and as they will be. */
const changedBy = async (scope: Scope, facts: readonly Fact[]): Promise<Changed[]> => {
  const erased = new Set(facts.map((fact) => fact.id))
  const changed = new Map(facts.flatMap(({ run }) => (run === undefined ? [] : [[run, { before: new Dossier(run), after: new Dossier(run) }]])))
  if (changed.size === 0) return []
  for await (const page of scope.storage.read('', { namespace: scope.namespace, runs: [...changed.keys()] })) {
    for (const fact of page) {
      const run = changed.get(fact.run ?? '')
      run?.before.add(fact)
      if (!erased.has(fact.id)) run?.after.add(fact)
    }
  }
  return [...changed.values()]
}

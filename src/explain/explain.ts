import { AutodidactError } from '../errors.ts'
import { noticeDeadlines } from '../credit/deadlines.ts'
import { Dossier } from '../credit/dossier.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import type { Fact, FactOf } from '../log/fact.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { explainDecision } from './decided.ts'
import { Evidence } from './evidence.ts'
import type { ExplainedDecision, ExplainedItem, Explanation } from './explanation.ts'
import { explainItems, outcomeOf } from './recalled.ts'
import { whole } from '../log/blobs.ts'

/** What an id names, and the facts of its run in the order of the log. */
interface Subject {
  readonly kind: Explanation['subject']
  readonly run: string
  readonly facts: readonly Fact[]
  /** The advice and the decisions to explain. */
  readonly advice: readonly FactOf<'advice.given'>[]
  readonly decisions: readonly FactOf<'decision.made'>[]
}

/**
 * Why an advice was given, a run went as it did, or a decision was made: what was recalled and why, what was chosen with which probability, what
 * came of it, and which facts taught it.
 *
 * `facts` are checked, not guessed: for recalled items they are the items themselves; for a decision, a small set of earlier runs without which the
 * option model, folded again from the log as it was, does not recommend that option. Erase them with `forget({ facts })`, and the same
 * question is advised otherwise. Where nothing learned decided, none are named and `teaching` says so.
 *
 * Reads the log once, and folds the choice point again at most 400 times and 2 million verdicts in all; above 20,000 verdicts at one choice
 * point it names what moved the decision most, as `unproven`.
 *
 * @param id of an advice, a run, or a decision
 * @throws AutodidactError `UNKNOWN_ID` for an id that is not in this namespace, such as that of a fallback; `FORGOTTEN` for one that was erased;
 * `INVALID_INPUT`, and what the storage throws
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { run } = await autodidact.record({ task: 'refund order 1187', response: 'Refunded 20.00', outcome: { success: true, judge: 'check' } })
 * const advice = await autodidact.advise('refund order 1190')
 *
 * const { recalled, facts } = await autodidact.explain(advice.id)
 * console.assert(recalled[0]?.reason.includes("it shares 'refund', 'order'"))
 * console.assert(facts.includes(run))
 *
 * await autodidact.forget({ facts })
 * console.assert((await autodidact.advise('refund order 1190')).items.length === 0)
 * await autodidact.close()
 * ```
 */
export const explain = async (scope: Scope, id: string): Promise<Explanation> => {
  const asked = validated(name, id, 'explain: id')
  await noticeDeadlines(scope, Infinity)
  return betweenErasures(scope.storage, scope.namespace, () => explained(scope, asked))
}

const explained = async (scope: Scope, id: string): Promise<Explanation> => {
  const subject = await subjectOf(scope, id)
  const dossier = new Dossier(subject.run, scope.settings.credit)
  for (const fact of subject.facts) dossier.add(fact)
  const evidence = await Evidence.collect(
    scope,
    subject.decisions.map((fact) => ({ name: fact.data.point, before: fact.sequence })),
    subject.advice.flatMap((fact) => fact.data.items.map((item) => ({ name: item.id, before: fact.sequence }))),
  )
  const recalled: ExplainedItem[] = []
  for (const advice of subject.advice) recalled.push(...(await explainItems(scope, advice, dossier, evidence)))
  const decisions: ExplainedDecision[] = []
  for (const decision of subject.decisions) decisions.push(await explainDecision(scope, decision, dossier, evidence))
  const { recorded } = dossier
  const first = subject.advice[0]
  const shown = subject.advice.flatMap(({ data }) => data.preferences ?? [])
  const preferences = shown.length === 0 ? [] : (await factsOf(scope, { ids: shown })).map((fact) => fact.id)
  const asked = recorded ?? first
  const task = asked === undefined ? undefined : (await whole(scope.storage, asked, ['task'])).data.task
  const { user, agent, session } = recorded ?? first ?? subject.facts[0] ?? {}
  return {
    subject: subject.kind,
    id,
    run: subject.run,
    advice: subject.advice.map((fact) => fact.id),
    ...(task === undefined ? {} : { task }),
    ...(user === undefined ? {} : { user }),
    ...(agent === undefined ? {} : { agent }),
    ...(session === undefined ? {} : { session }),
    learning: subject.advice.every((fact) => fact.data.learning),
    recalled,
    decisions,
    outcome: outcomeOf(dossier),
    preferences,
    facts: [...new Set([...preferences, ...[...recalled, ...decisions].flatMap(({ facts }) => facts)])],
    notes: notesOn(subject, recalled, dossier),
  }
}

const subjectOf = async (scope: Scope, id: string): Promise<Subject> => {
  const { storage, namespace } = scope
  const named = await factsOf(scope, { ids: [id] })
  const [fact] = named
  // A run may be known by its advice or its feedback before it is recorded.
  const facts = await factsOf(scope, { runs: [fact?.kind === 'advice.given' || fact?.kind === 'decision.made' ? (fact.run ?? id) : id] })
  const all = facts.length === 0 ? named : facts
  if (all.length === 0) {
    const [erased] = await storage.erased(namespace, [id])
    if (erased !== undefined) throw new AutodidactError('FORGOTTEN', `"${id}" was erased on request; there is nothing left to explain.`)
    const hint = 'It may belong to another namespace, or be a fallback that could not be written (logged: false).'
    throw new AutodidactError('UNKNOWN_ID', `Nothing in "${namespace}" has the id "${id}". ${hint} Pass the id of an advice, a run or a decision.`)
  }
  const advice = all.filter((one) => one.kind === 'advice.given')
  const decisions = all.filter((one) => one.kind === 'decision.made')
  if (fact?.kind === 'advice.given') {
    const own = decisions.filter((decision) => decision.data.advice === id)
    return { kind: 'advice', run: fact.run ?? id, facts: all, advice: [fact], decisions: own }
  }
  if (fact?.kind === 'decision.made') return { kind: 'decision', run: fact.run ?? id, facts: all, advice: [], decisions: [fact] }
  if (facts.length === 0) {
    throw new AutodidactError('UNKNOWN_ID', `"${id}" is the id of ${wordsFor(fact)}, which was not chosen or answered, so there is nothing to explain. Pass the id of an advice, a run or a decision.`)
  }
  return { kind: 'run', run: id, facts: all, advice, decisions }
}

const wordsFor = (fact: Fact | undefined): string => {
  if (fact?.kind === 'knowledge.written') return 'knowledge that somebody wrote'
  return fact?.kind.startsWith('experiment.') === true ? 'an experiment' : `a note in the log (${fact?.kind ?? 'fact'})`
}

const factsOf = async (scope: Scope, filter: { readonly ids: readonly string[] } | { readonly runs: readonly string[] }): Promise<Fact[]> => {
  const facts: Fact[] = []
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ...filter })) facts.push(...page)
  return facts
}

const notesOn = (subject: Subject, recalled: readonly ExplainedItem[], dossier: Dossier): string[] => {
  const notes: string[] = []
  if (subject.advice.some((fact) => !fact.data.learning)) notes.push('Learning was off: nothing was recalled, and every choice was uniform.')
  else if (subject.kind !== 'decision' && subject.advice.length === 0) notes.push('Nobody asked for advice in this run.')
  else if (subject.kind !== 'decision' && recalled.length === 0) notes.push('Nothing was recalled: nothing was relevant enough, or recall was not wanted.')
  const forgotten = recalled.filter((item) => item.forgotten).length
  if (forgotten > 0) notes.push(`${forgotten} of the recalled items ${forgotten === 1 ? 'was' : 'were'} erased since.`)
  if (dossier.recorded === undefined) notes.push('The run was not recorded so far: what was really done is not known.')
  return notes
}

import type { Dossier } from '../credit/dossier.ts'
import { standingOf } from '../credit/standing.ts'
import type { Fact, FactOf } from '../log/fact.ts'
import { stem, stopWords, words } from '../text/words.ts'
import { helpedText } from '../recall/helped-text.ts'
import type { RecalledKind } from '../recall/item.ts'
import { whole } from '../log/blobs.ts'
import type { Scope } from '../scope.ts'
import { carriersOf, dossiersBefore } from './carriers.ts'
import type { Evidence, ShownRun } from './evidence.ts'
import type { ExplainedItem, ExplainedOutcome } from './explanation.ts'

type Advice = FactOf<'advice.given'>
type Logged = Advice['data']['items'][number]

/** Runs named behind the usefulness of an item; all of them are counted. */
const shownRuns = 100
const shownWords = 5

/** Says why an advice showed what it showed. */
export const explainItems = async (scope: Scope, given: Advice, dossier: Dossier, evidence: Evidence): Promise<ExplainedItem[]> => {
  const advice = await whole(scope.storage, given, ['task'])
  const sources = await sourcesOf(scope, advice)
  const items: ExplainedItem[] = []
  for (const item of advice.data.items) items.push(await explainItem(scope, advice, item, dossier, sources, evidence))
  return items
}

/** What became of a run, for the eyes of a person. */
export const outcomeOf = (dossier: Dossier): ExplainedOutcome => {
  const { verdict } = dossier
  return {
    recorded: dossier.recorded !== undefined,
    standing: standingOf(dossier),
    ...(verdict === undefined ? {} : { verdict }),
    votes: dossier.votes.map(({ author, decision, ...vote }) => ({
      ...vote,
      ...(author === undefined ? {} : { author }),
      ...(decision === undefined ? {} : { decision }),
    })),
    expired: dossier.expiredBy !== undefined,
  }
}

/** Runs and knowledge that are still there, with all that is said of a run. */
interface Sources {
  readonly facts: ReadonlyMap<string, Fact>
  /** As they are now. */
  readonly dossiers: ReadonlyMap<string, Dossier>
  /** As they were when the advice was given. */
  readonly former: ReadonlyMap<string, Dossier>
}

const sourcesOf = async (scope: Scope, { data, sequence }: Advice): Promise<Sources> => {
  const facts = new Map<string, Fact>()
  const ids = data.items.map(({ id }) => id)
  if (ids.length > 0) {
    for await (const page of scope.storage.read('', { namespace: scope.namespace, ids })) for (const fact of page) facts.set(fact.id, fact)
  }
  const runs = [...facts.values()].filter(({ kind }) => kind === 'run.recorded').map(({ id }) => id)
  const [dossiers, former] = [await dossiersBefore(scope, runs, Number.POSITIVE_INFINITY), await dossiersBefore(scope, runs, sequence)]
  return { facts, dossiers, former }
}

/** What an item was recalled for: the run or the knowledge itself, and what had been said of the run, without which nobody would have shown it. */
const factsOf = (id: string, former: Dossier | undefined): string[] => [...new Set([id, ...(former === undefined ? [] : carriersOf(former))])]

const explainItem = async (
  scope: Scope,
  advice: Advice,
  item: Logged,
  dossier: Dossier,
  sources: Sources,
  evidence: Evidence,
): Promise<ExplainedItem> => {
  const shown = evidence.ofItem({ name: item.id, before: advice.sequence })
  const counts = countsOf(shown)
  const fact = sources.facts.get(item.id)
  const source = sources.dossiers.get(item.id)
  const { title, text } = fact === undefined ? { title: undefined, text: '' } : await textsOf(scope, fact)
  return {
    id: item.id,
    advice: advice.id,
    // Written by `advise` from the kinds of recall.
    kind: item.kind as RecalledKind,
    score: item.score,
    relevance: item.relevance,
    usefulness: item.usefulness,
    reason: reasonOf(item, counts, shown.length, sharedWords(advice.data.task, text)),
    ...(title === undefined ? {} : { task: title }),
    forgotten: fact === undefined,
    ...(dossier.recorded === undefined ? {} : { used: dossier.shown.includes(item.id) }),
    ...(source === undefined ? {} : { outcome: outcomeOf(source) }),
    counts,
    evidence: await evidenceOf(scope, advice, shown.slice(0, shownRuns)),
    runs: shown.length,
    facts: fact === undefined ? [] : factsOf(item.id, sources.former.get(item.id)),
  }
}

const countsOf = (shown: readonly ShownRun[]): ExplainedItem['counts'] => {
  let [up, down] = [0, 0]
  for (const { verdict } of shown) {
    up += verdict.weight * verdict.reward
    down += verdict.weight * (1 - verdict.reward)
  }
  return { up, down }
}

const evidenceOf = async (scope: Scope, advice: Advice, shown: readonly ShownRun[]): Promise<ExplainedItem['evidence']> => {
  const dossiers = await dossiersBefore(scope, shown.map(({ run }) => run), advice.sequence)
  return shown.flatMap(({ run, verdict }) => {
    const dossier = dossiers.get(run)
    return dossier === undefined ? [] : [{ run, verdict, facts: carriersOf(dossier) }]
  })
}

/** What the item is called, and all that it is found by. */
const textsOf = async (scope: Scope, fact: Fact): Promise<{ readonly title: string | undefined; readonly text: string }> => {
  if (fact.kind === 'run.recorded') {
    const { task, takeaway = '' } = (await whole(scope.storage, fact, ['task', 'takeaway'])).data
    return { title: task, text: `${task}\n${takeaway}` }
  }
  if (fact.kind !== 'knowledge.written') return { title: undefined, text: '' }
  const { title, content } = (await whole(scope.storage, fact)).data
  return { title, text: `${title ?? ''}\n${content}` }
}

const sharedWords = (task: string, text: string): string[] => {
  const known = new Set(words(text).map(stem))
  return [...new Set(words(task))].filter((word) => !stopWords.has(word) && known.has(stem(word)))
}

const rounded = (value: number): number => Math.round(value * 100) / 100

const reasonOf = (item: Logged, { up, down }: ExplainedItem['counts'], runs: number, shared: readonly string[]): string => {
  const quoted = shared.slice(0, shownWords).map((word) => `'${word}'`)
  const more = shared.length > shownWords ? ` and ${shared.length - shownWords} more` : ''
  const relevant = `relevance ${rounded(item.relevance)}${quoted.length === 0 ? '' : `: it shares ${quoted.join(', ')}${more}`}`
  const useful = up + down === 0 ? 'nobody had judged a run that was shown it' : `it had ${helpedText(up, down, runs)}`
  return `${relevant}; ${useful} (usefulness ${rounded(item.usefulness)})`
}

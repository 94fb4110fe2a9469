import { consequences } from '../credit/consequences.ts'
import { Dossier } from '../credit/dossier.ts'
import { factsOfRuns } from '../credit/run-facts.ts'
import type { Fact } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import { lineageOf } from './lineage.ts'
import type { Erasure, Filter } from '../storage/storage.ts'
import { nextTurn } from '../next-turn.ts'

/** Whose or which facts are meant; exactly one is there. */
export interface Selection {
  readonly facts?: readonly string[] | undefined
  readonly user?: string | undefined
  readonly session?: string | undefined
  readonly run?: string | undefined
  readonly source?: string | undefined
}

/** What an erasure takes, and what it means for the runs that lose a part of their history. */
export type Selected = Required<Pick<Erasure, 'facts' | 'expect' | 'standings' | 'deadlines' | 'found'>>

/** Runs read and judged at once: of a person with a hundred thousand runs, only ids stay in memory. */
const runsAtOnce = 500

/** What a filter found of one run. */
interface Part {
  readonly ids: Set<string>
  /** Whether one of them began the run, so that the rest of it may go along. */
  begun: boolean
}

/**
 * The facts that are meant, and everything else of the runs among them. What is written while it reads is not in it, and the store refuses to erase then.
 */
export const select = async (scope: Scope, selection: Selection): Promise<Selected> => {
  const { storage, namespace } = scope
  const by = filtersOf(namespace, selection)
  const { sequence } = await storage.head(namespace)
  const { loose, runs } = await findAll(scope, by, selection)
  const selected = { facts: loose, expect: new Array<Selected['expect'][number]>(), standings: new Array<Selected['standings'][number]>(), deadlines: new Array<Selected['deadlines'][number]>() }
  const names = [...runs.keys()]
  for (let start = 0; start < names.length; start += runsAtOnce) {
    await nextTurn()
    const histories = await factsOfRuns(storage, namespace, names.slice(start, start + runsAtOnce))
    const changed = [...histories].map(([run, history]) => {
      const erased = erasedOf(history, selection, runs.get(run))
      selected.facts.push(...erased)
      return { before: Dossier.of(run, history), after: Dossier.of(run, history.filter(({ id }) => !erased.has(id))) }
    })
    const { expect, standings, deadlines } = consequences(changed)
    selected.expect.push(...expect)
    selected.standings.push(...standings)
    selected.deadlines.push(...deadlines)
  }
  const lineage = await lineageOf(scope, selected.facts)
  selected.facts.push(...lineage.facts)
  selected.standings.push(...lineage.standings)
  // What is written down meanwhile may be made of what is erased.
  const watched: readonly Filter[] = [...by, { namespace, kinds: ['knowledge.written', 'knowledge.proposed'] }]
  return { ...selected, found: { by: watched, sequence } }
}

/** What a person said of other people's runs is that person's too. */
const filtersOf = (namespace: string, { facts, user, session, run, source }: Selection): readonly Filter[] => {
  if (facts !== undefined) return [{ namespace, ids: facts }]
  if (user !== undefined) return [{ namespace, user }, { namespace, author: user }]
  if (session !== undefined) return [{ namespace, session }]
  if (run !== undefined) return [{ namespace, runs: [run] }]
  return source === undefined ? [] : [{ namespace, source }]
}

/** What the filters let through: ids of facts outside of runs, and parts of runs. */
const findAll = async ({ storage }: Scope, filters: readonly Filter[], selection: Selection) => {
  const loose = new Set<string>()
  const runs = new Map<string, Part>()
  for (const filter of filters) {
    for await (const page of storage.read('', filter)) {
      for (const fact of page.filter((candidate) => isOwn(candidate, selection))) {
        if (fact.run === undefined) {
          loose.add(fact.id)
          continue
        }
        const part = runs.get(fact.run) ?? { ids: new Set(), begun: false }
        part.ids.add(fact.id)
        // A single decision that is named takes only itself along.
        part.begun ||= isBeginning(fact) && (fact.kind !== 'decision.made' || selection.facts === undefined)
        runs.set(fact.run, part)
      }
    }
  }
  return { loose: [...loose], runs }
}

/** What was said under a name is that person's, whoever's the run is. Taking something back is of whoever said it: it goes where that goes. */
const isOwn = (fact: Fact, { user }: Selection): boolean => {
  if (user === undefined) return true
  if (fact.kind === 'feedback.received') return (fact.data.author ?? fact.user) === user
  return fact.kind !== 'feedback.retracted'
}

/** A run begins with being asked about, decided in, or recorded. */
const isBeginning = ({ kind }: Fact): boolean => kind === 'run.recorded' || kind === 'advice.given' || kind === 'decision.made'

/** The ids of what goes of a run: all of it where it belongs to those who are meant, otherwise what is their own. */
const erasedOf = (history: readonly Fact[], selection: Selection, part: Part | undefined): ReadonlySet<string> => {
  const own = (fact: Fact): boolean => part?.ids.has(fact.id) === true
  const whole = part?.begun === true && (selection.facts !== undefined || belongs(history, selection, own))
  const erased = new Set(history.filter((fact) => whole || own(fact)).map(({ id }) => id))
  for (const fact of history) if (fact.kind === 'feedback.retracted' && erased.has(fact.data.feedback)) erased.add(fact.id)
  return erased
}

/** Whether a run is of those who are selected, with all that hangs on it: because it was recorded for them, or because nobody else asked in it. */
const belongs = (history: readonly Fact[], selection: Selection, isSelected: (fact: Fact) => boolean): boolean => {
  const recorded = history.find(({ kind }) => kind === 'run.recorded')
  const forNobody = recorded !== undefined && ((selection.user !== undefined && recorded.user === undefined) || (selection.session !== undefined && recorded.session === undefined))
  if (recorded !== undefined && !forNobody) return isSelected(recorded)
  return history.filter((fact) => isBeginning(fact) && fact !== recorded).every(isSelected)
}

import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { factsOf } from '../knowledge/in-full.ts'
import { Knowledge } from '../knowledge/knowledge.ts'
import type { KnowledgeReceipt } from '../knowledge/write.ts'
import { type ItemSummary, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { runOutlines } from '../learn/learners/run-outlines.ts'
import { taskStatistics } from '../learn/learners/task-statistics.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { name, task as taskText } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { learningsOf } from './errors.ts'
import { type Extracted, extracted } from './extract.ts'
import { folded } from './folded.ts'
import type { Found } from './found.ts'
import { agentsOf, type Judged } from './judged.ts'
import { saidByEvidence } from './kept.ts'
import { type Band, bands, type Learning, type LearningList, type LearningType, learningTypes, type RelevantLearning } from './learning.ts'

const wanted = {
  types: z.array(z.enum(learningTypes)).max(learningTypes.length).optional(),
  agent: name.optional(),
  kind: name.optional(),
  leastBand: z.enum(bands).optional(),
  validated: z.boolean().optional(),
  limit: z.number().int().min(0).max(10_000).optional(),
}

const wantedInput = z.strictObject(wanted)

const keepInput = z.strictObject({ author: name.optional() })

/** Which learnings are wanted. */
export interface LearningFilter {
  readonly types?: readonly LearningType[]
  /** Only what was seen in runs of this agent. */
  readonly agent?: string
  /** Only of this category, or learned kind of task. */
  readonly kind?: string
  /** Only what is at least so sure. */
  readonly leastBand?: Band
  /** True: only what chance does not explain; false: only the rest. */
  readonly validated?: boolean
  /** At most so many, up to 10,000; default 50, of relevant ones 10. */
  readonly limit?: number
}

/** Who turns a learning into knowledge. */
export interface KeepSettings {
  readonly author?: string
}

/** Who tells what is kept. */
const source = 'learnings'

const listed = 50
const mostRelevant = 10

/** Runs that are looked for, and what is less relevant is none, as in recall. */
const mostFound = 100
const floor = 0.2

/** Share of what has no effect at all whose interval of 95 % lies on the side of its claim at some time, at most. */
const chance = 0.025

type Wanted = z.output<typeof wantedInput>

const isAbout = (found: Found, { types, agent, kind }: Wanted): boolean =>
  (types === undefined || types.includes(found.type)) && (agent === undefined || agentsOf(found).includes(agent)) && (kind === undefined || found.kind === kind)

const isSure = ({ band, validated: isValidated }: Judged, { leastBand = 'LOW', validated: proven }: Wanted): boolean =>
  bands.indexOf(band) >= bands.indexOf(leastBand) && (proven === undefined || isValidated === proven)

/** What was last asked for; it goes with what it was made of. */
const foldedBefore = new WeakMap<Extracted, { readonly about: string; readonly found: readonly Judged[] }>()

/** What is wanted, each thing said once: what is not asked for stands for nothing that is. */
const wantedOf = (all: Extracted, filter: Wanted): Judged[] => {
  const { types, agent, kind } = filter
  const about = JSON.stringify([types, agent, kind])
  const before = foldedBefore.get(all)
  const found = before?.about === about ? before.found : folded(all.told.filter((one) => isAbout(one.found, filter)))
  foldedBefore.set(all, { about, found })
  return found.filter((one) => isSure(one, filter))
}

/**
 * What recorded runs teach without a model: sequences of actions that recur when runs go well, last actions of those that go wrong, runs that are unusually slow or have many steps, what was done
 * about an error, strategies for a kind of task, practices of several agents, and what an agent is good at. Each has a success rate, a lower bound as confidence,
 * and ids of runs as evidence; each is compared with other runs of the same kind and agent, and only what chance does not explain is validated.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * for (let order = 0; order < 40; order += 1) {
 *   const careful = order % 2 === 0
 *   const steps = (careful ? ['lookup', 'verify', 'refund'] : ['lookup', 'refund']).map((action) => ({ action }))
 *   await autodidact.record({ task: `refund order ${order}`, agent: 'clerk', category: 'refunds', steps, success: careful })
 * }
 * const { learnings } = await autodidact.learnings.list({ types: ['success_pattern'], validated: true })
 * console.assert(learnings[0]?.actions?.join() === 'lookup,verify,refund' && learnings[0].band === 'HIGH')
 * console.assert((await autodidact.learnings.relevant('water the plants')).length === 0)
 * await autodidact.close()
 * ```
 */
export class Learnings {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /**
   * What was learned from the latest 4,096 runs, the surest first.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * for (let day = 0; day < 5; day += 1) {
   *   await autodidact.record({ task: 'deploy the shop', category: 'deploy', steps: [{ action: 'build' }, { action: 'push', ok: false, error: 'no route to host' }], success: false })
   * }
   * const { learnings, total } = await autodidact.learnings.list({ types: ['failure_pattern'], limit: 10 })
   * console.assert(total === 1 && learnings[0]?.actions?.[0] === 'push' && learnings[0].errors?.[0] === 'no route to host')
   * await autodidact.close()
   * ```
   */
  async list(settings: LearningFilter = {}): Promise<LearningList> {
    const filter = validated(wantedInput, settings, 'learnings.list')
    return this.#reading(async (all) => {
      const chosen = wantedOf(all, filter)
      return {
        learnings: await learningsOf(this.#scope, chosen.slice(0, filter.limit ?? listed)),
        total: chosen.length,
        validated: chosen.filter((one) => one.validated).length,
        byChance: chance * all.asked.filter((found) => isAbout(found, filter)).length,
      }
    })
  }

  /**
   * What bears on a task: learnings of runs that recall finds for it. Nothing relevant, nothing returned.
   *
   * @returns the most relevant and surest first
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * for (let day = 0; day < 5; day += 1) await autodidact.record({ task: 'test the login form', approach: 'one case at a time', steps: [{ action: 'run' }], success: true })
   * const [strategy] = await autodidact.learnings.relevant('test the sign-up form', { types: ['task_strategy'] })
   * console.assert(strategy?.approach === 'one case at a time' && strategy.evidence.length === 5)
   * console.assert((await autodidact.learnings.relevant('what is the latest news?')).length === 0)
   * await autodidact.close()
   * ```
   */
  async relevant(task: string, settings: LearningFilter = {}): Promise<readonly RelevantLearning[]> {
    const text = validated(taskText, task, 'learnings.relevant: task')
    const filter = validated(wantedInput, settings, 'learnings.relevant')
    return this.#reading(async (all) => {
      const relevance = await this.#runsFoundBy(text)
      if (relevance.size === 0) return []
      const chosen = wantedOf(all, filter).flatMap((one) => {
        const nearest = one.found.runs.reduce((most, { run }) => Math.max(most, relevance.get(run) ?? 0), 0)
        return nearest > 0 ? [{ one, relevance: nearest }] : []
      })
      const first = chosen.sort((left, right) => right.relevance * right.one.confidence - left.relevance * left.one.confidence).slice(0, filter.limit ?? mostRelevant)
      const learnings = await learningsOf(this.#scope, first.map(({ one }) => one))
      return learnings.map((learning, place) => ({ ...learning, relevance: first[place]?.relevance ?? 0 }))
    })
  }

  /**
   * One learning; undefined when its runs are gone, or it was never seen.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * console.assert((await autodidact.learnings.get('learning_of_nothing')) === undefined)
   * await autodidact.close()
   * ```
   */
  async get(id: string): Promise<Learning | undefined> {
    const given = validated(name, id, 'learnings.get: id')
    return this.#reading(async ({ told }) => (await learningsOf(this.#scope, told.filter((one) => one.id === given)))[0])
  }

  /**
   * Writes a learning down as an item of knowledge, with its evidence: advice for tasks of its kind, in words that these have in common, so that it is recalled for them; then shared, judged by
   * its uses, and erased with the runs that it was seen in. It says nothing that its evidence does not: figures are those of the runs that are named, and the name of a learned kind is kept where
   * these have the words of it. Kept again, it is a new version of the same item where it says something else by then.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `READ_ONLY`, `CONFLICT`, `BUSY`, `DISK_FULL`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * for (let day = 0; day < 3; day += 1) await autodidact.record({ task: 'refund an order', steps: [{ action: 'lookup' }, { action: 'refund' }], success: true })
   * const [learning] = (await autodidact.learnings.list({ types: ['success_pattern'] })).learnings
   * const { id } = await autodidact.learnings.keep(learning?.id ?? '')
   * const item = await autodidact.knowledge.get(id)
   * console.assert(item?.kind === 'success_pattern' && item.evidence.length === 3)
   * await autodidact.close()
   * ```
   */
  async keep(id: string, settings: KeepSettings = {}): Promise<KnowledgeReceipt> {
    const { author } = validated(keepInput, settings, 'learnings.keep')
    const given = validated(name, id, 'learnings.keep: id')
    const kept = await this.#reading(async ({ told }) => {
      const one = told.find((other) => other.id === given)
      const [learning] = one === undefined ? [] : await learningsOf(this.#scope, [one])
      return one === undefined || learning === undefined ? undefined : { learning, ...(await saidByEvidence(this.#scope, learning, one)) }
    })
    if (kept === undefined) throw new AutodidactError('UNKNOWN_ID', `There is no learning "${given}". See learnings.list() for those that there are.`)
    const { learning, kind, title, content } = kept
    const { type, evidence } = learning
    const said = { title, content, evidence, source, trust: 'agent', ...(author === undefined ? {} : { author }) } as const
    const knowledge = new Knowledge(this.#scope)
    const item = await this.#keptAs(learning)
    if (item === undefined) return knowledge.add({ ...said, kind: type, tags: [learning.id], ...(kind === undefined ? {} : { category: kind }) })
    const before = await knowledge.get(item.id)
    if (before?.content === content && before.evidence.join('\n') === evidence.join('\n')) {
      return { id: item.versions.at(-1)?.id ?? item.id, status: 'known', flags: [], state: item.state }
    }
    return knowledge.update(item.id, { ...said, expected: item.versions.at(-1)?.number ?? 1, reason: 'Seen in other runs since.' })
  }

  /** The item that it was written down as: a tag alone may be anybody's. */
  async #keptAs({ id, type }: Learning): Promise<ItemSummary | undefined> {
    const tagged = (await this.#scope.runner.view(this.#scope.namespace, knowledgeItems)).all().filter(({ tags, kind }) => kind === type && tags.includes(id))
    const first = new Set((await factsOf(this.#scope, tagged.flatMap(({ versions }) => versions[0]?.id ?? []))).flatMap((fact) => (fact.source === source ? [fact.id] : [])))
    return tagged.find(({ versions }) => first.has(versions[0]?.id ?? ''))
  }

  /** Reads what was learned, all of it before or all of it after any erasure. */
  #reading<Result>(read: (all: Extracted) => Promise<Result>): Promise<Result> {
    const { storage, namespace, runner, settings } = this.#scope
    if (!settings.learning) return read({ told: [], asked: [] })
    return betweenErasures(storage, namespace, async () => {
      const outlines = await runner.viewOfAny(namespace, runOutlines)
      return read(extracted(outlines, await runner.view(namespace, taskStatistics), settings.learnings))
    })
  }

  async #runsFoundBy(task: string): Promise<ReadonlyMap<string, number>> {
    const { storage, namespace, redact } = this.#scope
    const hits = await storage.search({ namespace, text: redact(task, 'task'), limit: mostFound, standings: ['success', 'failure'], kinds: ['episode'] })
    return new Map(hits.filter(({ relevance }) => relevance >= floor).map(({ id, relevance }) => [id, relevance]))
  }
}

import { z } from 'zod'
import type { Option } from '../decide/policy.ts'
import { AutodidactError } from '../errors.ts'
import { Experiments } from '../evaluate/experiments/experiments.ts'
import { experimentTallies } from '../learn/learners/experiment-tallies.ts'
import { workflows as learner, type WorkflowsView } from '../learn/learners/workflows.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { whole } from '../log/blobs.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { type Warning, warningOf } from '../warning.ts'
import { candidateFor, type Candidates, candidatesOf, recurring, sharePair } from './candidates.ts'
import { judged, notStandingOut, statusOf } from './judged.ts'
import { type ExampleStep, generalised, stepsAlong } from './slots.ts'
import { isWithin, offered, trialId, trialOf, trialsOf, withheld, workflowOnTrial } from './trial.ts'
import type { Workflow, WorkflowInFull, WorkflowList } from './workflow.ts'

const listInput = z.strictObject({ category: name.optional(), most: z.number().int().min(0).max(1_000).optional() })

const unitInput = z.enum(['run', 'session', 'user'])

const offerInput = z.strictObject({ category: name.optional(), most: z.number().int().min(0).max(100).optional(), unit: unitInput.optional(), trials: z.boolean().optional() })

const tryInput = z.strictObject({ point: name.optional(), unit: unitInput.optional(), category: name.optional() })

/** Which workflows are listed. */
export interface WorkflowListSettings {
  /** Only the runs of this category: what stands out among them, and was tried in it. Default: all, compared within their categories, and trials of all. */
  readonly category?: string
  /** At most so many, up to 1,000; default 20. */
  readonly most?: number
}

/** Which workflows are offered at a choice point. */
export interface WorkflowOfferSettings {
  /** What helps in this category, and what is on trial in it; name it where the tasks at the point are of several. Default: of all runs. */
  readonly category?: string
  /** At most so many that help, beside the one on trial, up to 100; default 3. */
  readonly most?: number
  /** What a trial assigns; default `run`. See {@link Experiments}. */
  readonly unit?: 'run' | 'session' | 'user'
  /** Whether a trial may begin, or end, here; default true. */
  readonly trials?: boolean
}

/** How a trial is begun by hand. */
export interface WorkflowTrySettings {
  /** The choice point; default `workflow`. */
  readonly point?: string
  /** What it assigns; default `run`. */
  readonly unit?: 'run' | 'session' | 'user'
  /** The category whose offers it is about; default all. */
  readonly category?: string
}

/** A workflow as an option of a choice point. */
export interface OfferedWorkflow extends Option {
  readonly description: string
  /** To be done in this order. */
  readonly actions: readonly string[]
  readonly status: 'on trial' | 'helpful'
}

/** Workflows as options of a choice point; perhaps none. */
export interface WorkflowOffer {
  readonly options: readonly OfferedWorkflow[]
  /** Why there is less than there might be. */
  readonly warnings: readonly Warning[]
}

/** Workflows listed at once by default, and offered. */
const listed = 20
const offeredAtOnce = 3
const mostExamples = 8
const defaultPoint = 'workflow'

const order: readonly Workflow['status'][] = ['helpful', 'on trial', 'candidate', 'not helpful', 'recurring']

const sureness = ({ status, trial, lift }: Workflow): number => (status === 'helpful' || status === 'not helpful' ? (trial?.low ?? -1) : lift.low)

const byWorth = (left: Workflow, right: Workflow): number =>
  order.indexOf(left.status) - order.indexOf(right.status) || sureness(right) - sureness(left) || (left.id < right.id ? -1 : 1)

const isOfferable = (workflow: Workflow): workflow is Workflow & { readonly status: OfferedWorkflow['status'] } =>
  workflow.status === 'helpful' || workflow.status === 'on trial'

/** What is known of workflows at one moment. */
interface Known {
  readonly view: WorkflowsView
  readonly candidates: Candidates
  /** Those that stand out, and those that were tried. */
  readonly workflows: readonly Workflow[]
  /** The experiment that decides at a point: of which workflow, whether it is a trial within the category, and whether that goes on. */
  runningAt(point: string): { readonly experiment: string; readonly workflow: string | undefined; readonly isWithin: boolean; readonly goesOn: boolean } | undefined
}

/**
 * Sequences of actions that recur in successful runs of one namespace, and whether offering them helps.
 *
 * A sequence stands out when the runs that had it went better than others of the same categories, with an interval above 0. That may have many reasons; so it is
 * offered as an option of a choice point in an experiment, to some, and withheld from others. Only if those to whom it was offered did better, with an
 * interval above 0, it is helpful; otherwise it is reported as not helpful, and is not offered any more.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:', { seed: 1 })
 * const steps = (...actions: string[]) => actions.map((action) => ({ action, input: { order: 7 } }))
 * for (let day = 0; day < 40; day += 1) {
 *   const careful = day % 2 === 0
 *   await autodidact.record({ task: 'refund an order', steps: careful ? steps('lookup', 'verify', 'refund') : steps('lookup', 'refund'), success: careful })
 * }
 * const { workflows } = await autodidact.workflows.list()
 * console.assert(workflows[0]?.actions.join() === 'lookup,verify,refund' && workflows[0].status === 'candidate')
 *
 * const { options } = await autodidact.workflows.offer('workflow') // its trial begins
 * const { option } = await autodidact.decide('workflow', ['as you like', ...options], { task: 'refund an order' })
 * console.assert(['as you like', options[0]?.id].includes(option))
 * await autodidact.close()
 * ```
 */
export class Workflows {
  readonly #scope: Scope
  readonly #experiments: Experiments

  constructor(scope: Scope) {
    this.#scope = scope
    this.#experiments = new Experiments(scope)
  }

  /**
   * What recurs in successful runs, with slots for what differs, and whether it helps. Reads up to eight runs for each.
   *
   * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * for (let order = 0; order < 20; order += 1) {
   *   await autodidact.record({ task: 'refund', steps: [{ action: 'lookup', input: { order } }, { action: 'refund', input: { order, note: 'ok' } }], success: true })
   *   await autodidact.record({ task: 'refund', steps: [{ action: 'refund', input: { order } }], success: false })
   * }
   * const [workflow] = (await autodidact.workflows.list()).workflows
   * console.assert(JSON.stringify(workflow?.steps[1]?.input) === '{"order":"{{order}}","note":"ok"}' && workflow?.slots[0]?.steps.length === 2)
   * await autodidact.close()
   * ```
   */
  list(settings: WorkflowListSettings = {}): Promise<WorkflowList> {
    const { category, most = listed } = validated(listInput, settings, 'workflows.list')
    const { storage, namespace, settings: own } = this.#scope
    return betweenErasures(storage, namespace, async () => {
      const { view, candidates, workflows } = await this.#known(category)
      const standing = workflows.slice(0, most)
      const others = recurring(view, own.workflows.support, workflows, most - standing.length, category)
      const chosen = [...standing, ...others.map(notStandingOut)]
      const { compared, byChance, standOut } = candidates
      return { workflows: await this.#inFull(view, chosen), compared, byChance, standOut }
    })
  }

  /**
   * The workflows to offer at a choice point beside one's own options: those that help, and the one on trial. When no experiment is running at the point, the trial of the surest
   * candidate begins; a trial that is over is stopped. The arm of a run then decides whether the policy sees the one on trial.
   *
   * When the learning layer fails, there are no options and a warning; with `onError: 'throw'` it is the error.
   *
   * @throws AutodidactError `INVALID_INPUT`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * const { options } = await autodidact.workflows.offer('tool', { category: 'refund' })
   * const { option } = await autodidact.decide('tool', ['lookup', 'refund', ...options], { task: 'refund order 7' })
   * const actions = options.find(({ id }) => id === option)?.actions ?? [option] // what to do
   * console.assert(actions.length === 1)
   * await autodidact.close()
   * ```
   */
  async offer(point: string, settings: WorkflowOfferSettings = {}): Promise<WorkflowOffer> {
    validated(name, point, 'workflows.offer: point')
    const given = validated(offerInput, settings, 'workflows.offer')
    if (!this.#scope.settings.learning) return { options: [], warnings: [] }
    try {
      return { options: await this.#offer(point, given), warnings: [] }
    } catch (error) {
      if (this.#scope.settings.onError === 'throw') throw error
      return { options: [], warnings: [warningOf(error)] }
    }
  }

  /**
   * Begins the trial of a workflow at a choice point by hand, also of one that was tried elsewhere: an experiment with the arms `offered` and `withheld`.
   * A second call changes nothing.
   *
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT` (also where another experiment runs at the point), `FORGOTTEN`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * for (let order = 0; order < 20; order += 1) {
   *   await autodidact.record({ task: 'refund', steps: [{ action: 'lookup' }, { action: 'refund' }], success: true })
   *   await autodidact.record({ task: 'refund', steps: [{ action: 'refund' }], success: false })
   * }
   * const [workflow] = (await autodidact.workflows.list()).workflows
   * const { status, trial } = await autodidact.workflows.try(workflow?.id ?? '', { unit: 'user' })
   * console.assert(status === 'on trial' && trial?.point === 'workflow')
   * await autodidact.close()
   * ```
   */
  async try(id: string, settings: WorkflowTrySettings = {}): Promise<Workflow> {
    const workflow = validated(name, id, 'workflows.try: id')
    const { point = defaultPoint, unit = 'run', category } = validated(tryInput, settings, 'workflows.try')
    if (candidateFor((await this.#known(category)).view, workflow, category) === undefined) {
      throw new AutodidactError('UNKNOWN_ID', `There is no workflow "${workflow}"${category === undefined ? '' : ` in the category "${category}"`}. See workflows.list() for those that there are.`)
    }
    await this.#begin(workflow, point, unit, category)
    const found = (await this.#known(category)).workflows.find((candidate) => candidate.id === workflow)
    if (found === undefined) throw new AutodidactError('UNKNOWN_ID', `The workflow "${workflow}" was forgotten meanwhile.`)
    return found
  }

  async #begin(workflow: string, point: string, unit: 'run' | 'session' | 'user', category: string | undefined): Promise<void> {
    await this.#experiments.start({
      point,
      id: trialId(workflow, point, unit, category),
      arms: { [offered]: 'configured', [withheld]: { name: 'without', option: workflow } },
      unit,
      allocation: 'fixed',
    })
  }

  async #offer(point: string, { category, most = offeredAtOnce, unit = 'run', trials = true }: z.output<typeof offerInput>): Promise<OfferedWorkflow[]> {
    let known = await this.#known(category)
    if (trials && this.#scope.storage.capabilities.readOnly !== true && (await this.#moveOn(known, point, category, unit))) known = await this.#known(category)
    const here = known.runningAt(point)
    const running = here?.isWithin === true ? here.workflow : undefined
    const chosen = known.workflows.filter(isOfferable)
    return [...chosen.filter(({ id }) => id === running), ...chosen.filter(({ id, status }) => id !== running && status === 'helpful').slice(0, most)].map(
      ({ id, description, actions, status }) => ({ id, description, actions, status }),
    )
  }

  /** Stops a trial that is over and begins the next; whether anything was written. */
  async #moveOn(known: Known, point: string, category: string | undefined, unit: 'run' | 'session' | 'user'): Promise<boolean> {
    const running = known.runningAt(point)
    // An experiment of the host's own is left alone, and so is a trial in another category that goes on.
    if (running !== undefined && (running.workflow === undefined || running.goesOn)) return false
    if (running !== undefined) await this.#experiments.stop(running.experiment)
    const waiting = known.workflows.filter(({ status }) => status === 'candidate')
    const tried = known.workflows.filter(({ trial }) => trial !== undefined)
    // What is much like one that was tried, and no surer, comes last: there are often many such, and one trial tells something of them all.
    const isNew = ({ actions, lift }: Workflow): boolean => !tried.some((other) => other.lift.low >= lift.low && sharePair(actions, other.actions))
    for (const { id } of [...waiting.filter(isNew), ...waiting.filter((workflow) => !isNew(workflow))]) {
      try {
        await this.#begin(id, point, unit, category)
        return true
      } catch (error) {
        if (!AutodidactError.is(error)) throw error
        // Another process was quicker.
        if (error.code === 'INVALID_INPUT') return true
        // Somebody had this very trial erased, and it does not come back; it is the turn of the next.
        if (error.code !== 'FORGOTTEN') throw error
      }
    }
    return running !== undefined
  }

  /** @param category only its runs and trials; default all */
  async #known(category: string | undefined): Promise<Known> {
    const { runner, namespace, settings } = this.#scope
    const view = await runner.viewOfAny(namespace, learner)
    const experiments = await runner.view(namespace, experimentTallies)
    const candidates = candidatesOf(view, settings.workflows.support, category)
    const trials = trialsOf(experiments, category)
    const ids = new Set([...candidates.best.map(({ id }) => id), ...trials.keys()])
    const best = new Map(candidates.best.map((candidate) => [candidate.id, candidate]))
    const workflows = [...ids].flatMap((id) => {
      const candidate = best.get(id) ?? candidateFor(view, id, category)
      return candidate === undefined ? [] : [judged(candidate, trials.get(id), view.taken(id).decisions, settings.workflows.trialUnits)]
    })
    return {
      view,
      candidates,
      workflows: workflows.sort(byWorth),
      runningAt: (point) => {
        const tally = experiments.running(point)
        if (tally === undefined) return undefined
        const workflow = workflowOnTrial(tally)
        // A workflow whose runs were forgotten is nothing to try any more.
        const isKnown = workflow !== undefined && candidateFor(view, workflow) !== undefined
        const goesOn = isKnown && statusOf(trialOf(tally), view.taken(workflow).decisions, settings.workflows.trialUnits) === 'on trial'
        return { experiment: tally.id, workflow, isWithin: isWithin(tally, category), goesOn }
      },
    }
  }

  async #inFull(view: WorkflowsView, workflows: readonly Workflow[]): Promise<WorkflowInFull[]> {
    const examples = new Map(workflows.map(({ id, actions }) => [id, view.examples(actions, mostExamples)]))
    const steps = await this.#stepsOf([...new Set([...examples.values()].flat())])
    return workflows.map((workflow) => {
      const along = (examples.get(workflow.id) ?? []).flatMap((run) => {
        const found = stepsAlong(steps.get(run) ?? [], workflow.actions)
        return found === undefined ? [] : [found]
      })
      return { ...workflow, ...generalised(workflow.actions, along) }
    })
  }

  async #stepsOf(runs: readonly string[]): Promise<ReadonlyMap<string, readonly ExampleStep[]>> {
    const { storage, namespace } = this.#scope
    const steps = new Map<string, readonly ExampleStep[]>()
    if (runs.length === 0) return steps
    for await (const page of storage.read('', { namespace, ids: runs })) {
      for (const fact of page) if (fact.kind === 'run.recorded') steps.set(fact.id, (await whole(storage, fact, ['steps'])).data.steps)
    }
    return steps
  }
}


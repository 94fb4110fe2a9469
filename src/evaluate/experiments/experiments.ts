import { z } from 'zod'
import { AutodidactError } from '../../errors.ts'
import { experimentTallies } from '../../learn/learners/experiment-tallies.ts'
import type { FactData, NewFact } from '../../log/fact.ts'
import { refuseIdOfRun } from '../../credit/one-id-space.ts'
import { newId } from '../../log/ids.ts'
import { newFact } from '../../log/new-fact.ts'
import { armPolicy } from '../../log/kinds/experiment-started.ts'
import { byName, name } from '../../log/kinds/shared.ts'
import { validated } from '../../log/validate.ts'
import type { Scope } from '../../scope.ts'
import { otherPoints } from '../points.ts'
import { policyOfArm } from './arm-policy.ts'
import type { ArmPolicy, ExperimentInput, ExperimentStatus } from './experiment.ts'
import { statuses } from './status.ts'

const mostArms = 20

const input = z.strictObject({
  point: name,
  id: name.optional(),
  arms: byName(z.union([name, armPolicy])).optional(),
  shares: byName(z.number().positive().max(1)).optional(),
  unit: z.enum(['run', 'session', 'user']).optional(),
  allocation: z.enum(['fixed', 'best-arm']).optional(),
  rollBack: z.boolean().optional(),
})

/** Whether learning helps at a point, the question that most want answered. */
const defaultArms: Readonly<Record<string, ArmPolicy>> = { learned: 'configured', off: 'off' }

/**
 * Experiments at the choice points of one namespace: which of several ways to choose earns more, or whether learning earns more than none.
 *
 * While one runs, its arms decide there. Each run, session or user is drawn into an arm by a hash of its name, stays in it, and counts once. Arms are compared by
 * confidence sequences, so they may be looked at after every reward; an arm that is shown to be worse gets no further units. All of it is in the log, so every process on the
 * file goes by the same, and late, changed and erased feedback counts as it stands.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * await autodidact.experiments.start({ point: 'tool', unit: 'user', arms: { careful: 'default', curious: { name: 'epsilon-greedy', epsilon: 0.2 } } })
 * const { state } = await autodidact.experiments.status('tool')
 * console.assert(state === 'running')
 * await autodidact.close()
 * ```
 */
export class Experiments {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /**
   * Begins an experiment at a choice point. The same again, under an id of your own, changes nothing. Where something was decided at other points and nothing at this one, `warnings` of what is returned names them.
   *
   * @throws AutodidactError `INVALID_INPUT` (also where another one runs at the point), `UNKNOWN_POLICY`, `ID_CONFLICT`, `FORGOTTEN`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:', { seed: 1 })
   * await autodidact.experiments.start({ point: 'tool', id: 'does-it-help' })
   * for (let day = 0; day < 400; day += 1) {
   *   const { option, run } = await autodidact.decide('tool', ['search', 'sql'], { run: `day ${day}`, task: 'count the orders' })
   *   await autodidact.record({ run, task: 'count the orders', success: option === 'sql' })
   * }
   * const { learning, state, answer } = await autodidact.experiments.status('does-it-help')
   * console.assert(learning?.helps === 'yes' && learning.low > 0 && state === 'decided')
   * console.assert(answer.startsWith('Learning helps at "tool"'))
   * await autodidact.close()
   * ```
   */
  async start(given: ExperimentInput): Promise<ExperimentStatus> {
    const { id = newId('experiment'), ...rest } = validated(input, given, 'experiments.start')
    await refuseIdOfRun(this.#scope, id, 'experiments.start')
    const data = startedFrom(rest)
    // Refused here, not at the first decision of its arm.
    for (const { policy } of data.arms) policyOfArm(this.#scope, data.point, policy)
    const view = await this.#scope.runner.view(this.#scope.namespace, experimentTallies)
    const running = view.running(data.point)
    if (running !== undefined && running.id !== id) {
      throw new AutodidactError('INVALID_INPUT', `The experiment "${running.id}" is running at "${data.point}". Stop it first: experiments.stop("${running.id}"), on the command line autodidact experiment stop ${running.id}.`)
    }
    await this.#commit('experiment.started', id, data)
    const status = await this.status(id)
    // It may come before the first decision; but a name that is like no other is more often a slip.
    const isExpected = running !== undefined || this.#scope.settings.points.has(data.point)
    const others = isExpected ? undefined : await otherPoints(this.#scope, data.point)
    if (others === undefined) return status
    return { ...status, warnings: [...status.warnings, `Nothing was decided at "${data.point}" yet. ${others} Without decisions there, nothing will come of it: stop it if the name is wrong.`] }
  }

  /**
   * Ends an experiment: its point decides as it is configured again. Feedback that comes later still counts in its status. A second call changes nothing.
   *
   * @param id of an experiment, or the choice point at which it runs
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.experiments.start({ point: 'tool', arms: { careful: 'greedy', curious: { name: 'epsilon-greedy', epsilon: 0.2 } } })
   * const { state, winner } = await autodidact.experiments.stop('tool')
   * console.assert(state === 'stopped' && winner === undefined)
   * await autodidact.close()
   * ```
   */
  async stop(id: string): Promise<ExperimentStatus> {
    const status = await this.status(id)
    if (status.state === 'stopped') return status
    const data = { experiment: status.id, ...(status.winner === undefined ? {} : { winner: status.winner }) }
    await this.#commit('experiment.stopped', `stopped:${status.id}`, data, { experiment: status.id })
    return this.status(status.id)
  }

  /**
   * How an experiment stands.
   *
   * @param id of an experiment, or a choice point for the one that runs there or was begun there last
   * @throws AutodidactError `UNKNOWN_ID`, `INVALID_INPUT`, `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * await autodidact.experiments.start({ point: 'tool' })
   * const { answer, arms } = await autodidact.experiments.status('tool')
   * console.assert(answer.startsWith('Nothing is judged yet') && arms.every(({ share }) => share === 0.5))
   * await autodidact.close()
   * ```
   */
  async status(id: string): Promise<ExperimentStatus> {
    const wanted = validated(name, id, 'experiments.status: id')
    const all = await this.list()
    const found = all.find((status) => status.id === wanted) ?? all.find((status) => status.point === wanted && status.state !== 'stopped') ?? all.findLast(({ point }) => point === wanted)
    if (found === undefined) {
      const known = all.length === 0 ? 'None was begun yet' : `Known: ${all.map((status) => status.id).join(', ')}`
      throw new AutodidactError('UNKNOWN_ID', `There is no experiment "${wanted}", and none at a choice point of that name. ${known}.`)
    }
    return found
  }

  /**
   * How all experiments stand, in the order in which they began.
   *
   * @throws AutodidactError `BUSY`, `CLOSED`
   * @example
   * ```ts
   * import { Autodidact } from 'autodidact'
   *
   * const autodidact = await Autodidact.open(':memory:')
   * console.assert((await autodidact.experiments.list()).length === 0)
   * await autodidact.close()
   * ```
   */
  list(): Promise<readonly ExperimentStatus[]> {
    return statuses(this.#scope)
  }

  async #commit<Kind extends 'experiment.started' | 'experiment.stopped'>(kind: Kind, id: string, data: FactData[Kind], same: object = data): Promise<void> {
    const fact = newFact(kind, id, data, { source: 'host', trust: 'agent', occurredAt: this.#scope.clock() }, same)
    // The compiler cannot see that kind and data belong together, which the parameters say.
    await this.#scope.storage.commit({ namespace: this.#scope.namespace, facts: [fact as NewFact] })
  }
}

/** What is written down, complete, so that the log does not depend on the defaults of a version. */
const startedFrom = (given: Omit<z.output<typeof input>, 'id'>): FactData['experiment.started'] => {
  const { point, arms = defaultArms, shares, unit = 'run', allocation = 'best-arm', rollBack = true } = given
  const names = Object.keys(arms)
  if (names.length < 2 || names.length > mostArms) {
    throw new AutodidactError('INVALID_INPUT', `An experiment compares 2 to ${mostArms} arms, not ${names.length}. Nothing was written.`)
  }
  const shareOf = (arm: string): number => (shares === undefined ? 1 / names.length : (shares[arm] ?? 0))
  const total = names.reduce((sum, arm) => sum + shareOf(arm), 0)
  const strangers = Object.keys(shares ?? {}).filter((arm) => !names.includes(arm))
  if (Math.abs(total - 1) > 1e-6 || strangers.length > 0 || names.some((arm) => shareOf(arm) === 0)) {
    throw new AutodidactError('INVALID_INPUT', `The shares must name the arms ${names.join(', ')}, each above 0, and sum to 1. Nothing was written.`)
  }
  return { point, unit, allocation, rollBack, arms: Object.entries(arms).map(([arm, policy]) => ({ name: arm, policy: storedPolicy(policy), share: shareOf(arm) })) }
}

type StoredPolicy = FactData['experiment.started']['arms'][number]['policy']

/** A name becomes a policy without settings. */
const storedPolicy = (policy: string | Exclude<StoredPolicy, string>): StoredPolicy =>
  typeof policy === 'object' || policy === 'configured' || policy === 'off' ? policy : { name: policy }

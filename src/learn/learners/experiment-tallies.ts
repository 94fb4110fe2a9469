import { AutodidactError } from '../../errors.ts'
import type { FactData } from '../../log/fact.ts'
import type { Assigned, DecisionSettled, Experience, Learner } from '../learner.ts'

/** How the units of one arm did. */
export interface ArmTally {
  /** Units that were assigned. */
  units: number
  /** Decisions of these units. */
  decisions: number
  /** Units with a reward. */
  judged: number
  /** Sum and sum of squares of the units' mean rewards. */
  sum: number
  squares: number
}

/** An arm, and the probability with which a unit was assigned to it. */
export type ArmOfUnit = Pick<Assigned, 'arm' | 'propensity'>

/** A run, session or user in an experiment. */
interface Unit {
  /** It counts here: what another arm did afterwards is no longer the doing of that arm alone. */
  readonly first: ArmOfUnit
  latest: ArmOfUnit
  rewards: number
  total: number
}

/** An experiment as the log has it. */
export interface ExperimentTally {
  readonly id: string
  /** Undefined when the fact of its beginning was erased. */
  readonly started: FactData['experiment.started'] | undefined
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number
  readonly stopped: FactData['experiment.stopped'] | undefined
  readonly rolledBack: ReadonlyMap<string, FactData['experiment.rolled-back']>
  readonly arms: ReadonlyMap<string, Readonly<ArmTally>>
  /** Decisions of units in another arm than their first; they are not counted. */
  readonly moved: number
  /** Goes up in this process whenever rewards or arms change: what is made of these may be kept as long as it stands still. */
  readonly revision: number
}

interface Experiment extends ExperimentTally {
  started: FactData['experiment.started'] | undefined
  startedAt: number
  stopped: FactData['experiment.stopped'] | undefined
  readonly rolledBack: Map<string, FactData['experiment.rolled-back']>
  readonly arms: Map<string, ArmTally>
  readonly units: Map<string, Unit>
  moved: number
  revision: number
}

/** In the order in which they began. */
export type ExperimentsState = Map<string, Experiment>

export interface ExperimentsView {
  /** The experiment that decides at a point: of those that were begun and not stopped, the first. */
  running(point: string): ExperimentTally | undefined
  get(id: string): ExperimentTally | undefined
  /** In the order in which they began. */
  all(): readonly ExperimentTally[]
  /** The arms of a unit: the first, in which it counts, and the latest. None for a unit that was not seen yet. */
  armsOf(id: string, unit: string): readonly ArmOfUnit[]
}

const newExperiment = (id: string): Experiment => ({
  id, started: undefined, startedAt: 0, stopped: undefined, rolledBack: new Map(), arms: new Map(), units: new Map(), moved: 0, revision: 0,
})

const at = (state: ExperimentsState, id: string): Experiment => {
  const experiment = state.get(id) ?? newExperiment(id)
  state.set(id, experiment)
  return experiment
}

const armOf = (experiment: Experiment, name: string): ArmTally => {
  const arm = experiment.arms.get(name) ?? { units: 0, decisions: 0, judged: 0, sum: 0, squares: 0 }
  experiment.arms.set(name, arm)
  return arm
}

/** The unit, if this is its arm. A unit that is new belongs to the arm from now on. */
const unitOf = (experiment: Experiment, { arm, propensity, unit: id }: Assigned): Unit | undefined => {
  const known = experiment.units.get(id)
  if (known !== undefined) return known.first.arm === arm ? known : undefined
  const unit: Unit = { first: { arm, propensity }, latest: { arm, propensity }, rewards: 0, total: 0 }
  experiment.units.set(id, unit)
  armOf(experiment, arm).units += 1
  return unit
}

/** Takes a unit into the sums of its arm, or out of them. */
const count = (arm: ArmTally, { rewards, total }: Unit, sign: 1 | -1): void => {
  if (rewards === 0) return
  const mean = total / rewards
  arm.judged += sign
  // What is left of the sums of nobody are rounding errors.
  arm.sum = arm.judged === 0 ? 0 : arm.sum + sign * mean
  arm.squares = arm.judged === 0 ? 0 : arm.squares + sign * mean ** 2
}

const decide = (state: ExperimentsState, assigned: Assigned): void => {
  const experiment = at(state, assigned.id)
  const unit = unitOf(experiment, assigned)
  if (unit !== undefined) armOf(experiment, assigned.arm).decisions += 1
  else experiment.moved += 1
  const { arm, propensity } = assigned
  const known = experiment.units.get(assigned.unit)
  if (known !== undefined && known.latest.arm !== arm) known.latest = { arm, propensity }
}

const settle = (state: ExperimentsState, assigned: Assigned, { previous, current }: DecisionSettled): void => {
  const experiment = at(state, assigned.id)
  const unit = unitOf(experiment, assigned)
  if (unit === undefined) return
  experiment.revision += 1
  const arm = armOf(experiment, assigned.arm)
  count(arm, unit, -1)
  unit.rewards += Number(current !== undefined) - Number(previous !== undefined)
  unit.total = unit.rewards === 0 ? 0 : unit.total + (current?.reward ?? 0) - (previous?.reward ?? 0)
  count(arm, unit, 1)
}

const change = (experiment: Experiment, experience: Experience): void => {
  experiment.revision += 1
  if (experience.kind === 'experiment.started') {
    experiment.started = experience.data
    experiment.startedAt = experience.occurredAt
  } else if (experience.kind === 'experiment.stopped') experiment.stopped ??= experience.data
  else if (experience.kind === 'experiment.rolled-back' && !experiment.rolledBack.has(experience.data.arm)) {
    experiment.rolledBack.set(experience.data.arm, experience.data)
  }
}

const learn = (state: ExperimentsState, experience: Experience): ExperimentsState => {
  if (experience.kind === 'experiment.started') change(at(state, experience.id), experience)
  else if (experience.kind === 'experiment.stopped' || experience.kind === 'experiment.rolled-back') change(at(state, experience.data.experiment), experience)
  else if (experience.kind === 'decision.made' && experience.data.experiment !== undefined) decide(state, experience.data.experiment)
  else if (experience.kind === 'decision.settled' && experience.experiment !== undefined) settle(state, experience.experiment, experience)
  return state
}

interface Saved extends Omit<Experiment, 'started' | 'stopped' | 'rolledBack' | 'arms' | 'units' | 'revision'> {
  readonly started?: FactData['experiment.started']
  readonly stopped?: FactData['experiment.stopped']
  readonly rolledBack: [string, FactData['experiment.rolled-back']][]
  readonly arms: [string, ArmTally][]
  /** Without the field names, because there may be many; the latest arm only where it is not the first. */
  readonly units: [string, string, number, number, number, ...([] | [string, number])][]
}

const encode = (state: ExperimentsState): Uint8Array => {
  const saved = [...state.values()].map(({ id, started, startedAt, stopped, rolledBack, arms, units, moved }) => ({
    id, started, startedAt, stopped, moved,
    rolledBack: [...rolledBack],
    arms: [...arms],
    units: [...units].map(([unit, { first, latest, rewards, total }]) => [
      unit, first.arm, first.propensity, rewards, total, ...(latest.arm === first.arm ? [] : [latest.arm, latest.propensity]),
    ]),
  }))
  return new TextEncoder().encode(JSON.stringify(saved))
}

const decode = (bytes: Uint8Array): ExperimentsState => {
  try {
    const saved = JSON.parse(new TextDecoder().decode(bytes)) as Saved[]
    return new Map(
      saved.map(({ id, started, startedAt, stopped, moved, rolledBack, arms, units }) => [
        id,
        {
          id, started, startedAt, stopped, moved,
          revision: 0,
          rolledBack: new Map(rolledBack),
          arms: new Map(arms),
          units: new Map(
            units.map(([unit, arm, propensity, rewards, total, ...latest]) => {
              const [latestArm = arm, latestPropensity = propensity] = latest
              return [unit, { first: { arm, propensity }, latest: { arm: latestArm, propensity: latestPropensity }, rewards, total }]
            }),
          ),
        },
      ]),
    )
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved experiments are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * What the log says of experiments: which run where, who is in which arm, and how each arm did. A unit counts once, by the mean of its rewards, so that a user
 * of a thousand runs is one observation and not a thousand; it counts in the first arm that decided for it, and only with what that arm decided.
 *
 * Changed and withdrawn rewards are exact but for rounding. Neither inverse nor merge is declared: the first arm depends on the order. Grows by one row for each unit
 * of an experiment, about 100 bytes.
 *
 * @example
 * ```ts
 * import { experimentTallies } from 'autodidact'
 *
 * console.assert(experimentTallies.view(experimentTallies.initial()).all().length === 0)
 * ```
 */
export const experimentTallies: Learner<ExperimentsState, ExperimentsView> = {
  name: 'experiment-tallies',
  version: 1,
  handles: ['experiment.started', 'experiment.rolled-back', 'experiment.stopped', 'decision.made', 'decision.settled'],
  initial: () => new Map(),
  learn,
  view: (state) => ({
    running: (point) => [...state.values()].find(({ started, stopped }) => started?.point === point && stopped === undefined),
    get: (id) => state.get(id),
    all: () => [...state.values()],
    armsOf: (id, name) => {
      const unit = state.get(id)?.units.get(name)
      return unit === undefined ? [] : [unit.first, unit.latest]
    },
  }),
  save: encode,
  load: decode,
}

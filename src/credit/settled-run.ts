import { featurize } from '../learn/features.ts'
import type { Features, RunSettled, Verdict } from '../learn/learner.ts'
import type { Fact, FactOf } from '../log/fact.ts'
import { unpackFeatures, unpackSignedHashes } from '../log/packed.ts'
import type { Dossier } from './dossier.ts'
import { openingOf } from './opening.ts'

const failuresIn = (steps: FactOf<'run.recorded'>['data']['steps']): number[] => steps.flatMap(({ ok }, place) => (ok === false ? place : []))

/** Most runs decide nothing. */
const nothingTaken: readonly string[] = []

/** What settled a run, and what is known of it. */
export interface RunSettlement {
  /** What caused it. */
  readonly fact: Fact
  readonly dossier: Dossier
  readonly recorded: FactOf<'run.recorded'>
  readonly shown: readonly string[]
  readonly trial: RunSettled['trial']
  readonly approach: string | undefined
  readonly previous: Verdict | undefined
  readonly current: Verdict | undefined
}

/**
 * A settled run as learners see it. A class, because every run of the log becomes one and hardly a learner reads the hashes of its task, or what was done: they are
 * unpacked when somebody asks.
 */
export class SettledRun implements RunSettled {
  readonly kind = 'run.settled'
  readonly sequence: number
  readonly occurredAt: number
  readonly run: string
  readonly recorded: number
  readonly user: string | undefined
  readonly agent: string | undefined
  readonly previous: Verdict | undefined
  readonly current: Verdict | undefined
  readonly shown: readonly string[]
  readonly trial: RunSettled['trial']
  readonly task: string
  readonly category: string | undefined
  readonly type: string | undefined
  readonly dependencies: readonly string[] | undefined
  readonly effort: number | undefined
  readonly approach: string | undefined
  readonly factors: readonly string[] | undefined
  readonly durationMs: number | undefined
  readonly cost: number | undefined
  readonly tokens: number | undefined
  readonly steps: number
  readonly failed: boolean
  readonly #recorded: FactOf<'run.recorded'>['data']
  readonly #dossier: Dossier

  constructor({ fact, dossier, recorded, shown, trial, approach, previous, current }: RunSettlement) {
    const { task, category, type, dependencies, effort, factors, durationMs, outcome, steps } = recorded.data
    this.sequence = fact.sequence
    this.occurredAt = fact.occurredAt
    this.run = dossier.run
    this.recorded = recorded.sequence
    this.user = recorded.user
    this.agent = recorded.agent
    this.previous = previous
    this.current = current
    this.shown = shown
    this.trial = trial
    this.task = openingOf(task)
    this.category = category
    this.type = type
    this.dependencies = dependencies
    this.effort = effort
    this.approach = approach
    this.factors = factors
    this.durationMs = durationMs
    this.cost = outcome?.cost
    this.tokens = outcome?.tokens
    this.steps = steps.length
    this.failed = outcome?.error !== undefined || steps.some((step) => step.ok === false)
    this.#recorded = recorded.data
    this.#dossier = dossier
  }

  get actions(): readonly string[] {
    return this.#recorded.steps.map(({ action }) => action)
  }

  get failures(): readonly number[] | undefined {
    return this.failed ? failuresIn(this.#recorded.steps) : undefined
  }

  get taken(): readonly string[] {
    const { decisions } = this.#dossier
    return decisions.size === 0 ? nothingTaken : [...decisions.values()].map((decision) => this.#dossier.takenAt(decision))
  }

  get topic(): readonly number[] | undefined {
    const { topic } = this.#recorded
    return topic === undefined ? undefined : unpackSignedHashes(topic)
  }

  get features(): Features {
    const { features } = this.#recorded
    return features === undefined ? featurize({ task: this.task }) : unpackFeatures(features)
  }
}

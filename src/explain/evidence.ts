import type { DecisionSettled, RunSettled, Verdict } from '../learn/learner.ts'
import { replay } from '../learn/replay.ts'
import { isSkipped, skipsOf } from '../learn/roll-backs.ts'
import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { optionModel } from '../learn/learners/option-model.ts'
import type { Scope } from '../scope.ts'

/** Settlements of one choice point that are kept; of more, the latest. */
export const mostSettlements = 20_000

/** What had been learned of one choice point at a place in the log. */
export interface PointEvidence {
  /** In the order of the log; the latest {@link mostSettlements} when there are more. */
  readonly settlements: readonly DecisionSettled[]
  /** How many there are in all. */
  readonly total: number
}

/** A run that was shown an item, and how it went. */
export interface ShownRun {
  readonly run: string
  readonly verdict: Verdict
}

interface Collected {
  settlements: DecisionSettled[]
  total: number
}

/** A question to the past: what was known of a choice point or of an item before a place in the log. */
export interface Asked {
  readonly name: string
  /** Sequence of the fact that made use of it. */
  readonly before: number
}

const keyOf = ({ name, before }: Asked): string => `${before} ${name}`

/** What the log had taught about choice points and items when they were used. */
export class Evidence {
  readonly #points = new Map<string, Collected>()
  /** The last verdict on each run that was shown the item, and nothing else of the run: an item may have been shown in all of them. */
  readonly #items = new Map<string, Map<string, Verdict>>()

  /** Reads the log once, whatever is asked. */
  static async collect(scope: Scope, points: readonly Asked[], items: readonly Asked[]): Promise<Evidence> {
    const evidence = new Evidence()
    if (points.length === 0 && items.length === 0) return evidence
    const askedPoints = Map.groupBy(points, ({ name }) => name)
    const askedItems = Map.groupBy(items, ({ name }) => name)
    const { storage, namespace, settings } = scope
    const rollBacks = await scope.runner.rollBacks(namespace)
    const taught = (learner: string, asked: Asked, sequence: number): boolean =>
      sequence < asked.before && !isSkipped(skipsOf(rollBacks, learner, asked.before), sequence)
    await replay({ storage, namespace, credit: settings.credit }, ['decision.settled', 'run.settled'], (experience) => {
      if (experience.kind === 'decision.settled') {
        for (const asked of askedPoints.get(experience.point) ?? []) if (taught(optionModel.name, asked, experience.sequence)) evidence.#addDecision(asked, experience)
      } else if (experience.kind === 'run.settled') {
        for (const id of new Set(experience.shown)) {
          for (const asked of askedItems.get(id) ?? []) if (taught(itemUsefulness.name, asked, experience.sequence)) evidence.#addRun(asked, experience)
        }
      }
    })
    return evidence
  }

  #addDecision(asked: Asked, settled: DecisionSettled): void {
    const collected = this.#points.get(keyOf(asked)) ?? { settlements: [], total: 0 }
    this.#points.set(keyOf(asked), collected)
    collected.total += 1
    collected.settlements.push(settled)
    // Dropped in bulk: one by one, each would move all the others.
    if (collected.settlements.length >= 2 * mostSettlements) collected.settlements = collected.settlements.slice(-mostSettlements)
  }

  #addRun(asked: Asked, settled: RunSettled): void {
    const runs = this.#items.get(keyOf(asked)) ?? new Map<string, Verdict>()
    this.#items.set(keyOf(asked), runs)
    runs.delete(settled.run)
    if (settled.current !== undefined) runs.set(settled.run, settled.current)
  }

  ofPoint(asked: Asked): PointEvidence {
    const { settlements, total } = this.#points.get(keyOf(asked)) ?? { settlements: [], total: 0 }
    return { settlements: settlements.slice(-mostSettlements), total }
  }

  /** The runs with a verdict that were shown the item, the latest first. */
  ofItem(asked: Asked): readonly ShownRun[] {
    return Array.from(this.#items.get(keyOf(asked)) ?? [], ([run, verdict]) => ({ run, verdict })).reverse()
  }
}

import type { Learner } from './learner.ts'
import { Fold } from './fold.ts'
import { type RollBack, sameUpTo, type Skip, skipsOf } from './roll-backs.ts'
import { Timeline, type TimelineSettings } from './timeline.ts'
import type { Worths } from './worths.ts'

/** A learner on its way, and what of the log it passes over. */
export interface Placed {
  readonly fold: Fold
  readonly skips: readonly Skip[]
}

/** What a {@link Mind} begins with. */
export interface Beginning {
  readonly epoch: number
  /** Who was rolled back when; folded like any learner. */
  readonly rollBacks: Fold
  readonly placed: readonly Placed[]
  /** What is to be written down for other programs; undefined where the store keeps nothing for them. */
  readonly worths: Worths | undefined
  /** Stretches of the log that everybody passes over, whatever it says of roll-backs; undefined: as it says. */
  readonly skips: readonly Skip[] | undefined
}

/** Folds by what they pass over. */
const bySkips = (placed: readonly Placed[]) => {
  const groups = new Map<string, { readonly skips: readonly Skip[]; readonly folds: Fold[] }>()
  for (const { fold, skips } of placed) {
    const key = JSON.stringify(skips)
    const group = groups.get(key) ?? { skips, folds: [] }
    groups.set(key, group)
    group.folds.push(fold)
  }
  return groups
}

/** The key of those who pass nothing over. */
const wholeLog = JSON.stringify([])

/** The learned state of one namespace: all learners, folded up to a place in its log. */
export class Mind {
  readonly namespace: string
  readonly epoch: number
  readonly rollBacks: Fold
  readonly worths: Worths | undefined
  /** Of the last snapshot. */
  savedSequence: number
  /** Whether it failed on the way: what its learners have learned is ahead of their places, and must not be saved. */
  hasFailed = false
  readonly #settings: TimelineSettings
  readonly #skips: readonly Skip[] | undefined
  /** The whole log, with all learners that were never rolled back. */
  readonly #main: Timeline
  /** The log without some stretches, for the others. */
  #others: readonly Timeline[]

  constructor(settings: TimelineSettings, { epoch, rollBacks, placed, worths, skips }: Beginning) {
    this.namespace = settings.namespace
    this.epoch = epoch
    this.rollBacks = rollBacks
    this.worths = worths
    this.#settings = settings
    this.#skips = skips
    const groups = bySkips(placed)
    this.#main = new Timeline(settings, skips ?? [], [rollBacks, ...(groups.get(wholeLog)?.folds ?? [])], worths)
    groups.delete(wholeLog)
    this.#others = [...groups.values()].map((group) => new Timeline(settings, group.skips, group.folds))
    this.savedSequence = this.place
  }

  get #timelines(): readonly Timeline[] {
    return [this.#main, ...this.#others]
  }

  /** Every learner on its way, that of roll-backs among them. */
  get folds(): readonly Fold[] {
    return this.#timelines.flatMap(({ folds }) => folds)
  }

  foldOf(isWanted: (learner: Learner) => boolean): Fold | undefined {
    return this.folds.find(({ learner }) => isWanted(learner))
  }

  /** The last fact that everybody has learned. */
  get place(): number {
    return Math.min(...this.#timelines.map(({ sequence }) => sequence))
  }

  /** Which learners were rolled back when, in the order of the log. */
  get rolledBack(): readonly RollBack[] {
    // The fold is that of the learner of roll-backs, so its view has this type.
    return this.rollBacks.view() as readonly RollBack[]
  }

  /**
   * Folds what lies behind its place. One that fails on the way is not to be used again: it may have learned half of a fact or of a run's history.
   *
   * @param afterPage is waited for after each page of facts
   */
  async advance(afterPage: () => Promise<void>): Promise<void> {
    do {
      await this.#main.advance(afterPage)
      this.#separate()
      for (const timeline of this.#others) await timeline.advance()
      // They may have met facts that were written meanwhile.
    } while (this.#others.some(({ sequence }) => sequence > this.#main.sequence))
  }

  /** Gives each learner the timeline that the log says it has. One that has learned what it is not to know begins anew. */
  #separate(): void {
    const all = this.rolledBack
    if (all.length === 0 || this.#skips !== undefined) return
    const placed = this.#timelines.flatMap(({ skips: before, folds }) =>
      folds.map((fold) => {
        const skips = skipsOf(all, fold.learner.name)
        return { skips, fold: sameUpTo(fold.sequence, skips, before) ? fold : new Fold(fold.learner) }
      }),
    )
    const groups = bySkips(placed)
    // Nobody ever comes back to the whole log, so that this only loses learners.
    this.#main.folds = groups.get(wholeLog)?.folds ?? []
    groups.delete(wholeLog)
    this.#others = [...groups].map(([key, { skips, folds }]) => {
      const known = this.#others.find((timeline) => JSON.stringify(timeline.skips) === key && folds.every((fold) => timeline.folds.includes(fold)))
      if (known === undefined) return new Timeline(this.#settings, skips, folds)
      known.folds = folds
      return known
    })
  }
}

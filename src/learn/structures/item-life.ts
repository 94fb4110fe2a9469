import type { KnowledgeState } from '../../log/kinds/knowledge-moved.ts'
import { addAllDrawn, addDrawn, type DrawnBy, drawnByFrom, isShared, type SavedDrawnBy } from './drawn-by.ts'
import { addReward, addTrial, type Arm, effectIn, type ItemEffect, type ItemTrial, noTrial } from './item-effect.ts'
import { isHeld, type LifeThresholds } from './knowledge-life.ts'
import { addSums, addUse, type Counts, noUses, type UseSums } from './use-counts.ts'
import { addReport, addReports, type Reporter, type Reports, reportsOf, savedReports, type SavedReports, stateByReports } from './use-reports.ts'

/** How something went before and now; what is absent was, or is, not known. */
export interface Change<Value> {
  readonly previous?: Value | undefined
  readonly current?: Value | undefined
}

/** How a draw of a known probability decided: over what would have been shown anyway, or over what was only tried because little is known of it. */
export type Draw = 'drawn' | 'explored'

/** A stretch of an item's life in one state, and what the runs show that were recorded in it. */
interface Stretch {
  readonly state: KnowledgeState
  /** Of the fact since which it lasts. */
  readonly since: number
  /** Whether draws have put it there, and not its uses. */
  byEffect: boolean
  /** Whether only one had ever reported anything when it began. */
  readonly alone: boolean
  readonly uses: Counts
  /** Who reports them. */
  readonly reports: Reports
  drawn: ItemTrial | undefined
  /** What each reporter contributed to what was drawn. */
  drawnBy: DrawnBy | undefined
  explored: ItemTrial | undefined
}

/** As JSON holds a life. */
export type SavedLife = readonly (Omit<Readonly<Stretch>, 'reports' | 'drawnBy'> & { readonly reports: SavedReports; readonly drawnBy?: SavedDrawnBy | undefined })[]

/** Changes of state that may still be undone; what was shown before the oldest of them stands for good. */
const mostStretches = 16

const stretch = (state: KnowledgeState, since: number, byEffect = false, alone = false): Stretch => ({
  state, since, byEffect, alone, uses: noUses(), reports: reportsOf(), drawn: undefined, drawnBy: undefined, explored: undefined,
})

/** Where what is known of a stretch puts an item. */
type Due = Pick<Stretch, 'state' | 'byEffect'>

/**
 * How an item of knowledge moves between its states by what its uses, and draws, show. A state is judged by the runs that were recorded while the item was in it, whenever they are judged. What is
 * said of a run later changes the stretch that it was recorded in, and every change of state that does not follow any more is undone: so the state is that of the verdicts that stand, with no
 * memory of single runs. What was recorded before the life began does not count in it.
 *
 * Bounded: {@link mostStretches} stretches of some 100 bytes, or 300 where draws were made, and 60 for each reporter of these, at most 64.
 */
export class ItemLife {
  #stretches: Stretch[]

  constructor(state: KnowledgeState, since: number) {
    this.#stretches = [stretch(state, since)]
  }

  static from(saved: SavedLife): ItemLife {
    const life = new ItemLife('experimental', 0)
    life.#stretches = saved.map(({ state, since, byEffect, alone, uses, reports, drawn, drawnBy, explored }) => ({
      state, since, byEffect, alone, uses, reports: reportsOf(reports), drawn, drawnBy: drawnBy === undefined ? undefined : drawnByFrom(drawnBy), explored,
    }))
    return life
  }

  save(): SavedLife {
    return this.#stretches.map(({ state, since, byEffect, alone, uses, reports, drawn, drawnBy, explored }) => ({
      state, since, byEffect, alone, uses, reports: savedReports(reports), drawn, drawnBy: drawnBy === undefined ? undefined : [...drawnBy], explored,
    }))
  }

  get #last(): Stretch {
    return this.#stretches.at(-1) ?? stretch('experimental', 0)
  }

  get state(): KnowledgeState {
    return this.#last.state
  }

  /** Of the fact since which it is in its state. */
  get since(): number {
    return this.#last.since
  }

  /** Of runs that were recorded since. */
  get recent(): UseSums {
    return this.#last.uses
  }

  /** What showing it does where it would be shown anyway, since it was last out of use; of what is out of use: what showing it did. Undefined where nothing was drawn. */
  get effect(): ItemEffect | undefined {
    return effectIn(this.#drawnUpTo(this.#stretches.length - 1))
  }

  /** What showing it did where it was tried since it is out of use; undefined while it is in use, or was not tried. */
  get retrial(): ItemEffect | undefined {
    return this.state === 'deprecated' ? retrialIn(this.#last) : undefined
  }

  /** Begins anew in a state where somebody put it. */
  put(state: KnowledgeState, since: number): void {
    this.#stretches = [stretch(state, since)]
  }

  /**
   * @param place sequence of the fact that recorded the run, or told of the use
   * @param reporter absent where nobody in particular reports it
   */
  countUse(place: number, use: Change<UseSums>, reporter?: Reporter): void {
    const at = this.#at(place)
    if (at === undefined) return
    addUse(at.uses, use)
    if (reporter === undefined) return
    if (use.current !== undefined) addReport(at.reports, reporter, use.current, 1)
    if (use.previous !== undefined) addReport(at.reports, reporter, use.previous, -1)
  }

  /**
   * @param place sequence of the fact that recorded the run
   * @param rewards in [0, 1]
   * @param reporter absent where nobody in particular reports it
   */
  countDraw(place: number, draw: Draw, arm: Arm, { previous, current }: Change<number>, reporter?: Reporter): void {
    const at = this.#at(place)
    if (at === undefined) return
    at[draw] ??= noTrial()
    addReward(at[draw][arm], previous, current)
    if (reporter === undefined || draw !== 'drawn') return
    at.drawnBy ??= new Map()
    addDrawn(at.drawnBy, reporter.key, arm, previous, current)
  }

  /** The stretch in which something was recorded; undefined for what is from before. What ended a stretch belongs to it. */
  #at(place: number): Stretch | undefined {
    return this.#stretches.findLast(({ since }) => since < place)
  }

  /**
   * Undoes changes of state that do not follow from what is known now, and makes those that do.
   *
   * @param sequence of the fact that changed what is known
   * @param alone whether only one has ever reported a use of anything
   */
  follow(sequence: number, thresholds: LifeThresholds, alone = true): void {
    const stretches = this.#stretches
    for (let at = 0; at < stretches.length; ) {
      const [own, next] = [stretches[at], stretches[at + 1]]
      if (own === undefined) return
      const due = this.#due(at, thresholds, next?.alone ?? alone)
      if (next !== undefined && next.state === due.state && next.state !== own.state) {
        next.byEffect = due.byEffect
        at += 1
      } else if (next !== undefined) {
        unite(own, next)
        stretches.splice(at + 1, 1)
      } else if (due.state === own.state) break
      else stretches.push(stretch(due.state, sequence, due.byEffect, alone))
    }
    if (stretches.length > mostStretches) stretches.splice(0, stretches.length - mostStretches)
  }

  /**
   * Where draws have shown an item and left it out, only its effect puts it out of use: hard tasks go badly with any advice. What was shown to help is in use. Neither on the word of one reporter, where several have ever reported
   * anything: harm has to be there without any one of them too, or be told by whoever wrote the item; and who wrote it is not the only one whom it helps.
   */
  #due(at: number, thresholds: LifeThresholds, alone: boolean): Due {
    const own = this.#stretches[at]
    if (own === undefined || isHeld(own)) return { state: own?.state ?? this.state, byEffect: false }
    const byUses: Due = { state: stateByReports(own.state, own.uses, own.reports, alone, thresholds), byEffect: false }
    const isOut = own.state === 'deprecated'
    const effect = isOut ? retrialIn(own) : effectIn(this.#drawnUpTo(at))
    if (effect === undefined) return byUses
    const isTriedByOthers = (isOut ? [own] : this.#since(at)).some(({ uses, reports }) => uses.uses > reports.own.uses)
    if (effect.low > 0 && (alone || isTriedByOthers)) return { state: 'validated', byEffect: true }
    // What was shown to do harm comes back when it is shown to help.
    if (isOut) return own.byEffect ? own : byUses
    if (effect.high < 0 && (alone || this.#isHarmShared(at))) return { state: 'deprecated', byEffect: true }
    return byUses.state === 'deprecated' ? own : byUses
  }

  /** The stretches from when it was last put out of use, or came back, to this one. */
  #since(at: number): readonly Stretch[] {
    const before = this.#stretches.findLastIndex(({ state }, place) => place < at && state === 'deprecated')
    return this.#stretches.slice(before + 1, at + 1)
  }

  #isHarmShared(at: number): boolean {
    const stretches = this.#since(at)
    if (stretches.some(({ reports }) => reports.own.down > 0)) return true
    const [trial, by]: [ItemTrial | undefined, DrawnBy] = [this.#drawnUpTo(at), new Map()]
    for (const { drawnBy } of stretches) if (drawnBy !== undefined) addAllDrawn(by, drawnBy)
    return trial !== undefined && isShared(trial, by)
  }

  /** Draws over what would have been shown anyway in these. */
  #drawnUpTo(at: number): ItemTrial | undefined {
    const trials = this.#since(at).flatMap(({ drawn }) => drawn ?? [])
    const [first] = trials
    if (trials.length < 2) return first
    const sum = noTrial()
    for (const trial of trials) addTrial(sum, trial)
    return sum
  }
}

/** Two draws of different probabilities are not added up: runs in which something is tried may be other runs than those that ask for it. */
const retrialIn = ({ explored, drawn }: Stretch): ItemEffect | undefined => effectIn(explored) ?? effectIn(drawn)

/** Takes the next stretch into one, where what divided them was undone. */
const unite = (own: Stretch, next: Stretch): void => {
  addSums(own.uses, next.uses, 1)
  addReports(own.reports, next.reports)
  if (next.drawnBy !== undefined) {
    own.drawnBy ??= new Map()
    addAllDrawn(own.drawnBy, next.drawnBy)
  }
  for (const draw of ['drawn', 'explored'] as const) {
    const more = next[draw]
    if (more === undefined) continue
    own[draw] ??= noTrial()
    addTrial(own[draw], more)
  }
}

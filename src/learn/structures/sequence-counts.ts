import type { Verdict } from '../learner.ts'
import { type Attempts, firstBreak } from './attempts.ts'
import { Reach, type Step } from './reach.ts'
import { packed, plus, RunTallies, type RunTally, type SavedTallies, unpacked } from './run-tallies.ts'

/** Actions of the longest sequence that is counted. */
export const longestSequence = 5
/** Actions of one run that are looked at, after repetitions in a row have become one. */
export const longestRun = 256

const mostNodes = 8_192
/** Names of actions, and a power of two: a node and an action make one whole number that V8 keeps without an object. */
const mostActions = 4_096
/** Later ones count as none. */
const mostCategories = 256

const none = -1

/** Of what was dropped, and came back, less may be known than is taken off. */
const atLeastNone = ({ runs, good, weight, reward }: RunTally): RunTally => ({ runs: Math.max(0, runs), good: Math.max(0, good), weight: Math.max(0, weight), reward: Math.max(0, reward) })

/** A sequence of actions, by category. */
export interface CountedSequence {
  readonly actions: readonly string[]
  readonly parts: readonly {
    /** Undefined for runs without a category. */
    readonly category: string | undefined
    /** Runs of the category that attempted the sequence: those that did all of it, and those that broke off under way or before, as far as they count. */
    readonly with: RunTally
    /** Those that did all of it. */
    readonly did: RunTally
    /** All its runs that did something. */
    readonly all: RunTally
  }[]
  /** Runs that may have had the sequence before it was counted (again); at most. */
  readonly missed: number
}

export interface SavedSequences {
  readonly actions: readonly string[]
  readonly categories: readonly (readonly [string | null, number])[]
  readonly epoch: number
  /** Typed arrays as base64. */
  readonly parents: string
  readonly labels: string
  readonly born: string
  readonly whole: SavedTallies
  /** Of the same runs, those that never got past its last action. */
  readonly broken: SavedTallies
  /** Of the same runs, those that broke off anywhere. */
  readonly unfinished: SavedTallies
}

/** How runs of a category go on that come to their end, and where the others break off. */
interface Flow {
  readonly breaks: readonly { readonly action: number; readonly runs: number }[]
  readonly reach: Reach
}

/**
 * How often every sequence of two to five neighbouring actions occurred in runs, and how those runs went, by category: a tree whose first level are
 * categories, with at most 8,192 nodes. Each run counts once for a sequence.
 *
 * What comes after a step that failed is an answer to that, and no part of the sequence. A run that came to a node and never got past it, because its last action failed each time, broke off there: what
 * it would have gone on with is not known, so it counts for each continuation by the share of those that did get past it and went on so. What lies further behind is come to from there as probably as
 * the neighbours of actions in runs that came to their end say, each step by the one before alone. Otherwise what comes after a step that fails at times would be praised for that.
 *
 * When the tree is full, its rarer half goes. A sequence that comes (back) may have been missed as often as the rarest that was kept had occurred, and is kept
 * from then on only if it occurs more often than the limit rises. Source: lossy counting (Manku, Motwani, VLDB 2002), with a bound on memory in the place of
 * one on the error.
 */
export class SequenceCounts {
  readonly #actions = new Map<string, number>()
  readonly #names: string[] = []
  readonly #categories = new Map<string | null, number>()
  readonly #children = new Map<number, number>()
  #size = 0
  /** What was dropped had occurred at most so often. */
  #epoch = 0
  readonly #parents = new Int32Array(mostNodes)
  readonly #labels = new Int32Array(mostNodes)
  readonly #born = new Int32Array(mostNodes)
  readonly #whole: RunTallies
  readonly #broken: RunTallies
  readonly #unfinished: RunTallies
  /** The last run that touched a node, so that it counts once; of this process only. */
  readonly #touched = new Int32Array(mostNodes)
  #run = 0
  /** Nodes by the ids of their sequences, and how many of the nodes are in it; made when somebody asks, and never saved. */
  readonly #byId = new Map<string, number>()
  #identified = 0
  /** What was last asked for, until the counts change. */
  #asked: { readonly fewestRuns: number; readonly sequences: readonly CountedSequence[] } | undefined
  /** By root, until the counts change. */
  readonly #flows = new Map<number, Flow>()

  constructor(saved?: SavedSequences) {
    this.#whole = new RunTallies(mostNodes, saved?.whole)
    this.#broken = new RunTallies(mostNodes, saved?.broken)
    this.#unfinished = new RunTallies(mostNodes, saved?.unfinished)
    if (saved === undefined) return
    for (const name of saved.actions) this.#actionOf(name)
    for (const [category, node] of saved.categories) this.#categories.set(category, node)
    this.#epoch = saved.epoch
    this.#parents.set(new Int32Array(unpacked(saved.parents)))
    this.#labels.set(new Int32Array(unpacked(saved.labels)))
    this.#born.set(new Int32Array(unpacked(saved.born)))
    this.#size = Buffer.byteLength(saved.parents, 'base64') / 4
    for (let node = 0; node < this.#size; node += 1) this.#link(node)
  }

  save(): SavedSequences {
    return {
      actions: this.#names,
      categories: [...this.#categories],
      epoch: this.#epoch,
      parents: packed(this.#parents, this.#size),
      labels: packed(this.#labels, this.#size),
      born: packed(this.#born, this.#size),
      whole: this.#whole.save(this.#size),
      broken: this.#broken.save(this.#size),
      unfinished: this.#unfinished.save(this.#size),
    }
  }

  /**
   * Counts a run whose verdict became known, changed or was withdrawn. What was dropped since it was counted first is not changed any more.
   *
   * @param attempts the first {@link longestRun} are counted
   */
  settle(category: string | undefined, attempts: Attempts, previous: Verdict | undefined, current: Verdict | undefined): void {
    const actions = attempts.actions.slice(0, longestRun)
    const failed = new Set(attempts.failed)
    if (actions.length === 0) return
    this.#asked = undefined
    this.#flows.clear()
    const isNew = previous === undefined
    if (isNew) this.#makeRoom(actions.length)
    const change = {
      runs: Number(current !== undefined) - Number(previous !== undefined),
      good: Number((current?.reward ?? 0) > 0.5) - Number((previous?.reward ?? 0) > 0.5),
      weight: (current?.weight ?? 0) - (previous?.weight ?? 0),
      reward: (current === undefined ? 0 : current.weight * current.reward) - (previous === undefined ? 0 : previous.weight * previous.reward),
    }
    this.#run += 1
    const ids = actions.map((action) => this.#actionOf(action))
    const root = this.#rootOf(category ?? null)
    const isUnfinished = firstBreak(attempts) !== undefined
    this.#add(root, change, isUnfinished)
    // Whether a node was got past, of those that were come to; not asked where nothing failed.
    const isPast = new Map<number, boolean>()
    for (let start = 0; start < ids.length; start += 1) {
      let node = root
      const end = Math.min(ids.length, start + longestSequence)
      for (let place = start; place < end; place += 1) {
        node = this.#childOf(node, ids[place] ?? none, isNew)
        if (node === none) break
        if (this.#touched[node] !== this.#run) this.#add(node, change, isUnfinished)
        if (failed.size === 0) continue
        const hasFailed = failed.has(place)
        if (!hasFailed || !isPast.has(node)) isPast.set(node, !hasFailed)
        if (hasFailed) break
      }
    }
    for (const [node, past] of isPast) if (!past) this.#broken.add(node, change)
  }

  /** Every sequence of two actions or more that at least so many runs had; the same list as long as the counts do not change. */
  sequences(fewestRuns: number): readonly CountedSequence[] {
    if (this.#asked?.fewestRuns !== fewestRuns) this.#asked = { fewestRuns, sequences: this.#sequences(fewestRuns) }
    return this.#asked.sequences
  }

  /** What is known of one sequence; undefined when no run is. */
  find(actions: readonly string[]): CountedSequence | undefined {
    const parts: CountedSequence['parts'][number][] = []
    let missed = 0
    for (const [category, root] of this.#categories) {
      const node = actions.reduce((at, action) => (at === none ? none : this.#childOf(at, this.#actions.get(action) ?? none, false)), root)
      if (node === none || this.#whole.runsAt(node) <= 0) continue
      parts.push({ category: category ?? undefined, with: this.#attemptsAt(node), did: this.#whole.at(node), all: this.#whole.at(root) })
      missed += this.#born[node] ?? 0
    }
    return parts.length === 0 ? undefined : { actions, parts, missed }
  }

  /**
   * What is known of the sequence with an id; undefined when no run is, or it is not counted any more.
   *
   * @param idOf always the same: its ids are remembered
   */
  withId(id: string, idOf: (actions: readonly string[]) => string): CountedSequence | undefined {
    for (; this.#identified < this.#size; this.#identified += 1) {
      const { path } = this.#pathTo(this.#identified)
      if (path.length > 1) this.#byId.set(idOf(this.#namesOf(path)), this.#identified)
    }
    const node = this.#byId.get(id)
    return node === undefined ? undefined : this.find(this.#namesOf(this.#pathTo(node).path))
  }

  #sequences(fewestRuns: number): CountedSequence[] {
    const categories = new Map([...this.#categories].map(([category, node]) => [node, category ?? undefined]))
    const places = this.#placesBySequence()
    const runs = places === undefined ? undefined : this.#summed(places)
    const found = new Map<number, { actions: readonly string[]; parts: CountedSequence['parts'][number][]; missed: number }>()
    for (let node = 0; node < this.#size; node += 1) {
      const place = places?.[node] ?? node
      if ((runs?.[place] ?? this.#whole.runsAt(node)) < fewestRuns || this.#whole.runsAt(node) <= 0) continue
      const { root, path } = this.#pathTo(node)
      if (path.length < 2) continue
      const known = found.get(place) ?? { actions: this.#namesOf(path), parts: [], missed: 0 }
      known.parts.push({ category: categories.get(root), with: this.#attemptsAt(node), did: this.#whole.at(node), all: this.#whole.at(root) })
      known.missed += this.#born[node] ?? 0
      found.set(place, known)
    }
    return [...found.values()]
  }

  /** Runs of all categories, at the place of a sequence. */
  #summed(places: Int32Array): Int32Array {
    const runs = new Int32Array(this.#size)
    for (let node = 0; node < this.#size; node += 1) runs[places[node] ?? 0] = (runs[places[node] ?? 0] ?? 0) + this.#whole.runsAt(node)
    return runs
  }

  /** For each node the first one of the same sequence, whatever its category; undefined where there is one category only. */
  #placesBySequence(): Int32Array | undefined {
    if (this.#categories.size < 2) return undefined
    const places = new Int32Array(this.#size)
    const firsts = new Map<number, number>()
    for (let node = 0; node < this.#size; node += 1) {
      const parent = this.#parents[node] ?? none
      // A parent comes before its children, so its place is known.
      const key = parent === none ? none : (places[parent] ?? 0) * mostActions + (this.#labels[node] ?? 0)
      const first = firsts.get(key) ?? node
      firsts.set(key, first)
      places[node] = first
    }
    return places
  }

  /** Runs that did all of a sequence, those that broke off under way, by the share of those that got further and then did all of it, and those that broke off before they came to it. */
  #attemptsAt(node: number): RunTally {
    let tally = this.#whole.at(node)
    const { root, path } = this.#pathTo(node)
    let others = plus(this.#unfinished.at(root), this.#unfinished.at(node), -1)
    for (let before = this.#parents[node] ?? none; before !== root; before = this.#parents[before] ?? none) {
      const broken = this.#broken.at(before)
      if (broken.runs === 0) continue
      tally = plus(tally, broken, Math.min(1, tally.runs / Math.max(1, this.#whole.runsAt(before) - broken.runs)))
      others = plus(others, broken, -1)
    }
    if (others.runs > 0) tally = plus(tally, atLeastNone(others), this.#chanceOf(node, root, path))
    return { ...tally, runs: Math.round(tally.runs), good: Math.round(tally.good) }
  }

  /** How probably a run that broke off elsewhere would have done a sequence. */
  #chanceOf(node: number, root: number, path: readonly number[]): number {
    const { breaks, reach } = this.#flowOf(root)
    const [first = none] = path
    const elsewhere = breaks.filter(({ action }) => !path.includes(action))
    const runs = elsewhere.reduce((sum, one) => sum + one.runs, 0)
    const begun = this.#finishedAt(this.#childOf(root, first, false))
    if (runs === 0 || begun === 0) return 0
    const chances = reach.to(first)
    // Of what was dropped, and came back, less may be known than of what follows it.
    return (elsewhere.reduce((sum, one) => sum + one.runs * (chances.get(one.action) ?? 0), 0) / runs) * Math.min(1, this.#finishedAt(node) / begun)
  }

  #flowOf(root: number): Flow {
    const known = this.#flows.get(root)
    if (known !== undefined) return known
    const [steps, breaks] = [new Array<Step>(), new Array<Flow['breaks'][number]>()]
    for (let node = 0; node < this.#size; node += 1) {
      const parent = this.#parents[node] ?? none
      const [from, to] = [this.#labels[parent] ?? none, this.#labels[node] ?? none]
      if (parent === root && this.#broken.runsAt(node) > 0) breaks.push({ action: to, runs: this.#broken.runsAt(node) })
      else if (parent !== none && this.#parents[parent] === root && this.#finishedAt(node) > 0) steps.push({ from, to, chance: Math.min(1, this.#finishedAt(node) / this.#finishedAt(parent)) })
    }
    const flow: Flow = { breaks, reach: new Reach(steps) }
    this.#flows.set(root, flow)
    return flow
  }

  /** Runs that came to their end. */
  #finishedAt(node: number): number {
    return node === none ? 0 : Math.max(0, this.#whole.runsAt(node) - this.#unfinished.runsAt(node))
  }

  #pathTo(node: number): { readonly root: number; readonly path: readonly number[] } {
    const path: number[] = []
    let at = node
    for (let parent = this.#parents[at] ?? none; parent !== none; parent = this.#parents[at] ?? none) {
      path.unshift(this.#labels[at] ?? none)
      at = parent
    }
    return { root: at, path }
  }

  #namesOf(path: readonly number[]): readonly string[] {
    return path.map((id) => this.#names[id] ?? '')
  }

  #add(node: number, change: RunTally, isUnfinished: boolean): void {
    this.#touched[node] = this.#run
    this.#whole.add(node, change)
    if (isUnfinished) this.#unfinished.add(node, change)
  }

  /** An id for a name; none when there are too many. */
  #actionOf(name: string): number {
    const known = this.#actions.get(name)
    if (known !== undefined) return known
    const id = this.#names.length
    if (id === mostActions) return none
    this.#actions.set(name, id)
    this.#names.push(name)
    return id
  }

  #rootOf(category: string | null): number {
    const known = this.#categories.get(category)
    if (known !== undefined) return known
    // The one for runs without a category is always there.
    if (category !== null && this.#categories.size >= mostCategories) return this.#rootOf(null)
    const root = this.#newNode(none, none)
    this.#categories.set(category, root)
    return root
  }

  #childOf(parent: number, action: number, create: boolean): number {
    if (action === none) return none
    const known = this.#children.get(parent * mostActions + action)
    if (known !== undefined) return known
    return create ? this.#newNode(parent, action) : none
  }

  #newNode(parent: number, label: number): number {
    const node = this.#size
    this.#size += 1
    this.#parents[node] = parent
    this.#labels[node] = label
    this.#born[node] = this.#epoch
    for (const tallies of [this.#whole, this.#broken, this.#unfinished]) tallies.clear(node)
    this.#touched[node] = 0
    this.#link(node)
    return node
  }

  #link(node: number): void {
    const parent = this.#parents[node] ?? none
    if (parent !== none) this.#children.set(parent * mostActions + (this.#labels[node] ?? none), node)
  }

  /** Drops the rarer half when what a run may add has no room, or its names have none. */
  #makeRoom(actions: number): void {
    if (this.#size + actions * longestSequence + 1 <= mostNodes && this.#names.length + actions <= mostActions) return
    const worth = Float64Array.from({ length: this.#size }, (_, node) => this.#whole.runsAt(node) + (this.#born[node] ?? 0))
    const half = Math.floor(this.#size / 2)
    const limit = worth.toSorted()[this.#size - half - 1] ?? 0
    let atLimit = half - worth.reduce((count, value) => count + Number(value > limit), 0)
    const names = [...this.#names]
    this.#names.length = 0
    this.#actions.clear()
    this.#children.clear()
    this.#byId.clear()
    this.#identified = 0
    // A parent comes before its children, so it is known by then whether it stays.
    const moved = new Int32Array(this.#size).fill(none)
    const before = this.#size
    this.#size = 0
    this.#epoch = Math.max(this.#epoch, limit)
    for (let node = 0; node < before; node += 1) {
      const parent = this.#parents[node] ?? none
      const isRoot = parent === none
      const value = worth[node] ?? 0
      if (!isRoot && (moved[parent] === none || value < limit || (value === limit && atLimit <= 0))) continue
      if (!isRoot && value === limit) atLimit -= 1
      moved[node] = this.#move(node, isRoot ? none : (moved[parent] ?? none), isRoot ? none : this.#actionOf(names[this.#labels[node] ?? none] ?? ''))
    }
    for (const [category, root] of this.#categories) this.#categories.set(category, moved[root] ?? none)
  }

  /** Takes a node to the next free place, which is never behind its own. */
  #move(node: number, parent: number, label: number): number {
    const place = this.#size
    this.#size += 1
    this.#parents[place] = parent
    this.#labels[place] = label
    this.#touched[place] = 0
    this.#born[place] = this.#born[node] ?? 0
    for (const tallies of [this.#whole, this.#broken, this.#unfinished]) tallies.copy(node, place)
    this.#link(place)
    return place
  }
}

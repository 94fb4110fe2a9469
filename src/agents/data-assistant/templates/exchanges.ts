import { type Marks, moved, renumbered } from './pieces.ts'
import { Recent } from '../recent.ts'
import type { Piece, Slot, Template } from './template.ts'
import { Largest, sumOf, type Valued, type Worths } from '../ranking/worths.ts'

/** A template made from a known one. */
export interface Variant {
  /** Equal for the same change of the same template. */
  readonly id: string
  readonly template: Template
  readonly kind: 'exchange' | 'nesting'
  /** How many pairs of templates taught the exchange; for a nesting, how many templates hold the nested query. */
  readonly support: number
}

/** Where two known templates differ in one run of pieces: what stands in the one and in the other. Valued by the words that come and go. */
interface Exchange extends Valued {
  readonly number: number
  readonly seen: Omit<SavedExchange, 'support'>
  readonly fromLength: number
  readonly to: readonly Piece[]
  readonly toSlots: readonly Slot[]
  support: number
  /** Of the support: where the sum starts. */
  start: number
}

/** A template that taught exchanges, and its place among those that did. */
interface Source {
  readonly number: number
  readonly template: Template
  readonly marks: readonly number[]
}

/** Where an exchange was seen first: what it takes out of one template, and what it puts in from another. */
export interface SavedExchange {
  readonly from: number
  readonly takenAt: number
  readonly taken: number
  readonly to: number
  readonly putAt: number
  readonly put: number
  readonly support: number
}

/** A node of the tree of runs that exchanges take out: one step down is one more mark. */
interface Run {
  readonly next: Map<number, Run>
  readonly exchanges: Exchange[]
  readonly byTarget: Map<string, Exchange>
}

/** A place of a template where a run stands. */
interface Place {
  readonly run: Run
  readonly at: number
}

/** A template with the places where runs stand in it, as far as runs were known at a time. */
interface Known {
  readonly number: number
  readonly marks: readonly number[]
  runs: number
  places: readonly Place[]
}

/** Longest run of pieces that an exchange takes out or puts in. Longer ones are different queries rather than variations. */
const maximumRun = 12

/** Places whose exchange was made lately, about 1 kB each. */
const maximumMade = 8_000

/** Two known templates that differ in one run of tokens teach that the one run may stand for the other; what was seen in one query is tried in others. */
export class Exchanges {
  readonly #marks: Marks
  readonly #root: Run = emptyRun()
  #runs = 0
  readonly #templates = new Map<string, Known>()
  readonly #exchanges: Exchange[] = []
  readonly #made = new Recent<string, readonly Template[]>(maximumMade)
  readonly #learned: Source[] = []

  constructor(marks: Marks) {
    this.#marks = marks
  }

  /** Takes in a template that was not known before. */
  learn(template: Template): void {
    const own = this.#source(template)
    for (const other of this.#learned) {
      this.#compare(own, other)
      this.#compare(other, own)
    }
    this.#learned.push(own)
  }

  /** The exchanges that were learned, in order. */
  save(): SavedExchange[] {
    return this.#exchanges.map(({ seen, support }) => ({ ...seen, support }))
  }

  /** Takes in templates that were learned from before, without comparing them all again; nothing else may have been learned. */
  restore(templates: readonly Template[], exchanges: readonly SavedExchange[]): void {
    for (const template of templates) this.#learned.push(this.#source(template))
    for (const { support, ...seen } of exchanges) this.#add(seen, support)
  }

  #source(template: Template): Source {
    return { number: this.#learned.length, template, marks: this.#marks.of(template.pieces, template.slots) }
  }

  /** What the best guesses make of a template, at most `limit` of them. */
  variants(template: Template, worths: Worths, limit: number): Omit<Variant, 'kind'>[] {
    const best = new Largest<Exchange, Place>(limit)
    const known = this.#known(template)
    for (const place of known.places) for (const exchange of place.run.exchanges) best.offer(sumOf(exchange, worths, exchange.start), exchange, place)
    const done = new Set<string>()
    const variants: Omit<Variant, 'kind'>[] = []
    for (const { item: exchange, place } of best.items) {
      const key = `${known.number} ${place.at} ${exchange.number}`
      let made = this.#made.get(key)
      if (made === undefined) this.#made.set(key, (made = this.#exchange(template, known.marks, exchange, place.at)))
      made.forEach((variant, at) => {
        if (done.has(variant.key)) return
        done.add(variant.key)
        variants.push({ id: `${key} ${at}`, template: variant, support: exchange.support })
      })
    }
    return variants
  }

  #compare(from: Source, to: Source): void {
    const [own, other] = [from.marks, to.marks]
    let start = 0
    while (start < own.length && start < other.length && own[start] === other[start]) start += 1
    let end = 0
    const shortest = Math.min(own.length, other.length) - start
    while (end < shortest && own[own.length - 1 - end] === other[other.length - 1 - end]) end += 1
    const taken = own.length - end - start
    const put = other.length - end - start
    const seen = { from: from.number, to: to.number }
    if (taken > maximumRun || put > maximumRun) {
      // The same token exchanged in several places is one exchange.
      if (own.length !== other.length) return
      const places = own.flatMap((mark, at) => (mark === other[at] ? [] : [at]))
      if (new Set(places.map((at) => `${own[at]} ${other[at]}`)).size !== 1) return
      this.#saw({ ...seen, takenAt: places[0] ?? 0, taken: 1, putAt: places[0] ?? 0, put: 1 }, from, to)
    } else if (taken > 0) this.#saw({ ...seen, takenAt: start, taken, putAt: start, put }, from, to)
    // Nothing to take out: anchor the insertion to the piece before it.
    else if (start > 0) this.#saw({ ...seen, takenAt: start - 1, taken: 1, putAt: start - 1, put: put + 1 }, from, to)
  }

  #saw(seen: Exchange['seen'], from: Source, to: Source): void {
    const known = this.#run(takenBy(seen, from)).byTarget.get(putBy(seen, to).join())
    if (known === undefined) {
      this.#add(seen, 1, from, to)
      return
    }
    known.support += 1
    known.start = startOf(known.support)
  }

  #add(seen: Exchange['seen'], support: number, from = this.#learned[seen.from], to = this.#learned[seen.to]): void {
    if (from === undefined || to === undefined) return
    const [taken, put] = [takenBy(seen, from), putBy(seen, to)]
    const exchange: Exchange = {
      number: this.#exchanges.length, seen, fromLength: taken.length, to: to.template.pieces.slice(seen.putAt, seen.putAt + seen.put), toSlots: to.template.slots,
      support, start: startOf(support), sum: 0, sumFor: undefined, gained: put.filter((mark) => !taken.includes(mark)), lost: taken.filter((mark) => !put.includes(mark)),
    }
    const run = this.#run(taken)
    if (run.exchanges.length === 0) this.#runs += 1
    this.#exchanges.push(exchange)
    run.byTarget.set(put.join(), exchange)
    run.exchanges.push(exchange)
  }

  #run(marks: readonly number[]): Run {
    let run = this.#root
    for (const mark of marks) {
      let next = run.next.get(mark)
      if (next === undefined) run.next.set(mark, (next = emptyRun()))
      run = next
    }
    return run
  }

  /** The places where exchanges fit into a template, looked for again only when there is a new run. */
  #known(template: Template): Known {
    let known = this.#templates.get(template.key)
    if (known === undefined) {
      known = { number: this.#templates.size, marks: this.#marks.of(template.pieces, template.slots), runs: 0, places: [] }
      this.#templates.set(template.key, known)
    }
    if (known.runs === this.#runs) return known
    const before = known.places
    let next = 0
    const places: Place[] = []
    for (let at = 0; at < known.marks.length; at += 1) {
      let run: Run | undefined = this.#root
      for (let end = at; end < known.marks.length; end += 1) {
        run = run.next.get(known.marks[end] ?? -1)
        if (run === undefined) break
        if (run.exchanges.length === 0) continue
        // Places come in the same order every time, with the new ones between.
        const old = before[next]
        if (old?.at === at && old.run === run) {
          places.push(old)
          next += 1
        } else places.push({ run, at })
      }
    }
    known.places = places
    known.runs = this.#runs
    return known
  }

  #exchange(template: Template, own: readonly number[], exchange: Exchange, at: number): Template[] {
    const slots = [...template.slots, ...exchange.toSlots]
    const put = this.#sharedSlots(moved(exchange.to, template.slots.length, false), template.pieces.slice(at, at + exchange.fromLength))
    const made = [renumbered([...template.pieces.slice(0, at), ...put, ...template.pieces.slice(at + exchange.fromLength)], slots)]
    const from = own[at] ?? -1
    if (exchange.fromLength === 1 && put.length === 1 && own.indexOf(from) !== own.lastIndexOf(from)) {
      made.push(renumbered(template.pieces.flatMap((piece, place) => (own[place] === from ? put : [piece])), slots))
    }
    return made
  }

  /** Slots that an exchange puts in take over, in order, the slots it takes out, so that a value that stays is still one value. */
  #sharedSlots(put: readonly Piece[], taken: readonly Piece[]): Piece[] {
    const before = taken.flatMap((piece) => ('slot' in piece ? [piece.slot] : []))
    const names = new Map<number, number>()
    return put.map((piece) => {
      if (!('slot' in piece)) return piece
      const slot = names.get(piece.slot) ?? before[names.size] ?? piece.slot
      names.set(piece.slot, slot)
      return { ...piece, slot }
    })
  }
}

const takenBy = ({ takenAt, taken }: Exchange['seen'], { marks }: Source): readonly number[] => marks.slice(takenAt, takenAt + taken)

const putBy = ({ putAt, put }: Exchange['seen'], { marks }: Source): readonly number[] => marks.slice(putAt, putAt + put)

const startOf = (support: number): number => Math.log(support) * 0.1

const emptyRun = (): Run => ({ next: new Map(), exchanges: [], byTarget: new Map() })

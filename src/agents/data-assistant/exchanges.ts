import { type Marks, moved, renumbered } from './pieces.ts'
import type { Piece, Slot, Template } from './template.ts'
import { Largest, sumOf, type Valued, type Worths } from './worths.ts'

/** Where two known templates differ in one run of pieces: what stands in the one and in the other. Valued by the words that come and go. */
interface Exchange extends Valued {
  readonly fromLength: number
  readonly to: readonly Piece[]
  readonly toSlots: readonly Slot[]
  support: number
  /** Of the support: where the sum starts. */
  start: number
}

/** A node of the tree of runs that exchanges take out: one step down is one more mark. */
interface Run {
  readonly next: Map<number, Run>
  readonly exchanges: Exchange[]
  readonly byTarget: Map<string, Exchange>
}

/** A place of a template where a run stands, and the templates that its exchanges make there once they were asked for. */
interface Place {
  readonly run: Run
  readonly at: number
  readonly made: Map<Exchange, readonly Template[]>
}

/** A template with the places where runs stand in it, as far as runs were known at a time. */
interface Known {
  readonly marks: readonly number[]
  runs: number
  places: readonly Place[]
}

/** Longest run of pieces that an exchange takes out or puts in. Longer ones are different queries rather than variations. */
const maximumRun = 12

/** Two known templates that differ in one run of tokens teach that the one run may stand for the other; what was seen in one query is tried in others. */
export class Exchanges {
  readonly #marks: Marks
  readonly #root: Run = emptyRun()
  #runs = 0
  readonly #templates = new Map<string, Known>()
  readonly #learned: { readonly template: Template; readonly marks: readonly number[] }[] = []

  constructor(marks: Marks) {
    this.#marks = marks
  }

  /** Takes in a template that was not known before. */
  learn(template: Template): void {
    const own = this.#marks.of(template.pieces, template.slots)
    for (const other of this.#learned) {
      this.#compare(own, other.template, other.marks)
      this.#compare(other.marks, template, own)
    }
    this.#learned.push({ template, marks: own })
  }

  /** What the best guesses make of a template, at most `limit` of them. */
  variants(template: Template, worths: Worths, limit: number): { readonly template: Template; readonly support: number }[] {
    const best = new Largest<Exchange, Place>(limit)
    const known = this.#known(template)
    for (const place of known.places) for (const exchange of place.run.exchanges) best.offer(sumOf(exchange, worths, exchange.start), exchange, place)
    const done = new Set<string>()
    const variants: { readonly template: Template; readonly support: number }[] = []
    for (const { item: exchange, place } of best.items) {
      let made = place.made.get(exchange)
      if (made === undefined) place.made.set(exchange, (made = this.#exchange(template, known.marks, exchange, place.at)))
      for (const variant of made) {
        if (done.has(variant.key)) continue
        done.add(variant.key)
        variants.push({ template: variant, support: exchange.support })
      }
    }
    return variants
  }

  #compare(fromMarks: readonly number[], to: Template, toMarks: readonly number[]): void {
    let start = 0
    while (start < fromMarks.length && start < toMarks.length && fromMarks[start] === toMarks[start]) start += 1
    let end = 0
    const shortest = Math.min(fromMarks.length, toMarks.length) - start
    while (end < shortest && fromMarks[fromMarks.length - 1 - end] === toMarks[toMarks.length - 1 - end]) end += 1
    let taken = fromMarks.slice(start, fromMarks.length - end)
    let putFrom = start
    let putTo = toMarks.length - end
    if (taken.length > maximumRun || putTo - putFrom > maximumRun) {
      // The same token exchanged in several places is one exchange.
      if (fromMarks.length !== toMarks.length) return
      const places = fromMarks.flatMap((word, at) => (word === toMarks[at] ? [] : [at]))
      if (new Set(places.map((at) => `${fromMarks[at]} ${toMarks[at]}`)).size !== 1) return
      const place = places[0] ?? 0
      taken = fromMarks.slice(place, place + 1)
      putFrom = place
      putTo = place + 1
    }
    if (taken.length === 0) {
      // Nothing to take out: anchor the insertion to the piece before it.
      if (start === 0) return
      taken = fromMarks.slice(start - 1, start)
      putFrom = start - 1
      putTo = toMarks.length - end
    }
    const putMarks = toMarks.slice(putFrom, putTo)
    const run = this.#run(taken)
    const target = putMarks.join()
    const seen = run.byTarget.get(target)
    if (seen !== undefined) {
      seen.support += 1
      seen.start = Math.log(seen.support) * 0.1
      return
    }
    const exchange: Exchange = {
      fromLength: taken.length, to: to.pieces.slice(putFrom, putTo), toSlots: to.slots, support: 1, start: 0, sum: 0, sumFor: undefined,
      gained: putMarks.filter((word) => !taken.includes(word)), lost: taken.filter((word) => !putMarks.includes(word)),
    }
    run.byTarget.set(target, exchange)
    run.exchanges.push(exchange)
  }

  #run(marks: readonly number[]): Run {
    let run = this.#root
    for (const mark of marks) {
      let next = run.next.get(mark)
      if (next === undefined) run.next.set(mark, (next = emptyRun()))
      run = next
    }
    if (run.exchanges.length === 0) this.#runs += 1
    return run
  }

  /** The places where exchanges fit into a template, looked for again only when there is a new run. */
  #known(template: Template): Known {
    let known = this.#templates.get(template.key)
    if (known === undefined) {
      known = { marks: this.#marks.of(template.pieces, template.slots), runs: 0, places: [] }
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
        } else places.push({ run, at, made: new Map() })
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

const emptyRun = (): Run => ({ next: new Map(), exchanges: [], byTarget: new Map() })

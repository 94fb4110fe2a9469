const otherBytes = 0

/** Upper case letters of ASCII count as their lower case. */
const folded = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)

/**
 * Looks for many pieces in one pass over bytes, however these are cut into chunks: an automaton over all of them (Aho and Corasick 1975, doi:10.1145/360825.360855). Letters of ASCII match in
 * any case.
 */
export class Matcher {
  readonly found = new Set<number>()
  readonly #classes = new Uint8Array(256)
  /** By state and class of byte; states are multiplied by the number of classes already. */
  readonly #next: Int32Array
  /** The pieces that end in a state. */
  readonly #ends: readonly (readonly number[])[]
  /** 1 where a piece ends. */
  readonly #isEnd: Uint8Array
  readonly #width: number
  #state = 0

  /** @param pieces the forms of each piece; it is found when one of them is */
  constructor(pieces: readonly (readonly string[])[]) {
    const forms = pieces.flatMap((piece, place) => [...new Set(piece)].filter((form) => form !== '').map((form) => ({ place, bytes: Buffer.from(form).map(folded) })))
    let width = otherBytes + 1
    for (const { bytes } of forms) for (const byte of bytes) if (this.#classes[byte] === otherBytes) this.#classes[byte] = width++
    for (let byte = 0x41; byte <= 0x5a; byte += 1) this.#classes[byte] = this.#classes[folded(byte)] ?? otherBytes
    this.#width = width
    const states = 1 + forms.reduce((sum, { bytes }) => sum + bytes.length, 0)
    this.#next = new Int32Array(states * width)
    const ends: number[][] = [[]]
    for (const { place, bytes } of forms) this.#add(bytes, place, ends)
    this.#link(ends)
    this.#ends = ends
    this.#isEnd = Uint8Array.from(ends, (list) => (list.length > 0 ? 1 : 0))
  }

  /** Continues where the last chunk ended. */
  search(chunk: Uint8Array): void {
    const [classes, next, isEnd, width] = [this.#classes, this.#next, this.#isEnd, this.#width]
    let state = this.#state
    for (let place = 0; place < chunk.length; place += 1) {
      // Every index is one of a table that was made for it.
      state = next[state + (classes[chunk[place] as number] as number)] as number
      if (isEnd[state / width] === 1) for (const piece of this.#ends[state / width] ?? []) this.found.add(piece)
    }
    this.#state = state
  }

  /** Looks at a text for itself. */
  searchText(text: string): void {
    this.restart()
    this.search(Buffer.from(text))
    this.restart()
  }

  /** What comes now has nothing to do with what came before. */
  restart(): void {
    this.#state = 0
  }

  #add(bytes: Uint8Array, piece: number, ends: number[][]): void {
    let state = 0
    for (const byte of bytes) {
      const at = state * this.#width + (this.#classes[byte] ?? otherBytes)
      if (this.#next[at] === 0) this.#next[at] = ends.push([]) - 1
      state = this.#next[at] ?? 0
    }
    ends[state]?.push(piece)
  }

  /** Makes of the tree of all forms an automaton: where a form does not go on, the longest end of what was read goes on that is the beginning of another. */
  #link(ends: number[][]): void {
    const [next, width] = [this.#next, this.#width]
    const fallback = new Int32Array(ends.length)
    const queue = [0]
    for (const state of queue) {
      const behind = (fallback[state] ?? 0) * width
      for (let byte = 0; byte < width; byte += 1) {
        const child = next[state * width + byte] ?? 0
        const otherwise = state === 0 ? 0 : (next[behind + byte] ?? 0)
        if (child === 0) next[state * width + byte] = otherwise
        else {
          fallback[child] = otherwise
          ends[child]?.push(...(ends[otherwise] ?? []))
          queue.push(child)
        }
      }
    }
    for (let place = 0; place < next.length; place += 1) next[place] = (next[place] ?? 0) * width
  }
}

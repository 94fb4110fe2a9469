/** What an advice had put into a prompt, to recognise it when it comes back. */
export interface AdviceEcho {
  readonly id: string
  readonly givenAt: number
  readonly user: string | undefined
  readonly session: string | undefined
  /** Hashes of everything in the prompt, ascending. */
  readonly shingles: Uint32Array
  /** The part of them that comes from recalled answers, ascending. */
  readonly answerShingles: Uint32Array
}

/** Advices kept, and for how long: a transcript is recorded soon after its prompt was built. */
const kept = 64
const keptMs = 3_600_000

/** The shingles of 64 prompts of 1,000 tokens fill about half of so many slots. */
const filterSlots = 1 << 16

/** Whoever is not named may be anybody. */
const agrees = (own: string | undefined, other: string | undefined): boolean => own === undefined || other === undefined || own === other

/**
 * The advices that this process lately gave in one namespace. An agent that records without naming its advice still gets its echoes removed,
 * as long as session or user agree.
 */
export class RecentAdvice {
  readonly #echoes: AdviceEcho[] = []
  /** Number of shingles by their low bits (a counting Bloom filter with one hash): one look-up says of most shingles that they are in no advice. */
  readonly #counts = new Uint16Array(filterSlots)
  #epoch = 0

  /** @param epoch of the namespace before anything was recalled for the advice */
  remember(echo: AdviceEcho, epoch: number): void {
    // An erasure came in between: what it took may be among what was recalled.
    if (echo.shingles.length === 0 || epoch < this.#epoch) return
    this.at(epoch)
    this.#echoes.push(echo)
    this.#count(echo, 1)
    const oldest = this.#echoes.length > kept ? this.#echoes.shift() : undefined
    if (oldest !== undefined) this.#count(oldest, -1)
  }

  #count(echo: AdviceEcho, change: 1 | -1): void {
    for (const shingle of echo.shingles) {
      const slot = shingle % filterSlots
      this.#counts[slot] = (this.#counts[slot] ?? 0) + change
    }
  }

  /** False when none of the advices had put this shingle into a prompt; true when one may have. */
  mayKnow(shingle: number): boolean {
    return this.#counts[shingle % filterSlots] !== 0
  }

  /** False when there is nothing to recognise. */
  get some(): boolean {
    return this.#echoes.length > 0
  }

  /** Drops everything when the namespace has come to another epoch: an erasure, here or in another process, may have taken what was recalled. */
  at(epoch: number): void {
    if (epoch === this.#epoch) return
    this.#epoch = epoch
    this.#echoes.length = 0
    this.#counts.fill(0)
  }

  /** The advices whose text may be in a record of this user and session. */
  of(user: string | undefined, session: string | undefined, now: number): AdviceEcho[] {
    return this.#echoes.filter((echo) => now - echo.givenAt <= keptMs && agrees(echo.user, user) && agrees(echo.session, session))
  }
}

/** What an advice had put into a prompt, to recognise it when it comes back. */
export interface AdviceEcho {
  readonly id: string
  readonly givenAt: number
  readonly user: string | undefined
  readonly session: string | undefined
  /** Hashes of everything in the prompt. */
  readonly shingles: ReadonlySet<number>
  /** The part of them that comes from recalled answers. */
  readonly answerShingles: ReadonlySet<number>
}

/** Advices kept, and for how long: a transcript is recorded soon after its prompt was built. */
const kept = 64
const keptMs = 3_600_000

/** What is not known does not contradict. */
const agrees = (own: string | undefined, other: string | undefined): boolean => own === undefined || other === undefined || own === other

/**
 * The advices that this process lately gave in one namespace. An agent that records without naming its advice still gets its echoes removed,
 * as long as session or user agree.
 */
export class RecentAdvice {
  readonly #echoes: AdviceEcho[] = []
  /** In how many of them each shingle is: one look-up says of most shingles that they are in none. */
  readonly #counts = new Map<number, number>()

  remember(echo: AdviceEcho): void {
    if (echo.shingles.size === 0) return
    this.#echoes.push(echo)
    this.#count(echo, 1)
    const oldest = this.#echoes.length > kept ? this.#echoes.shift() : undefined
    if (oldest !== undefined) this.#count(oldest, -1)
  }

  #count(echo: AdviceEcho, change: 1 | -1): void {
    for (const shingle of echo.shingles) {
      const count = (this.#counts.get(shingle) ?? 0) + change
      if (count === 0) this.#counts.delete(shingle)
      else this.#counts.set(shingle, count)
    }
  }

  /** Whether any of the advices had put this shingle into a prompt. */
  knows(shingle: number): boolean {
    return this.#counts.has(shingle)
  }

  /** Drops everything, after an erasure. */
  clear(): void {
    this.#echoes.length = 0
    this.#counts.clear()
  }

  /** The advices whose text may be in a record of this user and session. */
  of(user: string | undefined, session: string | undefined, now: number): AdviceEcho[] {
    return this.#echoes.filter((echo) => now - echo.givenAt <= keptMs && agrees(echo.user, user) && agrees(echo.session, session))
  }
}

import { type Lesson, questionKey } from './lessons.ts'

/** What was said about each very question, whoever reasons about others like it. */
export class Verdicts {
  /** The right query, by question. */
  readonly #answers = new Map<string, string>()
  /** Queries that were judged wrong, by question. */
  readonly #rejected = new Map<string, Set<string>>()
  /** Questions to which "I don't know" was judged right. */
  readonly #unanswerable = new Set<string>()

  /** How many questions have a right answer, "I don't know" included. */
  get size(): number {
    return this.#answers.size + this.#unanswerable.size
  }

  isUnanswerable(question: string): boolean {
    return this.#unanswerable.has(questionKey(question))
  }

  isRejected(question: string, query: string): boolean {
    return this.#rejected.get(questionKey(question))?.has(query) === true
  }

  /** Takes a lesson in. False for a right answer that was only given once more: that teaches nothing. */
  learn({ question, query, right }: Lesson): boolean {
    const key = questionKey(question)
    if (query === undefined) {
      if (right) this.#unanswerable.add(key)
    } else if (right) {
      if (this.#answers.get(key) === query) return false
      this.#answers.set(key, query)
      this.#unanswerable.delete(key)
      this.#rejected.get(key)?.delete(query)
    } else {
      if (this.#answers.get(key) === query) this.#answers.delete(key)
      this.#rejected.set(key, (this.#rejected.get(key) ?? new Set()).add(query))
    }
    return true
  }
}

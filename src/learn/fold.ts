import type { Json } from '../log/payload.ts'
import type { Published } from '../storage/storage.ts'
import type { Experience, Learner } from './learner.ts'

/** One learner on its way through the log: its state, and the place up to which it has learned. */
export class Fold {
  readonly learner: Learner
  /** Sequence of the last fact that was folded with all its settlements. */
  sequence: number
  #state: unknown
  readonly #handles: ReadonlySet<string>

  constructor(learner: Learner) {
    this.learner = learner
    this.sequence = 0
    this.#state = learner.initial()
    this.#handles = new Set(learner.handles)
  }

  /** Continues from a snapshot. */
  static from(learner: Learner, bytes: Uint8Array, sequence: number): Fold {
    const fold = new Fold(learner)
    fold.#state = learner.load(bytes)
    fold.sequence = sequence
    return fold
  }

  /** Learns one experience. What lies at or before the fold's place is in already: a repeated fact changes nothing. */
  learn(experience: Experience): void {
    if (experience.sequence <= this.sequence || !this.#handles.has(experience.kind)) return
    this.#state = this.learner.learn(this.#state, experience)
  }

  view(): unknown {
    return this.learner.view(this.#state)
  }

  /** What is kept of one user; undefined where there is nothing. */
  about(user: string): Json | undefined {
    return this.learner.about?.(this.#state, user)
  }

  save(): Uint8Array {
    return this.learner.save(this.#state)
  }

  /** Whether saved bytes are those of a state in which there is nothing yet. */
  isInitial(bytes: Uint8Array): boolean {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).equals(this.learner.save(this.learner.initial()))
  }

  /** What other programs may read of it; undefined for a learner that publishes nothing. */
  published(): Published | undefined {
    const { published } = this.learner
    return published === undefined ? undefined : { view: published.view, rows: published.rows(this.#state) }
  }
}

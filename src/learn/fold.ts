import { AutodidactError } from '../errors.ts'
import type { Json } from '../log/payload.ts'
import type { Published } from '../storage/storage.ts'
import type { Experience, Learner } from './learner.ts'

/** A saved state below so many bytes is read at once, so that whoever finds it damaged is the one who loads it. */
const readAtOnce = 16 * 1024

/** One learner on its way through the log: its state, and the place up to which it has learned. */
export class Fold {
  readonly learner: Learner
  /** Sequence of the last fact that was folded with all its settlements. */
  sequence: number
  #state: unknown
  /** The state as it was saved, until somebody asks for it or it learns: a process that only decides never reads what recall has learned. */
  #unread: Uint8Array | undefined
  #isContinued = false
  #isDamaged = false
  readonly #handles: ReadonlySet<string>

  constructor(learner: Learner) {
    this.learner = learner
    this.sequence = 0
    this.#state = learner.initial()
    this.#handles = new Set(learner.handles)
  }

  /** Continues from a snapshot. One that is damaged throws here, or at the first use. */
  static from(learner: Learner, bytes: Uint8Array, sequence: number): Fold {
    const fold = new Fold(learner)
    fold.#unread = bytes
    fold.sequence = sequence
    fold.#isContinued = true
    // What is published is read at each saving anyway.
    if (bytes.length < readAtOnce || learner.published !== undefined) fold.#read()
    return fold
  }

  /** Whether it continued from a snapshot that turned out to be damaged: nothing can be asked of it. */
  get isDamaged(): boolean {
    return this.#isDamaged
  }

  #read(): unknown {
    if (this.#unread === undefined) return this.#state
    try {
      this.#state = this.learner.load(this.#unread)
    } catch (error) {
      this.#isDamaged = true
      throw error
    }
    this.#unread = undefined
    return this.#state
  }

  /** Learns one experience. What lies at or before the fold's place is in already: a repeated fact changes nothing. */
  learn(experience: Experience): void {
    if (experience.sequence <= this.sequence || !this.#handles.has(experience.kind)) return
    try {
      this.#state = this.learner.learn(this.#read(), experience)
    } catch (error) {
      throw this.#noted(error)
    }
  }

  /** A learner may read a part of its state only when somebody asks for it. One that was never saved cannot be damaged: the log would only say the same again. */
  #noted(error: unknown): unknown {
    if (this.#isContinued && AutodidactError.is(error) && error.code === 'CORRUPT') this.#isDamaged = true
    return error
  }

  view(): unknown {
    return this.learner.view(this.#read())
  }

  /** An answer of the view, which may read a part of the state only now. */
  ask<Answer>(question: (view: unknown) => Answer): Answer {
    const view = this.view()
    try {
      return question(view)
    } catch (error) {
      throw this.#noted(error)
    }
  }

  /** What is kept of one user; undefined where there is nothing. */
  about(user: string): Json | undefined {
    try {
      return this.learner.about?.(this.#read(), user)
    } catch (error) {
      throw this.#noted(error)
    }
  }

  save(): Uint8Array {
    return this.#unread ?? this.learner.save(this.#state)
  }

  /** Whether saved bytes are those of a state in which there is nothing yet. */
  isInitial(bytes: Uint8Array): boolean {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).equals(this.learner.save(this.learner.initial()))
  }

  /** What other programs may read of it; undefined for a learner that publishes nothing. */
  published(): Published | undefined {
    const { published } = this.learner
    return published === undefined ? undefined : { view: published.view, rows: published.rows(this.#read()) }
  }
}

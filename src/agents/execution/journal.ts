import { described } from '../../expect.ts'
import { toJson, type Json } from '../../log/payload.ts'
import type { StepInput } from '../../record/input.ts'
import type { ErrorClass } from './classify.ts'

/** One error of a step, in the order in which they came. */
export interface Failure {
  readonly step: string
  /** 1 for the first try. */
  readonly attempt: number
  readonly class: ErrorClass
  readonly error: unknown
}

/** A step that failed and was done in the end. */
export interface Recovery {
  readonly step: string
  /** Tries that it took, 2 or more. */
  readonly attempts: number
  /** Id of the fix that was applied before the try that succeeded; undefined when trying again was enough. */
  readonly fix?: string
}

/** As many as a record of a run takes. */
const mostNotes = 10_000

/** A payload that can be written down; what cannot, such as an object that refers to itself, in a few words. */
export const writable = (value: unknown): Json | undefined => {
  try {
    return toJson(value, 'step')
  } catch {
    return `[${described(value)} that cannot be written down]`
  }
}

/** What was tried and how it went, in the order in which it ended: every attempt, also those of fixes. */
export class Journal {
  readonly #notes: StepInput[]
  readonly failures: Failure[]
  readonly recoveries: Recovery[]

  /** @param notes, recoveries, failures those of an earlier process */
  constructor(notes: readonly StepInput[] = [], recoveries: readonly Recovery[] = [], failures: readonly Failure[] = []) {
    this.#notes = [...notes]
    this.recoveries = [...recoveries]
    this.failures = [...failures]
  }

  /** The first 10,000. */
  get notes(): readonly StepInput[] {
    return this.#notes
  }

  note({ input, output, ...step }: StepInput): void {
    if (this.#notes.length >= mostNotes) return
    const [given, made] = [writable(input), writable(output)]
    this.#notes.push({ ...step, ...(given === undefined ? {} : { input: given }), ...(made === undefined ? {} : { output: made }) })
  }
}

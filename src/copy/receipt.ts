/**
 * Why a fact is not in the copy, or is in it and should not be. `ID_CONFLICT`: the same id is there with other content. `FORGOTTEN`: it was forgotten there.
 * `FORGOTTEN_IN_SOURCE`: it is there, and was forgotten where it came from. `ROLL_BACK`: it speaks of places of a log that is another one there.
 */
export type RefusalCode = 'ID_CONFLICT' | 'FORGOTTEN' | 'FORGOTTEN_IN_SOURCE' | 'ROLL_BACK'

/** A fact that was not copied; with `FORGOTTEN_IN_SOURCE` one that was not erased. */
export interface RefusedFact {
  readonly id: string
  /** Of the fact; `run` for what is left of a run of which everything was forgotten. */
  readonly kind: string
  readonly code: RefusalCode
  /** With the next step. */
  readonly reason: string
}

/** What became of a namespace. */
export interface CopiedNamespace {
  readonly namespace: string
  /** What it is called in the copy. */
  readonly as: string
  /** Facts that were written now. */
  readonly facts: number
  /** Facts that had been there already. */
  readonly merged: number
  /** Facts that were erased there, because they were forgotten where they came from; only with `forget`. */
  readonly erased: number
  /** How many facts were refused; `refused` has the first 100 of them. */
  readonly refusedFacts: number
  readonly refused: readonly RefusedFact[]
}

/** What was copied from one store to another. */
export interface CopyReceipt {
  readonly from: string
  readonly to: string
  readonly namespaces: readonly CopiedNamespace[]
  /** True when nothing was refused: everything that is in the one is in the other. */
  readonly complete: boolean
}

/** So many are told one by one. */
const mostTold = 100

const reasons: Readonly<Record<RefusalCode, string>> = {
  ID_CONFLICT: 'The same id is there with other content. Copy it under another namespace.',
  FORGOTTEN: 'It was forgotten there, and does not come back.',
  FORGOTTEN_IN_SOURCE: 'It is there, and was forgotten where it came from. Forget it there too, or copy again with forget.',
  ROLL_BACK: 'It names a place of its log, and there it would take back what others have taught. Roll back there what is to be rolled back.',
}

/** What was refused, and whatever belongs to it: feedback on a run that is another one there would judge that one. */
export class Refusals {
  readonly #subjects = new Map<string, RefusalCode>()
  readonly #told: RefusedFact[] = []
  readonly #counted = new Set<string>()

  /** Refuses all that is said of a subject from now on. */
  refuse(subject: string, code: RefusalCode): void {
    if (!this.#subjects.has(subject)) this.#subjects.set(subject, code)
  }

  codeOf(subject: string): RefusalCode | undefined {
    return this.#subjects.get(subject)
  }

  /** Each once, however often it is looked at. */
  tell(id: string, kind: string, code: RefusalCode): void {
    if (this.#counted.has(id)) return
    this.#counted.add(id)
    if (this.#told.length < mostTold) this.#told.push({ id, kind, code, reason: reasons[code] })
  }

  get told(): Pick<CopiedNamespace, 'refusedFacts' | 'refused'> {
    return { refusedFacts: this.#counted.size, refused: this.#told }
  }
}

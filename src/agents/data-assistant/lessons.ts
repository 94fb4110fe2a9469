import { Dossier } from '../../credit/dossier.ts'
import { standingOf } from '../../credit/standing.ts'
import type { Fact } from '../../log/fact.ts'

/** What the log says about one question: the query that answers it, or one that does not. */
export interface Lesson {
  /** Of the run that taught it; its item in recall has the same id. */
  readonly run: string
  readonly question: string
  /** Undefined where "I don't know" was the answer that was judged. */
  readonly query: string | undefined
  /** False: this is not the answer. */
  readonly right: boolean
  /** The guess that was not sure enough to be given. */
  readonly withheld?: string
}

/** The step under which a run records a guess that was not given. */
export const withheldAction = 'withhold'

/** Equal for two spellings of one question that differ only in capitals and spaces. */
export const questionKey = (question: string): string => question.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim()

interface Known {
  readonly dossier: Dossier
  /** The part of the lesson that a further fact may change. */
  readonly lesson: Lesson | undefined
}

/** The query in a response or a correction, which both are `{ query }`. */
const queryOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'string' ? value.query : undefined

const lessonOf = (dossier: Dossier): Lesson | undefined => {
  if (dossier.recorded === undefined) return undefined
  const { run } = dossier
  const question = dossier.recorded.data.task
  if (typeof question !== 'string') return undefined
  const standing = standingOf(dossier)
  if (standing !== 'success' && standing !== 'failure') return undefined
  const correction = queryOf(dossier.correction?.value)
  if (correction !== undefined) return { run, question, query: correction, right: true }
  const withheld = queryOf(dossier.recorded.data.steps.find((step) => step.action === withheldAction)?.output)
  const query = queryOf(dossier.recorded.data.response)
  return { run, question, query, right: standing === 'success', ...(withheld === undefined ? {} : { withheld }) }
}

const sameLesson = (left: Lesson | undefined, right: Lesson | undefined): boolean =>
  left?.query === right?.query && left?.right === right?.right && left?.question === right?.question

/**
 * The lessons of one agent, folded from the facts of its namespace, in the order in which they became known. Grows with the runs of that agent.
 */
export class Lessons {
  readonly #agent: string
  readonly #runs = new Map<string, Known>()
  readonly #lessons = new Map<string, Lesson>()
  #fresh: Lesson[] = []
  #revised = false

  constructor(agent: string) {
    this.#agent = agent
  }

  /** Folds one fact; facts must come in the order of the log. */
  add(fact: Fact): void {
    if (fact.run === undefined) return
    if (fact.kind === 'run.recorded' && fact.agent !== this.#agent) return
    const known = this.#runs.get(fact.run)
    const dossier = known?.dossier ?? new Dossier(fact.run)
    dossier.add(fact)
    const lesson = lessonOf(dossier)
    this.#runs.set(fact.run, { dossier, lesson })
    if (sameLesson(known?.lesson, lesson)) return
    // What was taught before cannot be untaught: whoever learned from it begins anew.
    if (known?.lesson !== undefined) this.#revised = true
    this.#lessons.delete(fact.run)
    if (lesson === undefined) return
    this.#lessons.set(fact.run, lesson)
    this.#fresh.push(lesson)
  }

  /** What is new since the last call; where an earlier lesson was changed or taken back, `anew` is true and the list is all there is. */
  take(): { readonly anew: boolean; readonly lessons: readonly Lesson[] } {
    const taken = this.#revised ? { anew: true, lessons: [...this.#lessons.values()] } : { anew: false, lessons: this.#fresh }
    this.#revised = false
    this.#fresh = []
    return taken
  }
}

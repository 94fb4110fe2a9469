import type { Advice } from '../../advise/advise.ts'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import { expectFunction, expectObject } from '../../expect.ts'
import type { FeedbackInput, FeedbackReceipt } from '../../feedback/feedback.ts'
import type { Case } from './cases.ts'
import type { QueryLimits, QueryRunner, Result, Rows } from './database.ts'
import { type Lesson, Lessons, questionKey, withheldAction } from './lessons.ts'
import { CaseReasoner, type Proposal } from './reasoner.ts'

/** A query that may answer a question. */
export type Suggestion = Pick<Proposal, 'query' | 'confidence' | 'answered' | 'cases' | 'reason'>

/**
 * What turns a question into a query: reasoning from cases, or a language model with the recalled cases as examples.
 *
 * @example
 * ```ts
 * import type { Reasoner } from 'autodidact/agents'
 *
 * const askModel = async (prompt: string) => `SELECT ${prompt.length}` // a language model would be asked here
 * const reasoner: Reasoner = {
 *   answer: async (question, { prompt, items }) => {
 *     const query = await askModel(`${prompt}\n\nWrite a SQLite query that answers: ${question}`)
 *     return { query, confidence: 0.8, answered: items.length > 0, cases: items.map(({ id }) => id), reason: 'written by a language model' }
 *   },
 * }
 * console.assert(reasoner.add === undefined)
 * ```
 */
export interface Reasoner {
  /**
   * The best query for a question, or nothing if there is no idea at all.
   *
   * @param advice what was recalled: `items` are the nearest verified cases, `response.query` of each its query; `prompt` says the same in words
   */
  answer(question: string, advice: Advice): Promise<Suggestion | undefined>
  /** Learns a verified pair: a correction, or an answer that was confirmed. A reasoner that only reads `advice` needs no memory of its own. */
  add?(entry: Case): Promise<void>
  /** Learns that a query does not answer a question. */
  reject?(question: string, query: string): Promise<void>
}

/** How a {@link DataAssistant} works. */
export interface DataAssistantSettings {
  /** Where it learns; with `learning: false` it never does. */
  readonly autodidact: Autodidact
  /** What it answers questions about; whoever opened it closes it. */
  readonly database: QueryRunner
  /** One for each database; default: that of `autodidact`. */
  readonly namespace?: string
  /** Who asks and rates. */
  readonly user?: string
  readonly session?: string
  /** Name under which its runs are recorded, and by which it knows them again; default `data-assistant`. */
  readonly agent?: string
  /** Makes what turns questions into queries; called again when a lesson was taken back. Default: reasoning from cases. */
  readonly createReasoner?: (database: QueryRunner) => Promise<Reasoner>
  /** Limits of the queries that it runs. With more rows, the answer is their beginning. */
  readonly limits?: Pick<QueryLimits, 'maximumRows' | 'maximumMs'>
  /** Told after each lesson taken in from the log: how many of how many. Thousands of them take minutes when an assistant is opened. */
  readonly onLesson?: (done: number, total: number) => void
}

/** An answer with its query and rows, or "I don't know". */
export interface DataAnswer {
  readonly kind: 'answer' | 'unknown'
  readonly question: string
  /** The query that was run; undefined where the answer is not known. */
  readonly query: string | undefined
  readonly columns: readonly string[]
  readonly rows: Rows
  /** True when there are more rows than the limit. */
  readonly truncated: boolean
  /** How sure it is, in [0, 1]; of the best guess where the answer is not known. */
  readonly confidence: number
  /** Ids of the cases that the answer comes from. */
  readonly cases: readonly string[]
  /** Why this answer, or why none. */
  readonly reason: string
  /** Names the answer in `rate`, `correct` and `judge`. */
  readonly run: string
  readonly durationMs: number
  /** What did not work; the answer stands all the same. */
  readonly warnings: Advice['warnings']
}

/** A correction that was written down, and what its query returns. */
export interface Correction {
  readonly receipt: FeedbackReceipt
  readonly result: Result
}

type Found = Pick<DataAnswer, 'kind' | 'query' | 'columns' | 'rows' | 'truncated' | 'confidence' | 'cases' | 'reason'> & {
  /** The guess that was too unsure to be given. */
  readonly withheld?: string
}

const unknown = (reason: string, confidence = 0): Found => ({ kind: 'unknown', query: undefined, columns: [], rows: [], truncated: false, confidence, cases: [], reason })

const lessonKinds = ['run.recorded', 'feedback.received', 'feedback.retracted'] as const

/**
 * Answers questions about a database, starts knowing nothing, and gets better with every correction.
 *
 * What it knows is in the experience log and nowhere else: every question is advised, recorded and rated through the public verbs, and before each answer it
 * takes in what is new in the log, whoever wrote it. Another process on the same file therefore continues where this one is.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import { Autodidact } from 'autodidact'
 * import { DataAssistant, ReadOnlyDatabase } from 'autodidact/agents'
 *
 * const writer = new DatabaseSync('shop.db')
 * writer.exec("CREATE TABLE city (name TEXT, people INTEGER); INSERT INTO city VALUES ('Bergen', 290000), ('Oslo', 710000)")
 * writer.close()
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const database = await ReadOnlyDatabase.open('shop.db')
 * const assistant = await DataAssistant.open({ autodidact, database })
 *
 * const first = await assistant.ask('How many people live in Bergen?')
 * console.assert(first.kind === 'unknown')
 * await assistant.correct(first.run, "SELECT people FROM city WHERE name = 'Bergen'")
 *
 * const second = await assistant.ask('How many people live in Bergen?')
 * console.assert(second.rows[0]?.[0] === 290000)
 * await assistant.rate(second.run, 'up')
 *
 * const third = await assistant.ask('Who is the mayor of Oslo?')
 * await assistant.judge(third.run, third.kind === 'unknown') // by a program that knows: nothing in the database says so
 * await database.close()
 * await autodidact.close()
 * ```
 */
export class DataAssistant {
  readonly #autodidact: Autodidact
  readonly #settings: DataAssistantSettings
  readonly #agent: string
  #reasoner: Reasoner
  #lessons: Lessons
  /** Queries that were judged wrong, by question. */
  #rejected = new Map<string, Set<string>>()
  /** The right query, by question. */
  #answers = new Map<string, string>()
  /** Questions to which "I don't know" was judged right. */
  #unanswerable = new Set<string>()
  #sequence = 0
  #epoch = 0
  #catchingUp: Promise<void> = Promise.resolve()

  private constructor(settings: DataAssistantSettings, reasoner: Reasoner) {
    const { autodidact, namespace, agent = 'data-assistant' } = settings
    this.#autodidact = namespace === undefined ? autodidact : autodidact.in(namespace)
    this.#settings = settings
    this.#agent = agent
    this.#reasoner = reasoner
    this.#lessons = new Lessons(agent)
  }

  /**
   * Opens the assistant and takes in what the log says of earlier runs.
   *
   * @throws AutodidactError `INVALID_INPUT`, and what the database and the log throw
   */
  static async open(settings: DataAssistantSettings): Promise<DataAssistant> {
    expectSettings(settings)
    const assistant = new DataAssistant(settings, await createReasoner(settings))
    await assistant.#catchUp()
    return assistant
  }

  /**
   * Answers a question, or says that the answer is not known, and records it.
   *
   * @throws AutodidactError `INVALID_INPUT` for a question that is empty or too long, and what the log throws
   */
  async ask(question: string): Promise<DataAnswer> {
    const started = performance.now()
    await this.#catchUp()
    const { user, session } = this.#settings
    let found: Found = unknown('nothing was asked')
    const { run, warnings } = await this.#autodidact.run(
      { task: question, agent: this.#agent, source: this.#agent, ...(user === undefined ? {} : { user }), ...(session === undefined ? {} : { session }) },
      async (advice, notes) => {
        found = await this.#find(question, advice)
        notes.used(...found.cases)
        notes.metric('confidence', found.confidence)
        if (found.withheld !== undefined) notes.step({ action: withheldAction, output: { query: found.withheld } })
        return found.query === undefined ? undefined : { query: found.query }
      },
    )
    const { withheld: _, ...answer } = found
    return { ...answer, question, run, durationMs: performance.now() - started, warnings }
  }

  /**
   * Says whether an answer was good.
   *
   * @throws AutodidactError what `feedback` throws
   */
  async rate(run: string, rating: 'up' | 'down'): Promise<FeedbackReceipt> {
    return this.#told(run, rating)
  }

  /**
   * Teaches the right query. It is run first, so that nothing is learned that does not work.
   *
   * @throws AutodidactError `NOT_ALLOWED`, `INVALID_INPUT`, `LIMIT_EXCEEDED` for the query, and what `feedback` throws
   */
  async correct(run: string, query: string): Promise<Correction> {
    const result = await this.#settings.database.query(query, { ...this.#settings.limits, truncate: true })
    return { receipt: await this.#told(run, { correction: { query } }), result }
  }

  /**
   * Writes down what a check of the answer found, such as a comparison with rows that are known to be right.
   *
   * @throws AutodidactError what `feedback` throws
   */
  async judge(run: string, right: boolean): Promise<FeedbackReceipt> {
    return this.#told(run, { outcome: { success: right, judge: 'check' } })
  }

  /** How many questions it knows the right answer to, "I don't know" included; as of the last question or feedback. */
  get known(): number {
    return this.#answers.size + this.#unanswerable.size
  }

  /** Writes the feedback down and learns from it at once, so that the next question need not wait for that. */
  async #told(run: string, said: FeedbackInput): Promise<FeedbackReceipt> {
    const { user } = this.#settings
    const receipt = await this.#autodidact.feedback(run, said, user === undefined ? {} : { author: user })
    await this.#catchUp()
    return receipt
  }

  async #find(question: string, advice: Advice): Promise<Found> {
    const { database, limits } = this.#settings
    if (this.#unanswerable.has(questionKey(question))) return unknown('the data hold no answer: that was right before')
    const proposal = await this.#reasoner.answer(question, advice)
    if (proposal === undefined) return unknown('no question like this has been answered yet')
    const { query, confidence, answered, cases, reason } = proposal
    if (this.#rejected.get(questionKey(question))?.has(query) === true) return unknown('the answer it would give was rated wrong before', confidence)
    if (!answered) return { ...unknown(`not sure enough: ${reason}`, confidence), withheld: query }
    try {
      const { columns, rows, truncated } = await database.query(query, { ...limits, truncate: true })
      return { kind: 'answer', query, columns, rows, truncated, confidence, cases, reason }
    } catch (error) {
      if (!AutodidactError.is(error)) throw error
      return unknown(`the query it would run does not work: ${error.message}`, confidence)
    }
  }

  /** Takes in what is new in the log; calls take turns, so that nothing is learned twice. */
  #catchUp(): Promise<void> {
    if (!this.#autodidact.learning) return Promise.resolve()
    const turn = this.#catchingUp.then(() => this.#advance())
    this.#catchingUp = turn.catch(() => undefined)
    return turn
  }

  async #advance(): Promise<void> {
    const head = await this.#autodidact.head()
    // After an erasure, what was learned from the erased facts must not answer once more.
    if (head.epoch !== this.#epoch) {
      this.#lessons = new Lessons(this.#agent)
      this.#sequence = 0
      this.#epoch = head.epoch
      await this.#forgetLessons()
    }
    if (head.sequence <= this.#sequence) return
    for await (const fact of this.#autodidact.export({ kinds: lessonKinds, after: this.#sequence })) {
      this.#lessons.add(fact)
      this.#sequence = fact.sequence
    }
    this.#sequence = Math.max(this.#sequence, head.sequence)
    const { anew, lessons } = this.#lessons.take()
    if (anew) await this.#forgetLessons()
    for (const [at, lesson] of lessons.entries()) {
      await this.#learn(lesson)
      this.#settings.onLesson?.(at + 1, lessons.length)
    }
  }

  async #forgetLessons(): Promise<void> {
    this.#answers = new Map()
    this.#rejected = new Map()
    this.#unanswerable = new Set()
    this.#reasoner = await createReasoner(this.#settings)
  }

  /** What holds for this very question, whoever reasons. */
  #remember({ question, query, right }: Lesson): void {
    const key = questionKey(question)
    if (right && query === undefined) this.#unanswerable.add(key)
    else if (right && query !== undefined) {
      this.#answers.set(key, query)
      this.#unanswerable.delete(key)
      this.#rejected.get(key)?.delete(query)
    } else if (query !== undefined) {
      if (this.#answers.get(key) === query) this.#answers.delete(key)
      this.#rejected.set(key, (this.#rejected.get(key) ?? new Set()).add(query))
    }
  }

  async #learn(lesson: Lesson): Promise<void> {
    // A right answer that was given once more is no further case.
    if (lesson.right && lesson.query !== undefined && this.#answers.get(questionKey(lesson.question)) === lesson.query) return
    this.#remember(lesson)
    const { run, question, query, right, withheld } = lesson
    try {
      if (query === undefined) {
        // "I don't know" was right, so the guess behind it was wrong: that teaches when to keep silent.
        if (right && withheld !== undefined) await this.#reasoner.reject?.(question, withheld)
      } else if (right) await this.#reasoner.add?.({ id: run, question, query })
      else await this.#reasoner.reject?.(question, query)
    } catch (error) {
      // A correction may come from anywhere, and may be no query at all: it must not silence the assistant for good.
      if (!AutodidactError.is(error)) throw error
    }
  }
}

/** The case reasoning as it wants to be used: one call at a time, whoever asks meanwhile. */
const reasonFromCases = async (database: QueryRunner): Promise<Reasoner> => {
  const cases = await CaseReasoner.create(database)
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(call: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(call)
    turn = mine.catch(() => undefined)
    return mine
  }
  return {
    answer: (question) => inTurn(() => cases.answer(question)),
    add: (entry) => inTurn(() => cases.add(entry)),
    reject: (question, query) => inTurn(() => cases.reject(question, query)),
  }
}

const createReasoner = async ({ database, createReasoner: create = reasonFromCases }: DataAssistantSettings): Promise<Reasoner> => {
  const reasoner = await create(database)
  expectObject(reasoner, 'DataAssistant.open: what createReasoner gives', ['answer'])
  return reasoner
}

const expectSettings = (settings: DataAssistantSettings): void => {
  expectObject(settings, 'DataAssistant.open: settings')
  const { autodidact, database, createReasoner: create, limits, onLesson } = settings
  expectObject(autodidact, 'DataAssistant.open: autodidact', ['run', 'feedback', 'head', 'export', 'in'])
  expectObject(database, 'DataAssistant.open: database', ['query'])
  if (create !== undefined) expectFunction(create, 'DataAssistant.open: createReasoner')
  if (limits !== undefined) expectObject(limits, 'DataAssistant.open: limits')
  if (onLesson !== undefined) expectFunction(onLesson, 'DataAssistant.open: onLesson')
}

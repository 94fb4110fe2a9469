import type { Advice } from '../../advise/advise.ts'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import { expectFunction, expectObject } from '../../expect.ts'
import type { FeedbackInput, FeedbackReceipt } from '../../feedback/feedback.ts'
import { textDigest } from '../../log/canonical.ts'
import { name } from '../../log/kinds/shared.ts'
import { validated } from '../../log/validate.ts'
import type { QueryLimits, QueryRunner, Result, Rows } from './database/database.ts'
import { isAboutQuery } from './answers/results.ts'
import { type Lesson, Lessons, withheldAction } from './lessons.ts'
import { advanced, bytesOf, hasBegun, noProgress, savedIn, type SavedProgress } from './progress.ts'
import { type Reasoner, reasonFromCases } from './reasoning.ts'
import { readableQuery } from './database/sql.ts'
import { Verdicts } from './verdicts.ts'

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
  /** Told after each lesson learned from the log: how many of how many. Thousands of them take a minute, unless they were learned and kept before. */
  readonly onLesson?: (done: number, total: number) => void
}

/** An answer with its query and rows, or "I don't know". */
export interface DataAnswer {
  readonly kind: 'answer' | 'unknown'
  readonly question: string
  /** The query that was run; undefined where the answer is not known. */
  readonly query: string | undefined
  /** Where the answer is not known: the query that was not sure enough to be run, if there was one. `correct(run, guess)` confirms it. */
  readonly guess?: string
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

type Found = Pick<DataAnswer, 'kind' | 'query' | 'guess' | 'columns' | 'rows' | 'truncated' | 'confidence' | 'cases' | 'reason'>

const unknown = (reason: string, confidence = 0): Found => ({ kind: 'unknown', query: undefined, columns: [], rows: [], truncated: false, confidence, cases: [], reason })

/** What was learned is kept after this many milliseconds of learning, and after this many times of what keeping it took the last time. */
const leastLearningMs = 200
const learningPerKeeping = 10

const lessonKinds = ['run.recorded', 'feedback.received', 'feedback.retracted'] as const

/**
 * Answers questions about a database, starts knowing nothing, and gets better with every correction.
 *
 * What it knows comes from the experience log and nothing else: every question is advised, recorded and rated through the public verbs, and before each answer
 * it takes in what is new in the log, whoever wrote it. Another process on the same file therefore continues where this one is. What its reasoner has
 * learned is kept in the file now and then, and when `autodidact` closes, so that opening need not learn everything again.
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
 * const { receipt } = await assistant.correct(third.run, 'SELECT name FROM city')
 * await assistant.takeBack(third.run, receipt.feedback) // that was a mistake
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
  #verdicts = new Verdicts()
  /** What the reasoner has learned. */
  #progress = noProgress
  /** False when a lesson got lost because the reasoner failed: its state is then no one else's. */
  #complete = true
  #sequence = 0
  #epoch = 0
  #catchingUp: Promise<void> = Promise.resolve()
  /** Milliseconds of learning since the reasoner's state was kept, and what keeping it took. */
  #learningMs = 0
  #keepingMs = 0

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
    // An assistant that nobody uses any more should not stay in memory for this.
    const weak = new WeakRef(assistant)
    if (assistant.#autodidact.learning) {
      assistant.#autodidact.beforeClose(assistant.#keptName, async () => {
        const used = weak.deref()
        if (used !== undefined) await used.#keepAtClose()
      })
    }
    return assistant
  }

  /**
   * Answers a question, or says that the answer is not known, and records it.
   *
   * @throws AutodidactError `INVALID_INPUT` for a question that is empty or too long, what the log throws, and what the database throws when it cannot be read
   * (`BUSY`, `CLOSED`, `CORRUPT`, …): the run is then recorded as failed, and no "I don't know"
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
        if (found.guess !== undefined) notes.step({ action: withheldAction, output: { query: found.guess } })
        return found.query === undefined ? undefined : { query: found.query }
      },
    )
    return { ...found, question, run, durationMs: performance.now() - started, warnings }
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
   * Takes back a rating or a correction, as if it had never been given.
   *
   * @param feedback its id, as in the receipt
   * @throws AutodidactError what `feedback` throws
   */
  async takeBack(run: string, feedback: string): Promise<FeedbackReceipt> {
    return this.#told(run, { retract: feedback })
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
    return this.#verdicts.size
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
    if (this.#verdicts.isUnanswerable(question)) return unknown('the data hold no answer: that was right before')
    const proposal = await this.#reasoner.answer(question, advice)
    if (proposal === undefined) return unknown('no question like this has been answered yet')
    const { query, confidence, answered, cases, reason } = proposal
    if (this.#verdicts.isRejected(question, query)) return unknown('the answer it would give was rated wrong before', confidence)
    if (!answered) return { ...unknown(`not sure enough: ${reason}`, confidence), guess: query }
    try {
      // Columns without a name are called by the text of the query.
      const { columns, rows, truncated } = await database.query(readableQuery(query), { ...limits, truncate: true })
      return { kind: 'answer', query, columns, rows, truncated, confidence, cases, reason }
    } catch (error) {
      // A database that is locked or closed is nothing that a better query would help with.
      if (!AutodidactError.is(error) || !isAboutQuery(error)) throw error
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
    const rewritten = head.epoch !== this.#epoch
    if (rewritten) {
      this.#lessons = new Lessons(this.#agent)
      this.#sequence = 0
      this.#epoch = head.epoch
    } else if (head.sequence <= this.#sequence) return
    for await (const fact of this.#autodidact.export({ kinds: lessonKinds, after: this.#sequence })) {
      this.#lessons.add(fact)
      this.#sequence = fact.sequence
    }
    this.#sequence = Math.max(this.#sequence, head.sequence)
    const { anew, lessons } = this.#lessons.take()
    const whole = rewritten || anew || this.#progress.lessons === 0
    const learned = whole ? await this.#resume(lessons) : 0
    const started = performance.now()
    for (const [at, lesson] of lessons.entries()) {
      // What the reasoner knows already still tells what was said about its very question.
      const isNew = this.#verdicts.learn(lesson)
      if (at < learned) continue
      if (isNew) await this.#learn(lesson)
      this.#progress = advanced(this.#progress, lesson)
      this.#settings.onLesson?.(at + 1 - learned, lessons.length - learned)
    }
    if (lessons.length > learned) this.#learningMs += performance.now() - started
    if (this.#learningMs >= Math.max(leastLearningMs, this.#keepingMs * learningPerKeeping)) await this.#keep()
  }

  /**
   * Makes a reasoner that has learned no other lessons than these, the first of them, and tells how many. After an erasure or a correction taken
   * back, what was learned from it must not answer once more: a state counts only if the digest of its lessons says that they are these.
   */
  async #resume(lessons: readonly Lesson[]): Promise<number> {
    this.#verdicts = new Verdicts()
    if (this.#progress.lessons > 0 && hasBegun(this.#progress, lessons)) return this.#progress.lessons
    if (this.#progress.lessons > 0) this.#reasoner = await createReasoner(this.#settings)
    this.#complete = true
    const saved = lessons.length === 0 ? undefined : await this.#kept()
    const restored = saved !== undefined && hasBegun(saved.progress, lessons) && (await this.#reasoner.restore?.(saved.state)) === true
    this.#progress = restored ? saved.progress : noProgress
    return this.#progress.lessons
  }

  async #kept(): Promise<SavedProgress | undefined> {
    if (this.#reasoner.restore === undefined) return undefined
    const state = await this.#autodidact.kept(this.#keptName)
    return state === undefined ? undefined : savedIn(state.bytes)
  }

  /** Keeps what the reasoner has learned, so that the next assistant on this log need not learn it again. */
  async #keep(): Promise<void> {
    const save = this.#reasoner.save?.bind(this.#reasoner)
    if (save === undefined || !this.#complete) return
    const started = performance.now()
    try {
      const isKept = await this.#autodidact.keep(this.#keptName, async () => ({
        sequence: this.#sequence, epoch: this.#epoch, bytes: bytesOf({ progress: this.#progress, state: await save() }),
      }))
      if (!isKept) return
    } catch (error) {
      // The log has all of it: a full disk or a busy file must not stop the answer.
      if (!AutodidactError.is(error)) throw error
    }
    this.#learningMs = 0
    this.#keepingMs = performance.now() - started
  }

  #keepAtClose(): Promise<void> {
    return this.#catchingUp.then(() => (this.#learningMs > 0 ? this.#keep() : undefined))
  }

  get #keptName(): string {
    // A digest, since a name may be as long as names may be at all.
    return `data-assistant/${textDigest(this.#agent)}`
  }

  async #learn({ run, question, query, right, withheld }: Lesson): Promise<void> {
    try {
      if (query === undefined) {
        // "I don't know" was right, so the guess behind it was wrong: that teaches when to keep silent.
        if (right && withheld !== undefined) await this.#reasoner.reject?.(question, withheld)
      } else if (right) await this.#reasoner.add?.({ id: run, question, query })
      else await this.#reasoner.reject?.(question, query)
    } catch (error) {
      // A correction may come from anywhere, and may be no query at all: it must not silence the assistant for good.
      if (!AutodidactError.is(error) || !isAboutQuery(error)) this.#complete = false
      if (!AutodidactError.is(error)) throw error
    }
  }
}

const createReasoner = async ({ database, createReasoner: create = reasonFromCases }: DataAssistantSettings): Promise<Reasoner> => {
  const reasoner = await create(database)
  expectObject(reasoner, 'DataAssistant.open: what createReasoner gives', ['answer'])
  return reasoner
}

const expectSettings = (settings: DataAssistantSettings): void => {
  expectObject(settings, 'DataAssistant.open: settings')
  const { agent, autodidact, database, createReasoner: create, limits, onLesson } = settings
  if (agent !== undefined) validated(name, agent, 'DataAssistant.open: agent')
  expectObject(autodidact, 'DataAssistant.open: autodidact', ['run', 'feedback', 'head', 'export', 'in', 'keep', 'kept', 'beforeClose'])
  expectObject(database, 'DataAssistant.open: database', ['query'])
  if (create !== undefined) expectFunction(create, 'DataAssistant.open: createReasoner')
  if (limits !== undefined) expectObject(limits, 'DataAssistant.open: limits')
  if (onLesson !== undefined) expectFunction(onLesson, 'DataAssistant.open: onLesson')
}

import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject, expectText } from '../../expect.ts'
import { Analogies } from './templates/analogy.ts'
import { Associations } from './ranking/associations.ts'
import { evidenceOf, numbersOf, priorEvidence, type Scored, type Tried, votes } from './answers/candidate.ts'
import { type Case, CaseMemory, type Known, type Learned, type Nearness, nearestOf, type Question, spansFor } from './cases.ts'
import { priorSigns, signsOf } from './answers/certainty.ts'
import { Confidence } from './ranking/confidence.ts'
import type { QueryRunner } from './database/database.ts'
import { isEmpty } from './answers/judge.ts'
import { LogLinear } from './ranking/log-linear.ts'
import type { Proposal } from './proposal.ts'
import { Recent } from './recent.ts'
import { Results } from './answers/results.ts'
import { type Features, Ranker } from './ranking/ranker.ts'
import { packed, type SavedReasoner, unpacked } from './saved.ts'
import { differenceOf, priorLook, secondLook, unmetBy } from './answers/second-look.ts'
import { parseQuery } from './database/sql.ts'
import { fill, templateOf } from './templates/template.ts'
import { Largest, largestOf } from './ranking/worths.ts'
import { foldedKey, type Span, ValueIndex } from './templates/values.ts'

/** Settings of {@link CaseReasoner}. */
export interface CaseReasonerOptions {
  /** Wanted share of right answers among those given, in (0, 1); default 0.8. A higher one answers less often. */
  readonly precision?: number
}

/** Best templates that analogies start from, and analogies of each kind made from each of them. */
const basesOfAnalogy = 8
const analogiesPerBase = 12

/** Variants that were weighed lately, about 1 kB each. */
const maximumVariants = 12_000

/** Candidates whose queries are run before answering, and those compared with the right rows when learning. */
const candidatesRun = 10
const candidatesCompared = 8

/** Earlier cases gone over again with each new one, and how many of those with analogies. */
const rehearsals = 8
const rehearsalsWithAnalogies = 2

/** Candidates, best first, and what each fragment was worth in weighing them. */
interface Ranking {
  readonly candidates: Scored[]
  readonly scores: Float64Array
}

interface Guess {
  readonly chosen: Tried
  readonly signs: readonly number[]
  /** What could have been chosen, with its features. */
  readonly tried: readonly Tried[]
  readonly looks: readonly Features[]
}

/**
 * Answers questions by case-based reasoning, without a language model. Known queries become templates whose values are slots; a new question
 * chooses among the templates seen and their analogies by a ranking that is learned from every case; the best few are run, and candidates with the same rows
 * vote together. Nothing depends on how tables and columns are called, and the state is a function of the sequence of calls (which must be awaited
 * one by one), so that it can be rebuilt from a log.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { CaseReasoner, ReadOnlyDatabase } from 'autodidact/agents'
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'reasoner-')), 'some.db')
 * const writer = new DatabaseSync(path)
 * writer.exec("CREATE TABLE t (name TEXT, size INT); INSERT INTO t VALUES ('ash', 9), ('oak', 7)")
 * writer.close()
 *
 * const database = await ReadOnlyDatabase.open(path)
 * const reasoner = await CaseReasoner.create(database)
 * await reasoner.add({ id: 'c1', question: 'how big is ash', query: "SELECT size FROM t WHERE name = 'ash'" })
 * const proposal = await reasoner.answer('how big is oak')
 * console.assert(proposal?.query.endsWith("name = 'oak'"))
 *
 * const other = await CaseReasoner.create(database)
 * console.assert(other.restore(reasoner.save()) && (await other.answer('how big is oak'))?.query === proposal?.query)
 *
 * await reasoner.reject('how big is oak', "SELECT size FROM t WHERE name = 'oak'")
 * console.assert((await reasoner.answer('how big is oak'))?.query !== proposal?.query)
 * reasoner.remove('c1')
 * console.assert((await reasoner.answer('how big is ash')) === undefined)
 * await database.close()
 * ```
 */
export class CaseReasoner {
  readonly #database: QueryRunner
  readonly #results: Results
  readonly #values: ValueIndex
  readonly #associations = new Associations()
  readonly #memory: CaseMemory
  #ranker = new Ranker(numbersOf(priorEvidence))
  #chooser = new LogLinear(priorLook)
  readonly #analogies: Analogies
  readonly #variants = new Recent<string, Known>(maximumVariants)
  readonly #precision: number
  #confidence: Confidence
  readonly #rejected = new Map<string, Set<string>>()
  readonly #order: Learned[] = []
  #cursor = 0
  #last: { readonly question: string; readonly guess: Guess | undefined } | undefined

  /** Of the database, when its values were read. */
  #version: string | undefined

  private constructor(database: QueryRunner, version: string | undefined, values: ValueIndex, precision: number) {
    this.#database = database
    this.#version = version
    this.#results = new Results(database)
    this.#values = values
    this.#memory = new CaseMemory(values, this.#associations)
    this.#precision = precision
    this.#confidence = new Confidence(priorSigns, precision)
    this.#analogies = new Analogies((table, column) => {
      const id = database.schema.columnId(table, column)
      return id === undefined ? undefined : values.groupOf(id)
    })
  }

  /** A reasoner that knows the values of a database and no case yet. */
  static async create(database: QueryRunner, settings: CaseReasonerOptions = {}): Promise<CaseReasoner> {
    expectObject(database, 'CaseReasoner.create: database', ['query'])
    expectObject(settings, 'CaseReasoner.create: settings')
    const { precision = 0.8 } = settings
    expectNumber(precision, 'CaseReasoner.create: precision', 0, 1)
    if (precision === 0 || precision === 1) throw new AutodidactError('INVALID_INPUT', `precision must lie between 0 and 1, not ${precision}. Pass 0.8, say.`)
    // Asked for before the values are read: what is written meanwhile is then read once more, and not missed.
    const version = await database.version?.()
    return new CaseReasoner(database, version, await ValueIndex.read(database), precision)
  }

  /** The best query for a question, or nothing if there is no idea at all. */
  async answer(question: string): Promise<Proposal | undefined> {
    expectText(question, 'CaseReasoner.answer: question')
    await this.#lookAround(question)
    const exact = this.#memory.sameQuestion(question)
    if (exact !== undefined && !this.#isRejected(question, exact.case.query)) {
      return { question, query: exact.case.query, confidence: 0.99, answered: true, cases: [exact.case.id], slots: [], reason: 'This question was answered before.' }
    }
    const guess = await this.#guess(question)
    if (guess === undefined) return undefined
    const { candidate: best, query } = guess.chosen
    const confidence = this.#confidence.of(guess.signs)
    const like = best.nearest === undefined ? '' : `; the nearest known question is "${best.nearest.case.question}"`
    return {
      question, query, confidence, answered: confidence >= this.#confidence.threshold,
      cases: best.nearest === undefined ? [] : [best.nearest.case.id], slots: best.spans.map((span) => span.text), reason: reasons[best.known.kind] + like,
    }
  }

  /**
   * Learns a verified pair: a correction, or an answer that was confirmed.
   *
   * @throws AutodidactError `INVALID_INPUT` if the query cannot be run
   */
  async add(entry: Case): Promise<void> {
    expectObject(entry, 'CaseReasoner.add: case')
    expectText(entry.id, 'CaseReasoner.add: id')
    expectText(entry.question, 'CaseReasoner.add: question')
    expectText(entry.query, 'CaseReasoner.add: query')
    await this.#lookAround(entry.question)
    const expected = await this.#results.of(entry.query)
    if (expected === undefined) throw new AutodidactError('INVALID_INPUT', `The query of case "${entry.id}" cannot be run here. Correct it: ${entry.query.slice(0, 200)}`)
    this.remove(entry.id)
    // What would have been answered is held against what is right, also if it was withheld: this is where confidence comes from.
    if (this.#memory.sameQuestion(entry.question) === undefined) {
      const guess = await this.#guess(entry.question)
      if (guess !== undefined) {
        this.#confidence.learn(guess.signs, guess.chosen.key === expected)
        this.#chooser.learn(guess.looks, guess.tried.map(({ key }) => key === expected))
      }
    }
    this.#last = undefined
    this.#rejected.get(foldedKey(entry.question))?.delete(entry.query)
    const { schema } = this.#database
    const tokens = parseQuery(entry.query, schema)
    for (const token of tokens) {
      if (token.kind !== 'literal' || token.text === token.value || token.table === undefined || token.column === undefined) continue
      const column = schema.columnId(token.table, token.column)
      if (column !== undefined) this.#values.add(token.value ?? '', column)
    }
    const question = this.#memory.analyse(entry.question)
    const { template, order } = templateOf(tokens, question.spans, schema, this.#values)
    const { learned, isNew } = this.#memory.store(entry, question, template, order)
    if (isNew) this.#analogies.learn(template)
    const ranking = this.#candidates(question, learned, true)
    await this.#findAlternatives(learned, ranking.candidates, expected)
    this.#train(learned, ranking)
    const earlier = this.#order.length
    this.#order.push(learned)
    for (let count = 0; count < Math.min(rehearsals, earlier); count += 1) {
      this.#cursor = (this.#cursor + 1) % this.#order.length
      const rehearsed = this.#order[this.#cursor]
      if (rehearsed !== undefined) this.#train(rehearsed, this.#candidates(rehearsed.question, rehearsed, count < rehearsalsWithAnalogies))
    }
  }

  /** Forgets a case. Weights keep what they learned from it; to erase it altogether, build a new reasoner from the other cases. */
  remove(id: string): void {
    const learned = this.#memory.get(id)
    if (learned === undefined) return
    this.#last = undefined
    this.#memory.remove(learned)
    this.#order.splice(this.#order.indexOf(learned), 1)
    this.#cursor = 0
  }

  /** Learns that a query does not answer a question; it will not be proposed for that question again, and a little less for questions like it. */
  async reject(question: string, query: string): Promise<void> {
    expectText(question, 'CaseReasoner.reject: question')
    expectText(query, 'CaseReasoner.reject: query')
    await this.#lookAround(question)
    const guess = await this.#guess(question)
    const key = await this.#results.of(query)
    if (guess !== undefined && key !== undefined) {
      if (guess.chosen.key === key) this.#confidence.learn(guess.signs, false)
      // Questions like this one are less likely to get such an answer, too.
      const wrong = guess.tried.map((tried) => tried.key === key)
      this.#chooser.learnWrong(guess.looks, wrong)
      const candidates = guess.tried.map(({ candidate }) => candidate)
      const asked = this.#memory.analyse(question)
      this.#memory.teach(asked)
      this.#ranker.learn(asked.features, candidates, candidates.map(({ score }) => score), wrong.map((one) => !one), false)
    }
    const folded = foldedKey(question)
    const rejected = this.#rejected.get(folded) ?? new Set()
    this.#rejected.set(folded, rejected.add(query))
    this.#last = undefined
  }

  /** What it has learned, for {@link restore}: about 8 bytes for each thing that a word and a part of a query have to do with each other. */
  save(): Uint8Array {
    const analogies = this.#analogies.save()
    const state: SavedReasoner = {
      cases: this.#memory.save(analogies.templates), analogies, confidence: this.#confidence.save(), ranker: this.#ranker.save(), chooser: this.#chooser.save(),
      associations: this.#associations.save(),
      rejected: Array.from(this.#rejected, ([question, queries]) => [question, [...queries]] as const), cursor: this.#cursor, laterValues: this.#values.later,
    }
    return packed(state, this.#circumstances)
  }

  /**
   * Continues where another one was saved; to be called before anything is learned. What that one learned from the values that the database had then
   * stays learned. False, and nothing happens, if the bytes are damaged, or come from another version, schema or wanted precision.
   */
  restore(bytes: Uint8Array): boolean {
    const saved = unpacked(bytes, this.#circumstances)
    if (saved === undefined || this.#memory.size + this.#rejected.size > 0) return false
    for (const { value, column } of saved.laterValues) this.#values.add(value, column)
    this.#analogies.restore(saved.analogies)
    this.#associations.restore(saved.associations)
    this.#order.push(...this.#memory.restore(saved.cases, saved.analogies.templates))
    this.#ranker = Ranker.from(saved.ranker)
    this.#chooser = LogLinear.from(priorLook, saved.chooser)
    this.#confidence = new Confidence(priorSigns, this.#precision, saved.confidence)
    for (const [question, queries] of saved.rejected) this.#rejected.set(question, new Set(queries))
    this.#cursor = saved.cursor
    return true
  }

  /** Takes in what has changed in the database, and finds the values that a question may name. */
  async #lookAround(question: string): Promise<void> {
    const version = await this.#database.version?.()
    if (version !== this.#version) {
      await this.#values.refresh(this.#database)
      this.#results.clear()
      this.#last = undefined
      this.#version = version
    }
    await this.#values.lookFor(question, this.#database)
  }

  /** What was learned speaks of columns and their groups by number. */
  get #circumstances(): unknown {
    return { columns: this.#database.schema.columns, groups: this.#values.groups, precision: this.#precision }
  }

  #isRejected(question: string, query: string): boolean {
    return this.#rejected.get(foldedKey(question))?.has(query) ?? false
  }

  async #guess(question: string): Promise<Guess | undefined> {
    if (this.#last?.question === question) return this.#last.guess
    const guess = await this.#guessNow(question)
    this.#last = { question, guess }
    return guess
  }

  async #guessNow(text: string): Promise<Guess | undefined> {
    const question = this.#memory.analyse(text)
    const rejected = new Set<string>()
    for (const query of this.#rejected.get(foldedKey(text)) ?? []) {
      const key = await this.#results.of(query)
      if (key !== undefined) rejected.add(key)
    }
    const tried: Tried[] = []
    for (const candidate of this.#candidates(question, undefined, true).candidates.slice(0, candidatesRun)) {
      const query = fill(candidate.known.template, candidate.spans, this.#values)
      const key = await this.#results.of(query)
      if (key !== undefined && !rejected.has(key)) tried.push({ candidate, evidence: evidenceOf(candidate.evidence), query, key })
    }
    const rarity = (word: number): number => this.#memory.rarity(word)
    const looks = secondLook(tried, tried.map(({ candidate }) => differenceOf(question, candidate.nearest?.question, rarity)))
    const scores = looks.map((features) => this.#chooser.score(features))
    const [top, second] = votes(tried, scores)
    if (top === undefined) return undefined
    const strange = question.words.filter((word) => this.#memory.isStrange(word)).length / Math.max(1, question.words.length)
    const { known, nearest } = top.best.candidate
    const difference = differenceOf(question, nearest?.question, rarity)
    // A variant has no cases of its own: those of the template that it was made from must do.
    const alike = known.cases.length > 0 ? known.cases : (nearest?.known.cases ?? [])
    const unmet = unmetBy(question, alike.map((learned) => learned.question), rarity)
    const signs = signsOf({ tried, chosen: top.best, mass: top.mass, secondMass: second?.mass ?? 0, difference, strange, unmet, cases: this.#memory.size })
    return { chosen: top.best, signs, tried, looks }
  }

  /** All candidates, best first, as if the case `except` had not been learned. */
  #candidates(question: Question, except: Learned | undefined, analogies: boolean): Ranking {
    const similarity = this.#memory.similarities(question, except)
    const scores = this.#ranker.fragmentScores(question.features, this.#memory.fragmentCount)
    const expectation = this.#associations.expect(question.words, except === undefined ? undefined : { words: question.words, fragments: except.known.parts })
    const spanKeys = new Set(question.spans.map((span) => span.key))
    const outer = question.spans.filter((span) => !span.inner).length
    const candidates: Scored[] = []
    const weigh = (known: Known, spans: readonly Span[], nearness: Nearness, count: number, support = 1): Scored => {
      const { fragments, parts } = known
      // In the order of the evidence, without its names: this is done thousands of times for every question.
      const evidence = [
        nearness.best, nearness.second, Math.log(1 + count), Math.max(0, outer - known.template.slots.length), absent(known.constants, spanKeys),
        Number(known.kind === 'exchange'), Number(known.kind === 'nesting'), Math.log(1 + support), expectation.lacking(parts), expectation.unexplained(parts),
      ]
      const fromFragments = this.#ranker.fromFragments(known, scores)
      return { known, fragments, evidence, spans, nearest: nearness.case, score: fromFragments + this.#ranker.fromEvidence({ evidence }), fromFragments }
    }
    const only = (known: Known | undefined): boolean => known !== undefined && known.cases.length === 1 && known.cases[0] === except
    const bases = new Largest<Known, Nearness>(analogies ? basesOfAnalogy : 0)
    for (const known of this.#memory.templates()) {
      if (only(known)) continue
      const spans = spansFor(known, question)
      // What cannot be filled is no candidate, but analogies may start from it.
      if (spans === undefined && !analogies) continue
      const nearness = nearestOf(known.cases, similarity)
      const candidate = weigh(known, spans ?? [], nearness, known.cases.length - Number(except?.known === known))
      bases.offer(candidate.score, known, nearness)
      if (spans !== undefined) candidates.push(candidate)
    }
    if (analogies) {
      const worth = (word: string): number => scores[this.#memory.fragmentId(word) ?? -1] ?? 0
      const seen = new Set<string>()
      for (const { item: base, place: nearness } of bases.items) {
        for (const { id, template, kind, support } of this.#analogies.variants(base.template, worth, analogiesPerBase)) {
          const known = this.#memory.knownTemplate(template.key)
          if (seen.has(template.key) || (known !== undefined && !only(known))) continue
          seen.add(template.key)
          let variant = this.#variants.get(id)
          if (variant === undefined) {
            variant = this.#memory.describe(template, kind, { order: template.slots.map((_, slot) => slot), sizes: [] })
            this.#variants.set(id, variant)
          }
          const spans = spansFor(variant, question)
          if (spans !== undefined) candidates.push(weigh(variant, spans, nearness, 0, support))
        }
      }
    }
    return { candidates: candidates.toSorted((a, b) => b.score - a.score), scores }
  }

  /** Learns a case from the candidates there are without it. */
  #train(learned: Learned, { candidates, scores }: Ranking): void {
    const { question, known } = learned
    const right = candidates.map(({ known: other }) => other.template.key === known.template.key || learned.alternatives.has(wholeOf(other)))
    const reachable = right.includes(true)
    if (!reachable) {
      // Known from this case alone and out of reach of analogy: teach what its fragments are worth, as if its case were as near as the nearest other.
      const nearest = largestOf(candidates, ({ evidence: [nearness = 0] }) => nearness)
      const evidence = nearest?.evidence ?? numbersOf(priorEvidence)
      const candidate: Scored = { known, fragments: known.fragments, evidence, spans: [], nearest: undefined, score: 0, fromFragments: 0 }
      candidate.score = this.#ranker.score(candidate, scores)
      candidates.push(candidate)
      right.push(true)
    }
    this.#ranker.learn(question.features, candidates, candidates.map((candidate) => candidate.score), right, reachable)
  }

  /** Other templates that give the right rows are as right as the one that was taught. */
  async #findAlternatives(learned: Learned, candidates: readonly Scored[], expected: string): Promise<void> {
    if (isEmpty(expected)) return
    for (const candidate of candidates.slice(0, candidatesCompared)) {
      const key = await this.#results.of(fill(candidate.known.template, candidate.spans, this.#values))
      if (key === expected) learned.alternatives.add(wholeOf(candidate.known))
    }
  }
}

/** The fragment that stands for the whole template. */
const wholeOf = ({ fragments: [whole = -1] }: Known): number => whole

const absent = (constants: readonly string[], named: ReadonlySet<string>): number => {
  let count = 0
  for (const key of constants) if (!named.has(key)) count += 1
  return count
}

const reasons: Record<Known['kind'], string> = {
  seen: 'The query of a known case with the values of this question',
  exchange: 'A known query with one part exchanged, as it was in others',
  nesting: 'A known query with another one in the place of a value',
}

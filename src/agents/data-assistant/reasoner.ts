import type { QueryRunner } from './database.ts'
import { AutodidactError } from '../../errors.ts'
import { resultKey, sameAnswer } from './judge.ts'
import { type Candidate, type Features, Ranker, softmax } from './ranker.ts'
import { parseQuery } from './sql.ts'
import { fill, fillings, fragmentsOf, type Template, templateOf } from './template.ts'
import { foldedKey, type Part, type Span, ValueIndex } from './values.ts'

/** A verified question and the query that answers it. */
export interface Case {
  readonly id: string
  readonly question: string
  readonly query: string
  readonly usefulness?: number
}

export interface Proposal {
  readonly question: string
  readonly query: string
  readonly confidence: number
  readonly cases: readonly string[]
  readonly slots: readonly { readonly text: string }[]
  readonly reason: string
}

interface Known {
  readonly template: Template
  readonly fragments: Int32Array
  readonly cases: Learned[]
  /** How often each order of spans was seen, as ranks. */
  preferred: number[]
}

interface Learned {
  readonly case: Case
  readonly analysis: Analysis
  readonly known: Known
}

interface Analysis {
  readonly question: string
  readonly parts: readonly Part[]
  readonly spans: readonly Span[]
  readonly features: Features
  /** Feature ids for similarity, each once. */
  readonly terms: readonly number[]
}

interface Scored extends Candidate {
  readonly known: Known
  readonly spans: readonly Span[]
  readonly nearest: Learned | undefined
  score: number
}

const initialEvidence = [Number(process.env['W_SIM'] ?? 8), 2, 0.3, -1.5]

export class CaseReasoner {
  readonly #database: QueryRunner
  readonly #values: ValueIndex
  readonly #ids = new Map<string, number>()
  readonly #known = new Map<string, Known>()
  readonly #learned = new Map<string, Learned>()
  readonly #byQuestion = new Map<string, Learned>()
  readonly #postings = new Map<number, Learned[]>()
  readonly #ranker = new Ranker(initialEvidence)
  #replay: Learned[] = []
  #cursor = 0

  private constructor(database: QueryRunner, values: ValueIndex) {
    this.#database = database
    this.#values = values
  }

  static async create(database: QueryRunner): Promise<CaseReasoner> {
    return new CaseReasoner(database, await ValueIndex.read(database))
  }

  #id(text: string): number {
    let id = this.#ids.get(text)
    if (id === undefined) this.#ids.set(text, (id = this.#ids.size))
    return id
  }

  #analyse(question: string): Analysis {
    const parts = this.#values.parts(question)
    const spans = parts.flatMap((part) => ('span' in part ? [part.span] : []))
    const marks = parts.map((part): string[] => {
      if ('stem' in part) return [part.stem]
      if (part.span.kind === 'number') return ['#number']
      return part.span.groups.length === 0 ? ['#text'] : part.span.groups.map((group) => `#${group}`)
    })
    const unigrams = new Set<string>()
    const bigrams = new Set<string>()
    marks.forEach((options, at) => {
      for (const mark of options) {
        unigrams.add(mark)
        for (const next of marks[at + 1] ?? ['$']) bigrams.add(`${mark} ${next}`)
        if (at === 0) bigrams.add(`^ ${mark}`)
      }
    })
    for (const span of spans) unigrams.add(`=${span.key}`)
    const terms = [...unigrams, ...bigrams].map((term) => this.#id(`q ${term}`))
    const value = 1 / Math.sqrt(terms.length)
    return { question, parts, spans, features: [...terms, this.#id('q always')].map((id) => [id, value] as const), terms }
  }

  /** Similarity to each case: cosine over terms weighted by rarity. */
  #similarities(analysis: Analysis, except?: Learned): Map<Learned, number> {
    const total = this.#learned.size
    const dot = new Map<Learned, number>()
    let own = 0
    for (const term of analysis.terms) {
      const holders = this.#postings.get(term)
      const weight = idf(total, holders?.length ?? 0)
      own += weight * weight
      for (const learned of holders ?? []) if (learned !== except) dot.set(learned, (dot.get(learned) ?? 0) + weight * weight)
    }
    for (const [learned, product] of dot) {
      let norm = 0
      for (const term of learned.analysis.terms) norm += idf(total, this.#postings.get(term)?.length ?? 0) ** 2
      dot.set(learned, product / Math.sqrt(norm * own))
    }
    return dot
  }

  #candidates(analysis: Analysis, except?: Learned): Scored[] {
    const similarity = this.#similarities(analysis, except)
    const fragmentScores = this.#ranker.fragmentScores(analysis.features, this.#ids.size)
    const candidates: Scored[] = []
    for (const known of this.#known.values()) {
      let best = 0
      let second = 0
      let nearest: Learned | undefined
      for (const learned of known.cases) {
        const value = similarity.get(learned) ?? 0
        if (value > best) { second = best; best = value; nearest = learned } else if (value > second) second = value
      }
      const preferred = known.preferred
      const [places] = fillings(known.template.slots, analysis.spans, preferred, 1)
      if (places === undefined) continue
      const spans = places.map((place) => analysis.spans[place] as Span)
      const count = known.cases.length - (except?.known === known ? 1 : 0)
      const evidence = [best, second, Math.log(1 + count), analysis.spans.length - spans.length]
      const candidate: Scored = { known, fragments: known.fragments, evidence, spans, nearest, score: 0 }
      candidate.score = this.#ranker.score(candidate, fragmentScores)
      candidates.push(candidate)
    }
    return candidates
  }

  async answer(question: string): Promise<Proposal | undefined> {
    const exact = this.#byQuestion.get(foldedKey(question))
    if (exact !== undefined) return { question, query: exact.case.query, confidence: 0.99, cases: [exact.case.id], slots: [], reason: 'asked before' }
    const analysis = this.#analyse(question)
    const candidates = this.#candidates(analysis).toSorted((a, b) => b.score - a.score)
    const p = softmax(candidates.map((candidate) => candidate.score))
    const groups = new Map<string, { mass: number; query: string; best: Scored }>()
    for (const [at, candidate] of candidates.slice(0, 6).entries()) {
      if ((p[at] ?? 0) < 0.01) break
      const query = fill(candidate.known.template, candidate.spans, this.#values)
      const key = await this.#resultOf(query)
      if (key === undefined) continue
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { mass: p[at] ?? 0, query, best: candidate })
      else group.mass += p[at] ?? 0
    }
    const [top] = [...groups.values()].toSorted((a, b) => b.mass - a.mass)
    if (top === undefined) return undefined
    return { question, query: top.query, confidence: top.mass, cases: top.best.nearest === undefined ? [] : [top.best.nearest.case.id], slots: top.best.spans, reason: '' }
  }

  async #resultOf(query: string): Promise<string | undefined> {
    try {
      const { rows } = await this.#database.query(query, { maximumRows: 1000, truncate: true, maximumMs: 1000 })
      return resultKey(rows)
    } catch (error) {
      if (AutodidactError.is(error)) return undefined
      throw error
    }
  }

  async add(entry: Case): Promise<void> {
    const tokens = parseQuery(entry.query, this.#database.schema)
    for (const token of tokens) {
      if (token.kind !== 'literal' || token.text === token.value || token.table === undefined || token.column === undefined) continue
      const column = this.#database.schema.columnId(token.table, token.column)
      if (column !== undefined) this.#values.add(token.value ?? '', column)
    }
    const analysis = this.#analyse(entry.question)
    const { template, order } = templateOf(tokens, analysis.spans, this.#database.schema, this.#values)
    let known = this.#known.get(template.key)
    if (known === undefined) {
      const fragments = Int32Array.from(fragmentsOf(template), (fragment) => this.#id(`f ${fragment}`))
      this.#known.set(template.key, (known = { template, fragments, cases: [], preferred: order }))
    }
    const learned: Learned = { case: entry, analysis, known }
    known.cases.push(learned)
    known.preferred = order
    this.#learned.set(entry.id, learned)
    this.#byQuestion.set(foldedKey(entry.question), learned)
    for (const term of analysis.terms) {
      const holders = this.#postings.get(term)
      if (holders === undefined) this.#postings.set(term, [learned])
      else holders.push(learned)
    }
    this.#train(learned)
    this.#replay.push(learned)
    const replays = Number(process.env['REPLAY'] ?? 8)
    for (let count = 0; count < Math.min(replays, this.#replay.length - 1); count += 1) {
      this.#cursor = (this.#cursor + 1) % this.#replay.length
      this.#train(this.#replay[this.#cursor] as Learned)
    }
  }

  #train(learned: Learned): void {
    const candidates = this.#candidates(learned.analysis, learned)
    const single = learned.known.cases.length === 1
    if (single) {
      const best = Math.max(...candidates.map((candidate) => candidate.evidence[0] ?? 0))
      for (const candidate of candidates) {
        if (candidate.known !== learned.known) continue
        const evidence = candidate.evidence as number[]
        candidate.score += ((this.#ranker.evidence[0] ?? 0)) * (best - (evidence[0] ?? 0))
        evidence[0] = best
      }
    }
    this.#ranker.learn(learned.analysis.features, candidates, candidates.map((candidate) => candidate.score), candidates.map((candidate) => candidate.known === learned.known), !single)
  }

  get evidence(): readonly number[] {
    return this.#ranker.evidence
  }
}

const idf = (total: number, holders: number): number => Math.log(1 + (total + 1) / (holders + 0.5))
void sameAnswer

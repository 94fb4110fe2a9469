import { Analogies } from './analogy.ts'
import { Associations, lacking, unexplained } from './associations.ts'
import { Confidence } from './confidence.ts'
import type { QueryRunner } from './database.ts'
import { AutodidactError } from '../../errors.ts'
import { resultKey } from './judge.ts'
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
  /** 0 a known template, 1 an exchange, 2 a nesting. */
  readonly kind: 0 | 1 | 2
  readonly support: number
  readonly parts: Int32Array
  readonly has: ReadonlySet<number>
  readonly constants: readonly string[]
  /** How often each order of spans was seen, as ranks. */
  preferred: number[]
}

interface Learned {
  readonly case: Case
  readonly analysis: Analysis
  readonly known: Known
  /** Keys of other templates that gave the same rows. */
  readonly alternatives: Set<string>
}

interface Analysis {
  readonly question: string
  readonly parts: readonly Part[]
  readonly spans: readonly Span[]
  readonly features: Features
  /** Feature ids for similarity, each once. */
  readonly terms: readonly number[]
  readonly words: readonly number[]
}

interface Guess {
  readonly query: string
  /** Of its result. */
  readonly key: string
  readonly best: Scored
  readonly signs: readonly number[]
}

interface Scored extends Candidate {
  readonly known: Known
  readonly spans: readonly Span[]
  readonly nearest: Learned | undefined
  score: number
  fromFragments: number
}

const initialEvidence = [Number(process.env['W_SIM'] ?? 8), 2, 0.3, -1.5, -1, Number(process.env['W_EX'] ?? -3), Number(process.env['W_NEST'] ?? -2), 0.2, Number(process.env['W_LACK'] ?? -1), Number(process.env['W_UNEX'] ?? -3)]

const priorSigns = [0.5, 0.5, 0.5, 0, 1, 0.5, 2, 0, 0.3, -1, -1, -1, -1, -0.5, -1, -2, -1, -0.5, 0, -2.5]

export class CaseReasoner {
  readonly #database: QueryRunner
  readonly #values: ValueIndex
  readonly #ids = new Map<string, number>()
  readonly #known = new Map<string, Known>()
  readonly #learned = new Map<string, Learned>()
  readonly #byQuestion = new Map<string, Learned>()
  readonly #postings = new Map<number, Learned[]>()
  readonly #ranker = new Ranker(initialEvidence)
  readonly #analogies: Analogies
  readonly #associations = new Associations()
  readonly #variants = new Map<string, Known>()
  readonly #confidence = new Confidence(priorSigns, Number(process.env['PREC'] ?? 0.79))
  #last: { readonly question: string; readonly guess: Guess | undefined } | undefined
  #replay: Learned[] = []
  #cursor = 0

  private constructor(database: QueryRunner, values: ValueIndex) {
    this.#database = database
    this.#values = values
    const { schema } = database
    this.#analogies = new Analogies((table, column) => {
      const id = schema.columnId(table, column)
      return id === undefined ? undefined : values.groupOf(id)
    })
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
    for (const span of [...spans]) spans.push(...this.#values.inner(span))
    const marks = parts.map((part): string[] => {
      if ('stem' in part) return [part.stem]
      if (part.span.kind === 'number') return ['#number']
      const groups = [part.span, ...this.#values.inner(part.span)].flatMap((span) => span.groups)
      return groups.length === 0 ? ['#text'] : [...new Set(groups)].map((group) => `#${group}`)
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
    return { question, parts, spans, features: [...terms, this.#id('q always')].map((id) => [id, value] as const), terms, words: [...unigrams].map((term) => this.#id(`q ${term}`)) }
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

  #candidates(analysis: Analysis, except?: Learned, analogies = true): Scored[] {
    const similarity = this.#similarities(analysis, except)
    const fragmentScores = this.#ranker.fragmentScores(analysis.features, this.#ids.size)
    const expectation = this.#associations.expect(analysis.words, except === undefined ? undefined : { words: analysis.words, fragments: except.known.parts })
    const candidates: Scored[] = []
    const bases: { known: Known; best: number; second: number; nearest: Learned | undefined; score: number }[] = []
    const spanKeys = new Set(analysis.spans.map((span) => span.key))
    const consider = (known: Known, best: number, second: number, nearest: Learned | undefined, count: number): number => {
      const [places] = fillings(known.template.slots, analysis.spans, known.preferred, 1)
      const spans = (places ?? []).map((place) => analysis.spans[place] as Span)
      const absent = known.constants.filter((key) => !spanKeys.has(key)).length
      const open = Math.max(0, analysis.spans.filter((span) => !span.inner).length - known.template.slots.length)
      const evidence = [best, second, Math.log(1 + count), open, absent, Number(known.kind === 1), Number(known.kind === 2), Math.log(1 + known.support), lacking(expectation, (fragment) => known.has.has(fragment)), unexplained(expectation, known.parts)]
      const candidate: Scored = { known, fragments: known.fragments, evidence, spans, nearest, score: 0, fromFragments: 0 }
      candidate.score = this.#ranker.score(candidate, fragmentScores)
      candidate.fromFragments = candidate.score - this.#ranker.fromEvidence(candidate)
      if (places !== undefined) candidates.push(candidate)
      return candidate.score
    }
    for (const known of this.#known.values()) {
      let best = 0
      let second = 0
      let nearest: Learned | undefined
      if (known.cases.length === 1 && known.cases[0] === except) continue
      for (const learned of known.cases) {
        const value = similarity.get(learned) ?? 0
        if (value > best) { second = best; best = value; nearest = learned } else if (value > second) second = value
      }
      const score = consider(known, best, second, nearest, known.cases.length - (except?.known === known ? 1 : 0))
      bases.push({ known, best, second, nearest, score })
    }
    const worth = (word: string): number => {
      const id = this.#ids.get(`f ${word}`)
      return id === undefined ? 0 : (fragmentScores[id] ?? 0)
    }
    const seen = new Set<string>()
    for (const base of bases.toSorted((a, b) => b.score - a.score).slice(0, analogies ? Number(process.env['BASES'] ?? 8) : 0)) {
      for (const variant of this.#analogies.variants(base.known.template, worth, Number(process.env['LIMIT'] ?? 12))) {
        const { key } = variant.template
        const known = this.#known.get(key)
        if (seen.has(key) || (known !== undefined && !(known.cases.length === 1 && known.cases[0] === except))) continue
        seen.add(key)
        consider(this.#variant(variant.template, variant.kind, variant.support), base.best, base.second, base.nearest, 0)
      }
    }
    return candidates
  }

  #variant(template: Template, kind: 'exchange' | 'nesting', support: number): Known {
    let known = this.#variants.get(template.key)
    if (known === undefined) {
      const fragments = Int32Array.from(fragmentsOf(template), (fragment) => this.#id(`f ${fragment}`))
      known = { template, fragments, parts: fragments.subarray(1), has: new Set(fragments), cases: [], kind: kind === 'exchange' ? 1 : 2, support, constants: constantsOf(template), preferred: template.slots.map((_, at) => at) }
      this.#variants.set(template.key, known)
    }
    return known
  }

  async answer(question: string): Promise<Proposal | undefined> {
    const exact = this.#byQuestion.get(foldedKey(question))
    if (exact !== undefined) return { question, query: exact.case.query, confidence: 0.99, answered: true, cases: [exact.case.id], slots: [], reason: 'asked before' } as Proposal
    const guess = await this.#guess(question)
    if (guess === undefined) return undefined
    const { best } = guess
    const confidence = this.#confidence.of(guess.signs)
    return { question, query: guess.query, confidence, answered: confidence >= this.#confidence.threshold, cases: best.nearest === undefined ? [] : [best.nearest.case.id], slots: best.spans, reason: '', note: `kind ${best.known.kind} thr ${this.#confidence.threshold.toFixed(2)} signs ${guess.signs.map((x) => x.toFixed(2)).join(' ')}` } as Proposal
  }

  async #guess(question: string): Promise<Guess | undefined> {
    if (this.#last?.question === question) return this.#last.guess
    const guess = await this.#guessNow(question)
    this.#last = { question, guess }
    return guess
  }

  async #guessNow(question: string): Promise<Guess | undefined> {
    const analysis = this.#analyse(question)
    const candidates = this.#candidates(analysis).toSorted((a, b) => b.score - a.score)
    const p = softmax(candidates.map((candidate) => candidate.score))
    const groups = new Map<string, { mass: number; query: string; best: Scored; key: string }>()
    const keys = new Map<Scored, string>()
    for (const [at, candidate] of candidates.slice(0, 6).entries()) {
      if (at > 0 && (p[at] ?? 0) < 0.01) break
      const query = fill(candidate.known.template, candidate.spans, this.#values)
      const key = await this.#resultOf(query)
      if (key === undefined) continue
      keys.set(candidate, key)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { mass: p[at] ?? 0, query, best: candidate, key })
      else group.mass += p[at] ?? 0
    }
    const [top, second] = [...groups.values()].toSorted((a, b) => b.mass - a.mass)
    if (top === undefined) return undefined
    const { best } = top
    const nearest = candidates.reduce((most, candidate) => Math.max(most, candidate.evidence[0] ?? 0), 0)
    const strange = analysis.words.filter((word) => (this.#postings.get(word)?.length ?? 0) === 0).length / Math.max(1, analysis.words.length)
    const [similar = 0, , count = 0, open = 0, absent = 0, , , , lack = 0, unexplainedShare = 0] = best.evidence
    const clipped = Math.min(0.999, Math.max(0.001, top.mass))
    // Simpler ways to choose: the more of them agree, the surer.
    const agrees = (worth: (candidate: Scored) => number): number => {
      const choice = candidates.reduce<Scored | undefined>((most, candidate) => (most === undefined || worth(candidate) > worth(most) ? candidate : most), undefined)
      return Number(choice === best || (choice !== undefined && keys.get(choice) === top.key))
    }
    const signs = [
      agrees((candidate) => candidate.evidence[0] ?? 0), agrees((candidate) => candidate.fromFragments), agrees((candidate) => -(candidate.evidence[8] ?? 0) - 3 * (candidate.evidence[9] ?? 0)), best.evidence[1] ?? 0,
      Math.log(clipped / (1 - clipped)) / 3, Math.log((top.mass + 1e-3) / ((second?.mass ?? 0) + 1e-3)) / 3, similar, nearest, count / 2, open, absent, Number(best.known.kind === 1), Number(best.known.kind === 2),
      lack, unexplainedShare, strange, Number(top.key === '' || top.key === '0'), Number(top.key === '20.0000'), Math.log(1 + this.#learned.size) / 5,
    ]
    return { query: top.query, key: top.key, best, signs }
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
    if (!this.#byQuestion.has(foldedKey(entry.question))) {
      const guess = await this.#guess(entry.question)
      const expected = await this.#resultOf(entry.query)
      if (guess !== undefined) this.#confidence.learn(guess.signs, guess.key === expected)
    }
    this.#last = undefined
    const tokens = parseQuery(entry.query, this.#database.schema)
    for (const token of tokens) {
      if (token.kind !== 'literal' || token.text === token.value || token.table === undefined || token.column === undefined) continue
      const column = this.#database.schema.columnId(token.table, token.column)
      if (column !== undefined) this.#values.add(token.value ?? '', column)
    }
    const analysis = this.#analyse(entry.question)
    const { template, order } = templateOf(tokens, analysis.spans, this.#database.schema, this.#values)
    let novel: Known | undefined
    let known = this.#known.get(template.key)
    if (known === undefined) {
      const fragments = Int32Array.from(fragmentsOf(template), (fragment) => this.#id(`f ${fragment}`))
      known = { template, fragments, parts: fragments.subarray(1), has: new Set(fragments), cases: [], kind: 0, support: 1, constants: constantsOf(template), preferred: order }
      novel = known
    }
    if (novel !== undefined) {
      this.#known.set(template.key, novel)
      this.#analogies.learn(template)
    }
    const learned: Learned = { case: entry, analysis, known, alternatives: new Set() }
    known.cases.push(learned)
    known.preferred = order
    this.#learned.set(entry.id, learned)
    this.#byQuestion.set(foldedKey(entry.question), learned)
    for (const term of analysis.terms) {
      const holders = this.#postings.get(term)
      if (holders === undefined) this.#postings.set(term, [learned])
      else holders.push(learned)
    }
    this.#associations.count({ words: analysis.words, fragments: known.parts })
    await this.#findAlternatives(learned)
    this.#train(learned)
    this.#replay.push(learned)
    const replays = Number(process.env['REPLAY'] ?? 8)
    for (let count = 0; count < Math.min(replays, this.#replay.length - 1); count += 1) {
      this.#cursor = (this.#cursor + 1) % this.#replay.length
      this.#train(this.#replay[this.#cursor] as Learned, count < Number(process.env['REPLAYV'] ?? 2))
    }
  }

  async #findAlternatives(learned: Learned): Promise<void> {
    const expected = await this.#resultOf(learned.case.query)
    if (expected === undefined || expected === '') return
    const candidates = this.#candidates(learned.analysis, learned).toSorted((a, b) => b.score - a.score)
    for (const candidate of candidates.slice(0, Number(process.env['ALT'] ?? 8))) {
      const { key } = candidate.known.template
      if (key === learned.known.template.key) continue
      if ((await this.#resultOf(fill(candidate.known.template, candidate.spans, this.#values))) === expected) learned.alternatives.add(key)
    }
  }

  #train(learned: Learned, analogies = true): void {
    const candidates = this.#candidates(learned.analysis, learned, analogies)
    const right = candidates.map((candidate) => candidate.known.template.key === learned.known.template.key || learned.alternatives.has(candidate.known.template.key))
    const evidenceToo = right.includes(true)
    if (!evidenceToo) {
      // Known from this case alone and out of reach of analogy: teach what its fragments are worth, as if its case were as near as the nearest other.
      const best = candidates.reduce<Scored | undefined>((top, candidate) => ((candidate.evidence[0] ?? 0) > (top?.evidence[0] ?? 0) ? candidate : top), undefined)
      const candidate: Scored = { known: learned.known, fragments: learned.known.fragments, evidence: best?.evidence ?? initialEvidence.map(() => 0), spans: [], nearest: undefined, score: 0, fromFragments: 0 }
      candidate.score = this.#ranker.score(candidate, this.#ranker.fragmentScores(learned.analysis.features, this.#ids.size))
      candidates.push(candidate)
      right.push(true)
    }
    this.#ranker.learn(learned.analysis.features, candidates, candidates.map((candidate) => candidate.score), right, evidenceToo)
  }

  debug(question: string): { query: string; score: number; kind: number; evidence: readonly number[] }[] {
    return this.#candidates(this.#analyse(question)).toSorted((a, b) => b.score - a.score).map((c) => ({ query: fill(c.known.template, c.spans, this.#values), score: c.score, kind: c.known.kind, evidence: c.evidence }))
  }

  get evidence(): readonly number[] {
    return this.#ranker.evidence
  }
}

const constantsOf = (template: Template): string[] =>
  template.pieces.flatMap((piece) => ('slot' in piece || piece.token.kind !== 'literal' || piece.token.text === piece.token.value ? [] : [foldedKey(piece.token.value ?? '')]))

const idf = (total: number, holders: number): number => Math.log(1 + (total + 1) / (holders + 0.5))

import { type Associations } from './associations.ts'
import type { Features } from './ranker.ts'
import { rarity, SimilarityIndex } from './similarity.ts'
import { fillingKey, fillings, fragmentsOf, type Template } from './template.ts'
import { foldedKey, type Span, type ValueIndex } from './values.ts'

/** A verified question and the query that answers it. */
export interface Case {
  readonly id: string
  readonly question: string
  readonly query: string
}

/** A template with what is needed to weigh it. */
export interface Known {
  readonly template: Template
  /** Ids of its fragments, the first one standing for the whole template. */
  readonly fragments: Int32Array
  /** The fragments without the whole. */
  readonly parts: Int32Array
  readonly has: ReadonlySet<number>
  readonly kind: 'seen' | 'exchange' | 'nesting'
  readonly support: number
  /** Folded text constants of the query that no question of its case named. */
  readonly constants: readonly string[]
  readonly cases: Learned[]
  /** For each slot the place of its span in the latest case. */
  preferred: readonly number[]
  /** Equal for templates that are filled by the same spans, whatever the question. */
  filling: string
}

/** A case with its question taken apart. */
export interface Learned {
  readonly case: Case
  /** Its place in the index of similarities. */
  readonly number: number
  readonly question: Question
  readonly known: Known
  /** Keys of other templates that gave the same rows. */
  readonly alternatives: Set<string>
}

/** A question taken apart. All ids are numbered in order of first use, so that nothing depends on how tables, columns or words are called. */
export interface Question {
  readonly text: string
  /** Values that may fill slots; those inside longer ones come last. */
  readonly spans: readonly Span[]
  /** Ids of its words and kinds of values, each once. */
  readonly words: readonly number[]
  /** The same without which value it is. */
  readonly plain: readonly number[]
  /** Ids of its words and pairs of neighbours, each once. */
  readonly terms: readonly number[]
  readonly features: Features
  /** The spans that fill templates, by {@link Known.filling}, as far as they were asked for; `undefined` if they cannot be filled. */
  readonly fillings: Map<string, readonly Span[] | undefined>
}

const numbered = (ids: Map<string, number>, text: string): number => {
  let id = ids.get(text)
  if (id === undefined) ids.set(text, (id = ids.size))
  return id
}

/** Everything that was verified: cases by id, by question and by template, and how similar a question is to each of them. */
export class CaseMemory {
  readonly #values: ValueIndex
  readonly #associations: Associations
  readonly #terms = new Map<string, number>()
  readonly #fragments = new Map<string, number>()
  readonly #known = new Map<string, Known>()
  readonly #learned = new Map<string, Learned>()
  readonly #byQuestion = new Map<string, Learned>()
  readonly #similarity = new SimilarityIndex()

  constructor(values: ValueIndex, associations: Associations) {
    this.#values = values
    this.#associations = associations
  }

  get size(): number {
    return this.#learned.size
  }

  /** One more than the largest id of a fragment. */
  get fragmentCount(): number {
    return this.#fragments.size
  }

  fragmentId(text: string): number | undefined {
    return this.#fragments.get(text)
  }

  /** Templates that at least one case has. */
  templates(): Iterable<Known> {
    return this.#known.values()
  }

  knownTemplate(key: string): Known | undefined {
    return this.#known.get(key)
  }

  get(id: string): Learned | undefined {
    return this.#learned.get(id)
  }

  /** The case that asked exactly this, but for case and punctuation; the latest one counts. */
  sameQuestion(question: string): Learned | undefined {
    return this.#byQuestion.get(foldedKey(question))
  }

  /** True if no case has this word or term. */
  isStrange(term: number): boolean {
    return this.#similarity.holders(term) === 0
  }

  /** How much a term tells: the logarithm of how rare it is among the cases. */
  rarity(term: number): number {
    return rarity(this.#learned.size, this.#similarity.holders(term))
  }

  /** Takes a question apart: words as stems, values as the groups of columns they occur in. */
  analyse(text: string): Question {
    const parts = this.#values.parts(text)
    const outer = parts.flatMap((part) => ('span' in part ? [part.span] : []))
    const spans = [...outer, ...outer.flatMap((span) => this.#values.inner(span))]
    const marks = parts.map((part): string[] => {
      if ('stem' in part) return [part.stem]
      if (part.span.kind === 'number') return ['#number']
      const groups = new Set([part.span, ...this.#values.inner(part.span)].flatMap((span) => span.groups))
      return groups.size === 0 ? ['#text'] : [...groups].map((group) => `#${group}`)
    })
    const kinds = new Set<string>(marks.flat())
    const single = new Set([...kinds, ...spans.map((span) => `=${span.key}`)])
    const pairs = new Set<string>()
    marks.forEach((options, at) => {
      for (const mark of options) {
        if (at === 0) pairs.add(`^ ${mark}`)
        for (const next of marks[at + 1] ?? ['$']) pairs.add(`${mark} ${next}`)
      }
    })
    const words = [...single].map((mark) => numbered(this.#terms, mark))
    const plain = words.slice(0, kinds.size)
    const terms = [...words, ...[...pairs].map((pair) => numbered(this.#terms, pair))]
    const value = 1 / Math.sqrt(Math.max(1, terms.length))
    const always = numbered(this.#terms, '^ $')
    return { text, spans, words, plain, terms, features: [...terms.filter((term) => term !== always), always].map((term) => [term, value] as const), fillings: new Map() }
  }

  /** A template with its fragments numbered. */
  describe(template: Template, kind: Known['kind'], support: number, preferred: readonly number[]): Known {
    const fragments = Int32Array.from(fragmentsOf(template), (fragment) => numbered(this.#fragments, fragment))
    const constants = template.pieces.flatMap(({ token, ...piece }) =>
      'slot' in piece || token.kind !== 'literal' || token.text === token.value ? [] : [foldedKey(token.value ?? '')],
    )
    return { template, fragments, parts: fragments.subarray(1), has: new Set(fragments), kind, support, constants, cases: [], preferred, filling: fillingKey(template.slots, preferred) }
  }

  /** Stores a case under its template. Tells whether the template is new. */
  store(entry: Case, question: Question, template: Template, order: readonly number[]): { learned: Learned; isNew: boolean } {
    const before = this.#known.get(template.key)
    const known = before ?? this.describe(template, 'seen', 1, order)
    this.#known.set(template.key, known)
    const learned: Learned = { case: entry, number: this.#similarity.add(question.terms), question, known, alternatives: new Set() }
    known.cases.push(learned)
    known.preferred = order
    known.filling = fillingKey(template.slots, order)
    this.#learned.set(entry.id, learned)
    this.#byQuestion.set(foldedKey(entry.question), learned)
    this.#associations.count({ words: question.words, fragments: known.parts })
    return { learned, isNew: before === undefined }
  }

  /** Takes a case out again. */
  remove(learned: Learned): void {
    const { known, question } = learned
    this.#learned.delete(learned.case.id)
    known.cases.splice(known.cases.indexOf(learned), 1)
    if (known.cases.length === 0) this.#known.delete(known.template.key)
    const key = foldedKey(learned.case.question)
    if (this.#byQuestion.get(key) === learned) {
      this.#byQuestion.delete(key)
      for (const other of this.#learned.values()) if (foldedKey(other.case.question) === key) this.#byQuestion.set(key, other)
    }
    this.#similarity.remove(learned.number)
    this.#associations.count({ words: question.words, fragments: known.parts }, -1)
  }

  /** Similarity of a question to each case, by the case's number, in [0, 1]: the cosine over terms, weighted by how rare they are; 0 for the case `except`. */
  similarities(question: Question, except: Learned | undefined): Float64Array {
    const similarities = this.#similarity.of(question.terms)
    if (except !== undefined) similarities[except.number] = 0
    return similarities
  }
}

/** The similarity of a question to the nearest and the second nearest case of a template. */
export interface Nearness {
  readonly best: number
  readonly second: number
  readonly case: Learned | undefined
}

/** What is nearest among cases, by the similarities of {@link CaseMemory.similarities}. */
export const nearestOf = (cases: readonly Learned[], similarity: Float64Array): Nearness => {
  let best = 0
  let second = 0
  let nearest: Learned | undefined
  for (const learned of cases) {
    const value = similarity[learned.number] ?? 0
    if (value > best) {
      second = best
      best = value
      nearest = learned
    } else if (value > second) second = value
  }
  return { best, second, case: nearest }
}

/** The spans of a question that fill a template's slots, in the order of the slots; nothing if some slot stays open. */
export const spansFor = (known: Known, { spans, fillings: kept }: Question): readonly Span[] | undefined => {
  if (kept.has(known.filling)) return kept.get(known.filling)
  const [places] = fillings(known.template.slots, spans, known.preferred, 1)
  const chosen = places?.flatMap((place) => spans[place] ?? [])
  kept.set(known.filling, chosen)
  return chosen
}

import { AutodidactError } from '../../errors.ts'
import { type Associations } from './ranking/associations.ts'
import type { Features } from './ranking/ranker.ts'
import { rarity, SimilarityIndex } from './ranking/similarity.ts'
import { bestFilling, type Filling, fillingKey, fragmentsOf, sizeOf, type Template } from './templates/template.ts'
import { foldedKey, type Span, type ValueIndex } from './templates/values.ts'

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
  readonly kind: 'seen' | 'exchange' | 'nesting'
  /** Folded text constants of the query that no question of its case named. */
  readonly constants: readonly string[]
  readonly cases: Learned[]
  /** How the latest case filled it. */
  filled: Filling
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
  /** Other templates that gave the same rows, by the fragment that stands for the whole. */
  readonly alternatives: Set<number>
}

/** What a {@link CaseMemory} holds, for JSON. Similarities follow from it. */
export interface SavedCases {
  /** Texts by id. */
  readonly terms: readonly string[]
  readonly fragments: readonly string[]
  readonly templates: readonly SavedTemplate[]
  /** In the order in which they were stored. */
  readonly cases: readonly SavedCase[]
}

interface SavedTemplate extends Pick<Known, 'constants'> {
  /** A place in the list of templates that is saved elsewhere. */
  readonly template: number
  readonly fragments: readonly number[]
  readonly order: readonly number[]
  /** Null for none, as JSON has it. */
  readonly sizes: readonly (number | null)[]
}

interface SavedCase extends Pick<Question, 'spans' | 'words' | 'plain' | 'terms'>, Pick<Learned, 'case'> {
  /** A place among the templates. */
  readonly known: number
  readonly alternatives: readonly number[]
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

/** The id of a term that every question has, of which weights without any word are learned. */
const always = 0

const numbered = (ids: Map<string, number>, text: string): number => {
  let id = ids.get(text)
  if (id === undefined) ids.set(text, (id = ids.size))
  return id
}

/** Everything that was verified: cases by id, by question and by template, and how similar a question is to each of them. */
export class CaseMemory {
  readonly #values: ValueIndex
  readonly #associations: Associations
  readonly #terms = new Map([['^ $', always]])
  /** Terms of questions that something was learned from; the others were only asked. */
  readonly #taught = new Set([always])
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
    return this.#question(text, { spans, words, plain, terms })
  }

  #question(text: string, parts: Pick<Question, 'spans' | 'words' | 'plain' | 'terms'>): Question {
    const { terms } = parts
    const value = 1 / Math.sqrt(Math.max(1, terms.length))
    return { text, ...parts, features: [...terms.filter((term) => term !== always), always].map((term) => [term, value] as const), fillings: new Map() }
  }

  /** A template with its fragments numbered. */
  describe(template: Template, kind: Known['kind'], filled: Filling): Known {
    const fragments = Int32Array.from(fragmentsOf(template), (fragment) => numbered(this.#fragments, fragment))
    const constants = template.pieces.flatMap(({ token, ...piece }) =>
      'slot' in piece || token.kind !== 'literal' || token.text === token.value ? [] : [foldedKey(token.value ?? '')],
    )
    return knownOf(kind, { template, fragments, constants, filled })
  }

  /** Stores a case under its template. Tells whether the template is new. */
  store(entry: Case, question: Question, template: Template, order: readonly number[]): { learned: Learned; isNew: boolean } {
    const before = this.#known.get(template.key)
    const filled = { order, sizes: order.map((place) => (question.spans[place] === undefined ? undefined : sizeOf(question.spans[place]))) }
    const known = before ?? this.describe(template, 'seen', filled)
    this.#known.set(template.key, known)
    known.filled = filled
    known.filling = fillingKey(template.slots, filled)
    this.#associations.count({ words: question.words, fragments: known.parts })
    return { learned: this.#enter(entry, question, known, new Set()), isNew: before === undefined }
  }

  /** Says that something is learned from a question, other than a case. */
  teach({ terms }: Question): void {
    for (const term of terms) this.#taught.add(term)
  }

  #enter(entry: Case, question: Question, known: Known, alternatives: Set<number>): Learned {
    const learned: Learned = { case: entry, number: this.#similarity.add(question.terms), question, known, alternatives }
    this.teach(question)
    known.cases.push(learned)
    this.#learned.set(entry.id, learned)
    this.#byQuestion.set(foldedKey(entry.question), learned)
    return learned
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

  /** @param templates that were ever stored, by which the saved ones are named */
  save(templates: readonly Template[]): SavedCases {
    const known = [...this.#known.values()]
    const places = new Map(known.map((one, place) => [one, place]))
    const placesOfTemplates = new Map(templates.map((template, place) => [template, place]))
    return {
      // What was only asked is in no lesson: an erasure could not find it here.
      terms: Array.from(this.#terms, ([term, id]) => (this.#taught.has(id) ? term : '')),
      fragments: [...this.#fragments.keys()],
      templates: known.map(({ template, fragments, constants, filled: { order, sizes } }) => ({
        template: placesOfTemplates.get(template) ?? -1, fragments: [...fragments], constants, order, sizes: sizes.map((size) => size ?? null),
      })),
      cases: Array.from(this.#learned.values(), ({ case: entry, question: { spans, words, plain, terms }, known: of, alternatives }) => ({
        case: entry, spans, words, plain, terms, known: places.get(of) ?? -1, alternatives: [...alternatives],
      })),
    }
  }

  /** Fills a memory that holds nothing yet; its associations are restored by themselves. Gives the cases in the order in which they were stored. */
  restore(saved: SavedCases, templates: readonly Template[]): Learned[] {
    saved.terms.forEach((term, id) => {
      // Every term has an id of its own, as if the words in between had been met.
      this.#terms.set(term === '' ? `\u0000${id}` : term, id)
      if (term !== '') this.#taught.add(id)
    })
    for (const fragment of saved.fragments) numbered(this.#fragments, fragment)
    const known = saved.templates.map(({ template: place, fragments, constants, order, sizes }) => {
      const template = templates[place]
      if (template === undefined) throw new AutodidactError('CORRUPT', 'A saved case has no template. Drop this state and learn the cases again.')
      return knownOf('seen', { template, fragments: Int32Array.from(fragments), constants, filled: { order, sizes: sizes.map((size) => size ?? undefined) } })
    })
    for (const one of known) this.#known.set(one.template.key, one)
    return saved.cases.map(({ case: entry, known: place, alternatives, ...question }) => {
      const of = known[place]
      if (of === undefined) throw new AutodidactError('CORRUPT', 'A saved case has no template. Drop this state and learn the cases again.')
      return this.#enter(entry, this.#question(entry.question, question), of, new Set(alternatives))
    })
  }

  /** Similarity of a question to each case, by the case's number, in [0, 1]: the cosine over terms, weighted by how rare they are; 0 for the case `except`. */
  similarities(question: Question, except: Learned | undefined): Float64Array {
    const similarities = this.#similarity.of(question.terms)
    if (except !== undefined) similarities[except.number] = 0
    return similarities
  }
}

const knownOf = (kind: Known['kind'], { template, fragments, constants, filled }: Pick<Known, 'template' | 'fragments' | 'constants' | 'filled'>): Known => ({
  template, fragments, parts: fragments.subarray(1), kind, constants, cases: [], filled, filling: fillingKey(template.slots, filled),
})

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
  const places = bestFilling(known.template.slots, spans, known.filled)
  const chosen = places?.flatMap((place) => spans[place] ?? [])
  kept.set(known.filling, chosen)
  return chosen
}

import { packBytes, unpackSignedHashes } from '../../log/packed.ts'
import { none, TermPostings } from './term-postings.ts'
import { topicOf } from './topic.ts'

/** How clusters are founded, settled and kept apart. */
export interface TopicClusterSettings {
  /** Most clusters at a time, 1 or more. */
  readonly most: number
  /** Cosine with the centre from which a text belongs to a cluster, in (0, 1]. */
  readonly nearness: number
  /** So many texts form the centre and the name of a cluster, 1 or more; then both stay as they are. */
  readonly settledAfter: number
  /** Names that no cluster may have. */
  readonly reserved: readonly string[]
}

/** Texts on one topic. */
interface Cluster {
  /** How many were founded before it. */
  readonly id: number
  /** Below the greatest number of clusters; that of one that has dissolved is given to the next. */
  readonly place: number
  /** Texts that formed it so far. */
  texts: number
  /** Of the centre, in the order of first occurrence. */
  readonly terms: number[]
  /** Of each term in the postings, where its weight says how many of the texts that formed the centre have it. Lists, not maps: most clusters are founded, found by nobody, and dissolve. */
  readonly entries: number[]
  /** Of the weights; whole, so that no order of summing changes it. */
  squares: number
  /** Undefined until it is settled. */
  name: string | undefined
  /** The word of each term, as the first text wrote it that has the term; those of {@link Cluster.unread} are not in yet. Empty once the name is settled. */
  words: string[]
  /** Texts that formed it and nobody has read: most clusters dissolve before anybody asks for their name. */
  unread: string[]
}

/** A cluster as plain data: its terms as base64, and its words, while it has no name, in one text with spaces between. */
export type SavedCluster = readonly [id: number, place: number, name: string | null, texts: number, terms: string, weights: readonly number[], words: string]

/** All clusters as plain data. */
export interface SavedClusters {
  readonly founded: number
  /** The settled by place, then the others, the longest not joined first. */
  readonly clusters: readonly SavedCluster[]
}

/** What came of a text. */
export interface Joined {
  /** The cluster it belongs to: no two ever have the same number. */
  readonly cluster: number
  /** Where that is, below the greatest number of clusters. */
  readonly place: number
  /** True when another cluster was there before, and has dissolved. */
  readonly dissolved: boolean
}

/** A text of several terms that shares a single one with a cluster is more often about something else: "cancel my flight" is not "cancel my order". */
const loneMatch = 0.5

const wordsInName = 3
/** A name that is taken is told apart by so many further words before a number does it. */
const furtherWords = 3

/** Numbers, dates and codes tell one text from another, seldom one topic from another. */
const readable = (word: string): boolean => !/\p{N}/u.test(word)

/** The words of all texts so far, each at the place of its term. */
const wordsOf = (cluster: Cluster): readonly string[] => {
  const { terms, words, unread } = cluster
  for (const { hash, word } of unread.flatMap(topicOf)) words[terms.indexOf(hash)] ??= word
  cluster.unread = []
  return words
}

/**
 * Clusters of texts by their topical terms, online, deterministic and bounded: leader clustering (Hartigan, "Clustering Algorithms", 1975, chapter 3) with the
 * nearest leader instead of the first, where the leader is the mean of the first few members instead of the first alone. The cosine is between the terms
 * of the text, each counted once, and how many members have each term; it is halved where a text of several terms shares only one.
 *
 * A cluster that enough texts have joined is settled: its centre and its name stay for good. When there is no room for a new one, the cluster that has
 * waited longest for one more text dissolves; when all are settled, what fits none belongs to none.
 *
 * A cluster is named by the words that set its texts apart: those that most of them have, by class-based tf-idf (Grootendorst 2022, "BERTopic", section
 * 3.3), texts with the word × ln(1 + clusters / clusters with the word). No two have the same name.
 */
export class TopicClusters {
  readonly #settings: TopicClusterSettings
  readonly #byPlace: (Cluster | undefined)[]
  /** Those that are not settled, the longest not joined first. */
  readonly #forming: Cluster[] = []
  #settled = 0
  /** Those of settled clusters and the reserved, which a new one may not have. */
  readonly #taken: Set<string>
  /** By place, of the clusters that are not settled; made when somebody asks and until one of them changes. */
  #provisional: ReadonlyMap<number, string> | undefined
  /** So that only clusters that have a term of the text are compared. */
  readonly #postings = new TermPostings()
  /** Room for a search, used anew by each: per place the inner product and the number of shared terms, both 0 in between, and the places that are not. */
  readonly #products: Float64Array
  readonly #shared: Uint32Array
  readonly #touched: Uint32Array
  #founded = 0
  /** What was saved, as long as nobody needs it: a process that only decides never does. */
  #unread: SavedClusters | undefined

  constructor(settings: TopicClusterSettings, unread?: SavedClusters) {
    this.#settings = settings
    this.#taken = new Set(settings.reserved)
    this.#byPlace = Array.from({ length: settings.most }, () => undefined)
    this.#products = new Float64Array(settings.most)
    this.#shared = new Uint32Array(settings.most)
    this.#touched = new Uint32Array(settings.most)
    this.#unread = unread
  }

  /** Where a cluster is; undefined when it has dissolved. */
  placeOf(cluster: number): number | undefined {
    this.#restore()
    return this.#byPlace.find((candidate) => candidate?.id === cluster)?.place
  }

  /** Name of the cluster at a place: for good when it is settled, and otherwise that of the texts so far. Undefined when there is none. */
  nameAt(place: number): string | undefined {
    this.#restore()
    this.#provisional ??= this.#nameForming()
    return this.#byPlace[place]?.name ?? this.#provisional.get(place)
  }

  /** Place of the cluster that a text belongs to; undefined when there is none. */
  find(topic: readonly number[]): number | undefined {
    this.#restore()
    return this.#nearest(topic)?.place
  }

  /**
   * Like {@link find}, but founds a cluster when there is none; undefined when there is no room, or the text says nothing.
   *
   * @param text what the topic is of: the cluster is named by its words
   */
  join(topic: readonly number[], text: string): Joined | undefined {
    this.#restore()
    const nearest = this.#nearest(topic)
    if (nearest !== undefined) {
      if (nearest.name === undefined) this.#form(nearest, topic, text)
      return { cluster: nearest.id, place: nearest.place, dissolved: false }
    }
    if (topic.length === 0) return undefined
    const clusters = this.#settled + this.#forming.length
    const dissolved = clusters === this.#settings.most
    // As long as there is room, the places are taken in their order.
    const place = dissolved ? this.#dissolve() : clusters
    if (place === undefined) return undefined
    const founded: Cluster = { id: this.#founded, place, texts: 0, terms: [], entries: [], squares: 0, name: undefined, words: [], unread: [] }
    this.#founded += 1
    this.#byPlace[place] = founded
    this.#form(founded, topic, text)
    return { cluster: founded.id, place, dissolved }
  }

  save(): SavedClusters {
    if (this.#unread !== undefined) return this.#unread
    const settled = this.#byPlace.filter((cluster) => cluster?.name !== undefined)
    return {
      founded: this.#founded,
      clusters: [...settled, ...this.#forming].flatMap((cluster) => (cluster === undefined ? [] : [this.#saved(cluster)])),
    }
  }

  #saved(cluster: Cluster): SavedCluster {
    const { id, place, name, texts, terms } = cluster
    return [id, place, name ?? null, texts, packBytes(Int32Array.from(terms)), this.#weightsOf(cluster), wordsOf(cluster).join(' ')]
  }

  #weightsOf({ entries }: Cluster): number[] {
    return entries.map((entry) => this.#postings.weight(entry))
  }

  #nearest(topic: readonly number[]): Cluster | undefined {
    let touched = 0
    for (const term of topic) touched = this.#addProducts(term, touched)
    let nearest: Cluster | undefined
    let highest = this.#settings.nearness ** 2 * topic.length
    for (let index = 0; index < touched; index += 1) {
      const place = this.#touched[index] ?? 0
      const lone = topic.length > 1 && this.#shared[place] === 1
      const product = (this.#products[place] ?? 0) * (lone ? loneMatch : 1)
      this.#products[place] = 0
      this.#shared[place] = 0
      const cluster = this.#byPlace[place]
      if (cluster === undefined) continue
      // The square of the cosine, times the number of the topic's terms.
      const similarity = product ** 2 / cluster.squares
      if (similarity < highest) continue
      // Of clusters that are equally near, the one founded first.
      if (nearest !== undefined && similarity === highest && cluster.id > nearest.id) continue
      nearest = cluster
      highest = similarity
    }
    return nearest
  }

  /** @returns how many places are touched by now */
  #addProducts(term: number, before: number): number {
    const postings = this.#postings
    let touched = before
    for (let entry = postings.first(term); entry !== none; entry = postings.next(entry)) {
      const place = postings.place(entry)
      const shared = this.#shared[place] ?? 0
      if (shared === 0) {
        this.#touched[touched] = place
        touched += 1
      }
      this.#shared[place] = shared + 1
      this.#products[place] = (this.#products[place] ?? 0) + postings.weight(entry)
    }
    return touched
  }

  /** Takes a text into the centre. */
  #form(cluster: Cluster, topic: readonly number[], text: string): void {
    for (const term of topic) this.#weigh(cluster, term)
    cluster.unread.push(text)
    cluster.texts += 1
    this.#provisional = undefined
    const waiting = this.#forming.indexOf(cluster)
    if (waiting >= 0) this.#forming.splice(waiting, 1)
    if (cluster.texts < this.#settings.settledAfter) {
      this.#forming.push(cluster)
      return
    }
    this.#settled += 1
    cluster.name = this.#freeName(cluster, this.#taken)
    this.#taken.add(cluster.name)
    cluster.words = []
  }

  /** One more text of the cluster has the term. */
  #weigh(cluster: Cluster, term: number): void {
    const index = cluster.terms.indexOf(term)
    if (index < 0) {
      this.#addTerm(cluster, term, 1)
      return
    }
    const entry = cluster.entries[index] ?? 0
    const texts = this.#postings.weight(entry)
    cluster.squares += 2 * texts + 1
    this.#postings.setWeight(entry, texts + 1)
  }

  #addTerm(cluster: Cluster, term: number, texts: number): void {
    cluster.terms.push(term)
    cluster.entries.push(this.#postings.add(term, cluster.place, texts))
    cluster.squares += texts ** 2
  }

  /** @returns the place that is free now; undefined when no cluster could */
  #dissolve(): number | undefined {
    const cluster = this.#forming.shift()
    if (cluster === undefined) return undefined
    this.#byPlace[cluster.place] = undefined
    this.#provisional = undefined
    for (let index = 0; index < cluster.entries.length; index += 1) this.#postings.remove(cluster.terms[index] ?? 0, cluster.entries[index] ?? none)
    return cluster.place
  }

  #restore(): void {
    if (this.#unread === undefined) return
    const { founded, clusters } = this.#unread
    this.#unread = undefined
    this.#founded = founded
    for (const [id, place, name, texts, terms, weights, words] of clusters) {
      const written = words === '' ? [] : words.split(' ')
      const cluster: Cluster = { id, place, texts, terms: [], entries: [], squares: 0, name: name ?? undefined, words: written, unread: [] }
      this.#byPlace[place] = cluster
      for (const [index, term] of unpackSignedHashes(terms).entries()) this.#addTerm(cluster, term, weights[index] ?? 0)
      if (name === null) {
        this.#forming.push(cluster)
        continue
      }
      this.#settled += 1
      this.#taken.add(name)
    }
  }

  /** In the order of founding, so that the names do not depend on which cluster was joined last. */
  #nameForming(): ReadonlyMap<number, string> {
    const names = new Map<number, string>()
    const taken = new Set(this.#taken)
    for (const cluster of this.#forming.toSorted((left, right) => left.id - right.id)) {
      const name = this.#freeName(cluster, taken)
      taken.add(name)
      names.set(cluster.place, name)
    }
    return names
  }

  /** The words of a name that nobody else has. */
  #freeName(cluster: Cluster, taken: ReadonlySet<string>): string {
    const words = this.#characteristic(cluster)
    const order = wordsOf(cluster)
    const joined = (count: number): string => words.slice(0, count).sort((left, right) => order.indexOf(left) - order.indexOf(right)).join(' ')
    for (let count = wordsInName; count <= wordsInName + furtherWords; count += 1) {
      if (!taken.has(joined(count))) return joined(count)
    }
    for (let number = 2; ; number += 1) {
      const numbered = `${joined(wordsInName)} ${number}`
      if (!taken.has(numbered)) return numbered
    }
  }

  /** The words that may stand in the name, the most characteristic first. */
  #characteristic(cluster: Cluster): string[] {
    const { texts, terms } = cluster
    const weights = this.#weightsOf(cluster)
    const words = wordsOf(cluster)
    const clusters = this.#settled + this.#forming.length
    const all = terms
      .map((term, index) => ({ word: words[index] ?? '', texts: weights[index] ?? 0, score: (weights[index] ?? 0) * Math.log(1 + clusters / this.#postings.count(term)) }))
      .sort((left, right) => right.score - left.score)
    const inMost = all.filter((weight) => 2 * weight.texts > texts)
    const inSome = all.filter((weight) => weight.texts > 1 && !inMost.includes(weight))
    // One word alone says little; and of texts that have no word in common, all are as good.
    const shared = inMost.length > 1 ? inMost : [...inMost, ...inSome]
    const candidates = (shared.length > 0 ? shared : all).map(({ word }) => word)
    const told = candidates.filter(readable)
    return [...new Set(told.length > 0 ? told : candidates)]
  }
}

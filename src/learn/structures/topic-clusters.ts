import type { Term } from '../../recall/analyzer.ts'

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

/** A term of a cluster's centre. */
interface Weight {
  /** How many of the texts that formed the centre have the term. */
  texts: number
  /** How the first of them wrote it; empty once the name is settled. */
  word: string
}

/** Texts on one topic. */
interface Cluster {
  readonly id: number
  /** In the scratch arrays of a search, below the greatest number of clusters. */
  readonly place: number
  /** Texts that formed it so far. */
  texts: number
  /** In the order of first occurrence. */
  readonly weights: Map<string, Weight>
  /** Of the weights; whole, so that no order of summing changes it. */
  squares: number
  /** Undefined until it is settled. */
  name: string | undefined
}

/** The clusters that have a term: by turns the place of one and the weight in it, in one plain array, since every run of the log passes through them. */
type Posting = number[]

/** A cluster as plain data. Its terms, and its words while it has no name, stand in one text each, with spaces between: half as long to read as lists. */
export type SavedCluster = readonly [id: number, name: string | null, texts: number, terms: string, weights: readonly number[], words: string]

/** All clusters as plain data. */
export interface SavedClusters {
  readonly founded: number
  /** The settled in the order of settling, then the others, the longest not joined first. */
  readonly clusters: readonly SavedCluster[]
}

/** What came of a text: its cluster, and the one that had to make room for it. */
export interface Joined {
  readonly cluster: number
  readonly dissolved: number | undefined
}

/** A text of several terms that shares a single one with a cluster is more often about something else: "cancel my flight" is not "cancel my order". */
const loneMatch = 0.5

const wordsInName = 3
/** A name that is taken is told apart by so many further words before a number does it. */
const furtherWords = 3
const longestWord = 24

/** Numbers, dates and codes tell one text from another, seldom one topic from another. */
const readable = (word: string): boolean => !/\p{N}/u.test(word)

const clipped = (word: string): string => {
  if (word.length <= longestWord) return word
  const characters = [...word]
  return characters.length > longestWord ? `${characters.slice(0, longestWord - 1).join('')}…` : word
}

/** Index of a place in a posting; −1 when it is not there. */
const placeIn = (posting: Posting, place: number): number => {
  for (let index = 0; index < posting.length; index += 2) if (posting[index] === place) return index
  return -1
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
  readonly #settled = new Map<number, Cluster>()
  /** The longest not joined first. */
  readonly #forming = new Map<number, Cluster>()
  /** Those of settled clusters and the reserved, which a new one may not have. */
  readonly #taken: Set<string>
  /** Of the clusters that are not settled, made when somebody asks and until one of them changes. */
  #provisional: ReadonlyMap<number, string> | undefined
  /** So that only clusters that have a term of the text are compared. */
  readonly #postings = new Map<string, Posting>()
  readonly #byPlace: (Cluster | undefined)[]
  /** Room for a search, used anew by each: per place the inner product and the number of shared terms, both 0 in between, and the places that are not. */
  readonly #products: Float64Array
  readonly #shared: Uint32Array
  readonly #touched: number[] = []
  #founded = 0
  /** What was saved, as long as nobody needs it: a process that only decides never does. */
  #unread: SavedClusters | undefined

  constructor(settings: TopicClusterSettings, saved?: SavedClusters) {
    this.#settings = settings
    this.#taken = new Set(settings.reserved)
    this.#byPlace = Array.from({ length: settings.most }, () => undefined)
    this.#products = new Float64Array(settings.most)
    this.#shared = new Uint32Array(settings.most)
    this.#unread = saved
  }

  /** Whether a cluster is there, and has not dissolved. */
  has(id: number): boolean {
    this.#restore()
    return this.#settled.has(id) || this.#forming.has(id)
  }

  /** Name of a cluster: for good when it is settled, and otherwise that of the texts so far. Undefined when it has dissolved. */
  nameOf(id: number): string | undefined {
    this.#restore()
    this.#provisional ??= this.#nameForming()
    return this.#settled.get(id)?.name ?? this.#provisional.get(id)
  }

  /** The cluster that a text belongs to; undefined when there is none. */
  find(topic: readonly Term[]): number | undefined {
    this.#restore()
    return this.#nearest(topic)?.id
  }

  /** Like {@link find}, but founds a cluster when there is none; undefined when there is no room, or the text says nothing. */
  join(topic: readonly Term[]): Joined | undefined {
    this.#restore()
    const nearest = this.#nearest(topic)
    if (nearest !== undefined) {
      if (this.#forming.has(nearest.id)) this.#form(nearest, topic)
      return { cluster: nearest.id, dissolved: undefined }
    }
    if (topic.length === 0) return undefined
    const dissolved = this.#settled.size + this.#forming.size < this.#settings.most ? undefined : this.#dissolve()
    const place = this.#byPlace.indexOf(undefined)
    if (place < 0) return undefined
    const founded: Cluster = { id: this.#founded, place, texts: 0, weights: new Map(), squares: 0, name: undefined }
    this.#founded += 1
    this.#byPlace[place] = founded
    this.#form(founded, topic)
    return { cluster: founded.id, dissolved }
  }

  save(): SavedClusters {
    if (this.#unread !== undefined) return this.#unread
    return {
      founded: this.#founded,
      clusters: [...this.#settled.values(), ...this.#forming.values()].map(({ id, name, texts, weights }) => [
        id,
        name ?? null,
        texts,
        [...weights.keys()].join(' '),
        Array.from(weights.values(), (weight) => weight.texts),
        name === undefined ? Array.from(weights.values(), (weight) => weight.word).join(' ') : '',
      ]),
    }
  }

  #nearest(topic: readonly Term[]): Cluster | undefined {
    for (const { term } of topic) this.#addProducts(term)
    let nearest: Cluster | undefined
    let highest = this.#settings.nearness ** 2 * topic.length
    for (const place of this.#touched) {
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
    this.#touched.length = 0
    return nearest
  }

  #addProducts(term: string): void {
    const posting = this.#postings.get(term)
    if (posting === undefined) return
    for (let index = 0; index < posting.length; index += 2) {
      const place = posting[index] ?? 0
      const shared = this.#shared[place] ?? 0
      if (shared === 0) this.#touched.push(place)
      this.#shared[place] = shared + 1
      this.#products[place] = (this.#products[place] ?? 0) + (posting[index + 1] ?? 0)
    }
  }

  /** Takes a text into the centre. */
  #form(cluster: Cluster, topic: readonly Term[]): void {
    for (const found of topic) this.#weigh(cluster, found)
    cluster.texts += 1
    // Set anew, it is the last to dissolve.
    this.#forming.delete(cluster.id)
    this.#forming.set(cluster.id, cluster)
    this.#provisional = undefined
    if (cluster.texts >= this.#settings.settledAfter) this.#settle(cluster)
  }

  #settle(cluster: Cluster): void {
    this.#forming.delete(cluster.id)
    this.#settled.set(cluster.id, cluster)
    cluster.name = this.#freeName(cluster, this.#taken)
    this.#taken.add(cluster.name)
    for (const weight of cluster.weights.values()) weight.word = ''
  }

  /** One more text of the cluster has the term. */
  #weigh(cluster: Cluster, { term, word }: Term): void {
    const weight = cluster.weights.get(term)
    if (weight === undefined) {
      this.#addWeight(cluster, term, 1, clipped(word))
      return
    }
    cluster.squares += 2 * weight.texts + 1
    weight.texts += 1
    const posting = this.#postings.get(term)
    if (posting !== undefined) posting[placeIn(posting, cluster.place) + 1] = weight.texts
  }

  #addWeight(cluster: Cluster, term: string, texts: number, word: string): void {
    cluster.squares += texts ** 2
    cluster.weights.set(term, { texts, word })
    const posting = this.#postings.get(term)
    // Most terms belong to one cluster only: a literal takes the room of its two numbers, where `push` would take that of sixteen.
    if (posting === undefined) this.#postings.set(term, [cluster.place, texts])
    else posting.push(cluster.place, texts)
  }

  #dissolve(): number | undefined {
    const [cluster] = this.#forming.values()
    if (cluster === undefined) return undefined
    this.#forming.delete(cluster.id)
    this.#byPlace[cluster.place] = undefined
    this.#provisional = undefined
    for (const term of cluster.weights.keys()) {
      const posting = this.#postings.get(term) ?? []
      posting.splice(placeIn(posting, cluster.place), 2)
      if (posting.length === 0) this.#postings.delete(term)
    }
    return cluster.id
  }

  #restore(): void {
    if (this.#unread === undefined) return
    const { founded, clusters } = this.#unread
    this.#unread = undefined
    this.#founded = founded
    for (const [place, [id, name, texts, terms, weights, words]] of clusters.entries()) {
      const cluster: Cluster = { id, place, texts, weights: new Map(), squares: 0, name: name ?? undefined }
      this.#byPlace[place] = cluster
      if (name !== null) this.#taken.add(name)
      const written = words.split(' ')
      for (const [index, term] of terms.split(' ').entries()) this.#addWeight(cluster, term, weights[index] ?? 0, written[index] ?? '')
      ;(name === null ? this.#forming : this.#settled).set(id, cluster)
    }
  }

  /** In the order of founding, so that the names do not depend on which cluster was joined last. */
  #nameForming(): ReadonlyMap<number, string> {
    const names = new Map<number, string>()
    const taken = new Set(this.#taken)
    for (const cluster of [...this.#forming.values()].sort((left, right) => left.id - right.id)) {
      const name = this.#freeName(cluster, taken)
      taken.add(name)
      names.set(cluster.id, name)
    }
    return names
  }

  /** The words of a name that nobody else has. */
  #freeName(cluster: Cluster, taken: ReadonlySet<string>): string {
    const words = this.#characteristic(cluster)
    const order = [...cluster.weights.values()].map(({ word }) => word)
    const joined = (count: number): string => words.slice(0, count).sort((left, right) => order.indexOf(left) - order.indexOf(right)).join(' ')
    for (let count = wordsInName; count <= wordsInName + furtherWords; count += 1) {
      if (!taken.has(joined(count))) return joined(count)
    }
    for (let number = 2; ; number += 1) {
      const numbered = `${joined(wordsInName)} ${number}`
      if (!taken.has(numbered)) return numbered
    }
  }

  #clustersWith(term: string): number {
    return (this.#postings.get(term)?.length ?? 0) / 2
  }

  /** The words that may stand in the name, the most characteristic first. */
  #characteristic({ texts, weights }: Cluster): string[] {
    const clusters = this.#settled.size + this.#forming.size
    const all = Array.from(weights, ([term, weight]) => ({
      word: weight.word,
      texts: weight.texts,
      score: weight.texts * Math.log(1 + clusters / this.#clustersWith(term)),
    })).sort((left, right) => right.score - left.score)
    const inMost = all.filter((weight) => 2 * weight.texts > texts)
    const inSome = all.filter((weight) => weight.texts > 1 && !inMost.includes(weight))
    // One word alone says little; and of texts that have no word in common, all are as good.
    const shared = inMost.length > 1 ? inMost : [...inMost, ...inSome]
    const candidates = (shared.length > 0 ? shared : all).map(({ word }) => word)
    const told = candidates.filter(readable)
    return [...new Set(told.length > 0 ? told : candidates)]
  }
}

import { createHash } from 'node:crypto'
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import { type AnalyzedDocument, analyzeDocument, analyzeQuery, type Query as AnalyzedQuery } from '../../text/analyzer.ts'
import { type Cipher, plaintext } from '../../encryption/cipher.ts'
import type { Hit, IndexEntry, IndexKind, Query, Standing } from '../storage.ts'
import { stopWords } from '../../text/words.ts'
import { candidateTerms, isFrequent, isOwnText, mostTogether, ownRelevance, scoreText, weighQuery, type ScoredTerm, type TextStatistics } from '../../text/relevance.ts'
import { spaceOf } from './encryption.ts'
import { corrupt } from './errors.ts'
import { bodyOf, candidates, knowledgeMark, type NamespaceStatements, type Row, termsIn, TextTables } from './text-tables.ts'

/** One text to index: an entry, and the sequence of the fact it came from. */
export interface TextEntry extends IndexEntry {
  readonly sequence: number
}

/** What to look for in one namespace; without standings, in all. */
export type TextQuery = Omit<Query, 'namespace' | 'limit' | 'standings'> & {
  /** At most this many hits; default 20. */
  readonly limit?: number
  /** Default: all. */
  readonly standings?: readonly Standing[]
}

/** What the index knows of some terms. */
export interface TermStatistics extends TextStatistics {
  /** Number of texts per term; a term that never occurs is absent. */
  readonly containing: ReadonlyMap<string, number>
}

const defaultLimit = 20

/** Terms of a phrase that is looked for as a whole. */
const longestPhrase = 32

/** When more than this share of a namespace's texts is erased, the rest is put into a new table: a text costs some forty times as much to take out as to put in. */
const largestShareOneByOne = 0.025

/** So few are always taken out one by one: a new table has its price, too. */
const alwaysOneByOne = 64

const allKinds: readonly IndexKind[] = ['episode', 'knowledge']
const allStandings: readonly Standing[] = ['success', 'failure', 'unverified', 'knowledge']

const optional = (value: SQLOutputValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** Values that only this class writes; the cast states what the columns hold. */
const kindOf = (row: Row): IndexKind => row['kind'] as IndexKind
const standingOf = (row: Row): Standing => row['standing'] as Standing

const digestOf = (terms: string): string => createHash('sha256').update(terms).digest('base64url').slice(0, 22)

const quoted = (terms: readonly ScoredTerm[]): string[] => terms.map(({ term }) => `"${term}"`)

const hitOf = (row: Row, terms: readonly string[], relevance: number, matched: readonly string[]): Hit => {
  const agent = optional(row['agent'])
  const user = optional(row['user'])
  return {
    id: String(row['id']),
    kind: kindOf(row),
    standing: standingOf(row),
    sequence: Number(row['sequence']),
    occurredAt: Number(row['occurred_at']),
    ...(agent !== undefined && { agent }),
    ...(user !== undefined && { user }),
    relevance,
    matched,
    terms: new Set(terms),
    digest: String(row['digest']),
  }
}

/**
 * The full-text index of the SQLite store: one FTS5 table per namespace, so that neither the words nor their statistics cross from one tenant to
 * another, and one row per item beside it.
 *
 * Synchronous, for use inside the store's own transactions; it never begins one. The analyzer makes the terms, FTS5 finds candidates by the
 * weightiest of them, and `scoreText` scores the candidates exactly. Erased words leave the file with the next checkpoint: the tables hold their content,
 * FTS5's `secure-delete` is set on each, what that leaves is built anew, and the constructor sets `PRAGMA secure_delete` on the connection, which must
 * stay on.
 *
 * A namespace is an integer, 0 or more; the caller keeps the names. A search on a namespace without texts finds nothing.
 */
export class TextIndex {
  readonly #database: DatabaseSync
  readonly #cipher: Cipher
  readonly #tables: TextTables
  readonly #find: StatementSync
  readonly #insertItem: StatementSync
  readonly #updateItem: StatementSync
  readonly #deleteItem: StatementSync
  readonly #updateStanding: StatementSync
  readonly #statistics: StatementSync
  readonly #count: StatementSync

  /**
   * @param database A connection on which {@link textIndexMigration} was run.
   * @param cipher hides words, users and agents: what is indexed and looked for are its keyed hashes of words
   */
  constructor(database: DatabaseSync, cipher: Cipher = plaintext) {
    this.#database = database
    this.#cipher = cipher
    this.#tables = new TextTables(database)
    database.exec('PRAGMA secure_delete = ON')
    this.#find = database.prepare('SELECT item, kind, length, digest FROM items WHERE namespace = ? AND id = ?')
    this.#insertItem = database.prepare(
      `INSERT INTO items (namespace, id, kind, standing, sequence, occurred_at, agent, user, length, title, digest)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#updateItem = database.prepare(
      'UPDATE items SET kind = ?, standing = ?, sequence = ?, occurred_at = ?, agent = ?, user = ?, title = ? WHERE item = ?',
    )
    this.#deleteItem = database.prepare('DELETE FROM items WHERE item = ?')
    this.#updateStanding = database.prepare('UPDATE items SET standing = ? WHERE namespace = ? AND id = ?')
    this.#statistics = database.prepare('SELECT documents, terms FROM text_statistics WHERE namespace = ?')
    this.#count = database.prepare('UPDATE text_statistics SET documents = documents + ?, terms = terms + ? WHERE namespace = ?')
  }

  /** Adds texts; one with a known id replaces what was there. */
  put(namespace: number, entries: readonly TextEntry[]): void {
    if (entries.length === 0) return
    if (this.#statistics.get(namespace) === undefined) this.#create(namespace)
    const statements = this.#tables.of(namespace)
    let documents = 0
    let length = 0
    for (const entry of entries) {
      const { terms, title } = this.#document(namespace, entry.text)
      const digest = digestOf(terms.join(' '))
      const { id, kind, standing, sequence, occurredAt } = entry
      const [agent, user] = [this.#named(namespace, entry.agent), this.#named(namespace, entry.user)]
      const known = this.#find.get(namespace, id)
      if (known !== undefined && known['digest'] === digest && known['kind'] === kind) {
        this.#updateItem.run(kind, standing, sequence, occurredAt, agent, user, title, Number(known['item']))
        continue
      }
      if (known !== undefined) {
        length -= this.#removeItem(statements, known)
        documents -= 1
      }
      const { lastInsertRowid } = this.#insertItem.run(
        namespace, id, kind, standing, sequence, occurredAt, agent, user, terms.length, title, digest,
      )
      statements.insert.run(lastInsertRowid, bodyOf(kind, terms))
      documents += 1
      length += terms.length
    }
    this.#count.run(documents, length, namespace)
  }

  /** Changes how an item may be used, as feedback arrives; the text is not touched. Returns whether the item is known. */
  setStanding(namespace: number, id: string, standing: Standing): boolean {
    return Number(this.#updateStanding.run(standing, namespace, id).changes) > 0
  }

  /** Erases items; ids that are not there are passed over. Returns the number erased. */
  remove(namespace: number, ids: Iterable<string>): number {
    const statistics = this.#statistics.get(namespace)
    if (statistics === undefined) return 0
    const items: number[] = []
    let length = 0
    for (const id of ids) {
      const known = this.#find.get(namespace, id)
      if (known === undefined) continue
      this.#deleteItem.run(Number(known['item']))
      items.push(Number(known['item']))
      length += Number(known['length'])
    }
    if (items.length === 0) return 0
    this.#count.run(-items.length, -length, namespace)
    if (items.length > Math.max(alwaysOneByOne, Number(statistics['documents']) * largestShareOneByOne)) this.#tables.keepOnlyItems(namespace)
    else {
      const statements = this.#tables.of(namespace)
      for (const item of items) statements.delete.run(item)
      this.#tables.dropStaleSeparators(namespace)
    }
    return items.length
  }

  /** Erases a whole namespace. */
  drop(namespace: number): void {
    this.#tables.drop(namespace)
    this.#database.prepare('DELETE FROM items WHERE namespace = ?').run(namespace)
    this.#database.prepare('DELETE FROM text_statistics WHERE namespace = ?').run(namespace)
  }

  /**
   * The items that match best, best first; newer before older where relevance is equal. Nothing is cut off by a floor here: that is `rank`'s.
   */
  search(namespace: number, query: TextQuery): Hit[] {
    const analyzed = this.#query(namespace, query.text)
    const statistics = this.#termStatistics(namespace, analyzed.terms.map(({ term }) => term))
    const weighed = weighQuery(analyzed, statistics, statistics.containing)
    if (weighed.terms.length === 0) return []
    const own = this.#document(namespace, query.text).terms
    const filter = {
      kinds: JSON.stringify(query.kinds ?? allKinds),
      standings: JSON.stringify(query.standings ?? allStandings),
      agent: this.#named(namespace, query.agent),
      user: this.#named(namespace, query.user),
      only: query.only === undefined ? null : JSON.stringify(query.only),
      except: query.except === undefined ? null : JSON.stringify(query.except),
    }
    const { nearest, latest } = this.#tables.of(namespace)
    const isMarked = query.kinds?.every((kind) => kind === 'knowledge') === true
    const found = (statement: StatementSync, match: string): Row[] => statement.all({ match: isMarked ? `(${match}) AND "${knowledgeMark}"` : match, ...filter })
    const rows: Row[] = []
    const add = (more: readonly Row[]): void => {
      const known = new Set(rows.map((row) => row['id']))
      rows.push(...more.filter((row) => !known.has(row['id'] ?? null)))
    }
    // Beside the mark, frequent terms cost nothing: the list of knowledge is walked along, however long the others are.
    const terms = isMarked ? weighed.terms : candidateTerms(weighed.terms)
    if (isMarked || !isFrequent(terms)) add(found(nearest, quoted(terms).join(' OR ')))
    else {
      // To score all texts that have such words takes as long as the log is; the latest that have most of them are as good as any.
      add(found(latest, quoted(weighed.terms.slice(0, mostTogether)).join(' AND ')))
      if (rows.length < candidates) add(found(latest, quoted(terms).join(' OR ')))
    }
    // Stop words alone are in every text: the one that was asked for may be none of the hundred best.
    if (rows.length >= candidates && analyzed.terms.every(({ word }) => stopWords.has(word))) {
      add(found(nearest, `"${own.slice(0, longestPhrase).join(' ')}"`))
    }
    if (rows.some((row) => row['id'] === null)) throw corrupt(this.#database.location() ?? ':memory:', 'a text of the full-text index is of nothing', undefined)
    return rows
      .map((row) => {
        const words = termsIn(String(row['body']))
        const { relevance, matched } = scoreText(weighed, words, Number(row['title']))
        return { row, terms: words, relevance: isOwnText(own, words, Number(row['title'])) ? ownRelevance(relevance) : relevance, matched }
      })
      .sort((left, right) => right.relevance - left.relevance || Number(right.row['sequence']) - Number(left.row['sequence'])
        || (String(left.row['id']) < String(right.row['id']) ? -1 : 1))
      .slice(0, query.limit ?? defaultLimit)
      .map(({ row, terms, relevance, matched }) => hitOf(this.#readable(namespace, row), terms, relevance, matched))
  }

  #document(namespace: number, text: string): AnalyzedDocument {
    const analyzed = analyzeDocument(text)
    return this.#cipher.encrypts ? { ...analyzed, terms: analyzed.terms.map((term) => this.#cipher.term(spaceOf(namespace), term)) } : analyzed
  }

  #query(namespace: number, text: string): AnalyzedQuery {
    const analyzed = analyzeQuery(text)
    if (!this.#cipher.encrypts) return analyzed
    return { ...analyzed, terms: analyzed.terms.map((each) => ({ ...each, term: this.#cipher.term(spaceOf(namespace), each.term) })) }
  }

  /** A row with its names as they were. */
  #readable(namespace: number, row: Row): Row {
    if (!this.#cipher.encrypts) return row
    const named = (name: SQLOutputValue | undefined): SQLOutputValue => (typeof name === 'string' ? this.#cipher.decryptName(spaceOf(namespace), name) : null)
    return { ...row, agent: named(row['agent']), user: named(row['user']) }
  }

  #named(namespace: number, name: string | undefined): string | null {
    return name === undefined ? null : this.#cipher.encryptName(spaceOf(namespace), name)
  }

  /** How many texts a namespace has, how long they are together, and how many hold each term of a text. */
  termStatistics(namespace: number, text: string): TermStatistics {
    return this.#termStatistics(namespace, this.#query(namespace, text).terms.map(({ term }) => term))
  }

  /** Merges the index of a namespace into one piece: faster searches, and a smaller file after a vacuum. Takes seconds per 100,000 texts. */
  optimize(namespace: number): void {
    if (this.#statistics.get(namespace) !== undefined) this.#tables.optimize(namespace)
  }

  #termStatistics(namespace: number, terms: readonly string[]): TermStatistics {
    const row = this.#statistics.get(namespace)
    if (row === undefined) return { documents: 0, terms: 0, containing: new Map() }
    const rows = this.#tables.of(namespace).containing.all(JSON.stringify(terms))
    return {
      documents: Number(row['documents']),
      terms: Number(row['terms']),
      containing: new Map(rows.map(({ term, doc }) => [String(term), Number(doc)])),
    }
  }

  #removeItem(statements: NamespaceStatements, known: Row): number {
    const item = Number(known['item'])
    statements.delete.run(item)
    this.#deleteItem.run(item)
    return Number(known['length'])
  }

  #create(namespace: number): void {
    this.#tables.create(namespace)
    this.#database.prepare('INSERT INTO text_statistics (namespace, documents, terms) VALUES (?, 0, 0)').run(namespace)
  }
}

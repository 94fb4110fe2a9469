import { createHash } from 'node:crypto'
import { AutodidactError } from '../../errors.ts'
import type { QueryRunner } from './database.ts'
import { resultKey } from './judge.ts'

/** Of results longer than this only the digest is kept. */
const digestLength = 44

/**
 * What queries return, as short texts to compare: equal for equal results. The last ones used are kept, so that a query is run once as long as it is
 * in use: cases that are alike lead to the same queries again and again, and a round trip to the database costs more than everything else.
 * A database that changes meanwhile is not noticed until its results were dropped.
 */
export class Results {
  readonly #database: QueryRunner
  readonly #maximumKept: number
  /** In order of last use, the latest at the end. */
  readonly #kept = new Map<string, string | undefined>()

  /** @param maximumKept results kept, at least 1 */
  constructor(database: QueryRunner, maximumKept = 5_000) {
    this.#database = database
    this.#maximumKept = maximumKept
  }

  /** The key of a query's result; nothing if it cannot be run. */
  async of(query: string): Promise<string | undefined> {
    const known = this.#kept.has(query)
    const key = known ? this.#kept.get(query) : await this.#run(query)
    this.#kept.delete(query)
    this.#kept.set(query, key)
    if (this.#kept.size > this.#maximumKept) this.#kept.delete(this.#kept.keys().next().value ?? '')
    return key
  }

  async #run(query: string): Promise<string | undefined> {
    try {
      const { rows } = await this.#database.query(query, { maximumRows: 1_000, truncate: true, maximumMs: 1_000 })
      const key = resultKey(rows)
      return key.length <= digestLength ? key : createHash('sha256').update(key).digest('base64')
    } catch (error) {
      if (AutodidactError.is(error) && error.code !== 'CLOSED') return undefined
      throw error
    }
  }
}

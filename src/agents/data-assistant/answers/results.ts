import { createHash } from 'node:crypto'
import { AutodidactError, type ErrorCode } from '../../../errors.ts'
import type { QueryRunner } from '../database/database.ts'
import { resultKey } from './judge.ts'
import { Recent } from '../recent.ts'

/** Of results longer than this only the digest is kept. */
const digestLength = 44

const codesAboutQuery: ReadonlySet<ErrorCode> = new Set(['INVALID_INPUT', 'NOT_ALLOWED', 'LIMIT_EXCEEDED'])

/** True for an error that the query is to blame for, so that it will come again. */
export const isAboutQuery = ({ code }: AutodidactError): boolean => codesAboutQuery.has(code)

interface Kept {
  /** Undefined for a query that cannot be run. */
  readonly key: string | undefined
}

/**
 * What queries return, as short texts to compare: equal for equal results. The last ones used are kept, so that a query is run once as long as it is
 * in use: cases that are alike lead to the same queries again and again, and a round trip to the database costs more than everything else.
 * A database that changes meanwhile is not noticed until {@link clear}.
 */
export class Results {
  readonly #database: QueryRunner
  readonly #maximumKept: number
  #kept: Recent<string, Kept>

  /** @param maximumKept results kept, at least 1 */
  constructor(database: QueryRunner, maximumKept = 5_000) {
    this.#database = database
    this.#maximumKept = maximumKept
    this.#kept = new Recent(maximumKept)
  }

  /** Drops all of them, after the database has changed. */
  clear(): void {
    this.#kept = new Recent(this.#maximumKept)
  }

  /** The key of a query's result; nothing if it cannot be run. */
  async of(query: string): Promise<string | undefined> {
    const known = this.#kept.get(query)
    if (known !== undefined) return known.key
    const key = await this.#run(query)
    this.#kept.set(query, { key })
    return key
  }

  async #run(query: string): Promise<string | undefined> {
    try {
      const { rows } = await this.#database.query(query, { maximumRows: 1_000, truncate: true, maximumMs: 1_000 })
      const key = resultKey(rows)
      return key.length <= digestLength ? key : createHash('sha256').update(key).digest('base64')
    } catch (error) {
      if (AutodidactError.is(error) && isAboutQuery(error)) return undefined
      throw error
    }
  }
}

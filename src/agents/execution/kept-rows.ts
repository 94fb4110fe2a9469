import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import { hashText } from '../../learn/hash.ts'
import { toJson } from '../../log/payload.ts'

/** Tasks share this many rows, so that what has ended leaves nothing behind that grows. */
const places = 64

/** How often a row that another process is just writing to is tried, with waits of 2, 4, 8 … ms between. */
const tries = 6

const entries = z.array(z.tuple([z.string(), z.unknown()]))

/**
 * Something about tasks, by their ids, kept in the file of the log with its durability. An erasure of a fact before it takes it away; a volatile store keeps nothing.
 */
export class KeptRows {
  readonly #autodidact: Autodidact
  readonly #owner: string
  readonly #name: string
  readonly #most: number
  #turn: Promise<unknown> = Promise.resolve()
  /** Whether it was asked for something to keep. A store that keeps versions is known to be so before that. */
  #isPersistent: boolean

  /**
   * @param owner tells the tasks of one engine from those of another on the same file
   * @param name what it is about
   * @param most tasks in a row; of more, those go that were written longest ago
   */
  constructor(autodidact: Autodidact, owner: string, name: string, most: number) {
    this.#autodidact = autodidact
    this.#owner = owner
    this.#name = name
    this.#most = most
    this.#isPersistent = autodidact.states.keepsList
  }

  async get(task: string): Promise<unknown> {
    return (await this.#at(task)).get(this.#keyOf(task))
  }

  set(task: string, value: unknown): Promise<boolean> {
    return this.change(task, () => ({ value }))
  }

  async delete(task: string): Promise<void> {
    if ((await this.#at(task)).has(this.#keyOf(task))) await this.change(task, () => ({}))
  }

  /**
   * Reads and writes under the lease that `keep` holds, and in turns in this process, which shares the lease.
   *
   * @param change gives what is to stand there then, from what stands there; may be called again
   * @returns false where nothing can be kept: in a volatile store, or a log without a fact
   * @throws AutodidactError `BUSY` where others kept it from being kept; what the storage throws
   */
  change(task: string, change: (value: unknown) => { readonly value?: unknown }): Promise<boolean> {
    const turn = this.#turn.then(async () => {
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        const isKept = await this.#autodidact.keep(this.#rowOf(task), async () => {
          this.#isPersistent = true
          const [row, key] = [await this.#at(task), this.#keyOf(task)]
          const { value } = change(row.get(key))
          row.delete(key)
          if (value !== undefined) row.set(key, value)
          const [oldest] = row.keys()
          if (row.size > this.#most && oldest !== undefined) row.delete(oldest)
          return { ...(await this.#autodidact.head()), bytes: new TextEncoder().encode(JSON.stringify(toJson([...row], this.#name))) }
        })
        if (isKept) return true
        // Asked each time: another process may have written the first fact just now, and then its word is waited for.
        if (!(await this.#couldBeKept())) return false
        await sleep(2 ** attempt)
      }
      throw new AutodidactError('BUSY', `Nothing could be kept of the task "${task}": others were just writing in that place all the time. It goes on without.`)
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** A log without a fact keeps nothing. */
  async #couldBeKept(): Promise<boolean> {
    return this.#isPersistent && !this.#autodidact.readOnly && (await this.#autodidact.head()).sequence > 0
  }

  #keyOf(task: string): string {
    return JSON.stringify([this.#owner, task])
  }

  #rowOf(task: string): string {
    return `${this.#name}:${hashText(this.#keyOf(task)) % places}@1`
  }

  async #at(task: string): Promise<Map<string, unknown>> {
    const state = await this.#autodidact.kept(this.#rowOf(task))
    if (state === undefined || state.bytes.length === 0) return new Map()
    // Whatever else may stand there was not written by this version, and is of no use.
    return new Map(entries.safeParse(JSON.parse(new TextDecoder().decode(state.bytes))).data ?? [])
  }
}

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import { hasDied, thisProcess } from '../../processes.ts'
import { KeptRows } from './kept-rows.ts'

/** So long a task belongs to a process that was not heard of since; it is heard of three times as often. */
const claimMs = 30_000

/** Tasks under way at once whose rows are the same; of more, the oldest are not known to be under way. */
const mostTasks = 1024

const shape = z.object({ host: z.string(), pid: z.number(), life: z.string(), engine: z.string(), until: z.number() })

type Claim = z.infer<typeof shape>

/** A task that is this engine's. */
export interface Claimed {
  /** Claims it once more, where the first time nothing could be kept: a log without a fact keeps nothing. */
  confirm(): Promise<void>
  release(): Promise<void>
}

/** Somebody else is at it: no failure of the storage, which must not stop a task. */
export class UnderWay extends AutodidactError {
  constructor(message: string) {
    super('BUSY', message)
  }
}

/** Which process is at a task. */
export class Claims {
  readonly #rows: KeptRows
  readonly #engine = randomUUID()

  /** @param owner tells the tasks of one engine from those of another on the same file */
  constructor(autodidact: Autodidact, owner: string) {
    this.#rows = new KeptRows(autodidact, owner, 'execution-claims', mostTasks)
  }

  /**
   * Claims a task for this engine, and goes on doing so until it is released. The claim of a process of this machine that has died is worth nothing; that of another machine ends 30 s after it was
   * last heard of. Where nothing can be kept there is nobody to share it with.
   *
   * @throws AutodidactError `BUSY` where another process, or another engine of this one, is at it; what the storage throws
   */
  async claim(task: string): Promise<Claimed> {
    await this.#expectTaken(task)
    // What cannot be written now can be written next time; a claim that was lost is not worth the task.
    const heartbeat = setInterval(() => void this.#take(task).catch(() => undefined), claimMs / 3).unref()
    return {
      confirm: () => this.#expectTaken(task),
      release: async () => {
        clearInterval(heartbeat)
        await this.#rows.change(task, (value) => (this.#isOwn(value) ? {} : { value }))
      },
    }
  }

  async #expectTaken(task: string): Promise<void> {
    const holder = await this.#take(task)
    if (holder === undefined) return
    const left = Math.max(1, Math.ceil((holder.until - Date.now()) / 1000))
    const who = holder.life === thisProcess.life ? 'this process, by another AdaptiveExecution' : `the process ${holder.pid}`
    throw new UnderWay(`The task "${task}" is under way in ${who}. Wait for it and call again; if that process has died, in ${left} s.`)
  }

  /** @returns the claim of somebody else that stands */
  async #take(task: string): Promise<Claim | undefined> {
    let holder: Claim | undefined
    await this.#rows.change(task, (value) => {
      const claim = shape.safeParse(value).data
      holder = claim !== undefined && !this.#isOwn(claim) && claim.until > Date.now() && !hasDied(claim) ? claim : undefined
      return { value: holder ?? { ...thisProcess, engine: this.#engine, until: Date.now() + claimMs } }
    })
    return holder
  }

  #isOwn(value: unknown): boolean {
    return shape.safeParse(value).data?.engine === this.#engine
  }
}

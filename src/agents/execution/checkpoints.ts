import { z } from 'zod'
import type { Autodidact } from '../../autodidact.ts'
import { hashText } from '../../learn/hash.ts'
import { toJson } from '../../log/payload.ts'
import type { StepInput } from '../../record/input.ts'
import type { Recovery } from './journal.ts'

/** A task that is under way: all that is needed to go on with it in another process. */
export interface Checkpoint {
  /** Of the plan; what was done by another plan is of no use. */
  readonly digest: string
  readonly approach: string
  readonly advice: { readonly id: string; readonly run: string; readonly task: string; readonly logged: boolean }
  /** What the steps that are done have returned, as JSON has it; without those that JSON cannot give back as they were, which are done again. */
  readonly outputs: readonly (readonly [step: string, output?: unknown])[]
  /** What was tried so far. */
  readonly notes: readonly StepInput[]
  readonly recoveries: readonly Recovery[]
  /** Time spent so far. */
  readonly durationMs: number
}

/** Keeps the state of tasks that are under way. */
export interface Checkpoints {
  load(task: string): Promise<Checkpoint | undefined>
  /** @returns false where it was not kept: the task goes on without */
  save(task: string, checkpoint: Checkpoint): Promise<boolean>
  /** The task has ended. */
  clear(task: string): Promise<void>
}

const recovery = z.object({ step: z.string(), attempts: z.number(), fix: z.string().optional() })

const shape = z.object({
  digest: z.string(),
  approach: z.string(),
  advice: z.object({ id: z.string(), run: z.string(), task: z.string(), logged: z.boolean() }),
  outputs: z.array(z.tuple([z.string(), z.unknown().optional()])),
  notes: z.array(z.custom<StepInput>((note) => typeof note === 'object' && note !== null)),
  recoveries: z.array(recovery.transform(({ fix, ...rest }) => (fix === undefined ? rest : { ...rest, fix }))),
  durationMs: z.number(),
})

/** Tasks share this many places, so that what has ended leaves nothing behind that grows. */
const places = 64

/** Tasks that one place keeps. Of more, those go whose last checkpoint is oldest: they were most likely left for good, and cost no more than being done from the start. */
const mostTasks = 64

/** How often a place that another process is just writing to is tried. */
const tries = 5

/**
 * Checkpoints in the file of the log, with its durability: a confirmed one survives the death of the process. What a task has returned so far is kept unmasked until the task
 * ends; an erasure of a fact of its run takes it away. A volatile store keeps nothing.
 */
export class KeptCheckpoints implements Checkpoints {
  readonly #autodidact: Autodidact
  readonly #owner: string
  #turn: Promise<unknown> = Promise.resolve()

  /** @param owner tells the tasks of one engine from those of another on the same file */
  constructor(autodidact: Autodidact, owner: string) {
    this.#autodidact = autodidact
    this.#owner = owner
  }

  async load(task: string): Promise<Checkpoint | undefined> {
    const found = shape.safeParse((await this.#at(task)).get(this.#keyOf(task)))
    return found.success ? found.data : undefined
  }

  save(task: string, checkpoint: Checkpoint): Promise<boolean> {
    return this.#change(task, (tasks) => {
      tasks.delete(this.#keyOf(task))
      tasks.set(this.#keyOf(task), checkpoint)
      const [oldest] = tasks.keys()
      if (tasks.size > mostTasks && oldest !== undefined) tasks.delete(oldest)
    })
  }

  async clear(task: string): Promise<void> {
    if ((await this.#at(task)).has(this.#keyOf(task))) await this.#change(task, (tasks) => void tasks.delete(this.#keyOf(task)))
  }

  #keyOf(task: string): string {
    return JSON.stringify([this.#owner, task])
  }

  #nameOf(task: string): string {
    return `execution:${hashText(this.#keyOf(task)) % places}@1`
  }

  async #at(task: string): Promise<Map<string, unknown>> {
    const state = await this.#autodidact.kept(this.#nameOf(task))
    if (state === undefined || state.bytes.length === 0) return new Map()
    // Whatever else may stand there was not written by this version, and is of no use.
    const tasks = z.array(z.tuple([z.string(), z.unknown()])).safeParse(JSON.parse(new TextDecoder().decode(state.bytes)))
    return new Map(tasks.data ?? [])
  }

  /** Reads and writes under the lease that `keep` holds, and in turns in this process, which shares the lease. */
  #change(task: string, change: (tasks: Map<string, unknown>) => void): Promise<boolean> {
    const turn = this.#turn.then(async () => {
      for (let left = tries; left > 0; left -= 1) {
        const isKept = await this.#autodidact.keep(this.#nameOf(task), async () => {
          const tasks = await this.#at(task)
          change(tasks)
          return { ...(await this.#autodidact.head()), bytes: new TextEncoder().encode(JSON.stringify(toJson([...tasks], 'checkpoint'))) }
        })
        if (isKept) return true
      }
      return false
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

import { z } from 'zod'
import type { Autodidact } from '../../autodidact.ts'
import type { Decision } from '../../decide/choose.ts'
import type { StepInput } from '../../record/input.ts'
import { errorClasses } from './classify.ts'
import type { Failure, Recovery } from './journal.ts'
import { KeptRows } from './kept-rows.ts'

/** A task that is under way: all that is needed to go on with it in another process. */
export interface Checkpoint {
  /** Of the plan; what was done by another plan is of no use. */
  readonly digest: string
  readonly approach: string
  readonly advice: { readonly id: string; readonly run: string; readonly task: string; readonly logged: boolean }
  /** The choice of the approach, as it was logged. */
  readonly decision?: Decision
  /** What the steps that are done have returned, as JSON has it; without those that JSON cannot give back as they were, which are done again. */
  readonly outputs: readonly (readonly [step: string, output?: unknown])[]
  /** What was tried so far. */
  readonly notes: readonly StepInput[]
  readonly recoveries: readonly Recovery[]
  /** What went wrong so far; of an error its name and message. */
  readonly failures?: readonly KeptFailure[]
  /** Time spent so far. */
  readonly durationMs: number
}

/** A failure as it is kept. */
export type KeptFailure = Omit<Failure, 'error'> & { readonly name: string; readonly message: string }

/** A task that was done, once its run is recorded. */
export interface EndedTask {
  readonly digest: string
  readonly run: string
}

/** Keeps the state of tasks that are under way. */
export interface Checkpoints {
  load(task: string): Promise<Checkpoint | undefined>
  /** @returns false where it was not kept: the task goes on without */
  save(task: string, checkpoint: Checkpoint): Promise<boolean>
  /** The task has ended. */
  clear(task: string): Promise<void>
  /** It has ended well, and is not done again under its id once its run is recorded. Absent where nobody is to know. */
  end?(task: string, ended: EndedTask): Promise<void>
  /** How it ended, if it did and is still known. */
  ended?(task: string): Promise<EndedTask | undefined>
}

const recovery = z.object({ step: z.string(), attempts: z.number(), fix: z.string().optional() })

const failure = z.object({ step: z.string(), attempt: z.number(), class: z.enum(errorClasses), name: z.string(), message: z.string() })

const isDecision = (value: unknown): value is Decision => z.looseObject({ id: z.string(), run: z.string(), option: z.string(), propensity: z.number() }).safeParse(value).success

const shape = z.object({
  digest: z.string(),
  approach: z.string(),
  advice: z.object({ id: z.string(), run: z.string(), task: z.string(), logged: z.boolean() }),
  decision: z.custom<Decision>(isDecision).optional(),
  outputs: z.array(z.tuple([z.string(), z.unknown().optional()])),
  notes: z.array(z.custom<StepInput>((note) => typeof note === 'object' && note !== null)),
  recoveries: z.array(recovery.transform(({ fix, ...rest }) => (fix === undefined ? rest : { ...rest, fix }))),
  failures: z.array(failure).default([]),
  durationMs: z.number(),
})

const endedShape = z.object({ digest: z.string(), run: z.string() })

/** Tasks of one row. Of more, those go whose last checkpoint is oldest: they were most likely left for good, and cost no more than being done from the start. */
const mostTasks = 64

/** Tasks of one row that are known to have ended: some 16,000 in all. */
const mostEnded = 256

/**
 * Checkpoints in the file of the log, with its durability: a confirmed one survives the death of the process. What a task has returned so far is kept unmasked until the task
 * ends; an erasure of a fact of its run takes it away. Of a task that has ended its id, its run and a digest of its plan stay. A volatile store keeps nothing.
 */
export class KeptCheckpoints implements Checkpoints {
  readonly #underway: KeptRows
  readonly #ended: KeptRows

  /** @param owner tells the tasks of one engine from those of another on the same file */
  constructor(autodidact: Autodidact, owner: string) {
    this.#underway = new KeptRows(autodidact, owner, 'execution', mostTasks)
    this.#ended = new KeptRows(autodidact, owner, 'execution-ended', mostEnded)
  }

  async load(task: string): Promise<Checkpoint | undefined> {
    const found = shape.safeParse(await this.#underway.get(task))
    if (!found.success) return undefined
    const { decision, ...checkpoint } = found.data
    // JSON leaves out what is undefined.
    return { ...checkpoint, ...(decision === undefined ? {} : { decision: { ...decision, expected: decision.expected } }) }
  }

  save(task: string, checkpoint: Checkpoint): Promise<boolean> {
    return this.#underway.set(task, checkpoint)
  }

  clear(task: string): Promise<void> {
    return this.#underway.delete(task)
  }

  async end(task: string, ended: EndedTask): Promise<void> {
    await this.#ended.set(task, ended)
  }

  async ended(task: string): Promise<EndedTask | undefined> {
    return endedShape.safeParse(await this.#ended.get(task)).data
  }
}

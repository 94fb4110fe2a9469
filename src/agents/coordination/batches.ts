import { z } from 'zod'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import type { ExportedFact } from '../../export/export.ts'
import { optionModel } from '../../learn/learners/option-model.ts'
import { contentDigest, textDigest } from '../../log/canonical.ts'
import { validated } from '../../log/validate.ts'
import type { OutcomeInput } from '../../record/input.ts'
import { untilAborted } from '../abort.ts'

/** An interaction of the past, as the log has it: masked, with its long texts in place. */
export interface PastInteraction {
  readonly run: string
  /** Who answered. */
  readonly agent: string | undefined
  readonly request: string
  /** Undefined where there is none, as after an error. */
  readonly response: unknown
  /** When it was answered, in milliseconds since 1970-01-01 UTC. */
  readonly occurredAt: number
}

/** What a judge says of an interaction, `score` or `success`; `model` judges unless it says otherwise. */
export type Judgement = Pick<OutcomeInput, 'score' | 'success' | 'judge'>

/** How a batch is learned. */
export interface BatchSettings {
  /** Most interactions of this batch, 1 to 100,000. Default 10. */
  readonly size?: number
  /** Judges what nobody has judged; undefined where it cannot tell. Without it, such interactions teach nothing. */
  readonly judge?: (interaction: PastInteraction) => Judgement | undefined | Promise<Judgement | undefined>
  /** Ends it, also where the judge does not look at it. */
  readonly signal?: AbortSignal
}

/** What was learned. */
export interface BatchResult {
  /** Interactions that the cursor moved over. */
  readonly interactions: number
  /** Those that were judged now. */
  readonly judged: number
  /** Those that somebody had judged before. */
  readonly known: number
  /** Sequence of the last one that is done with; 0 before the first. */
  readonly cursor: number
  /** Whether there are further interactions behind the cursor. */
  readonly more: boolean
}

const settingsInput = z.strictObject({
  size: z.number().int().min(1).max(100_000).optional(),
  judge: z.custom<Function>((value) => typeof value === 'function', 'must be a function').optional(),
  signal: z.instanceof(AbortSignal).optional(),
})

const judgementInput = z
  .strictObject({ score: z.number().min(0).max(1).optional(), success: z.boolean().optional(), judge: z.enum(['check', 'user', 'host', 'model']).optional() })
  .refine(({ score, success }) => score !== undefined || success !== undefined, 'needs score or success')

type RecordedRun = Extract<ExportedFact, { kind: 'run.recorded' }>

interface Cursor {
  readonly sequence: number
  readonly epoch: number
}

/** What lies behind the cursor. */
interface Batch {
  readonly runs: readonly RecordedRun[]
  readonly more: boolean
}

/** The interactions of one coordinator in batches, with the cursor that is kept between them. */
export class Batches {
  readonly #autodidact: Autodidact
  readonly #source: string
  /** Where this process is, for a store that keeps nothing. */
  #cursor: Cursor = { sequence: 0, epoch: 0 }
  #turn: Promise<unknown> = Promise.resolve()

  constructor(autodidact: Autodidact, source: string) {
    this.#autodidact = autodidact
    this.#source = source
  }

  /** Calls take turns: two at once would ask the judge twice. */
  learn(settings: BatchSettings): Promise<BatchResult> {
    const turn = this.#turn.then(() => this.#learn(settings))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #learn(settings: BatchSettings): Promise<BatchResult> {
    validated(settingsInput, settings, 'learnFromBatch')
    const { size = 10, judge, signal } = settings
    signal?.throwIfAborted()
    const begun = await this.#resume()
    const { runs, more } = await this.#read(begun, size)
    const judgedBefore = await this.#judgedAmong(runs)
    let [judged, known, sequence] = [0, 0, begun.sequence]
    try {
      for (const run of runs) {
        signal?.throwIfAborted()
        if (hasOutcome(run) || judgedBefore.has(run.id)) known += 1
        else if (judge !== undefined) {
          const verdict = await this.#judge(run, judge, signal)
          if (verdict === 'written') judged += 1
          else if (verdict === 'known') known += 1
        }
        ;({ sequence } = run)
      }
    } finally {
      if (sequence > begun.sequence) await this.#keep({ sequence, epoch: begun.epoch })
    }
    // Any learner will do: they are folded together.
    await this.#autodidact.learned(optionModel)
    return { interactions: runs.length, judged, known, cursor: sequence, more }
  }

  /** Reads on from the cursor, as far as the batch goes. */
  async #read({ sequence }: Cursor, size: number): Promise<Batch> {
    const runs: RecordedRun[] = []
    for await (const fact of this.#autodidact.export({ kinds: ['run.recorded'], after: sequence })) {
      if (fact.kind !== 'run.recorded' || fact.source !== this.#source) continue
      if (runs.length === size) return { runs, more: true }
      runs.push(fact)
    }
    return { runs, more: false }
  }

  /** Runs on which a verdict stands: it may have come at any time, also before the run was recorded. */
  async #judgedAmong(runs: readonly RecordedRun[]): Promise<ReadonlySet<string>> {
    /** The run that each verdict is on. */
    const verdicts = new Map<string, string>()
    const retracted = new Set<string>()
    for await (const fact of this.#autodidact.export({ kinds: ['feedback.received', 'feedback.retracted'], runs: runs.map(({ id }) => id) })) {
      if (fact.kind === 'feedback.received' && isVerdict(fact)) verdicts.set(fact.id, fact.run ?? '')
      else if (fact.kind === 'feedback.retracted') retracted.add(fact.data.feedback)
    }
    return new Set([...verdicts].flatMap(([id, run]) => (retracted.has(id) ? [] : [run])))
  }

  /** The id is made of the run's, and no longer than an id may be: whoever judges it once more, after a crash or in another process, writes nothing. */
  async #judge(run: RecordedRun, judge: NonNullable<BatchSettings['judge']>, signal: AbortSignal | undefined): Promise<'written' | 'known' | 'none'> {
    const { task: request, response } = run.data
    const said = await untilAborted(signal, () => judge({ run: run.id, agent: run.agent, request, response, occurredAt: run.occurredAt }))
    if (said === undefined) return 'none'
    const { judge: who = 'model', ...verdict } = validated(judgementInput, said, 'learnFromBatch: what judge returned')
    const { score, success } = verdict
    const outcome = { judge: who, ...(score === undefined ? {} : { score }), ...(success === undefined ? {} : { success }) }
    try {
      const { status } = await this.#autodidact.feedback(run.id, { outcome }, { id: `judged:${contentDigest([this.#source, run.id])}`, source: this.#source })
      return status === 'stored' ? 'written' : 'known'
    } catch (error) {
      if (AutodidactError.is(error) && error.code === 'ID_CONFLICT') return 'known'
      if (AutodidactError.is(error) && error.code === 'FORGOTTEN') return 'none'
      throw error
    }
  }

  get #keptName(): string {
    return `coordinator:${textDigest(this.#source)}@1`
  }

  /** The cursor that goes furthest, as long as the log behind it is the same. */
  async #resume(): Promise<Cursor> {
    const { epoch } = await this.#autodidact.head()
    const state = await this.#autodidact.kept(this.#keptName)
    const sequence = Math.max(this.#cursor.sequence, state?.sequence ?? 0)
    return { sequence, epoch }
  }

  /** A cursor that cannot be kept costs a second look, no second verdict. */
  async #keep(cursor: Cursor): Promise<void> {
    this.#cursor = cursor
    try {
      await this.#autodidact.keep(this.#keptName, () => ({ ...cursor, bytes: new Uint8Array() }))
    } catch (error) {
      if (!AutodidactError.is(error) || !['BUSY', 'DISK_FULL', 'READ_ONLY'].includes(error.code)) throw error
    }
  }
}

const hasOutcome = ({ data: { outcome } }: RecordedRun): boolean => outcome?.success !== undefined || outcome?.score !== undefined

const isVerdict = ({ data }: Extract<ExportedFact, { kind: 'feedback.received' }>): boolean =>
  data.decision === undefined && (data.rating !== undefined || data.outcome !== undefined || data.correction !== undefined)

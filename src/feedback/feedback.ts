import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { described } from '../expect.ts'
import { contentDigest } from '../log/canonical.ts'
import { refuseImpossible } from '../log/clock.ts'
import type { NewFact } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { judge, name, text, time, unit } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { type Json, toJson } from '../log/payload.ts'
import { maskedPayload } from '../log/redact.ts'
import type { Scope } from '../scope.ts'
import type { Standing } from '../storage/storage.ts'
import { appendToRun } from '../credit/append.ts'
import { noticeDeadlines } from '../credit/deadlines.ts'
import { refuseIdOfRun, refuseRunOfOtherKind } from '../credit/one-id-space.ts'
import { type DecisionReward, rewardsOf } from '../credit/rewards.ts'
import type { Dossier } from '../credit/dossier.ts'
import { refuseContradiction } from '../credit/contradiction.ts'
import { standingOf } from '../credit/standing.ts'

const outcome = z
  .strictObject({ success: z.boolean().optional(), score: unit.optional(), judge: judge.default('check') })
  .refine((value) => value.success !== undefined || value.score !== undefined, 'needs success or score')

const details = z.strictObject({
  /** 0 to 1. */
  score: unit.optional(),
  correction: z.unknown().optional(),
  outcome: outcome.optional(),
  comment: text.optional(),
  retract: name.optional(),
})

const settings = z.strictObject({
  id: name.optional(),
  author: name.optional(),
  decision: name.optional(),
  source: name.optional(),
  occurredAt: time.optional(),
})

const settingNames = Object.keys(settings.shape)

/** What somebody says of a run: a thumb, or any of a graded rating, the right answer, an outcome from outside, a comment; or a retraction. */
export type FeedbackInput =
  | 'up'
  | 'down'
  | {
      /** A rating in [0, 1]. */
      readonly score?: number
      /** The right answer, as the agent should have given it. */
      readonly correction?: unknown
      /** An outcome from outside, such as a test; judged by `check` unless said otherwise. */
      readonly outcome?: { readonly success?: boolean; readonly score?: number; readonly judge?: 'check' | 'user' | 'host' | 'model' }
      readonly comment?: string
      /** Takes the feedback with this id back; it may arrive before what it takes back. */
      readonly retract?: string
    }

export interface FeedbackSettings {
  /** The same id with the same content counts once. Default: a new id. */
  readonly id?: string
  /** Who says so; one author has one vote, the latest. Default: the user of the run; for an outcome, one voice for each kind of judge. */
  readonly author?: string
  /** Id of the one decision that is meant; default: the whole run. */
  readonly decision?: string
  /** What tells us; default `host`. */
  readonly source?: string
  /** Milliseconds since 1970-01-01 UTC, fractions cut off; default now. */
  readonly occurredAt?: number
}

/** The truth about a feedback: made after it was committed. */
export interface FeedbackReceipt {
  readonly feedback: string
  readonly run: string
  readonly status: 'stored' | 'merged'
  /** False while the run itself is not recorded: the feedback waits for it. */
  readonly recorded: boolean
  /** How recall treats the run now: `success` for a corrected one, of which it shows the right answer, although what the agent did counts as failed. */
  readonly standing: Standing
  /** What the decisions of the run are worth now; those that nobody has judged are not there. */
  readonly rewards: readonly DecisionReward[]
}

/**
 * Writes down what somebody says of a run. It may come before the run, twice, late, or from another process. Ids of a namespace are in one space: neither the
 * id of a feedback nor the run may name anything else there.
 *
 * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_ID` when the run is known and what is named in it is not, `FORGOTTEN`, `ID_CONFLICT`, `CONFLICT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const { run } = await autodidact.record({ task: 'Capital of Australia?', response: 'Sydney' })
 * await autodidact.feedback(run, { correction: 'Canberra' }, { author: 'ada' })
 * const { items } = await autodidact.recall('capital of Australia')
 * console.assert(items[0]?.response === 'Canberra' && items[0].replaced === 'Sydney')
 * await autodidact.close()
 * ```
 */
export const feedback = async (scope: Scope, run: string, input: FeedbackInput, options: FeedbackSettings = {}): Promise<FeedbackReceipt> => {
  validated(name, run, 'feedback: run')
  const { said, given, correction } = checkedFeedback(scope, input, options)
  if (given.id === run) {
    throw new AutodidactError('INVALID_INPUT', `feedback: id is that of the run, "${run}", which could then not be recorded. Nothing was written; leave the id out, or pass one such as "${run}:1".`)
  }
  const id = given.id ?? newId('feedback')
  const [erased] = await scope.storage.erased(scope.namespace, [run])
  if (erased !== undefined) throw new AutodidactError('FORGOTTEN', `Run "${run}" was erased on request. Feedback on it is not kept.`)
  if (given.id !== undefined) await refuseIdOfRun(scope, given.id, 'feedback')
  if (said.retract !== undefined) await refuseOfOtherRun(scope, run, said.retract, 'feedback.received')
  if (given.decision !== undefined) await refuseOfOtherRun(scope, run, given.decision, 'decision.made')

  const reward = said.outcome?.score ?? (said.outcome?.success === undefined ? undefined : Number(said.outcome.success))
  const data = {
    ...(given.author === undefined ? {} : { author: given.author }),
    ...(said.score === undefined ? {} : { rating: said.score }),
    ...(correction === undefined ? {} : { correction: maskedPayload(scope.redact, correction, 'correction') }),
    ...(said.outcome === undefined || reward === undefined ? {} : { outcome: { reward, judge: said.outcome.judge } }),
    ...(given.decision === undefined ? {} : { decision: given.decision }),
    ...(said.comment === undefined ? {} : { comment: scope.redact(said.comment, 'comment') }),
  }
  // Before, so that it makes no difference who notices that the time of this run is over.
  await noticeDeadlines(scope)
  const now = scope.clock()
  // A check, a host or a model that is not named is no person, and who takes something back is not asked.
  const bySomebody = said.score !== undefined || correction !== undefined || said.comment !== undefined || said.outcome?.judge === 'user'
  const { stored, after } = await appendToRun(scope, run, async (before) => {
    if (before.lastSequence === 0) await refuseRunOfOtherKind(scope, run, 'feedback')
    if (!before.hasHeard(id)) refuseUnknown(before, said.retract, given.decision)
    const envelope = {
      id,
      occurredAt: given.occurredAt ?? now,
      user: given.author ?? (bySomebody ? before.user : undefined),
      session: before.recorded?.session,
      run,
      source: given.source ?? 'host',
      trust: 'user' as const,
    }
    const fact: NewFact =
      said.retract === undefined
        ? { ...envelope, kind: 'feedback.received', version: kinds['feedback.received'].version, data, digest: contentDigest({ run, said: data }) }
        : {
            ...envelope,
            kind: 'feedback.retracted',
            version: kinds['feedback.retracted'].version,
            data: { feedback: said.retract },
            digest: contentDigest({ run, retract: said.retract }),
          }
    return { facts: [fact] }
  })
  const status = stored ? 'stored' : 'merged'
  return { feedback: id, run, status, recorded: after.recorded !== undefined, standing: standingOf(after), rewards: rewardsOf(after) }
}

/** What was said, in a form that can be written. */
interface CheckedFeedback {
  readonly said: z.output<typeof details>
  readonly given: z.output<typeof settings>
  readonly correction: Json | undefined
}

/**
 * A feedback that can be written, as far as it can be told without looking at the log.
 *
 * @throws AutodidactError `INVALID_INPUT`
 */
export const checkedFeedback = (scope: Scope, input: FeedbackInput, options: FeedbackSettings): CheckedFeedback => {
  if (typeof input === 'string' && input !== 'up' && input !== 'down') {
    throw new AutodidactError('INVALID_INPUT', `feedback: ${described(input)} is no rating. Pass 'up', 'down', or an object such as { score: 0.8 } or { correction: … }.`)
  }
  refuseSettings(input)
  const said = validated(details, input === 'up' ? { score: 1 } : input === 'down' ? { score: 0 } : input, 'feedback')
  const given = validated(settings, options, 'feedback')
  refuseImpossible({ occurredAt: given.occurredAt }, scope.clock(), 'feedback')
  refuseContradiction('feedback: outcome', said.outcome ?? {})
  const correction = toJson(said.correction, 'feedback: correction')
  if (said.correction !== undefined && correction === undefined) {
    throw new AutodidactError('INVALID_INPUT', `feedback: correction is a ${typeof said.correction}, which cannot be written down. Pass the right answer as plain data.`)
  }
  if (typeof correction === 'string' && correction.trim() === '') {
    throw new AutodidactError('INVALID_INPUT', 'feedback: correction is empty, and would become the right answer. Pass the right answer; where there is none, say null, or \'down\' alone.')
  }
  const parts = [said.score, correction, said.outcome, said.comment].filter((part) => part !== undefined).length
  if (parts === 0 && said.retract === undefined) {
    throw new AutodidactError('INVALID_INPUT', "feedback says nothing. Pass 'up', 'down', or one of score, correction, outcome, comment, retract.")
  }
  if (said.retract !== undefined && (parts > 0 || given.decision !== undefined || given.author !== undefined)) {
    throw new AutodidactError('INVALID_INPUT', 'feedback: a retraction says nothing else. Retract first, then say what is right instead.')
  }
  return { said, given, correction }
}

/** Who says so, and of which decision, belongs to the settings: whoever mixes the two is told where. */
const refuseSettings = (input: unknown): void => {
  const misplaced = typeof input === 'object' && input !== null ? settingNames.find((setting) => Object.hasOwn(input, setting)) : undefined
  if (misplaced === undefined) return
  throw new AutodidactError('INVALID_INPUT', `feedback: ${misplaced} goes in the third argument: feedback(run, { … }, { ${misplaced}: … }). Nothing was written.`)
}

/** Feedback may come before its run. Once the run is known, what nobody has ever seen in it is a slip: the word would be stored and have no effect. */
const refuseUnknown = (before: Dossier, retract: string | undefined, decision: string | undefined): void => {
  const { run, recorded, decisions } = before
  if (decision !== undefined && !decisions.has(decision) && (recorded !== undefined || decisions.size > 0)) {
    throw new AutodidactError('UNKNOWN_ID', `feedback: run "${run}" has no decision "${decision}". Pass the id of one of its decisions, as decide or advise gave it, or leave it out.`)
  }
  if (retract !== undefined && recorded !== undefined && !before.hasHeard(retract)) {
    throw new AutodidactError('UNKNOWN_ID', `feedback: run "${run}" has no feedback "${retract}" to take back. Pass the id that the receipt of the feedback gave.`)
  }
}

/** What feedback refers to may be unknown yet. But what is there must be of this run: otherwise the receipt would tell of an effect that there is not. */
const refuseOfOtherRun = async (scope: Scope, run: string, id: string, kind: 'feedback.received' | 'decision.made'): Promise<void> => {
  for await (const page of scope.storage.read('', { namespace: scope.namespace, ids: [id] })) {
    for (const fact of page) {
      if (fact.kind === kind && fact.run === run) continue
      const what = kind === 'decision.made' ? 'decision' : 'feedback'
      throw new AutodidactError('INVALID_INPUT', `feedback: "${id}" is no ${what} of run "${run}". Name the run that it belongs to.`)
    }
  }
}

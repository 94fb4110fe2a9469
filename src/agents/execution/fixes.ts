import { z } from 'zod'
import type { Autodidact } from '../../autodidact.ts'
import { wordsOf } from '../../errors.ts'
import { expectObject } from '../../expect.ts'
import type { Learner } from '../../learn/learner.ts'
import { type Trust, trustOrder } from '../../log/fact.ts'
import { name } from '../../log/kinds/shared.ts'
import { validated } from '../../log/validate.ts'
import { untilAborted } from '../abort.ts'

/** One thing to do: a tool of yours by its name, and what to hand it. */
export interface FixStep {
  readonly action: string
  readonly input?: unknown
}

/** What has helped against errors like this one. */
export interface Fix {
  readonly id: string
  /** The error's message without numbers, paths and names: what the fix is known to help against. */
  readonly template?: string
  /** How likely it helps, in [0, 1]. */
  readonly confidence: number
  readonly uses?: number
  readonly successes?: number
  readonly categories?: readonly string[]
  readonly context?: unknown
  /** What to do, in order. */
  readonly steps: readonly FixStep[]
  /** False where the steps lack something that the error does not say; such a fix is never applied. */
  readonly executable?: boolean
  /** Where the steps come from; absent where the source vouches for them. */
  readonly trust?: Trust
}

/** An error for which a fix is wanted. */
export interface ErrorToFix {
  /** The error in words, name and message. */
  readonly message: string
  /** Of the task. */
  readonly category?: string
  /** Of the step that failed. */
  readonly tool?: string
  /** What the step that failed worked with, as it is recorded; absent where there is none. */
  readonly input?: unknown
}

/** Knows fixes, the best first; none that it would not recommend. */
export interface FixSource {
  /** @param settings `confidence: 0` asks also for those that it would not recommend, to tell of them */
  fixesFor(error: ErrorToFix, settings?: { readonly confidence?: number }): readonly Fix[] | Promise<readonly Fix[]>
}

const fixesInput = z.array(
  z.looseObject({ id: name, confidence: z.number(), executable: z.boolean().optional(), trust: z.enum(trustOrder).optional(), steps: z.array(z.looseObject({ action: name, input: z.unknown().optional() })) }),
)

/**
 * What a source knows against an error.
 *
 * @param settings `confidence: 0` for all that it knows, also what it would not recommend
 * @throws what the source throws, and AutodidactError `INVALID_INPUT` when it gives anything else than fixes
 */
export const knownFixes = async (source: FixSource, error: ErrorToFix, settings: { readonly confidence?: number } = {}): Promise<readonly Fix[]> => {
  const fixes = await source.fixesFor(error, settings)
  validated(fixesInput, fixes, 'fixesFor')
  return fixes
}

/** Knows no fixes. */
export const noFixes: FixSource = { fixesFor: () => [] }

/**
 * The fixes that a learner of the log knows, as of the end of the log: what one task has recovered from helps the next.
 *
 * @param learner any whose view has `fixesFor`; known to `autodidact`
 * @throws AutodidactError `INVALID_INPUT`; the source also `UNKNOWN_LEARNER`
 * @example
 * ```ts
 * import { Autodidact, type Learner } from 'autodidact'
 * import { type Fix, learnedFixes } from 'autodidact/agents'
 *
 * const restart: Fix = { id: 'restart', confidence: 0.9, steps: [{ action: 'restart', input: 'db' }] }
 * const learner: Learner<number, { fixesFor: () => readonly Fix[] }> = {
 *   name: 'restarts', version: 1, handles: [],
 *   initial: () => 0, learn: (state) => state, view: () => ({ fixesFor: () => [restart] }),
 *   save: () => new Uint8Array(), load: () => 0,
 * }
 * const autodidact = await Autodidact.open(':memory:', { learners: [learner] })
 * const [best] = await learnedFixes(autodidact, learner).fixesFor({ message: 'connection refused' })
 * console.assert(best?.id === 'restart')
 * await autodidact.close()
 * ```
 */
export const learnedFixes = <State>(
  autodidact: Autodidact,
  learner: Learner<State, { readonly fixesFor: (error: ErrorToFix, settings?: { readonly confidence?: number }) => readonly Fix[] }>,
): FixSource => {
  expectObject(autodidact, 'learnedFixes: autodidact', ['learned'])
  expectObject(learner, 'learnedFixes: learner', ['view'])
  return { fixesFor: async (error, settings) => (await autodidact.learned(learner)).fixesFor(error, settings) }
}

/** What a tool is told besides its input. */
export interface ToolBriefing {
  readonly error: unknown
  /** Of the step that failed. */
  readonly step: string
  readonly signal: AbortSignal
}

/** Does one step of a fix. What it throws means that the fix could not be applied. */
export type Tool = (input: unknown, briefing: ToolBriefing) => unknown

/** What became of one step of a fix. */
export interface AppliedStep {
  readonly action: string
  readonly input: unknown
  readonly output: unknown
  readonly ok: boolean
  readonly durationMs: number
}

/**
 * Does the steps of a fix, one after the other, up to the first that fails.
 *
 * @throws the reason of the signal; what a tool throws is told, not thrown
 */
export const applyFix = async (fix: Fix, tools: ReadonlyMap<string, Tool>, briefing: ToolBriefing): Promise<readonly AppliedStep[]> => {
  const applied: AppliedStep[] = []
  for (const { action, input } of fix.steps) {
    const started = performance.now()
    const note = (ok: boolean, output: unknown): void => void applied.push({ action, input, output, ok, durationMs: performance.now() - started })
    try {
      const tool = tools.get(action)
      note(true, await untilAborted(briefing.signal, () => tool?.(input, briefing)))
    } catch (error) {
      note(false, wordsOf(error))
      briefing.signal.throwIfAborted()
      break
    }
  }
  return applied
}

/** Whether all that a fix wants done is there to do it, and it wants something done. */
export const isApplicable = ({ steps, executable }: Fix, tools: ReadonlyMap<string, Tool>): boolean => executable !== false && steps.length > 0 && steps.every(({ action }) => tools.has(action))

/** Whether a fix may be applied without anybody looking at it: what others wrote would else choose what is done here. */
export const isTrusted = ({ trust }: Fix, least: Trust): boolean => trust === undefined || trustOrder.indexOf(trust) <= trustOrder.indexOf(least)

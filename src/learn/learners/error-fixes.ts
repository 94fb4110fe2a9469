import { AutodidactError } from '../../errors.ts'
import { expectNumber, expectObject } from '../../expect.ts'
import { canonicalJson } from '../../log/canonical-json.ts'
import type { FactOf, Trust } from '../../log/fact.ts'
import { type Json, toJson } from '../../log/payload.ts'
import { hashText, longHash } from '../hash.ts'
import type { Experience, Learner } from '../learner.ts'
import { BoundedChance, type SavedBoundedChance } from '../structures/bounded-chance.ts'
import { ErrorGroups, type SavedErrorGroups } from '../structures/error-groups.ts'
import { type ErrorTemplate, errorTemplate, inputTerms, maskedText } from '../structures/error-template.ts'
import { fixId } from '../structures/fix-id.ts'
import { filledSteps, type MetError, namesIn, type TakenOver, takenOver } from '../structures/fix-slots.ts'
import { type Candidate, type FixCase, FixCases, type IsOffered, type SavedFixCases, type Situation } from '../structures/fix-cases.ts'
import { learnerName } from '../structures/learner-name.ts'
import { errorsOf, type FixStep, inputText } from '../structures/recoveries.ts'

export type { FixStep } from '../structures/recoveries.ts'

/** Cases of fixes that are kept, about 1 kB each, and groups of errors, about 200 bytes each. */
const [defaultSolutionLimit, mostSolutions, mostGroups] = [1024, 100_000, 2048]

/**
 * No fix is offered below this confidence unless the caller says otherwise. Confidence is a bound from below, so that of a hundred offers at the limit at most fifteen should be wrong;
 * measured with `bench errors` (docs/error-fixes.md).
 */
export const leastConfidence = 0.85

/** Fixes that are looked at more closely; the others are too unlikely. */
const mostCandidates = 20

/** An error for which a fix is wanted. */
export interface ErrorToFix {
  /** The error in words. */
  readonly message: string
  /** Kind of the task. */
  readonly category?: string
  /** The tool that failed, and what it was given. Without them, fixes are found by the message alone and offered with less confidence. */
  readonly tool?: string
  readonly input?: unknown
}

export interface FixesSettings {
  /** Only fixes of at least this confidence, in [0, 1]; default {@link leastConfidence}. */
  readonly confidence?: number
  /** At most so many, from 1 to 20; default 3. */
  readonly limit?: number
  /** The agent that asks: it alone is offered what people told for it only. Default: nobody in particular. */
  readonly for?: string
}

/** What has helped against errors like this one. */
export interface ErrorFix {
  readonly id: string
  /** What the fix is called, where somebody gave it a name. */
  readonly approach?: string
  /** The error that it helped against, with numbers, paths, addresses, ids and quoted names masked. */
  readonly template: string
  /** Least probability that it is the right fix, by all that was seen, times the rate at which it helps; in [0, 1]. */
  readonly confidence: number
  /** How often it was tried against any error, and how often it helped. */
  readonly uses: number
  readonly successes: number
  /** Kinds of tasks in which it was met. */
  readonly categories: readonly string[]
  /** Where it was met: the tools that had failed, and what the host said of the situation. */
  readonly context: { readonly tools: readonly string[]; readonly situation?: Readonly<Record<string, number | string | boolean>> }
  /**
   * What to do, in order, as it was done the last time in the most similar case, with what differs taken from this error; `<slot 1>` stands where this error does not say it. Empty where only
   * its name is known.
   */
  readonly steps: readonly FixStep[]
  /** Whether there are steps, with all that differs filled in. */
  readonly executable: boolean
  /** Where the steps come from. */
  readonly trust: Trust
  /** Facts that taught the most similar case, the latest last; at most 3. */
  readonly facts: readonly string[]
}

/** Errors that differ only in what is masked. */
export interface ErrorGroup {
  readonly template: string
  readonly errors: number
  /** Those after which something helped. */
  readonly fixed: number
}

export interface ErrorFixesView {
  /**
   * The likeliest first; none for a message without words.
   *
   * @param isOffered whether what an item of knowledge tells may be offered, which depends on its state and on who asks; default: only what runs taught is. `autodidact.fixesFor` knows
   */
  fixesFor(error: ErrorToFix, settings?: Omit<FixesSettings, 'for'>, isOffered?: (item: string) => boolean): ErrorFix[]
  /** The most frequent first. */
  groups(): ErrorGroup[]
  /** What is known by the template of the error, and how often recoveries were seen, as plain data to be compared with other versions. */
  table(): { readonly groups: Readonly<Record<string, Omit<ErrorGroup, 'template'>>>; readonly recoveries: number; readonly retries: number; readonly helpful: number }
}

/**
 * The chance of a match is a logistic regression over what a candidate lacks of an error that comes back exactly: these are its initial weights. They make the confidence in what was
 * seen once .91 when the error comes back, and just more than the limit when only its message is told.
 */
const initialWeights = [5.5, 6, 1, 2, 1]

const signsOf = ({ message, situation, share, fit }: Candidate): readonly number[] => [1, message - 1, situation - 1, share - 1, fit - 1]

/** Every recovery tests what would have been offered, up to so many; then every fourth does, because a test costs as much as a question. */
const testedAtFirst = 1000
const testEvery = 4

/** A fix that nobody has tried again helps so often, at first; worth so many tries. Then what known fixes really did counts. */
const [initialHelp, helpStrength] = [0.9, 5]

/** A fix is believed to help like fixes in general until it was tried about so often. */
const ownStrength = 2

export interface ErrorFixesState {
  readonly cases: FixCases
  readonly groups: ErrorGroups
  /** That the likeliest candidate is the right fix. */
  readonly match: BoundedChance
  /** Recoveries from errors with words that were seen. */
  recoveries: number
  /** Fixes that had helped before and were tried again, and how often they helped. */
  retries: number
  helpful: number
}

const helpInGeneral = ({ retries, helpful }: ErrorFixesState): number => (helpful + initialHelp * helpStrength) / (retries + helpStrength)

/** One run may have failed for reasons of its own, and one source must not silence a fix: failures count when so many runs report them. */
const fewestReports = 2

const confidenceIn = (state: ErrorFixesState, candidate: Candidate): number => {
  const { uses, successes, nearSuccesses, nearUses } = candidate
  const tries = uses - successes < fewestReports ? nearSuccesses : nearUses
  const helps = (nearSuccesses + ownStrength * helpInGeneral(state)) / (tries + ownStrength)
  return state.match.atLeast(signsOf(candidate)) * helps
}

interface Attempt {
  readonly template: ErrorTemplate
  readonly message: string
  readonly tool?: string | undefined
  readonly input?: Json | undefined
  readonly categories: readonly string[]
  readonly context?: Readonly<Record<string, number | string | boolean>> | undefined
  readonly approach?: string | undefined
  readonly steps: readonly FixStep[]
  readonly helped: boolean
  readonly told?: FixCase['told']
}

const situationOf = ({ template, tool, input, categories }: Pick<Attempt, 'template' | 'tool' | 'input' | 'categories'>): Situation => ({
  message: template.terms,
  categories,
  ...(tool === undefined ? {} : { tool }),
  ...(input === undefined ? {} : { input: inputTerms(inputText(input)) }),
})

interface Tried {
  readonly done: Pick<FixCase, 'fix' | 'steps' | 'slots' | 'words'>
  readonly names: readonly string[]
}

/** Which fix it is, by its steps without what they take over from the error; words that nothing masks are taken over once it was seen that they differ. */
const fixTried = (cases: FixCases, approach: string | undefined, { slotted, names, withWords }: TakenOver): Tried => {
  const fix = fixId(approach, slotted.steps)
  if (withWords === undefined) return { done: { fix, ...slotted }, names }
  const { key, names: allNames, ...made } = withWords
  const steps = fixId(undefined, slotted.steps)
  if (!cases.vary({ key, steps })) return { done: { fix, ...slotted, words: { key, steps } }, names }
  cases.unite(key, made, (one) => fixId(one.approach, made.steps))
  return { done: { fix: fixId(approach, made.steps), ...made, words: { key } }, names: allNames }
}

/** Fixes that may be the right ones. What they take over from the message is a name there, so that it is asked again without it. */
const candidatesFor = (state: ErrorFixesState, error: MetError & Pick<Attempt, 'categories'>, template: ErrorTemplate, isOffered: IsOffered): readonly Candidate[] => {
  const candidates = state.cases.candidates(situationOf({ ...error, template }), mostCandidates, isOffered)
  const names = namesIn(candidates[0]?.nearest.slots ?? [], error.message)
  if (names.length === 0) return candidates
  const without = errorTemplate(error.message, inputText(error.input), names)
  return without.hash === template.hash ? candidates : state.cases.candidates(situationOf({ ...error, template: without }), mostCandidates, isOffered)
}

/** @param failed fixes that failed before in the same run, which is one report however often it tried */
const learnAttempt = (state: ErrorFixesState, attempt: Attempt, fact: Pick<FactOf<'run.recorded'>, 'id' | 'sequence' | 'trust'>, failed: Set<string>): void => {
  const { template, tool, input, categories, context, approach, helped, told } = attempt
  const { cases } = state
  const { done, names } = fixTried(cases, approach, takenOver(attempt.steps, attempt))
  const { fix } = done
  const known = cases.knows(fix)
  // What never helped is not worth remembering, and there is no end to it.
  if (!helped && (!known || failed.has(fix))) return
  if (!helped) failed.add(fix)
  const own = names.length === 0 ? template : errorTemplate(attempt.message, inputText(input), names)
  const situation = situationOf({ ...attempt, template: own })
  // For an error without words nothing is offered, so that it says nothing of what would be.
  if (helped && template.terms.length > 0) {
    const [likeliest] = state.recoveries < testedAtFirst || state.recoveries % testEvery === 0 ? cases.candidates(situation, 1) : []
    if (likeliest !== undefined) state.match.learn(signsOf(likeliest), likeliest.fix === fix)
    state.recoveries += 1
  }
  if (known && helped) {
    state.retries += 1
    state.helpful += 1
  } else if (known) {
    // The first report counts with the second one.
    const failures = cases.failures(fix) + 1
    if (failures >= fewestReports) state.retries += failures === fewestReports ? fewestReports : 1
  }
  const key = canonicalJson([fix, own.hash, fact.trust, tool, input === undefined ? undefined : hashText(maskedText(inputText(input))), [...categories].sort(), told?.item])
  const counts = { trust: fact.trust, uses: 1, successes: Number(helped), last: fact.sequence, facts: [fact.id] }
  const optional = { ...(approach === undefined ? {} : { approach }), ...(tool === undefined ? {} : { tool }), ...(context === undefined ? {} : { context }), ...(told === undefined ? {} : { told }) }
  cases.note(key, { template: own.text, categories, ...done, ...counts, ...optional }, situation)
}

const learnRun = (state: ErrorFixesState, run: FactOf<'run.recorded'>): void => {
  const { category, context } = run.data
  const categories = category === undefined ? [] : [category]
  const failed = new Set<string>()
  for (const { template, message, tool, input, attempt } of errorsOf(run)) {
    state.groups.count(template, attempt?.helped === true, run.sequence)
    if (attempt !== undefined) learnAttempt(state, { template, message, tool, input, categories, context, ...attempt }, run, failed)
  }
}

/** What the present version of an item tells: what earlier ones told goes, and saying the same again is no evidence. */
const learnKnowledge = (state: ErrorFixesState, { data: { item, fix }, id, sequence, trust }: FactOf<'knowledge.written'>): void => {
  const told = { item: item ?? id, digest: longHash(canonicalJson(fix ?? null)) }
  if (state.cases.renew(told, { id, trust })) return
  state.cases.withdraw(told.item)
  if (fix === undefined) return
  const { error, categories = [], ...tried } = fix
  const template = errorTemplate(error, inputText(tried.input))
  learnAttempt(state, { ...tried, template, message: error, categories, helped: true, told }, { id, sequence, trust }, new Set())
}

const learn = (state: ErrorFixesState, experience: Experience): ErrorFixesState => {
  if (experience.kind === 'run.recorded') learnRun(state, experience)
  else if (experience.kind === 'knowledge.written') learnKnowledge(state, experience)
  return state
}

const fixOf = (state: ErrorFixesState, candidate: Candidate, error: MetError): ErrorFix => {
  const { fix, nearest, uses, successes, categories, tools } = candidate
  const { approach, template, context, trust, facts } = nearest
  const { steps, isComplete } = filledSteps(nearest, error)
  return {
    id: fix,
    ...(approach === undefined ? {} : { approach }),
    template,
    confidence: confidenceIn(state, candidate),
    uses,
    successes,
    categories,
    context: { tools, ...(context === undefined ? {} : { situation: context }) },
    steps,
    executable: isComplete && steps.length > 0,
    trust,
    facts,
  }
}

const fixesFor = (state: ErrorFixesState, error: ErrorToFix, { confidence = leastConfidence, limit = 3 }: FixesSettings, isOffered: IsOffered): ErrorFix[] => {
  // Whatever it is, only its text is compared.
  const input = error.input === undefined || typeof error.input === 'string' ? error.input : canonicalJson(error.input)
  const template = errorTemplate(error.message, input)
  if (template.terms.length === 0) return []
  const categories = error.category === undefined ? [] : [error.category]
  const met = { message: error.message, tool: error.tool, input: toJson(error.input, 'fixesFor: input'), categories }
  return candidatesFor(state, met, template, isOffered)
    .filter((candidate) => confidenceIn(state, candidate) >= confidence)
    .slice(0, limit)
    .map((candidate) => fixOf(state, candidate, met))
}

interface Saved extends Pick<ErrorFixesState, 'recoveries' | 'retries' | 'helpful'> {
  readonly match: SavedBoundedChance
  readonly cases: SavedFixCases
  readonly groups: SavedErrorGroups
}

const decode = (bytes: Uint8Array, solutionLimit: number): ErrorFixesState => {
  try {
    const { match, cases, groups, ...numbers } = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    return { ...numbers, match: new BoundedChance(match), cases: new FixCases(solutionLimit, cases), groups: new ErrorGroups(mostGroups, groups) }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved fixes of errors are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/** How many solutions are kept. */
export interface ErrorFixesSettings {
  /** Cases of one error and one fix, from 10 to 100,000; default 1,024. What has helped least, and of that what is oldest, makes room. */
  readonly solutionLimit?: number
}

const defaults = { solutionLimit: defaultSolutionLimit }

/**
 * {@link errorFixes} that keeps another number of solutions. Looking for a fix takes time in proportion to it.
 *
 * @throws AutodidactError INVALID_INPUT when the limit is no number from 10 to 100,000
 *
 * @example
 * ```ts
 * import { createErrorFixes } from 'autodidact'
 *
 * console.assert(createErrorFixes({ solutionLimit: 2000 }).name !== createErrorFixes().name)
 * ```
 */
export const createErrorFixes = (settings: ErrorFixesSettings = {}): Learner<ErrorFixesState, ErrorFixesView> => {
  expectObject(settings, 'createErrorFixes: settings')
  const { solutionLimit = defaultSolutionLimit } = settings
  expectNumber(solutionLimit, 'createErrorFixes: solutionLimit', 10, mostSolutions)
  return {
    name: learnerName('error-fixes', { solutionLimit }, defaults),
    version: 5,
    handles: ['run.recorded', 'knowledge.written'],
    initial: () => ({
      cases: new FixCases(solutionLimit),
      groups: new ErrorGroups(mostGroups),
      match: BoundedChance.before(initialWeights),
      recoveries: 0,
      retries: 0,
      helpful: 0,
    }),
    learn,
    view: (state) => ({
      fixesFor: (error, wanted = {}, isOffered = () => false) => fixesFor(state, error, wanted, isOffered),
      groups: () => state.groups.ranked().map(({ template, errors, fixed }) => ({ template, errors, fixed })),
      table: () => ({
        groups: Object.fromEntries(state.groups.ranked().map(({ template, errors, fixed }) => [template, { errors, fixed }])),
        recoveries: state.recoveries,
        retries: state.retries,
        helpful: state.helpful,
      }),
    }),
    save: ({ match, cases, groups, ...numbers }) => {
      const saved: Saved = { ...numbers, match: match.save(), cases: cases.save(), groups: groups.save() }
      return new TextEncoder().encode(JSON.stringify(saved))
    },
    load: (bytes) => decode(bytes, solutionLimit),
  }
}

/**
 * What helps against which error. Learned from runs, where a step failed and a later use of the same tool succeeded: what was done between them is the fix; and from people, who
 * {@link Autodidact.remember} an error with its fix, for as long as the present version of the item says so and it is in use. Errors are compared with numbers, paths, addresses, ids and quoted names masked, and by what the tool was given.
 *
 * The confidence in a fix is σ(w·signs − 1.645 s.d.) × (s + 2h) / (u + 2). The first factor is the 95 % lower bound of the chance that it is the right one: a logistic regression over the similarity of
 * the message and of the situation, the fix's share of what has helped in similar cases, and whether it was met with this tool; learned by asking before each recovery from an error with words what would
 * have been offered (`BoundedChance`). What was seldom met is uncertain, and is not offered. The second is the rate s / u at which it helped in cases as similar as the nearest one,
 * shrunk to the rate h at which known fixes help when they are tried again: a fix that fails loses.
 *
 * Bounded: 1,024 cases ({@link createErrorFixes} keeps another number) and 2,048 groups of errors; what has helped least, and of that what is oldest, makes room. Runs without errors cost nothing.
 *
 * @example
 * ```ts
 * import { Autodidact, errorFixes } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const error = 'fatal: The current branch main has no upstream branch.'
 * const failed = { action: 'git', input: 'git push', output: error, ok: false }
 * const worked = { action: 'git', input: 'git push --set-upstream origin main', ok: true }
 * await autodidact.record({ task: 'publish the branch', steps: [failed, worked] })
 *
 * const { fixesFor } = await autodidact.learned(errorFixes)
 * const [fix] = fixesFor({ message: error, tool: 'git', input: 'git push' })
 * console.assert(fix?.steps[0]?.input === 'git push --set-upstream origin main' && fix.confidence > 0.85)
 * console.assert(fixesFor({ message: 'no space left on device', tool: 'cp' }).length === 0)
 * await autodidact.close()
 * ```
 */
export const errorFixes = createErrorFixes()

import { z } from 'zod'
import { choose, type Chosen, type Decision, uniformDecision } from '../decide/choose.ts'
import { featurize } from '../learn/features.ts'
import { type OptionInput, type SituationInput, situationInput } from '../decide/input.ts'
import type { OptionSet } from '../decide/option-sets.ts'
import { consequencesOfAsking } from '../credit/consequences.ts'
import { expireRuns } from '../credit/deadlines.ts'
import type { Features } from '../learn/learner.ts'
import { contentDigest } from '../log/canonical.ts'
import { refuseImpossible } from '../log/clock.ts'
import type { NewFactOf } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { task as taskInput } from '../log/kinds/shared.ts'
import { packBytes, packFeatures } from '../log/packed.ts'
import { validated } from '../log/validate.ts'
import { asWritten } from '../log/blobs.ts'
import { shingleHashes } from '../echo/echo.ts'
import { maskedContext } from '../log/redact.ts'
import type { Item } from '../recall/item.ts'
import { answerTexts, type RecallSettings, recallSettingsInput } from '../recall/recall.ts'
import type { Assignment, Scope } from '../scope.ts'
import { type Warning, warningOf } from '../warning.ts'
import { preferenceItem, preferencesFor, type ShownPreference } from './preferences-shown.ts'
import { type Shown, shownFor } from './withholding.ts'

/** What is worth knowing and which options to take, before an agent begins a task. */
export interface Advice {
  readonly id: string
  /** The run that begins here; `record({ advice })` writes it down. */
  readonly run: string
  readonly task: string
  /** What is worth knowing, for the prompt, within the token budget; empty when nothing is. */
  readonly prompt: string
  /** The items in the prompt, the best first. */
  readonly items: readonly Item[]
  /** What the user said they prefer, in words, as far as it is in the prompt; the latest first. */
  readonly preferences: readonly ShownPreference[]
  /** The option to take, by choice point. */
  readonly choose: Readonly<Record<string, string>>
  readonly decisions: Readonly<Record<string, Decision>>
  /** What did not work; the agent may go on without it. */
  readonly warnings: readonly Warning[]
  /** False for a fallback that could not be written to the log. */
  readonly logged: boolean
}

/** What `advise` may be told besides the task. */
export interface AdviseSettings extends SituationInput {
  /** Options by choice point. */
  readonly choices?: Readonly<Record<string, readonly OptionInput[]>>
  /** What to recall; `false` recalls nothing. */
  readonly recall?: RecallSettings | false
}

const settingsInput = z.strictObject({
  ...situationInput,
  choices: z.record(z.string(), z.array(z.unknown())).optional(),
  recall: z.union([z.literal(false), recallSettingsInput]).optional(),
})

/** Characters of a task whose phrases are known as its own: a hundred times what is recalled into a prompt by default, at 40 MB or less. */
const ownCharacters = 400_000

const nothing: Shown = { items: [], prompt: '', shown: [], trial: undefined }

interface Question {
  readonly task: string
  readonly run: string
  readonly settings: Omit<AdviseSettings, 'choices'>
  readonly choices: readonly (readonly [string, OptionSet])[]
}

/**
 * Recalls what is worth knowing for a task and decides at each choice point. What it says, and with which probability, is in the log before this
 * returns.
 *
 * When the learning layer fails, nothing is recalled, choices are uniform, and a warning says why; with `onError: 'throw'` it is the error.
 *
 * @throws AutodidactError `INVALID_INPUT`, `NO_OPTIONS`, `DUPLICATE_OPTION`
 */
export const advise = async (scope: Scope, task: string, given: AdviseSettings = {}): Promise<Advice> => {
  const asked = validated(taskInput, task, 'advise: task')
  const { occurredAt } = validated(settingsInput, given, 'advise')
  refuseImpossible({ occurredAt }, scope.clock(), 'advise')
  const { choices = {}, ...others } = given
  const settings = occurredAt === undefined ? others : { ...others, occurredAt }
  const question: Question = {
    task: asked,
    run: settings.run ?? newId('run'),
    settings,
    choices: Object.entries(choices).map(([point, options]) => [point, scope.optionSets.of(point, options)] as const),
  }
  try {
    await expireRuns(scope)
    return await adviceOn(scope, maskedQuestion(scope, question))
  } catch (error) {
    if (scope.settings.onError === 'throw') throw error
    return fallback(scope, question, warningOf(error))
  }
}

/** Masked before anything is searched, learned or written. */
const maskedQuestion = (scope: Scope, question: Question): Question => {
  const { settings } = question
  const context = settings.context === undefined ? {} : { context: maskedContext(scope.redact, settings.context) }
  return { ...question, task: scope.redact(question.task, 'task'), settings: { ...settings, ...context } }
}

const adviceOn = async (scope: Scope, question: Question): Promise<Advice> => {
  const { task, run, settings } = question
  const features = featurize({
    task,
    ...(settings.context === undefined ? {} : { context: settings.context }),
    ...(settings.state === undefined ? {} : { state: settings.state }),
  })
  const id = newId('advice')
  const { epoch } = await scope.storage.head(scope.namespace)
  const assigned: (Assignment | undefined)[] = []
  for (const [point, { offered }] of question.choices) assigned.push(await scope.assign(point, { ...settings, run, offers: (option) => offered.some((one) => one.id === option) }))
  const learning = scope.settings.learning && assigned.every((assignment) => assignment?.learning !== false)
  const { items, prompt, trial, preferences } = settings.recall === false || !learning ? { ...nothing, preferences: [] } : await recalledFor(scope, task, settings, settings.recall)
  const chosen: Chosen[] = []
  for (const [place, [point, options]] of question.choices.entries()) {
    chosen.push(await choose(scope, { ...settings, point, options, task, features, run, advice: id, assignment: assigned[place] }))
  }
  const fact = adviceFact(scope, question, { id, epoch, features, items, prompt, trial, preferences, learning })
  const facts = [fact, ...chosen.map((choice) => choice.fact)]
  await scope.storage.commit({
    namespace: scope.namespace,
    ...asWritten(facts),
    ...consequencesOfAsking(run, facts),
    optionSets: chosen.map(({ optionSet }) => optionSet),
  })
  return {
    id,
    run,
    task,
    prompt,
    items,
    preferences,
    choose: Object.fromEntries(chosen.map(({ decision }) => [decision.point, decision.option])),
    decisions: Object.fromEntries(chosen.map(({ decision }) => [decision.point, decision])),
    warnings: chosen.flatMap(({ decision }) => decision.warnings),
    logged: true,
  }
}

/** What is shown for a task, with what its user prefers in front. */
const recalledFor = async (scope: Scope, task: string, { user, agent }: SituationInput, settings: RecallSettings = {}): Promise<Shown & { readonly preferences: readonly ShownPreference[] }> => {
  const preferences = await preferencesFor(scope, user, settings)
  const before = preferences.map((preference) => preferenceItem(preference, user ?? ''))
  const shown = await shownFor(scope, task, { rules: true, ...(agent === undefined ? {} : { for: agent }), ...(user === undefined ? {} : { forUser: user }), ...settings }, before)
  return { ...shown, preferences: preferences.filter(({ id }) => shown.shown.includes(id)) }
}

/** What an advice says, before it is written. */
interface Given {
  readonly id: string
  /** Of the namespace before anything was recalled. */
  readonly epoch: number
  readonly features: Features
  readonly items: readonly Item[]
  readonly prompt: string
  readonly trial: Shown['trial']
  readonly preferences: readonly ShownPreference[]
  /** False when nothing was to be recalled, for the sake of comparison. */
  readonly learning: boolean
}

const adviceFact = (scope: Scope, question: Question, given: Given): NewFactOf<'advice.given'> => {
  const { id, epoch, features, items, prompt, trial, preferences } = given
  const { task, run, settings } = question
  const occurredAt = settings.occurredAt ?? scope.clock()
  // What the task itself says is no echo, even where a recalled item says the same.
  const own = new Set(shingleHashes([task.slice(0, ownCharacters)]))
  const foreign = (texts: readonly string[]): Uint32Array => shingleHashes(texts).filter((hash) => !own.has(hash))
  const shingles = foreign([prompt])
  // An agent may rightly answer with what is known, too.
  const answerShingles = foreign([...answerTexts(items), ...items.flatMap(({ content }) => content ?? [])])
  scope.recentAdvice.remember({ id, givenAt: scope.clock(), user: settings.user, session: settings.session, shingles, answerShingles }, epoch)
  const data = {
    task,
    ...(settings.category === undefined ? {} : { category: settings.category }),
    ...(settings.context === undefined ? {} : { context: settings.context }),
    ...(settings.state === undefined ? {} : { state: settings.state }),
    features: packFeatures(features),
    items: items.map((item) => ({ id: item.id, kind: item.kind, score: item.score, relevance: item.relevance, usefulness: item.usefulness })),
    shingles: packBytes(shingles),
    answerShingles: packBytes(answerShingles),
    learning: given.learning,
    ...(trial === undefined ? {} : { trial }),
    ...(preferences.length === 0 ? {} : { preferences: preferences.map((preference) => preference.id) }),
    expiresAt: occurredAt + scope.settings.deadlineMs,
  }
  return {
    id,
    kind: 'advice.given',
    version: kinds['advice.given'].version,
    occurredAt,
    agent: settings.agent,
    agentVersion: settings.agentVersion,
    user: settings.user,
    session: settings.session,
    run,
    source: settings.source ?? 'host',
    trust: 'agent',
    digest: contentDigest({ id }),
    data,
  }
}

const fallback = (scope: Scope, { task, run, choices }: Question, warning: Warning): Advice => {
  const decisions = choices.map(([point, options]) => uniformDecision(scope, point, options.offered, run, warning))
  return {
    id: newId('advice'),
    run,
    task,
    prompt: '',
    items: [],
    preferences: [],
    choose: Object.fromEntries(decisions.map((decision) => [decision.point, decision.option])),
    decisions: Object.fromEntries(decisions.map((decision) => [decision.point, decision])),
    warnings: [warning],
    logged: false,
  }
}

import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { contentDigest } from '../log/canonical.ts'
import { name, task, text, time, unit } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { type RecordInput, recordInput } from '../record/input.ts'
import { timeOf } from './date.ts'

const step = z.looseObject({ action: z.string() })

const moment = z.preprocess((given, context) => {
  const value = timeOf(given)
  if (typeof value === 'string') context.addIssue('is no date; it must be one as ISO 8601 writes it, such as 2025-01-02 or 2025-01-02T03:04:05Z, or milliseconds since 1970')
  return value
}, time.nullish())

/**
 * One line of a file of episodes: what `record` takes, under the names that it has there, and a few that data sets use. Checked here is what an import looks at; `record`
 * checks the rest.
 */
const episodeInput = z.looseObject({
  id: name.optional(),
  taskId: z.union([name, z.number()]).optional(),
  trial: z.union([name, z.number()]).optional(),
  task,
  steps: z.array(step).optional(),
  success: z.boolean().nullish(),
  score: unit.nullish(),
  error: text.nullish(),
  cost: z.number().min(0).nullish(),
  tokens: z.number().int().min(0).nullish(),
  outcome: z.looseObject({}).nullish(),
  startedAt: moment,
  endedAt: moment,
  occurredAt: moment,
})

type EpisodeInput = z.infer<typeof episodeInput>

/** Names that an episode may use, for itself and for each step; others are left out, and the report of the import says which. */
export const known = {
  episode: new Set([
    'category', 'context', 'state', 'response', 'takeaway', 'metrics', 'agent', 'agentVersion', 'user', 'session', 'source', 'trust', 'startedAt', 'endedAt', 'durationMs', 'occurredAt', 'task',
  ]),
  outcome: new Set(['success', 'score', 'error', 'cost', 'tokens', 'judge']),
  /** What execution patterns are learned from. Other data sets use these words for other things: what does not fit is left out. */
  pattern: new Set(['type', 'dependencies', 'effort', 'approach', 'factors'] as const satisfies readonly (keyof RecordInput)[]),
  own: new Set(['id', 'taskId', 'trial', 'steps', 'outcome', 'success', 'score', 'error', 'cost', 'tokens', 'judge']),
  step: new Set(['action', 'input', 'output', 'ok', 'error', 'durationMs', 'state', 'reward', 'terminated', 'truncated']),
}

/** The same for any name. */
const patternFields: ReadonlySet<string> = known.pattern

/** An action of more characters, or with a line break in it, is a command somebody took for one: what fits is its name. */
const longestAction = 512

const actionOf = (action: string): string => {
  // eslint-disable-next-line no-control-regex
  const plain = action.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim().toWellFormed().slice(0, longestAction)
  return plain === '' ? '(none)' : plain.toWellFormed()
}

/** The given fields that have a value and a known name. A null is how other languages leave a field out. */
const only = (value: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([field, entry]) => entry !== null && entry !== undefined && names.has(field)))

/** What an episode says of itself for execution patterns, as far as `record` takes it. */
const patternOf = (episode: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries([...known.pattern].flatMap((field) => (episode[field] !== null && episode[field] !== undefined && recordInput.shape[field].safeParse(episode[field]).success ? [[field, episode[field]]] : [])))

/** A run to be recorded, and what of the line is no part of it. */
export interface Episode {
  readonly run: string
  readonly input: RecordInput
  readonly steps: number
  /** Names of fields that nobody knows; those of steps as `steps.NAME`. */
  readonly ignored: readonly string[]
}

/** Tells lines that say the same apart by how many of them came before in their file. About 100 bytes a line. */
export class Occurrences {
  readonly #counts = new Map<string, number>()

  /** 1 for the first. */
  next(content: string): number {
    const count = (this.#counts.get(content) ?? 0) + 1
    this.#counts.set(content, count)
    return count
  }
}

/**
 * The id of an episode: its own, or one made of what tells it from the others (agent, category, task and trial), or without that of all it says, and of how many of its file say the same. The same
 * episode has the same id whenever it is imported.
 */
const idOf = (episode: EpisodeInput, occurrences: Occurrences): string => {
  if (episode.id !== undefined) return episode.id
  const { taskId, trial, agent, category } = episode
  if (taskId !== undefined) return `episode_${contentDigest({ agent, category, taskId, trial })}`
  const content = contentDigest(episode)
  const occurrence = occurrences.next(content)
  return `episode_${content}${occurrence === 1 ? '' : `_${occurrence}`}`
}

const outcomeOf = (episode: EpisodeInput): Record<string, unknown> | undefined => {
  const outcome = { ...only(episode, known.outcome), ...only(episode.outcome ?? {}, known.outcome) }
  return Object.keys(outcome).length === 0 ? undefined : outcome
}

/** @throws AutodidactError `INVALID_INPUT` */
const parsed = (line: string): EpisodeInput => {
  let given: unknown
  try {
    given = JSON.parse(line)
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `It is not valid JSON: ${error instanceof Error ? error.message : String(error)}. Write each episode as one JSON object on one line.`, { cause: error })
  }
  return validated(episodeInput, given, 'episode')
}

/** When it happened, as the line says, in milliseconds; undefined where it says nothing, or nothing right: what is wrong is said when it is recorded. */
export const dateOf = (line: string): number | undefined => {
  try {
    const { occurredAt, endedAt } = parsed(line)
    return occurredAt ?? endedAt ?? undefined
  } catch {
    return undefined
  }
}

/**
 * What a line of a file of episodes says.
 *
 * @param occurrences of the lines of its file before it
 * @throws AutodidactError `INVALID_INPUT`
 */
export const episodeOf = (line: string, occurrences: Occurrences): Episode => {
  const episode = parsed(line)
  const { steps = [] } = episode
  const run = idOf(episode, occurrences)
  const outcome = outcomeOf(episode)
  const pattern = patternOf(episode)
  const isKnown = (field: string): boolean => known.episode.has(field) || known.own.has(field) || Object.hasOwn(pattern, field) || (episode[field] === null && patternFields.has(field))
  const names = [...Object.keys(episode).filter((field) => !isKnown(field)), ...steps.flatMap((one) => Object.keys(one).filter((field) => !known.step.has(field)).map((field) => `steps.${field}`))]
  const input = {
    source: 'import',
    trust: 'imported',
    ...only(episode, known.episode),
    ...pattern,
    run,
    steps: steps.map((one) => ({ ...only(one, known.step), action: actionOf(one.action) })),
    ...(outcome === undefined ? {} : { outcome }),
  }
  // `record` checks every field of it.
  return { run, input: input as unknown as RecordInput, steps: steps.length, ignored: [...new Set(names)] }
}

import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { context, name, text, time } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Option } from './policy.ts'

/** Options of one decision; more would be a search, not a choice. */
const mostOptions = 100_000

/** An offered workflow is an option as it is; what else it tells is for the agent that takes it. */
const ofWorkflow = { actions: z.unknown().optional(), status: z.unknown().optional() }

const option = z.union([name, z.strictObject({ id: name, description: text.optional(), ...ofWorkflow })])

/** An option by its id alone, or with a description by which it is known before it was ever tried. */
export type OptionInput = string | Option

/**
 * The options as objects.
 *
 * @throws AutodidactError `NO_OPTIONS`, `DUPLICATE_OPTION`, `INVALID_INPUT`
 */
export const optionsOf = (point: string, given: readonly OptionInput[]): readonly Option[] => {
  validated(name, point, 'decide: point')
  const list = validated(z.array(option).max(mostOptions), given, `decide: options of "${point}"`)
  if (list.length === 0) throw new AutodidactError('NO_OPTIONS', `The choice point "${point}" has no options. Pass at least one.`)
  const seen = new Set<string>()
  const options: Option[] = []
  for (const entry of list) {
    const { id, description } = typeof entry === 'string' ? { id: entry, description: undefined } : entry
    if (seen.has(id)) throw new AutodidactError('DUPLICATE_OPTION', `The choice point "${point}" has the option "${id}" twice. Give each its own id.`)
    seen.add(id)
    options.push(description === undefined ? { id } : { id, description })
  }
  return options
}

/** Who asks, and in which situation; common to `advise` and `decide`. */
export const situationInput = {
  run: name.optional(),
  agent: name.optional(),
  agentVersion: name.optional(),
  user: name.optional(),
  session: name.optional(),
  category: name.optional(),
  context: context.optional(),
  state: name.optional(),
  source: name.optional(),
  occurredAt: time.optional(),
}

export interface SituationInput {
  /** Id for the run that begins here, where the host has its own; default: a new id. */
  readonly run?: string
  readonly agent?: string
  readonly agentVersion?: string
  /** Who asks. No wall: what is recalled may be of others, unless `recall: { user }` or a namespace keeps them apart. */
  readonly user?: string
  readonly session?: string
  /** Kind of task, where the host knows it. */
  readonly category?: string
  /** Finite numbers in any unit, and categories, that describe the situation. */
  readonly context?: Readonly<Record<string, number | string | boolean>>
  /** A discrete state, for tabular policies. */
  readonly state?: string
  /** What asks; default `host`. */
  readonly source?: string
  /** Milliseconds since 1970-01-01 UTC, fractions cut off; default now. */
  readonly occurredAt?: number
}

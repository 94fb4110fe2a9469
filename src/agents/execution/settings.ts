import { z } from 'zod'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import { described, expectNumber, expectObject } from '../../expect.ts'
import { seededRandom } from '../../decide/random.ts'
import { type Trust, trustOrder } from '../../log/fact.ts'
import { name } from '../../log/kinds/shared.ts'
import { callable, validated } from '../../log/validate.ts'
import { apiHeavy } from './api-heavy.ts'
import type { AttemptSettings } from './attempts.ts'
import { type BackOff, checkedBackOff } from './back-off.ts'
import { type Checkpoints, KeptCheckpoints } from './checkpoints.ts'
import { Claims } from './claims.ts'
import { classifyError, defaultRetries, type ErrorClass, errorClasses, type Retries } from './classify.ts'
import { type Clock, machineClock } from './clock.ts'
import type { Executor } from './executor.ts'
import type { FixSource, Tool } from './fixes.ts'
import { incremental } from './incremental.ts'
import { parallel } from './parallel.ts'
import { standard } from './standard.ts'

/** How an {@link AdaptiveExecution} works. */
export interface ExecutionSettings {
  /** Where it learns. Policy and reward of the approach are those of the choice point: `Autodidact.open(path, { points: { approach: { policy, reward } } })`. */
  readonly autodidact: Autodidact
  /** The project; each learns for itself. Default: the namespace of `autodidact`. */
  readonly project?: string
  /** Name of the choice point; default `approach`. */
  readonly point?: string
  /** Name under which it asks and records; default `adaptive-execution`. */
  readonly name?: string
  /** The approaches; default: `standard`, `incremental`, `parallel` and `api_heavy`. */
  readonly executors?: readonly Executor[]
  /** Where fixes of errors come from; default: what `autodidact` was told and has learned from runs. */
  readonly fixes?: FixSource
  /** What fixes may use, by name. A fix that wants another tool is not applied. Default: none. */
  readonly tools?: Readonly<Record<string, Tool>>
  /** Fixes from sources that are trusted less are not applied, only told of in a warning; default `agent`: what people told and what agents did here. */
  readonly leastTrust?: Trust
  /** Retries by class of error; default {@link defaultRetries}. */
  readonly retries?: Partial<Retries>
  /** Waits between retries. */
  readonly backOff?: BackOff
  /** Tells what kind of error it is; default {@link classifyError}. */
  readonly classify?: (error: unknown) => ErrorClass
  /** Where tasks under way are kept; default: in the file of `autodidact`. */
  readonly checkpoints?: Checkpoints
  /** Makes the waits repeatable; default: a random seed. */
  readonly seed?: number
  /** Default: the time of this machine. */
  readonly clock?: Clock
}

/** The settings with their defaults. */
export interface Prepared extends AttemptSettings {
  readonly autodidact: Autodidact
  readonly point: string
  readonly name: string
  readonly executors: ReadonlyMap<string, Executor>
  readonly checkpoints: Checkpoints
  readonly claims: Claims
}

/** What is known to the log, as the agent of this name is offered it. */
const fixesOf = (autodidact: ExecutionSettings['autodidact'], agent: string): FixSource => ({
  fixesFor: (error, settings) => autodidact.fixesFor(error, { ...settings, for: agent }),
})

const settingsInput = z.strictObject({
  autodidact: z.unknown(),
  project: name.optional(),
  point: name.optional(),
  name: name.optional(),
  executors: z.array(z.looseObject({ name, description: z.string(), suits: callable, execute: callable })).min(1, 'is empty').optional(),
  fixes: z.looseObject({ fixesFor: callable }).optional(),
  tools: z.record(z.string(), callable).optional(),
  leastTrust: z.enum(trustOrder).optional(),
  retries: z.partialRecord(z.enum(errorClasses), z.number().int().min(0).max(1000)).optional(),
  backOff: z.unknown().optional(),
  classify: callable.optional(),
  checkpoints: z.looseObject({ load: callable, save: callable, clear: callable }).optional(),
  seed: z.number().int().optional(),
  clock: z.looseObject({ now: callable, wait: callable }).optional(),
})

/** @throws AutodidactError `INVALID_INPUT` for what is not even an object, such as a path or nothing */
const expectInstance = (given: unknown, what: string): void => {
  if (typeof given === 'object' && given !== null) return
  throw new AutodidactError('INVALID_INPUT', `${what} is ${described(given)}. Pass the instance that Autodidact.open gave.`)
}

/** @throws AutodidactError `INVALID_INPUT`, `DUPLICATE_OPTION` when two executors share a name */
export const prepared = (settings: ExecutionSettings): Prepared => {
  expectObject(settings, 'AdaptiveExecution: settings')
  expectInstance(settings.autodidact, 'AdaptiveExecution: autodidact')
  expectObject(settings.autodidact, 'AdaptiveExecution: autodidact', ['advise', 'record', 'export', 'keep', 'kept', 'report', 'fixesFor'])
  validated(settingsInput, settings, 'AdaptiveExecution')
  const { project, point = 'approach', name: own = 'adaptive-execution', executors = [standard(), incremental(), parallel(), apiHeavy()], backOff = {} } = settings
  const autodidact = project === undefined ? settings.autodidact : settings.autodidact.in(project)
  const { fixes = fixesOf(autodidact, own), tools = {}, leastTrust = 'agent', classify = classifyError, checkpoints = new KeptCheckpoints(autodidact, own), clock = machineClock } = settings
  checkedBackOff(backOff)
  const { seed = Math.floor(Math.random() * 2 ** 32) } = settings
  expectNumber(seed, 'AdaptiveExecution: seed')
  const byName = new Map(executors.map((executor) => [executor.name, executor]))
  if (byName.size < executors.length) throw new AutodidactError('DUPLICATE_OPTION', 'AdaptiveExecution: two executors have the same name. Give each its own.')
  return {
    autodidact,
    point,
    name: own,
    executors: byName,
    checkpoints,
    claims: new Claims(autodidact, own),
    retries: { ...defaultRetries, ...settings.retries },
    backOff,
    classify,
    fixes,
    tools: new Map(Object.entries(tools)),
    leastTrust,
    clock,
    random: seededRandom(seed),
  }
}

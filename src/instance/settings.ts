import { z } from 'zod'
import type { Reward } from '../credit/reward.ts'
import { judgeLevels, type VerdictWeights } from '../credit/votes.ts'
import type { RewardChoice } from '../decide/rewards.ts'
import { encryptionInput } from '../encryption/input.ts'
import type { Learner } from '../learn/learner.ts'
import { type LifeThresholds, lifeThresholds } from '../learn/structures/knowledge-life.ts'
import { name, unit } from '../log/kinds/shared.ts'
import { redactInput, type RedactSettings } from '../log/redact.ts'
import { callable } from '../log/validate.ts'
import { learningSettingsInput, type LearningSettings, learningsWith } from '../learnings/settings.ts'
import type { Model } from '../models/model.ts'
import type { PatternSettings } from '../patterns/recommendation.ts'
import { modelsInput, reflectionInput, reflectionRules, type ReflectionSettings } from '../reflect/settings.ts'
import type { PointSettings, ScopeSettings } from '../scope.ts'
import type { EncryptionSettings } from '../storage/storage.ts'
import { type StoreName, storeNames } from '../storage/stores.ts'
import type { WorkflowSettings } from '../workflows/workflow.ts'

/** How an instance works; every field has a default. */
export interface AutodidactSettings {
  /** The tenant or project that the verbs work in; default `default`. */
  readonly namespace?: string
  /**
   * The kind of store: `sqlite`, one file, which any number of processes may use; `files`, a folder of text files, to which one process writes at a time. Default: what lies
   * at the path; `files` for a new path that ends with a slash, `sqlite` for any other.
   */
  readonly storage?: StoreName
  /**
   * What payloads are encrypted with. A new store is made with it, and the same opens it again; a store that is there must have been made with one. Default: nothing
   * is encrypted.
   */
  readonly encryption?: EncryptionSettings
  /** What a confirmed write survives: `normal` the death of the process, `full` also the loss of power. Default `normal`. */
  readonly durability?: 'normal' | 'full'
  /**
   * True: opens an existing file for reading, and every verb that writes ends with `READ_ONLY`; `advise` and `decide` fall back. False: for writing, or
   * `READ_ONLY` at once. Default: for reading where this user may not write.
   */
  readonly readOnly?: boolean
  /** False: nothing is recalled and choices are uniform, as a baseline to compare with; facts are written as usual. Default true. */
  readonly learning?: boolean
  /** What `advise` and `decide` do when the learning layer fails: go on with nothing and a warning, or throw. Default `fallback`. */
  readonly onError?: 'fallback' | 'throw'
  /** Time after which an advised run without a verdict expires, in milliseconds; default one week. */
  readonly deadlineMs?: number
  /** What is masked before anything is written; `false` masks nothing. Default: keys, tokens, passwords and card numbers. */
  readonly redact?: RedactSettings | false
  /** Policy, reward, deadline and default reward by choice point. */
  readonly points?: Readonly<Record<string, PointSettings>>
  /** What decisions are worth by what is known of a run: a reward by name, by name with settings, or one of your own; default `success`, the verdict itself. */
  readonly reward?: RewardChoice['name'] | RewardChoice | Reward
  /** How much a verdict of each level moves what is learned, in (0, 1]; default 1 for correction, check and user, .7 for host, .3 for model. */
  readonly verdictWeights?: Partial<VerdictWeights>
  /** How patterns of execution are kept, and recommendations made of them. */
  readonly patterns?: PatternSettings
  /** When a sequence of actions becomes a workflow, and how long it may try to earn its place. */
  readonly workflows?: WorkflowSettings
  /** From when on something recurs in runs, and a run is slow. */
  readonly learnings?: LearningSettings
  /**
   * Leaves knowledge out of an advice now and then, by a logged draw, so that its effect on success can be told; what was never shown gets a chance likewise. The
   * probability, in [0, .5]; true is .05. Costs that share of what the knowledge is worth. Core rules and what is critical are always shown. Default false.
   */
  readonly withholding?: boolean | number
  /** False: what users said they prefer, and what was learned of each, shapes nothing; it is kept and learned as usual. Default true. */
  readonly personalisation?: boolean
  /** From when its uses validate an item of knowledge, or put it out of use; default: 5 uses of which 80 % went well, or less than 40 %. */
  readonly knowledge?: Partial<LifeThresholds>
  /** The models that are asked, each for its own purpose; without one, what needs it is left out. `teacher`: who is asked by `reflect`. */
  readonly models?: { readonly teacher?: Model }
  /** What becomes of what a teacher model proposes, and what it may cost. */
  readonly reflection?: ReflectionSettings
  /** Learners of your own, beside the built-in ones; `executionPatterns` and `workflows`, to have them folded before anybody asks. */
  readonly learners?: readonly Learner[]
  /** Makes every draw repeatable; default: a random seed. */
  readonly seed?: number
  /** Milliseconds since 1970-01-01 UTC, fractions cut off; default `Date.now`. */
  readonly clock?: () => number
}

/** A policy by name with its settings, or one that weighs by itself. */
const policyInput = z
  .looseObject({ name, expect: callable.optional(), learner: name.optional() })
  .refine((policy) => !('weigh' in policy) || typeof policy['weigh'] === 'function', 'needs a function weigh')

const learnerInput = z.looseObject({
  name,
  version: z.number().int().positive(),
  handles: z.array(z.string()),
  initial: callable,
  learn: callable,
  view: callable,
  save: callable,
  load: callable,
})

/** A reward by name with its settings, or one that judges by itself. */
const rewardInput = z.looseObject({ name }).refine((reward) => !('of' in reward) || typeof reward['of'] === 'function', 'needs a function of')

/** The thresholds with the defaults filled in. */
export const lifeWith = ({ leastUses, validatedFrom, deprecatedBelow }: { readonly [Name in keyof LifeThresholds]?: number | undefined } = {}): LifeThresholds => ({
  leastUses: leastUses ?? lifeThresholds.leastUses,
  validatedFrom: validatedFrom ?? lifeThresholds.validatedFrom,
  deprecatedBelow: deprecatedBelow ?? lifeThresholds.deprecatedBelow,
})

export const settingsInput = z.strictObject({
  namespace: name.optional(),
  storage: z.enum(storeNames).optional(),
  encryption: encryptionInput.optional(),
  durability: z.enum(['normal', 'full']).optional(),
  readOnly: z.boolean().optional(),
  learning: z.boolean().optional(),
  onError: z.enum(['fallback', 'throw']).optional(),
  deadlineMs: z.number().int().positive().optional(),
  redact: z.union([z.literal(false), redactInput]).optional(),
  points: z
    .record(
      name,
      z.strictObject({
        policy: z.union([name, policyInput]).optional(),
        reward: z.union([name, rewardInput]).optional(),
        defaultReward: z.number().min(0).max(1).optional(),
        deadlineMs: z.number().int().positive().optional(),
      }),
    )
    .optional(),
  reward: z.union([name, rewardInput]).optional(),
  verdictWeights: z.partialRecord(z.enum(judgeLevels), z.number().positive().max(1)).optional(),
  patterns: z
    .strictObject({
      patternLimit: z.number().int().min(10).max(1_000_000).optional(),
      solutionLimit: z.number().int().min(10).max(100_000).optional(),
      similarityThreshold: z.number().min(0).lt(1).optional(),
      confidenceBoost: z.number().positive().max(10).optional(),
    })
    .optional(),
  workflows: z.strictObject({ support: z.number().int().min(1).optional(), trialUnits: z.number().int().min(1).optional() }).optional(),
  learnings: learningSettingsInput.optional(),
  withholding: z.union([z.boolean(), z.number().min(0).max(0.5)]).optional(),
  personalisation: z.boolean().optional(),
  knowledge: z
    .strictObject({ leastUses: z.number().int().min(1).max(1_000_000).optional(), validatedFrom: unit.optional(), deprecatedBelow: unit.optional() })
    .refine((knowledge) => lifeWith(knowledge).deprecatedBelow <= lifeWith(knowledge).validatedFrom, 'deprecatedBelow must not be above validatedFrom')
    .optional(),
  models: modelsInput.optional(),
  reflection: reflectionInput.optional(),
  learners: z.array(learnerInput).optional(),
  seed: z.number().int().optional(),
  clock: callable.optional(),
})

const weekMs = 7 * 24 * 3_600_000

/** What the verbs are told, with the defaults filled in. */
export const withDefaults = (settings: AutodidactSettings): Omit<ScopeSettings, 'credit'> => ({
  onError: settings.onError ?? 'fallback',
  deadlineMs: settings.deadlineMs ?? weekMs,
  learning: settings.learning ?? true,
  points: new Map(Object.entries(settings.points ?? {})),
  patterns: {
    patternLimit: settings.patterns?.patternLimit ?? 1_000,
    solutionLimit: settings.patterns?.solutionLimit ?? 1_024,
    similarityThreshold: settings.patterns?.similarityThreshold ?? 0.3,
    confidenceBoost: settings.patterns?.confidenceBoost ?? 1,
  },
  withholding: settings.withholding === true ? 0.05 : Number(settings.withholding ?? 0),
  personalisation: settings.personalisation ?? true,
  life: lifeWith(settings.knowledge),
  reflection: reflectionRules(settings.reflection ?? {}),
  teacher: settings.models?.teacher,
  learnings: learningsWith(settings.learnings),
  workflows: { support: settings.workflows?.support ?? 3, trialUnits: settings.workflows?.trialUnits ?? 2_000 },
})

import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { context, name, packedFeatures, time, unit } from './shared.ts'

/** The arm of an experiment that decided. */
export const assigned = z.object({
  id: name,
  arm: name,
  /** Probability with which the unit was assigned to the arm; the propensity of the option is that of the arm's policy alone. */
  propensity: unit,
  /** Digest of the run, session or user that is assigned. */
  unit: name,
})

/** An option was drawn at a choice point. Written before the agent learns of it, with everything that later learning or evaluation needs. */
export const decisionMade = defineKind({
  kind: 'decision.made',
  version: 4,
  schema: z.object({
    point: name,
    /** Key of the interned option set. */
    optionSet: z.string(),
    /** The option drawn, by id and by place in the set. */
    option: name,
    index: z.number().int().min(0),
    propensity: unit,
    /** All probabilities: the one that most options share, and the exceptions by place; or one Float32 array when there are many exceptions. */
    probabilities: z.union([
      z.object({ floor: z.number(), exceptions: z.array(z.tuple([z.number().int(), z.number()])) }),
      z.object({ packed: z.string() }),
    ]),
    policy: name,
    /** True when the probabilities are Monte-Carlo estimates. */
    estimated: z.boolean(),
    /** How many draws an estimate rests on. */
    draws: z.number().int().min(1).optional(),
    /** Of the generator that drew. */
    seed: z.number().int().min(0),
    features: packedFeatures,
    /** Similarity of the task to each option's description, by option id; zeros left out. */
    similarities: z.record(name, z.number()),
    /** What a tabular policy held each option to be worth, in units of reward, by option id; absent with other policies. */
    values: z.record(name, z.number()).optional(),
    context: context.optional(),
    state: name.optional(),
    advice: name.optional(),
    expiresAt: time.optional(),
    /** What the decision counts as when its deadline passes without a verdict; without it, nothing is learned. */
    defaultReward: unit.optional(),
    experiment: assigned.optional(),
    /** Shares of the decision that are this user's own: what they said they prefer, and what was learned of them. The probabilities are those after mixing. */
    personal: z.object({ stated: unit.optional(), learned: unit.optional() }).optional(),
  }),
  long: ['probabilities.packed'],
  // Version 2 tells the arm of an experiment, version 3 the values of a tabular policy, version 4 what was the user's own; none existed before.
  upcast: [(data) => data, (data) => data, (data) => data],
  sample: {
    point: 'tool',
    optionSet: '9f86d081884c7d659a2feaa0c55ad015',
    option: 'search',
    index: 0,
    propensity: 0.99,
    probabilities: { floor: 0.01, exceptions: [[0, 0.99]] },
    policy: 'default',
    estimated: false,
    seed: 7,
    features: { hashes: '', values: '' },
    similarities: { search: 0.4 },
    values: { search: 0.5, ask: 0.25 },
    expiresAt: 1_767_225_600_000,
    experiment: { id: 'experiment_1', arm: 'learned', propensity: 0.5, unit: '4f1d9a3b5c7e8f60' },
    personal: { stated: 0.8 },
  },
})

/** Similarity of the task to the description of an option, in [0, 1]; those of 0 are not written. An option may be called like what every object has. */
export const similarityTo = (option: string, similarities: Readonly<Record<string, number>>): number =>
  Object.hasOwn(similarities, option) ? (similarities[option] ?? 0) : 0

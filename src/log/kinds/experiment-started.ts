import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { name, unit } from './shared.ts'

/** What an arm decides with: as the point is configured, with learning off, or a policy by name with its settings. */
export const armPolicy = z.union([z.enum(['configured', 'off']), z.object({ name }).catchall(z.union([z.number(), z.boolean(), z.string().max(512)]))])

/** An experiment began at a choice point: from here on its arms decide there. The fact's id is the experiment's. */
export const experimentStarted = defineKind({
  kind: 'experiment.started',
  version: 1,
  schema: z.object({
    point: name,
    /** What is assigned to an arm and stays with it, and counts once. */
    unit: z.enum(['run', 'session', 'user']),
    /** Their shares of new units sum to 1. */
    arms: z.array(z.object({ name, policy: armPolicy, share: unit })).min(2),
    /** Whether shares stay, or go to where the best arm is found soonest. */
    allocation: z.enum(['fixed', 'best-arm']),
    /** Whether an arm that is shown to be worse than another gets no further units. */
    rollBack: z.boolean(),
  }),
  long: [],
  upcast: [],
  sample: {
    point: 'tool',
    unit: 'user',
    arms: [
      { name: 'learned', policy: 'configured', share: 0.5 },
      { name: 'off', policy: 'off', share: 0.5 },
    ],
    allocation: 'best-arm',
    rollBack: true,
  },
})

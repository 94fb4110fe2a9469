import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { byName } from './shared.ts'

/** A host wrote down what its agent earned, by a reward of its own. History only: what learners learn from is the verdict on a run. */
export const rewardSaved = defineKind({
  kind: 'reward.saved',
  version: 1,
  schema: z.object({
    /** Any finite number. */
    reward: z.number(),
    components: byName(z.number()),
  }),
  long: [],
  upcast: [],
  sample: { reward: 0.75, components: { satisfaction: 0.5, completion: 1, efficiency: 1 } },
})

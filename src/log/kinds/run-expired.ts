import { z } from 'zod'
import { defineKind } from '../define-kind.ts'
import { time } from './shared.ts'

/**
 * The deadline of an advised run passed without a verdict: its decisions now count as their default reward, where one is configured.
 * The id is made from the run's id, so two processes that notice it write one fact. Later feedback still counts and replaces it.
 */
export const runExpired = defineKind({
  kind: 'run.expired',
  version: 1,
  schema: z.object({ deadline: time, recorded: z.boolean() }),
  long: [],
  upcast: [],
  sample: { deadline: 1_767_225_600_000, recorded: false },
})

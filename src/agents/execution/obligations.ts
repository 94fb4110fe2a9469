import { AutodidactError } from '../../errors.ts'
import type { Plan } from './plan.ts'
import { isCall, type Outputs, type Step } from './task.ts'

/**
 * Executors may be anybody's: none may do a step before those that it needs, or send requests together that go to different APIs.
 *
 * @throws AutodidactError `INVALID_INPUT`
 */
export const expectReady = (steps: readonly Step[], outputs: Outputs): void => {
  for (const { id, after = [] } of steps) {
    const missing = after.find((other) => !outputs.has(other))
    if (missing !== undefined) throw new AutodidactError('INVALID_INPUT', `The executor began "${id}" before "${missing}" was done. It must do steps in the order of their dependencies.`)
  }
  const [first] = steps
  if (steps.length < 2 || first === undefined || (isCall(first) && steps.every((step) => isCall(step) && step.api === first.api))) return
  throw new AutodidactError('INVALID_INPUT', `The executor did "${first.id}" together with other steps. Only requests to one API can share a call.`)
}

/**
 * Nor may it end before all is done: a task is no success because nobody has complained.
 *
 * @throws AutodidactError `INVALID_INPUT`
 */
export const expectAll = ({ order }: Plan, outputs: Outputs, approach: string): void => {
  const left = order.find(({ id }) => !outputs.has(id))
  if (left !== undefined) throw new AutodidactError('INVALID_INPUT', `The executor "${approach}" ended without the step "${left.id}". It must do all steps.`)
}

import { refuseContradiction } from '../../credit/contradiction.ts'
import { AutodidactError, wordsOf } from '../../errors.ts'
import { described } from '../../expect.ts'
import { validated } from '../../log/validate.ts'
import { type OutcomeInput, recordInput } from '../../record/input.ts'
import { untilAborted } from '../abort.ts'
import { writable } from './journal.ts'
import type { Plan } from './plan.ts'
import type { Outputs, Task } from './task.ts'

/** How a task ended. `open`: nobody can say how it went, because it was aborted or its check gave no answer; what can be taken up again then is not over. */
export type Ending =
  | { readonly kind: 'done'; readonly outcome: OutcomeInput }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'open'; readonly error: unknown; readonly ofCheck?: true }

/** A check of one's own may give anything. */
const outcomeFrom = (said: unknown): OutcomeInput => {
  if (typeof said === 'boolean') return { success: said, judge: 'check' }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) {
    throw new AutodidactError(
      'INVALID_INPUT',
      `The check of the task gave ${described(said)}. It must return true, false, or an outcome such as { score: 0.8 }. All steps are done and no verdict was written; correct the check.`,
    )
  }
  const given = { judge: 'check', ...said }
  // What the record would refuse later, when nobody could put it right any more.
  const { success, score } = validated(recordInput.shape.outcome, given, 'check: outcome') ?? {}
  refuseContradiction('check', { success, score })
  return given as OutcomeInput
}

/**
 * How a task went whose steps are all done, as its check says.
 *
 * @throws what the check throws, and the reason of the signal
 */
export const judged = async ({ check }: Task, outputs: Outputs, signal: AbortSignal): Promise<Ending> => {
  if (check === undefined) return { kind: 'done', outcome: { success: true, judge: 'host' } }
  const said: unknown = await untilAborted(signal, () => check(outputs))
  try {
    return { kind: 'done', outcome: outcomeFrom(said) }
  } catch (error) {
    return { kind: 'open', error, ofCheck: true }
  }
}

/** As it is recorded: an error is a failure; what is open says nothing about the approach. */
export const outcomeOf = (ending: Ending): OutcomeInput => {
  if (ending.kind === 'done') return ending.outcome
  // A check that is wrong is no error of what the task was done with.
  if (ending.kind === 'open' && ending.ofCheck === true) return {}
  const error = wordsOf(ending.error)
  return ending.kind === 'failed' ? { success: false, error } : { error }
}

/** Whether an outcome is a success. */
export const succeeded = ({ score, success }: OutcomeInput): boolean => (score === undefined ? success === true : score > 0.5)

/** What the steps returned that no other step needs: of a single one its output, of several theirs by id. */
export const responseOf = ({ order }: Plan, outputs: Outputs): unknown => {
  const needed = new Set(order.flatMap(({ after = [] }) => after))
  const last = order.filter(({ id }) => !needed.has(id))
  const [only] = last
  const made = last.length === 1 && only !== undefined ? outputs.get(only.id) : Object.fromEntries(last.map(({ id }) => [id, outputs.get(id)]))
  return writable(made)
}

/** What the choice of an approach may depend on, besides the words of the task. */
export const contextOf = ({ type, effort, dependencies, context }: Task, { order, width, depth, calls }: Plan): Record<string, number | string | boolean> => ({
  steps: order.length,
  width,
  depth,
  calls,
  ...(type === undefined ? {} : { type }),
  ...(effort === undefined ? {} : { effort }),
  ...(dependencies === undefined ? {} : { dependencies: dependencies.length }),
  ...context,
})

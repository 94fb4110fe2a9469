import { z } from 'zod'
import { AutodidactError } from '../../errors.ts'
import { described } from '../../expect.ts'
import { name } from '../../log/kinds/shared.ts'
import { type Warning, warningOf } from '../../warning.ts'
import type { Journal } from './journal.ts'
import type { Plan } from './plan.ts'
import type { Outputs, Task } from './task.ts'

/** A record of a run takes a hundred, and three may be the engine's. */
const mostOwn = 97

const ownInput = z.array(name).max(mostOwn)

/** A function of the host may give anything. */
const ownFactors = (given: unknown): readonly string[] => {
  const { success, data } = ownInput.safeParse(given)
  if (success) return data
  throw new AutodidactError('INVALID_INPUT', `The factors of the task are ${described(given)}. They must be a list of at most ${mostOwn} names; those that the engine saw were recorded without them. Correct the function.`)
}

/** What the engine sees by itself, by the names that earlier systems gave it. */
const seen = ({ dependencies = [] }: Task, { calls }: Plan, { recoveries }: Journal): string[] => [
  ...(recoveries.length > 0 ? ['error_recovery'] : []),
  ...(calls > 0 ? ['api_integration'] : []),
  ...(dependencies.length > 0 ? ['dependency_resolution'] : []),
]

/**
 * What a task owes its success to, or had without having any: the names of the engine and of the task itself. They are told of failures, too: what is only told of successes would always seem to be the
 * reason for them.
 */
export const factorsOf = (task: Task, plan: Plan, journal: Journal, outputs: Outputs, warnings: Warning[]): readonly string[] => {
  const known = seen(task, plan, journal)
  if (task.factors === undefined) return known
  try {
    return [...new Set([...known, ...ownFactors(task.factors(outputs))])]
  } catch (error) {
    warnings.push({ ...warningOf(error), code: 'FACTORS_FAILED' })
    return known
  }
}

import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { consequencesOfAsking } from '../credit/consequences.ts'
import { expireRuns } from '../credit/deadlines.ts'
import { refuseImpossible } from '../log/clock.ts'
import { newId } from '../log/ids.ts'
import { name, text } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { asWritten } from '../log/blobs.ts'
import { maskedContext } from '../log/redact.ts'
import type { Scope } from '../scope.ts'
import { warningOf } from '../warning.ts'
import { choose, type Decision, uniformDecision } from './choose.ts'
import { featurize } from '../learn/features.ts'
import { type OptionInput, type SituationInput, situationInput } from './input.ts'

/** What `decide` may be told besides the options. */
export interface DecideSettings extends SituationInput {
  /** The task in words; default: that of the advice. */
  readonly task?: string
  /** The advice in whose run the choice arises. */
  readonly advice?: { readonly id: string; readonly run: string; readonly task: string; readonly logged?: boolean }
}

const settingsInput = z.strictObject({
  ...situationInput,
  task: text.optional(),
  advice: z.object({ id: name, run: name, task: z.string(), logged: z.boolean().default(true) }).optional(),
})

/**
 * Chooses one of the options with the policy of the choice point. The decision and its probability are in the log before this returns.
 *
 * When the learning layer fails, the choice is uniform, not logged, and carries a warning; with `onError: 'throw'` it is the error.
 *
 * @throws AutodidactError `NO_OPTIONS`, `DUPLICATE_OPTION`, `INVALID_INPUT`, `RUN_MISMATCH`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const tools = [{ id: 'search', description: 'search the web' }, { id: 'sql', description: 'query the database of orders' }]
 * const decision = await autodidact.decide('tool', tools, { task: 'how many orders came in today?' })
 * await autodidact.record({ run: decision.run, task: 'how many orders came in today?', response: '12', success: true })
 * console.assert(decision.option === 'sql' && decision.propensity > 0.9)
 * await autodidact.close()
 * ```
 */
export const decide = async (scope: Scope, point: string, given: readonly OptionInput[], settings: DecideSettings = {}): Promise<Decision> => {
  const options = scope.optionSets.of(point, given)
  const { advice, task = advice?.task ?? '', ...situation } = validated(settingsInput, settings, 'decide')
  refuseImpossible({ occurredAt: situation.occurredAt }, scope.clock(), 'decide')
  if (advice !== undefined && situation.run !== undefined && situation.run !== advice.run) {
    throw new AutodidactError('RUN_MISMATCH', `The advice belongs to run "${advice.run}", not "${situation.run}". Leave the run out.`)
  }
  const run = advice?.run ?? situation.run ?? newId('run')
  try {
    await expireRuns(scope)
    const context = situation.context === undefined ? undefined : maskedContext(scope.redact, situation.context)
    const masked = scope.redact(task, 'task')
    const features = featurize({
      task: masked,
      ...(context === undefined ? {} : { context }),
      ...(situation.state === undefined ? {} : { state: situation.state }),
    })
    const { decision, fact, optionSet } = await choose(scope, {
      ...situation,
      context,
      point,
      options,
      task: masked,
      features,
      run,
      advice: advice?.logged === true ? advice.id : undefined,
      assignment: await scope.assign(point, { ...situation, run, offers: (id) => options.offered.some((option) => option.id === id) }),
    })
    await scope.storage.commit({
      namespace: scope.namespace,
      ...asWritten([fact]),
      optionSets: [optionSet],
      ...consequencesOfAsking(run, [fact]),
    })
    return decision
  } catch (error) {
    if (scope.settings.onError === 'throw') throw error
    return uniformDecision(scope, point, options.offered, run, warningOf(error))
  }
}

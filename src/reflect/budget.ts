import { AutodidactError } from '../errors.ts'
import { dayOf, modelTokens } from '../learn/learners/model-tokens.ts'
import type { FactData, NewFactOf } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { newFact } from '../log/new-fact.ts'
import type { Scope } from '../scope.ts'

/** How it stands with the tokens of a day. */
export interface Balance {
  readonly day: string
  readonly spent: number
}

/** A call that may be made. */
export interface Call {
  readonly id: string
}

/** Of the call, not of what it taught: forgetting that gives no tokens back. */
const fact = <Kind extends 'model.called' | 'model.answered'>(scope: Scope, kind: Kind, id: string, data: FactData[Kind], nonce?: string): NewFactOf<Kind> =>
  newFact(kind, id, data, { source: 'models', trust: 'agent', occurredAt: scope.clock() }, { kind, data, nonce })

const balance = async ({ runner, namespace }: Scope, day: string): Promise<{ readonly calls: number; readonly spent: number }> => {
  runner.include(modelTokens)
  return (await runner.view(namespace, modelTokens)).on(day)
}

/** What was spent today. */
export const balanceOf = async (scope: Scope): Promise<Balance> => {
  const day = dayOf(scope.clock())
  return { day, spent: (await balance(scope, day)).spent }
}

const mostAttempts = 1_000

/**
 * Takes tokens from the budget of the day before they are spent. The n-th call of a day is a fact of that name: of two processes that both want to make it, the store refuses one, and that one
 * counts again.
 *
 * @returns undefined where the budget does not suffice
 * @throws AutodidactError `CONFLICT`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 */
export const reserve = async (scope: Scope, model: string, reserved: number, tokensPerDay: number): Promise<Call | undefined> => {
  const nonce = newId('reflection')
  let last = 0
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const day = dayOf(scope.clock())
    const { calls, spent } = await balance(scope, day)
    if (spent + reserved > tokensPerDay) return undefined
    // A name that somebody else has taken, or that was erased, is passed over.
    last = Math.max(calls, last) + 1
    const id = `model_${day}_${last}`
    try {
      await scope.storage.commit({ namespace: scope.namespace, facts: [fact(scope, 'model.called', id, { model, purpose: 'reflection', reserved }, nonce)] })
      return { id }
    } catch (error) {
      if (!AutodidactError.is(error) || (error.code !== 'ID_CONFLICT' && error.code !== 'FORGOTTEN')) throw error
    }
  }
  throw new AutodidactError('CONFLICT', `Another process asked a model each time that this one was about to, ${mostAttempts} times. Call again.`)
}

/** Puts what a call really took in the place of what was reserved for it. */
export const settleCall = async (scope: Scope, { id }: Call, taken: Omit<FactData['model.answered'], 'call'>): Promise<void> => {
  await scope.storage.commit({ namespace: scope.namespace, facts: [fact(scope, 'model.answered', `${id}/answer`, { call: id, ...taken })] })
}

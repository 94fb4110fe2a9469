import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import type { Learner } from '../learn/learner.ts'
import { policyGradient, type PolicyGradientView, type PolicyParameters } from '../learn/learners/policy-gradient.ts'
import { type QTable, tabularQ, type TabularQView } from '../learn/learners/tabular-q.ts'
import type { FactData, FactOf } from '../log/fact.ts'
import { name } from '../log/kinds/shared.ts'
import { kinds } from '../log/kinds/index.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { type Origin, originInput, savedFact } from './origin.ts'

type Imported = FactData['state.imported']

/** The learner of a form that decides at a choice point, or the one with the default settings; folded from now on. */
const learnerAt = (scope: Scope, point: string, view: 'q_tables' | 'policy_params', otherwise: Learner): Learner => {
  const needed = scope.policyAt(point).needs
  const learner = needed?.published?.view === view ? needed : otherwise
  scope.runner.include(learner)
  return learner
}

/** A choice point may be called "constructor". */
const own = <Value>(values: Readonly<Record<string, Value>>, point: string): Value | undefined => (Object.hasOwn(values, point) ? values[point] : undefined)

/** What is learned at a choice point by Q-learning; undefined where nothing is. */
export const qTableAt = async (scope: Scope, given: string): Promise<QTable[string] | undefined> => {
  const point = validated(name, given, 'getQTable: agent')
  const learner = learnerAt(scope, point, 'q_tables', tabularQ)
  // Whoever publishes Q tables has them in its view, under the name of the choice point.
  return own(((await scope.runner.viewOf(scope.namespace, learner.name)) as TabularQView).table(), point)
}

/** What is learned at a choice point by policy gradients; undefined where nothing is. */
export const policyParametersAt = async (scope: Scope, given: string): Promise<PolicyParameters | undefined> => {
  const point = validated(name, given, 'getPolicyParams: agent')
  const learner = learnerAt(scope, point, 'policy_params', policyGradient)
  // The same for weights.
  return own(((await scope.runner.viewOf(scope.namespace, learner.name)) as PolicyGradientView).table(), point)
}

/** Whether a learner takes over what is imported: weights of another shape say nothing to it. */
const takes = (learner: Learner, data: Imported): boolean => {
  const fact: FactOf<'state.imported'> = {
    kind: 'state.imported', data, id: 'tried', namespace: '', sequence: 1, version: kinds['state.imported'].version, occurredAt: 0, recordedAt: 0, source: 'host', trust: 'imported',
  }
  return learner.published?.rows(learner.learn(learner.initial(), fact)).some((row) => row.name === data.point) === true
}

/**
 * Writes down what is known at a choice point from now on, and brings what other programs may read up to date.
 *
 * @throws AutodidactError `INVALID_INPUT`, and what the storage throws
 */
export const importState = async (scope: Scope, given: unknown, origin: Origin, what: string): Promise<void> => {
  const data = validated(kinds['state.imported'].schema, given, what)
  const { point, form } = data
  const learner = form === 'q-table' ? learnerAt(scope, point, 'q_tables', tabularQ) : learnerAt(scope, point, 'policy_params', policyGradient)
  if (!takes(learner, data)) {
    throw new AutodidactError(
      'INVALID_INPUT',
      `${what}: these weights are not of the shape that "${learner.name}" has at "${point}": its inputs and hidden units. Give the point a policy of that shape, or others. Nothing was written.`,
    )
  }
  const fact = savedFact(scope, 'state.imported', data, validated(z.strictObject(originInput), origin, what), point)
  await scope.storage.commit({ namespace: scope.namespace, facts: [fact] })
  await scope.runner.publish(scope.namespace)
}

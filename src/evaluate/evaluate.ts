import { z } from 'zod'
import { noticeDeadlines } from '../credit/deadlines.ts'
import { type ConfiguredPolicy, policyFrom } from '../decide/configured.ts'
import type { Policy } from '../decide/policy.ts'
import { AutodidactError } from '../errors.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import type { Interval } from '../statistics/sequential/interval.ts'
import { assess, loggedValue } from './assess.ts'
import type { Assessment, DecisionCounts, Evaluation } from './evaluation.ts'
import { LogReader } from './logged-decisions.ts'
import { otherPoints } from './points.ts'

/** Which policy to try on which choice point. */
export interface EvaluateInput {
  /** The choice point. */
  readonly point: string
  /** A policy by name, by name with settings, or one of your own. */
  readonly policy: ConfiguredPolicy
  /** True: decisions whose propensity is a Monte-Carlo estimate count like exact ones. Default: refused when they are more than half. */
  readonly acceptEstimated?: boolean
}

const input = z.strictObject({ point: name, policy: z.union([name, z.object({ name })]), acceptEstimated: z.boolean().optional() })

/**
 * What another policy would have earned on the decisions that this namespace has logged at a choice point, without trying it.
 *
 * Every logged question is put to the policy again, as it was: options, features, similarities, state. A decision counts by how much more or less likely the
 * policy would have taken the same option, π(a|x) / p, with the probability that was logged when it was drawn. A policy that learns is given what its learner
 * had folded before that decision, so it never knows a verdict that it is judged by; `hindsight` says what it would earn if it did.
 *
 * Decisions without a verdict, and those in which the agent did something else, are left out. Where the log cannot answer, the result is a refusal with its
 * reason and what to do about it.
 *
 * Reads the log twice: time is linear in its length, and memory some 700 bytes a decision of the point.
 *
 * @throws AutodidactError `INVALID_INPUT`, `UNKNOWN_POLICY`, `UNKNOWN_LEARNER`, `UNKNOWN_ID` when nothing was ever decided at the point, `BUSY`
 */
export const evaluate = async (scope: Scope, given: EvaluateInput): Promise<Evaluation> => {
  validated(input, given, 'evaluate')
  refuseAnyFixed(given.policy)
  const policy = policyFrom(given.policy)
  await noticeDeadlines(scope, Infinity)
  return betweenErasures(scope.storage, scope.namespace, () => evaluated(scope, given, policy))
}

/** Without an option `fixed` takes whichever is offered first, and nobody asks what that would have earned. */
const refuseAnyFixed = (policy: ConfiguredPolicy): void => {
  const isAny = policy === 'fixed' || (typeof policy === 'object' && policy.name === 'fixed' && !('weigh' in policy) && Reflect.get(policy, 'option') === undefined)
  if (!isAny) return
  throw new AutodidactError(
    'INVALID_INPUT',
    `evaluate: the policy "fixed" needs the option that it always takes. Pass { name: 'fixed', option: '…' }; on the command line --settings with {"option": "…"}.`,
  )
}

const evaluated = async (scope: Scope, { point, policy: given, acceptEstimated = false }: EvaluateInput, policy: Policy): Promise<Evaluation> => {
  const { counts, progressive, hindsight, warning, offered } = await new LogReader(scope, point, policy).read()
  if (counts.decisions === 0) {
    throw new AutodidactError('UNKNOWN_ID', `Nothing was ever decided at a choice point "${point}" here. ${(await otherPoints(scope, point)) ?? 'Nor was it at any other one.'} Check its name and the namespace.`)
  }
  if (warning !== undefined) throw new AutodidactError('INVALID_INPUT', `evaluate: nothing can be told of this policy: at no logged decision could it do what its settings say. ${warning.message} Offered were ${inWords(offered)}.`)
  const assessment = assess(progressive, counts, acceptEstimated)
  const logged = counts.used === 0 ? undefined : loggedValue(progressive.rewards)
  return {
    ...assessment,
    point,
    policy: policy.name,
    counts,
    ...(logged === undefined ? {} : { logged }),
    ...(hindsight === undefined ? {} : { hindsight: assess(hindsight, counts, acceptEstimated) }),
    answer: answerOf(nameOf(policy, given), point, assessment, counts),
  }
}

/** A policy as it is called in a sentence: of `fixed` the name says nothing without its option. */
const nameOf = ({ name: called }: Policy, given: ConfiguredPolicy): string => {
  const isFixed = typeof given === 'object' && given.name === 'fixed' && !('weigh' in given)
  return isFixed ? `"${called}" (${JSON.stringify(Reflect.get(given, 'option'))})` : `"${called}"`
}

/** So many options are named in a refusal. */
const mostNamed = 20

const inWords = (ids: readonly string[]): string => {
  const named = ids.slice(0, mostNamed).map((id) => JSON.stringify(id)).join(', ')
  return ids.length > mostNamed ? `${named}, and ${ids.length - mostNamed} more` : named
}

const rangeOf = ({ low, high }: Interval): string => `${low.toPrecision(2)} to ${high.toPrecision(2)}`

const answerOf = (policy: string, point: string, assessment: Assessment, { used, runs }: DecisionCounts): string => {
  if (assessment.status === 'refused') {
    const { refusal, guaranteed } = assessment
    return `No answer for ${policy} at "${point}": ${refusal.reason} ${refusal.next}${guaranteed === undefined ? '' : ` Guaranteed is ${rangeOf(guaranteed)}.`}`
  }
  const { value, low, high, gain, effectiveSampleSize, meanWeight } = assessment
  const verdict = gain.low > 0 ? 'more than the log' : gain.high < 0 ? 'less than the log' : 'no clear difference from the log'
  const stands = `${used} ${used === 1 ? 'decision' : 'decisions'}${runs < used ? ` in ${runs} runs` : ''}, effective ${effectiveSampleSize.toFixed(0)}, mean weight ${meanWeight.toFixed(2)}`
  return `${policy} would have earned ${value.toPrecision(3)} (95 %: ${rangeOf({ low, high })}) at "${point}", ${verdict}; ${stands}.`
}

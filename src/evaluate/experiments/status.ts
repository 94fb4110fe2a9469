import { experimentTallies, type ExperimentTally } from '../../learn/learners/experiment-tallies.ts'
import type { FactData } from '../../log/fact.ts'
import type { PolicyChoice } from '../../decide/policies.ts'
import type { Scope } from '../../scope.ts'
import { betaBinomialInterval } from '../../statistics/sequential/beta-binomial.ts'
import type { ArmPolicy, ArmStatus, ExperimentStatus, LearningHelp } from './experiment.ts'
import { type Comparison, momentsOf, reversed, winnerOf } from '../../statistics/sequential/judge.ts'
import { type ExperimentStanding, standingOf } from './standing.ts'

/** Units from which a difference in the share of judged ones is remarked upon, and how large it must be. */
const fewestRemarked = 50
const remarkableShare = 0.1
/** Square of the deviation of the arms' counts from their shares, in standard deviations, that chance does not explain: 1 in 10,000. */
const remarkableMismatch = 15.1

/** Experiments as they stand, in the order in which they began; those whose beginning was erased are left out. */
export const statuses = async (scope: Scope): Promise<ExperimentStatus[]> => {
  const view = await scope.runner.view(scope.namespace, experimentTallies)
  return view.all().flatMap((tally) => (tally.started === undefined ? [] : [statusOf(tally, tally.started)]))
}

const statusOf = (tally: ExperimentTally, started: FactData['experiment.started']): ExperimentStatus => {
  const standing = standingOf(tally)
  const left = started.arms.filter(({ name }) => !tally.rolledBack.has(name))
  const state = tally.stopped !== undefined ? 'stopped' : left.length === 1 ? 'decided' : 'running'
  const arms = started.arms.map(({ name, policy }) => armStatus(tally, standing, name, policy as ArmPolicy))
  const winner = tally.stopped === undefined ? (left.length === 1 ? left[0]?.name : winnerOf(standing.sums.keys(), standing.comparisons)) : tally.stopped.winner
  const learning = learningHelp(arms, standing.comparisons)
  const status = {
    id: tally.id,
    point: started.point,
    unit: started.unit,
    state,
    startedAt: tally.startedAt,
    arms,
    comparisons: standing.comparisons,
    ...(winner === undefined ? {} : { winner }),
    ...(learning === undefined ? {} : { learning }),
    moved: tally.moved,
    warnings: warningsOf(arms, started),
  } as const
  return { ...status, answer: answerOf(status) }
}

const armStatus = (tally: ExperimentTally, { sums, shares }: ExperimentStanding, name: string, policy: ArmPolicy): ArmStatus => {
  const arm = tally.arms.get(name)
  const judged = sums.get(name)
  const lost = tally.rolledBack.get(name)
  return {
    arm: name,
    policy: plainPolicy(policy),
    share: tally.stopped === undefined ? (shares.get(name) ?? 0) : 0,
    units: arm?.units ?? 0,
    judged: arm?.judged ?? 0,
    decisions: arm?.decisions ?? 0,
    ...(judged === undefined || judged.judged === 0 ? {} : { mean: momentsOf(judged).mean }),
    interval: betaBinomialInterval(judged?.sum ?? 0, judged?.judged ?? 0),
    ...(lost === undefined ? {} : { rolledBack: { against: lost.against, difference: lost.difference, low: lost.low, high: lost.high } }),
  }
}

/** A policy without settings by its name alone, as it was given. */
const plainPolicy = (policy: ArmPolicy): ArmPolicy =>
  typeof policy === 'object' && policy.name !== 'without' && Object.keys(policy).length === 1 ? (policy.name satisfies PolicyChoice['name']) : policy

const meanOf = ({ mean = 0 }: ArmStatus): number => mean

const comparisonOf = (comparisons: readonly Comparison[], arm: string, against: string): Comparison | undefined =>
  comparisons.flatMap((comparison) => [comparison, reversed(comparison)]).find((each) => each.arm === arm && each.against === against)

const learningHelp = (arms: readonly ArmStatus[], comparisons: readonly Comparison[]): LearningHelp | undefined => {
  const [off, ...more] = arms.filter(({ policy }) => policy === 'off')
  if (off === undefined || more.length > 0) return undefined
  const [best] = arms.filter(({ policy }) => policy !== 'off').toSorted((left, right) => meanOf(right) - meanOf(left))
  const comparison = best === undefined ? undefined : comparisonOf(comparisons, best.arm, off.arm)
  if (comparison === undefined) return undefined
  return { ...comparison, helps: comparison.low > 0 ? 'yes' : comparison.high < 0 ? 'no' : 'unknown' }
}

const warningsOf = (arms: readonly ArmStatus[], { arms: begun, allocation }: FactData['experiment.started']): string[] => {
  const warnings: string[] = []
  const judgedShares = arms.filter(({ units }) => units >= fewestRemarked).map(({ judged, units }) => judged / units)
  if (Math.max(...judgedShares) - Math.min(...judgedShares) > remarkableShare) {
    warnings.push('The arms differ in how many of their units have a verdict. If silence means failure, give the choice point a default reward.')
  }
  const total = arms.reduce((sum, { units }) => sum + units, 0)
  const asBegun = allocation === 'fixed' && arms.every(({ rolledBack }) => rolledBack === undefined)
  const mismatch = begun.reduce((sum, { name, share }) => sum + ((arms.find(({ arm }) => arm === name)?.units ?? 0) - share * total) ** 2 / Math.max(1, share * total), 0)
  if (asBegun && total >= fewestRemarked && mismatch > remarkableMismatch + 2 * (arms.length - 2)) {
    warnings.push('The arms have other numbers of units than their shares say. Some decisions of one arm are lost on their way into the log.')
  }
  return warnings
}

const moreOrLess = (value: number): string => `${Math.abs(value).toFixed(3)} ${value < 0 ? 'less' : 'more'}`

/** A comparison as a sentence, without the final stop. */
export const comparisonText = ({ arm, against, difference, low, high }: Comparison): string =>
  `on average "${arm}" earned ${moreOrLess(difference)} than "${against}" (95 %: between ${moreOrLess(low)} and ${moreOrLess(high)})`

/** The comparisons as they are told: learning against none, and otherwise the arm that earned more against the one that earned less. */
export const toldComparisons = ({ comparisons, learning }: Pick<ExperimentStatus, 'comparisons' | 'learning'>): readonly Comparison[] =>
  comparisons.map((each) => {
    if (learning !== undefined && [each.arm, each.against].every((arm) => arm === learning.arm || arm === learning.against)) return learning
    return each.difference < 0 ? reversed(each) : each
  })

const answerOf = ({ point, unit, arms, comparisons, learning, winner }: Omit<ExperimentStatus, 'answer'>): string => {
  const [first, second] = arms.toSorted((left, right) => meanOf(right) - meanOf(left))
  const shown = learning ?? (first === undefined || second === undefined ? undefined : comparisonOf(comparisons, winner ?? first.arm, winner === second.arm ? first.arm : second.arm))
  if (shown === undefined || arms.every(({ judged }) => judged === 0)) return `Nothing is judged yet at "${point}": no ${unit} of this experiment has a verdict.`
  const counts = [shown.arm, shown.against].map((name) => arms.find(({ arm }) => arm === name)?.judged ?? 0)
  const evidence = `${comparisonText(shown)}, from ${counts.join(' and ')} judged ${unit}s.`
  if (learning !== undefined) {
    const verdict = { yes: 'Learning helps', no: 'Learning harms', unknown: 'It is not known yet whether learning helps' }[learning.helps]
    return `${verdict} at "${point}": ${evidence}`
  }
  const verdict = winner === undefined ? 'No arm has won yet' : `"${winner}" has won`
  return `${verdict} at "${point}": ${evidence}`
}

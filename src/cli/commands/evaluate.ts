import type { Command } from 'commander'
import type { PolicyChoice } from '../../decide/policies.ts'
import type { Assessment, Evaluation } from '../../evaluate/evaluation.ts'
import type { Estimate } from '../../evaluate/estimators/estimate.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined } from '../option-values.ts'
import { perform } from '../perform.ts'
import { readObject } from '../input.ts'
import { bold, dim, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly policy: string
  readonly settings?: string
  readonly acceptEstimated?: true
}

const intervalText = ({ low, high }: Pick<Estimate, 'low' | 'high'>): string => `${low.toPrecision(3)} to ${high.toPrecision(3)}`

const range = ({ value, low, high }: Estimate): string => `${value.toPrecision(3)}  (${intervalText({ low, high })})`

const assessmentRows = (assessment: Assessment): (readonly [string, string])[] => {
  const weights = [
    ['effective sample size', `${assessment.effectiveSampleSize.toFixed(0)}  (of such logs ${assessment.expectedEffectiveSampleSize.toFixed(0)})`],
    ['mean weight', assessment.meanWeight.toPrecision(3)],
    ['largest weight', assessment.largestWeight.toPrecision(3)],
  ] as const
  const guaranteed = assessment.guaranteed === undefined ? [] : [['guaranteed', intervalText(assessment.guaranteed)] as const]
  if (assessment.status === 'refused') return [['refused', assessment.refusal.code], ...guaranteed, ...weights]
  const { estimates, gain } = assessment
  return [
    ['self-normalised', range(estimates.selfNormalised)],
    ['doubly robust, normalised', range(estimates.selfNormalisedDoublyRobust)],
    ['doubly robust', range(estimates.doublyRobust)],
    ['inverse propensity', range(estimates.inversePropensity)],
    ['direct method', estimates.directMethod.value.toPrecision(3)],
    ...guaranteed,
    ['more than the log', range(gain)],
    ...weights,
  ]
}

const evaluationText = (evaluation: Evaluation): string => {
  const { answer, counts, logged, hindsight } = evaluation
  const rows: (readonly [string, string])[] = [
    ['decisions', `${counts.decisions}, judged ${counts.judged}, followed ${counts.followed}, used ${counts.used}${counts.runs < counts.used ? ` in ${counts.runs} runs` : ''}`],
    ...(logged === undefined ? [] : [['earned by the log', range(logged)] as const]),
    ...assessmentRows(evaluation),
    ...(hindsight?.status === 'answered' ? [['in hindsight', range(hindsight)] as const] : []),
  ]
  return [bold(wrapped(answer, 0)), '', ...rows.map(([label, value]) => `  ${dim(label.padEnd(26))} ${value}`)].join('\n')
}

export const addEvaluate = (program: Command): void => {
  addFileCommand(program, {
    usage: 'evaluate <point>',
    summary: 'What would another policy have earned?',
    description: 'Tell from the log what another policy would have earned at a choice point,\nwith a 95 % interval, or why the log cannot say.',
    examples: ['autodidact evaluate tool --policy uniform', 'autodidact evaluate tool --policy fixed --settings sql.json'],
  })
    .requiredOption('--policy <name>', 'the policy to evaluate')
    .option('--settings <file>', 'its settings as a JSON object, - for standard input')
    .option('--accept-estimated', 'use propensities that are Monte-Carlo estimates')
    .action(
      perform(
        'asking',
        async (autodidact, [point]: readonly [string], { policy: name, settings, acceptEstimated }: Options) => {
          // `evaluate` refuses an unknown name.
          const policy = { ...(await readObject(settings)), name } as PolicyChoice
          return autodidact.evaluate({ point, policy, ...defined({ acceptEstimated }) })
        },
        evaluationText,
      ),
    )
}

import { together } from './comparisons.ts'
import { grown } from './growth.ts'
import { numberText } from '../in-words.ts'
import { aboveLimit } from './limits.ts'
import type { Finding } from './recommendation.ts'
import type { Rule, Window } from './window.ts'

/** The action that is done most often. */
const busiestStep = ({ actions }: Window): Pick<Finding, 'bottleneck'> => {
  const [busiest] = actions.toSorted((left, right) => right.uses - left.uses)
  return busiest === undefined ? {} : { bottleneck: busiest }
}

/** None count as one half, so that a ratio exists; one is the least that can be done. */
const fewestIterations = 0.5

/** Runs that need many iterations, or more than they did. */
export const iterationReduction: Rule = (window) => {
  const { iterations: column } = window.table
  const about = (): Pick<Finding, 'bottleneck'> => busiestStep(window)
  return together([
    aboveLimit(window, {
      measure: 'iterations',
      column,
      limit: window.limits.iterations,
      text: numberText,
      title: ({ mean }) => `Need fewer iterations: a run takes ${numberText(mean)} in the mean.`,
      about,
    }),
    grown(window, {
      measure: 'iterations',
      column,
      smallest: fewestIterations,
      title: (now, first) => `Find out why it takes more iterations than at first: usually ${numberText(now)}, and ${numberText(first)} at first.`,
      about,
    }),
  ])
}

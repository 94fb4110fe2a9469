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
const leastIterations = 0.5

/** Runs that need many iterations, or more than they did. */
export const iterationReduction: Rule = (window) => {
  const { iterations: column } = window.table
  const many = aboveLimit(window, {
    measure: 'iterations',
    column,
    limit: window.limits.iterations,
    text: numberText,
    title: ({ mean }) => `Need fewer iterations: a run takes ${numberText(mean)} in the mean.`,
  })
  const more = grown(window, {
    measure: 'iterations',
    column,
    least: leastIterations,
    title: (now, first) => `Find out why it takes more iterations than at first: ${numberText(now)} instead of ${numberText(first)}.`,
  })
  return [many, more].flatMap((finding) => (finding === undefined ? [] : { ...finding, ...busiestStep(window) }))
}

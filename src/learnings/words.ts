import type { Share } from '../evaluate/statistics/share.ts'
import { isWarning, type Learning } from './learning.ts'

type Told = Omit<Learning, 'id' | 'title' | 'description'>

const percent = (share: number): string => `${Math.round(share * 100)} %`

const tasksOf = ({ kind }: Told): string => (kind === undefined ? 'tasks' : kind === 'other' ? 'tasks of no known kind' : `tasks "${kind}"`)

const agentOf = ({ agent }: Told): string => (agent === undefined ? '' : `${agent}: `)

const doneOf = ({ approach, actions = [] }: Told): string => (approach === undefined ? actions.join(', then ') : `the approach "${approach}"`)

const amount = (of: 'durationMs' | 'steps', value: number): string => (of === 'steps' ? `${Number(value.toFixed(1))} steps` : `${Number((value / 1_000).toFixed(2))} s`)

/** What it is about, in a line. */
export const titleOf = (told: Told): string => {
  const who = agentOf(told)
  if (told.type === 'agent_capability') return `${who}${tasksOf(told)}`
  if (told.type === 'failure_pattern') return `${who}ending with ${doneOf(told)} in ${tasksOf(told)}`
  if (told.type === 'error_recovery') return `After an error: ${doneOf(told)}`
  if (told.figures !== undefined) return `${who}${told.figures.of === 'steps' ? 'many steps' : 'slow runs'} in ${tasksOf(told)}`
  return `${who}${doneOf(told)} in ${tasksOf(told)}`
}

const rateOf = ({ rate, of }: Share): string => (rate === undefined ? 'none' : `${percent(rate)} of ${Number(of.toFixed(1))}`)

const figuresOf = ({ figures }: Told): string =>
  figures === undefined ? '' : ` They took ${amount(figures.of, figures.mean)} on average, where ${amount(figures.of, figures.median)} are usual.`

/** How sure that is, in one or two sentences. */
export const descriptionOf = (told: Told): string => {
  const { runs, success, baseline, confidence, validated, type } = told
  const others = baseline.rate === undefined ? 'with nothing to compare' : `against ${percent(baseline.rate)} of others`
  const least = isWarning(type) ? `at least ${percent(confidence)} go wrong` : `at least ${percent(confidence)} go well`
  const proof = validated ? '' : ' That may be chance.'
  return `${rateOf(success)} ${runs === 1 ? 'run' : 'runs'} went well, ${others}; ${least}.${proof}${figuresOf(told)}`
}

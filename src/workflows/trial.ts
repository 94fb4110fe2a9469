import { optionWithheld } from '../evaluate/experiments/arm-policy.ts'
import { reversed } from '../statistics/sequential/judge.ts'
import { standingOf } from '../evaluate/experiments/standing.ts'
import type { ExperimentsView, ExperimentTally } from '../learn/learners/experiment-tallies.ts'
import { textDigest } from '../log/canonical.ts'
import { isWorkflowId } from '../learn/structures/workflow-id.ts'
import type { WorkflowTrial } from './workflow.ts'

/** Names of the arms of a trial. */
export const offered = 'offered'
export const withheld = 'withheld'

/** Of a trial within one category, the end of its id; of others, nothing. */
const markOf = (category: string | undefined): string => (category === undefined ? '' : `:${textDigest(category).slice(0, 8)}`)

/** The same in every process, so that two that begin it at the same moment begin it once. */
export const trialId = (workflow: string, point: string, unit: string, category: string | undefined): string =>
  `trial:${textDigest(JSON.stringify([workflow, point, unit, ...(category === undefined ? [] : [category])])).slice(0, 16)}${markOf(category)}`

/** Whether a trial is one within this category; without a category, whether it is one of all runs. */
export const isWithin = ({ id }: ExperimentTally, category: string | undefined): boolean => (/^trial:[\da-f]{16}(:[\da-f]{8})$/.exec(id)?.[1] ?? '') === markOf(category)

/** The workflow that an experiment is about, where it is a trial of one. */
export const workflowOnTrial = ({ started }: ExperimentTally): string | undefined => {
  if (started?.arms.length !== 2 || started.arms.find(({ name }) => name === offered)?.policy !== 'configured') return undefined
  const policy = started.arms.find(({ name }) => name === withheld)?.policy
  const option = policy === undefined ? undefined : optionWithheld(policy)
  return option !== undefined && isWorkflowId(option) ? option : undefined
}

/** How it stands. */
export const trialOf = (tally: ExperimentTally): WorkflowTrial | undefined => {
  const { id, started, stopped, arms } = tally
  const { comparisons } = standingOf(tally)
  const comparison = comparisons.flatMap((each) => [each, reversed(each)]).find(({ arm }) => arm === offered)
  if (started === undefined || comparison === undefined) return undefined
  const { difference, low, high, method } = comparison
  return {
    experiment: id,
    point: started.point,
    state: stopped === undefined ? 'running' : 'stopped',
    offered: arms.get(offered)?.units ?? 0,
    withheld: arms.get(withheld)?.units ?? 0,
    judgedOffered: arms.get(offered)?.judged ?? 0,
    judgedWithheld: arms.get(withheld)?.judged ?? 0,
    difference,
    low,
    high,
    method,
  }
}

/** The trials of workflows within a category, or of all runs, by workflow; of several the one that began last. */
export const trialsOf = (view: ExperimentsView, category: string | undefined): ReadonlyMap<string, WorkflowTrial> => {
  const trials = new Map<string, WorkflowTrial>()
  for (const tally of view.all()) {
    const workflow = isWithin(tally, category) ? workflowOnTrial(tally) : undefined
    const trial = workflow === undefined ? undefined : trialOf(tally)
    if (workflow !== undefined && trial !== undefined) trials.set(workflow, trial)
  }
  return trials
}

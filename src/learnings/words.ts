import type { Share } from '../statistics/share.ts'
import { durationText, percentText } from '../statistics/in-words.ts'
import { isWarning, type Learning, type Tries } from './learning.ts'
import { failsOften } from './tries.ts'

type Told = Omit<Learning, 'id' | 'title' | 'advice' | 'description'>

/** What titles and advice are made of. */
export type Said = Pick<Told, 'type' | 'from' | 'agent' | 'kind' | 'actions' | 'approach' | 'figures' | 'tries' | 'errors' | 'tool' | 'validated'>

const tasksOf = ({ kind }: Said): string => (kind === undefined ? 'tasks of one kind' : kind === 'other' ? 'tasks of no known kind' : `tasks "${kind}"`)

const agentOf = ({ agent }: Said): string => (agent === undefined ? '' : `${agent}: `)

const inOrder = (actions: readonly string[] = []): string => actions.join(', then ')

/** Of what is all that was done in runs that went wrong, that it is all is what says so. */
const doneOf = ({ approach, actions, from }: Said): string =>
  approach === undefined ? `${from === 'task_strategy' ? 'doing only ' : ''}${inOrder(actions)}` : `the approach "${approach}"`

const amount = (of: 'durationMs' | 'steps', value: number): string => (of === 'steps' ? `${Number(value.toFixed(1))} steps` : durationText(value))

/** The error that something is done about: by its words and its tool, as far as both are known. */
const troubleOf = ({ errors = [], tool }: Said): string => {
  const [error] = errors
  return `${error === undefined ? 'an error' : `"${error}"`}${tool === undefined ? '' : ` of ${tool}`}`
}

/** What is done about an error: the tool that failed is used again, with another input where it is itself among what is done. */
const remedyOf = ({ actions = [], tool }: Said): string => {
  const last = actions.at(-1)
  return last === tool ? inOrder([...actions.slice(0, -1), `${last} with another input`]) : inOrder([...actions, `${tool ?? 'the same'} again`])
}

/** What it is about, in a line. */
export const titleOf = (said: Said): string => {
  const who = agentOf(said)
  if (said.type === 'agent_capability') return `${who}${tasksOf(said)}`
  if (said.tries !== undefined) return `${who}${doneOf(said)} fails often in ${tasksOf(said)}`
  if (said.type === 'failure_pattern') return `${who}${said.from === undefined ? `ending with ${doneOf(said)}` : `${doneOf(said)} goes wrong`} in ${tasksOf(said)}`
  if (said.type === 'error_recovery') return `After ${troubleOf(said)}: ${doneOf(said)}`
  if (said.figures !== undefined) return `${who}${said.figures.of === 'steps' ? 'many steps' : 'slow runs'} in ${tasksOf(said)}`
  return `${who}${doneOf(said)} in ${tasksOf(said)}`
}

/** Of the runs that are told it may be that hardly any failed, where many did before. */
const failsIn = (tries: Tries): string => {
  const { failed, of } = tries
  return failsOften(tries) ? `fails often (${failed} of ${of} ${of === 1 ? 'try' : 'tries'})` : `failed often before, in ${failed} of its last ${of} tries`
}

/**
 * What to do, or not to, when: in a sentence that names the kind of task and the actions in their order.
 *
 * @param like words of its tasks, where they are known
 */
export const adviceOf = (said: Said, like: readonly string[] = []): string => {
  const { type, from, agent, figures, tries, approach, actions, validated } = said
  const such = like.length === 0 ? '' : ` (${like.join(' ')})`
  const tasks = `For ${tasksOf(said)}${such}`
  if (type === 'error_recovery') return `After ${troubleOf(said)}${like.length === 0 ? '' : ` in tasks like "${like.join(' ')}"`}: ${remedyOf(said)}.`
  if (type === 'agent_capability') return `${tasks}: ${agent ?? 'this agent'} does them.`
  if (figures !== undefined) return `${tasks}: look for a shorter way where a run takes ${figures.of === 'steps' ? 'many steps' : 'long'}; ${amount(figures.of, figures.mean)} are unusual.`
  if (tries !== undefined) return `${tasks}: ${doneOf(said)} ${failsIn(tries)}.`
  if (type === 'failure_pattern' && from === undefined) return `${tasks}: ${validated ? `avoid ending with ${inOrder(actions)}` : `look twice at ${inOrder(actions)} where it comes last`}.`
  const how = type === 'failure_pattern' ? 'avoid ' : approach === undefined ? '' : 'take '
  return `${tasks}: ${how}${doneOf(said)}.`
}

/** The rate is weighted by how much each verdict is to be believed; runs are whole ones. */
const rateOf = ({ rate }: Share, runs: number): string => `${rate === undefined ? 'none' : percentText(rate)} of ${runs} ${runs === 1 ? 'run' : 'runs'}`

const figuresOf = ({ figures }: Told): string =>
  figures === undefined ? '' : ` They took ${amount(figures.of, figures.mean)} on average, where ${amount(figures.of, figures.median)} are usual.`

/** How sure that is, in one or two sentences. */
export const descriptionOf = (told: Told): string => {
  const { runs, success, baseline, confidence, validated, type } = told
  const others = baseline.rate === undefined ? 'with nothing to compare' : `against ${percentText(baseline.rate)} of others`
  const least = isWarning(type) ? `at least ${percentText(confidence)} go wrong` : `at least ${percentText(confidence)} go well`
  const proof = validated ? '' : ' That may be chance.'
  return `${rateOf(success, runs)} went well, ${others}; ${least}.${proof}${figuresOf(told)}`
}

import type { Command } from 'commander'
import type { ExplainedDecision, ExplainedItem, ExplainedOutcome, Explanation } from '../../explain/explanation.ts'
import { addFileCommand } from '../command.ts'
import { perform } from '../perform.ts'
import { bold, dim, screenWidth, shortened, wrapped } from '../text.ts'

const mostOptions = 6

const outcomeText = ({ recorded, standing: recalled, verdict, votes, expired }: ExplainedOutcome): string => {
  const state = recorded ? 'recorded' : 'not recorded yet'
  const judged = verdict === undefined ? `nobody has judged it${expired ? ', and its deadline has passed' : ''}` : `judged ${verdict.reward.toFixed(2)} of 1 (weight ${verdict.weight})`
  const standing = votes.filter(({ stands }) => stands).map(({ level, author }) => (author === undefined ? level : `${level} ${author}`))
  const isCorrected = recalled === 'success' && votes.some(({ level, stands }) => stands && level === 'correction')
  return `${state}; ${isCorrected ? 'what it responded is ' : ''}${judged}${standing.length === 0 ? '' : `, by ${standing.join(', ')}`}${isCorrected ? '; recall shows the right answer in its place, as a success' : ''}`
}

const itemText = ({ id, kind, task, score, reason, used, forgotten, counts, runs }: ExplainedItem, at: number): string => {
  const use = used === undefined ? '' : used ? ', used' : ', not used'
  const name = forgotten ? '(forgotten since)' : shortened(task ?? '', screenWidth() - 6)
  return [
    `  ${String(at + 1).padStart(2)}  ${name}`,
    dim(wrapped(`${kind}${use}, score ${score.toFixed(2)}. ${reason}`, 6)),
    ...(runs === 0 ? [] : [dim(`      ${counts.up.toFixed(1)} for and ${counts.down.toFixed(1)} against it, from ${runs} ${runs === 1 ? 'run' : 'runs'}`)]),
    dim(`      ${id}`),
  ].join('\n')
}

const decisionText = ({ point, option, propensity, explored, policy, options, reason, taken }: ExplainedDecision): string =>
  [
    `  ${point}: ${bold(shortened(option, 40))} with probability ${propensity.toFixed(3)}${explored ? ', to explore' : ''} (policy ${policy})`,
    ...(taken === undefined || taken === option ? [] : [`      really taken: ${shortened(taken, 40)}`]),
    ...options
      .slice(0, mostOptions)
      .map(({ id, probability, expected }) => dim(`      ${probability.toFixed(3)}${expected === undefined ? '' : `  expected ${expected.toFixed(2)}`}  ${shortened(id, 40)}`)),
    ...(options.length > mostOptions ? [dim(`      … and ${options.length - mostOptions} more`)] : []),
    wrapped(reason, 6),
  ].join('\n')

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', bold(title), ...lines])

const explanationText = ({ subject, id, run, task, learning, recalled, decisions, outcome, facts, notes }: Explanation): string => {
  return [
    `${bold(subject)} ${id}`,
    ...(subject === 'run' ? [] : [dim(`  of ${run}`)]),
    ...(task === undefined ? [] : [wrapped(shortened(task, 400), 2)]),
    ...(learning ? [] : ['  Learning was off: nothing was recalled, and choices were uniform.']),
    ...section('Recalled', recalled.map(itemText)),
    ...section('Chosen', decisions.map(decisionText)),
    ...section('How it went', [wrapped(outcomeText(outcome), 2)]),
    ...section('Taught by', facts.map((fact) => `  ${fact}`)),
    ...section('Notes', notes.map((note) => wrapped(note, 2))),
  ].join('\n')
}

export const addExplain = (program: Command): void => {
  addFileCommand(program, {
    usage: 'explain <id>',
    summary: 'Why an advice was given, and who taught it',
    description: 'Tell for an advice, a run or a decision what was recalled and why, what was chosen with which probability, and which facts taught it.',
    examples: ['autodidact explain advice_01a1…'],
  }).action(perform('asking', (autodidact, [id]: readonly [string]) => autodidact.explain(id), explanationText))
}

import type { Proposal } from '../reflect/proposals.ts'
import { bold, counted, dim, printable, shortened, wrapped } from './text.ts'

/** A proposal as somebody reads it who is to decide. */
export const proposalText = ({ id, action, kind, text, before, reason, status, outdated, flags, needsPerson, runs, independent, item, made }: Proposal): string =>
  [
    bold([status, action, kind ?? ''].filter((part) => part !== '').join(' ')) + (needsPerson ? ', for a person to decide' : ''),
    ...(before === undefined ? [] : [wrapped(`now: ${shortened(before, 400)}`, 4)]),
    ...(text === undefined ? [] : [wrapped(`→ ${shortened(text, 1_000)}`, 4)]),
    ...(reason === undefined ? [] : [wrapped(`because: ${shortened(reason, 400)}`, 4)]),
    ...(outdated === undefined ? [] : [wrapped(`outdated: ${outdated}`, 4)]),
    ...(flags.length === 0 ? [] : [wrapped(`suspicious: ${flags.join(', ')}`, 4)]),
    dim(wrapped(`proposed by ${counted(runs.length, 'run')}, ${independent} of them independent${(made ?? item) === undefined ? '' : `; rule ${printable(made ?? item ?? '')}`}`, 4)),
    dim(`    ${printable(id)}`),
  ].join('\n')

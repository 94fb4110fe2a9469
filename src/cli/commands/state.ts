import type { Command } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { StateDifference, StateVersion } from '../../state/states.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { addGroup } from '../group.ts'
import { parsePositive } from '../option-values.ts'
import { perform, print, withAutodidact } from '../perform.ts'
import { plainTable } from '../table.ts'
import { counted, dim, printable, shortened } from '../text.ts'

interface DiffOptions extends FileOptions {
  readonly limit: number
}

const noList = 'This store keeps no list of versions. Any place in the log is one: state diff LEARNER 0 compares with the beginning; "head" of the library says where the log ends.'

const listText = (versions: readonly StateVersion[], keepsList: boolean): string => {
  if (versions.length === 0) return keepsList ? 'No version was saved yet.' : noList
  const table = plainTable({ colWidths: [24, 9, 24, 10, 13], colAligns: ['left', 'right', 'left', 'right', 'left'] })
  table.push(['learner', 'version', '  saved', 'bytes', ''].map((cell) => dim(cell)))
  for (const { learner, version, savedAt, bytes, rolledBack } of versions) {
    table.push([shortened(learner, 22), String(version), `  ${new Date(savedAt).toISOString().slice(0, 19)}Z`, bytes.toLocaleString('en'), rolledBack ? ' rolled back' : ''])
  }
  return table.toString()
}

const valueText = (value: string | number | boolean | null | undefined): string => {
  if (value === undefined) return '–'
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : printable(String(value))
}

const differenceText = ({ learner, from, to, total, changes }: StateDifference): string => {
  if (total === 0) return `${printable(learner)} knew the same at ${from} and at ${to}.`
  return [
    `${counted(total, 'value')} of ${printable(learner)} not the same at ${from} and at ${to}:`,
    ...changes.map(({ path, before, after }) => `  ${printable(path.join(' › '))}  ${dim(`${valueText(before)} → ${valueText(after)}`)}`),
    ...(changes.length < total ? [dim(`  and ${(total - changes.length).toLocaleString('en')} more; see --limit`)] : []),
  ].join('\n')
}

const parsePlace = (value: string): number => {
  if (/^\d{1,15}$/.test(value)) return Number(value)
  throw new AutodidactError('INVALID_INPUT', `"${shortened(value, 40)}" is no version. Versions are whole numbers; see "autodidact state list". Nothing was written.`)
}

const addList = (group: Command): void => {
  addFileCommand(group, {
    usage: 'list [learner]',
    summary: 'Which versions there are',
    description: 'List the versions that were saved, of all learners or of one.',
    examples: ['autodidact state list', 'autodidact state list option-model --json'],
  }).action(async (learner: string | undefined, options: FileOptions) => {
    const { versions, keepsList } = await withAutodidact(options, 'asking', async ({ states }) => ({ versions: await states.list(learner), keepsList: states.keepsList }))
    print(options, versions, () => listText(versions, keepsList))
  })
}

const addDiff = (group: Command): void => {
  addFileCommand(group, {
    usage: 'diff <learner>',
    summary: 'What it knew at two of them',
    description: 'Compare what a learner knew at two versions. 0 is the beginning.',
    examples: ['autodidact state diff option-model 1000 2000', 'autodidact state diff option-model 0 --limit 100'],
  })
    .argument('<from>', 'a version', parsePlace)
    .argument('[to]', 'with this one (default: the present)', parsePlace)
    .option('--limit <count>', 'changes to show', parsePositive, 20)
    .action(
      perform(
        'asking',
        ({ states }, [learner, from, to]: readonly [string, number, number | undefined], { limit }: DiffOptions) => states.diff(learner, from, to, { limit }),
        differenceText,
      ),
    )
}

const addRollback = (group: Command): void => {
  const command = addFileCommand(group, {
    usage: 'rollback <learner>',
    summary: 'Bring a learner back to one',
    description: 'Bring a learner back to a version: what it learned since then, it does not\nknow any more. The log keeps everything.',
    examples: ['autodidact state rollback tabular-q 1187'],
  })
  command
    // As the method is called.
    .aliases(['roll-back', 'rollBack'])
    .argument('<version>', 'a version; see autodidact state list', parsePlace)
    .action(
      perform(
        'existing',
        ({ states }, [learner, version]: readonly [string, number]) => states.rollBack(learner, version),
        ({ learner, version, passedOver }) => `${printable(learner)} is back at ${version}: it does not know ${counted(passedOver, 'fact')} any more.`,
      ),
    )
}

export const addState = (program: Command): void => {
  addGroup(program, {
    name: 'state',
    summary: 'Versions of what was learned',
    description: 'List the versions of what was learned, compare two, or bring a learner back to\none. A version is a place in the log.',
    examples: ['autodidact state list', 'autodidact state diff option-model 1000 2000', 'autodidact state rollback tabular-q 1187'],
    actions: [addList, addDiff, addRollback],
  })
}

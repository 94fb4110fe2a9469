import { type Command, InvalidArgumentError } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { StateDifference, StateVersion } from '../../state/states.ts'
import { addFileCommand, type FileOptions, parsePositive, print, withAutodidact } from '../command.ts'
import { plainTable } from '../table.ts'
import { counted, dim, printable, shortened } from '../text.ts'

interface Options extends FileOptions {
  readonly limit: number
}

type Action = 'list' | 'diff' | 'rollback'

const parseAction = (value: string): Action => {
  if (value === 'list' || value === 'diff' || value === 'rollback') return value
  // As the method is called.
  if (value === 'roll-back' || value === 'rollBack') return 'rollback'
  throw new InvalidArgumentError('It must be list, diff or rollback.')
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

const tooMany = (action: Action): AutodidactError =>
  new AutodidactError('INVALID_INPUT', `That is more than "state ${action}" takes. See autodidact state --help. Nothing was written.`)

const parsePlace = (value: string): number => {
  if (/^\d{1,15}$/.test(value)) return Number(value)
  throw new AutodidactError('INVALID_INPUT', `"${shortened(value, 40)}" is no version. Versions are whole numbers; see "autodidact state list". Nothing was written.`)
}

const needed = <Value>(value: Value | undefined, what: string, action: Action): Value => {
  if (value !== undefined) return value
  throw new AutodidactError('INVALID_INPUT', `Name ${what}: autodidact state ${action} LEARNER VERSION. Versions are in "autodidact state list".`)
}

export const addState = (program: Command): void => {
  addFileCommand(program, {
    usage: 'state',
    summary: 'Versions of what was learned',
    description: 'List the versions of what was learned, compare two, or bring a learner back to\none. A version is a place in the log.',
    examples: ['autodidact state list', 'autodidact state diff option-model 1000 2000', 'autodidact state rollback tabular-q 1187'],
  })
    .argument('<action>', 'list, diff or rollback', parseAction)
    .argument('[place...]', 'a learner; then one version or two to compare, or one to go back to')
    .option('--limit <count>', 'changes to show', parsePositive, 20)
    .action(async (action: Action, [learner, ...given]: readonly string[], { limit, ...options }: Options) => {
      if (given.length > (action === 'diff' ? 2 : action === 'rollback' ? 1 : 0)) throw tooMany(action)
      const [version, to] = given.map(parsePlace)
      if (action === 'list') {
        const { versions, keepsList } = await withAutodidact(options, 'asking', async ({ states }) => ({ versions: await states.list(learner), keepsList: states.keepsList }))
        print(options, versions, () => listText(versions, keepsList))
        return
      }
      const [name, place] = [needed(learner, 'a learner', action), needed(version, 'a version', action)]
      if (action === 'diff') {
        const difference = await withAutodidact(options, 'asking', ({ states }) => states.diff(name, place, to, { limit }))
        print(options, difference, () => differenceText(difference))
        return
      }
      const receipt = await withAutodidact(options, 'existing', ({ states }) => states.rollBack(name, place))
      print(options, receipt, () => `${printable(receipt.learner)} is back at ${receipt.version}: it does not know ${counted(receipt.passedOver, 'fact')} any more.`)
    })
}

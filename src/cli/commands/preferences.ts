import type { Command } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { Preference, PreferenceReceipt, PreferenceValue } from '../../preferences/preferences.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { addGroup } from '../group.ts'
import { defined, parseNumber } from '../option-values.ts'
import { perform } from '../perform.ts'
import { bold, dim, printable, wrapped } from '../text.ts'

interface UnsetOptions extends FileOptions {
  readonly source?: string
}

interface SetOptions extends UnsetOptions {
  readonly point?: string
  readonly option?: string
  readonly strength?: number
}

const usage = 'autodidact preferences set USER NAME (TEXT | --point POINT --option OPTION)'

const needed = (value: string | undefined, what: string): string => {
  if (value !== undefined && value !== '') return value
  throw new AutodidactError('INVALID_INPUT', `Name the ${what}: ${usage}.`)
}

/** The words, or the option that the flags name; the verb checks it. */
const valueOf = (text: string | undefined, { point, option, strength }: SetOptions): PreferenceValue => {
  const isChoice = point !== undefined || option !== undefined || strength !== undefined
  if ((text !== undefined) === isChoice) throw new AutodidactError('INVALID_INPUT', `Say what is preferred, in words or with --point and --option: ${usage}.`)
  return text ?? { point: needed(point, 'choice point with --point'), option: needed(option, 'option with --option'), ...defined({ strength }) }
}

const preferenceText = ({ name, value, statedAt }: Preference): string => {
  const said = typeof value === 'string' ? wrapped(printable(value), 2) : printable(`  ${value.option} at ${value.point}, in a share of ${value.strength} of the decisions`)
  return `${bold(printable(name))}  ${dim(`since ${new Date(statedAt).toISOString().slice(0, 10)}`)}\n${said}`
}

const receiptText = ({ name, status }: PreferenceReceipt): string => printable(`${status}: ${name}`)

const addList = (group: Command): void => {
  addFileCommand(group, {
    usage: 'list <user>',
    summary: 'What a user prefers',
    description: 'List what a user stated and did not take back.',
    examples: ['autodidact preferences list ada --json'],
  }).action(
    perform(
      'reading',
      ({ preferences }, [user]: readonly [string]) => preferences.get(user),
      (preferences) => (preferences.length === 0 ? 'There is none.' : preferences.map(preferenceText).join('\n')),
    ),
  )
}

const addSet = (group: Command): void => {
  addFileCommand(group, {
    usage: 'set <user> <name> [text]',
    summary: 'State a preference, or change it',
    description: 'State what a user prefers, in words or as the option to take at a choice point.\nThe same name again replaces what it said.',
    examples: ["autodidact preferences set ada tone 'Short answers, no greeting.'", 'autodidact preferences set ada editor --point editor --option vim'],
  })
    .option('--point <name>', 'the choice point')
    .option('--option <id>', 'the option to take there')
    .option('--strength <0..1>', 'in which share of the decisions (default: 0.8)', parseNumber)
    .option('--source <name>', 'what tells of it (default: host)')
    .action(
      perform(
        'create',
        async ({ preferences }, [user, name, text]: readonly [string, string, string | undefined], options: SetOptions) => preferences.set(user, name, valueOf(text, options), defined({ source: options.source })),
        receiptText,
      ),
    )
}

const addUnset = (group: Command): void => {
  addFileCommand(group, {
    usage: 'unset <user> <name>',
    summary: 'Take a preference back',
    description: 'Take back what a user stated.',
    examples: ['autodidact preferences unset ada tone'],
  })
    .option('--source <name>', 'what tells of it (default: host)')
    .action(perform('existing', ({ preferences }, [user, name]: readonly [string, string], { source }: UnsetOptions) => preferences.unset(user, name, defined({ source })), receiptText))
}

export const addPreferences = (program: Command): void => {
  addGroup(program, {
    name: 'preferences',
    summary: 'What a user prefers, for them alone',
    description: 'State what a user prefers, look at it, take it back.',
    examples: [
      "autodidact preferences set ada tone 'Short answers, no greeting.'",
      'autodidact preferences set ada editor --point editor --option vim',
      'autodidact preferences list ada --json',
      'autodidact preferences unset ada tone',
    ],
    actions: [addList, addSet, addUnset],
  })
}

import type { Command } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { Preference, PreferenceReceipt, PreferenceValue } from '../../preferences/preferences.ts'
import { addFileCommand, defined, type FileOptions, parseNumber, print, withAutodidact } from '../command.ts'
import { bold, dim, printable, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly point?: string
  readonly option?: string
  readonly strength?: number
  readonly source?: string
}

type Action = 'list' | 'set' | 'unset'

const usages: Readonly<Record<Action, string>> = {
  list: 'list USER',
  set: 'set USER NAME (TEXT | --point POINT --option OPTION)',
  unset: 'unset USER NAME',
}

/** Words behind the action. */
const mostWords: Readonly<Record<Action, number>> = { list: 1, set: 3, unset: 2 }

/** The first word says what to do. */
const actionIn = (word: string | undefined): Action => {
  if (word === 'list' || word === 'set' || word === 'unset') return word
  throw new AutodidactError('INVALID_INPUT', `"${word}" must be list, set or unset: autodidact preferences ${usages.list}.`)
}

const needed = (value: string | undefined, what: string, action: Action): string => {
  if (value !== undefined && value !== '') return value
  throw new AutodidactError('INVALID_INPUT', `Name the ${what}: autodidact preferences ${usages[action]}.`)
}

/** The words, or the option that the flags name; the verb checks it. */
const valueOf = (text: string | undefined, { point, option, strength }: Options): PreferenceValue => {
  const isChoice = point !== undefined || option !== undefined || strength !== undefined
  if ((text !== undefined) === isChoice) throw new AutodidactError('INVALID_INPUT', `Say what is preferred, in words or with --point and --option: autodidact preferences ${usages.set}.`)
  return text ?? { point: needed(point, 'choice point with --point', 'set'), option: needed(option, 'option with --option', 'set'), ...defined({ strength }) }
}

const preferenceText = ({ name, value, statedAt }: Preference): string => {
  const said = typeof value === 'string' ? wrapped(printable(value), 2) : printable(`  ${value.option} at ${value.point}, in a share of ${value.strength} of the decisions`)
  return `${bold(printable(name))}  ${dim(`since ${new Date(statedAt).toISOString().slice(0, 10)}`)}\n${said}`
}

const receiptText = ({ name, status }: PreferenceReceipt): string => printable(`${status}: ${name}`)

export const addPreferences = (program: Command): void => {
  addFileCommand(program, {
    usage: 'preferences',
    summary: 'What a user prefers, for them alone',
    description: `State what a user prefers, look at it, take it back:\n${Object.values(usages).map((usage) => `  ${usage}`).join('\n')}`,
    examples: [
      "autodidact preferences set ada tone 'Short answers, no greeting.'",
      'autodidact preferences set ada editor --point editor --option vim',
      'autodidact preferences list ada --json',
      'autodidact preferences unset ada tone',
    ],
  })
    .argument('<action...>', 'list, set or unset; then whose, what it is called, and what is preferred')
    .option('--point <name>', 'the choice point')
    .option('--option <id>', 'the option to take there')
    .option('--strength <0..1>', 'in which share of the decisions (default: 0.8)', parseNumber)
    .option('--source <name>', 'what tells of it (default: host)')
    .action(async ([word, user, name, text, ...more]: readonly string[], options: Options) => {
      const action = actionIn(word)
      const most = mostWords[action]
      if ([user, name, text, ...more].filter((given) => given !== undefined).length > most) throw new AutodidactError('INVALID_INPUT', `There is a word too many. Put a text with spaces in quotes: autodidact preferences ${usages[action]}.`)
      const who = needed(user, 'user', action)
      if (action === 'list') {
        const preferences = await withAutodidact(options, 'reading', (autodidact) => autodidact.preferences.get(who))
        print(options, preferences, () => (preferences.length === 0 ? 'There is none.' : preferences.map(preferenceText).join('\n')))
        return
      }
      const what = needed(name, 'preference', action)
      const settings = defined({ source: options.source })
      const receipt =
        action === 'unset'
          ? await withAutodidact(options, 'existing', (autodidact) => autodidact.preferences.unset(who, what, settings))
          : await setWith(options, who, what, valueOf(text, options))
      print(options, receipt, () => receiptText(receipt))
    })
}

const setWith = (options: Options, user: string, name: string, value: PreferenceValue): Promise<PreferenceReceipt> =>
  withAutodidact(options, 'create', (autodidact) => autodidact.preferences.set(user, name, value, defined({ source: options.source })))

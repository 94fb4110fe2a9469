import type { Command } from 'commander'
import type { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import { exampleHelp, type FileOptions, type Mode, print, withAutodidact } from './command.ts'
import { nearestName } from './nearest.ts'
import { shortened } from './text.ts'

interface GroupDescription {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly examples: readonly string[]
}

/** @throws AutodidactError `INVALID_INPUT` with the actions that there are */
const refuseAction = (group: Command, given: string | undefined): never => {
  const names = group.commands.map((command) => command.name())
  const nearest = given === undefined ? undefined : nearestName(given, names)
  const what = given === undefined || given.startsWith('-') ? `Name an action of "${group.name()}" first` : `There is no action "${shortened(given, 40)}" of "${group.name()}"`
  throw new AutodidactError('INVALID_INPUT', `${what}: it must be one of ${names.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`} Nothing was written.`)
}

/**
 * Adds a command of several actions, each of which has arguments, options and a help of its own: what an action does not know is refused. An action that is added with `isDefault`
 * is the one of a call that names none.
 */
export const addGroup = (program: Command, { name, summary, description, examples }: GroupDescription): Command =>
  program
    .command(name)
    .summary(summary)
    .description(`${description}\nEach action takes --json; \`autodidact ${name} help ACTION\` tells its options.`)
    .usage('<action> [options]')
    .argument('[action...]')
    // An action that there is not is told before what it is given.
    .allowUnknownOption()
    .helpCommand('help [action]', 'All about an action')
    .hook('preSubcommand', (group, action) => {
      const [word] = group.args
      if (word !== undefined && word !== action.name() && !word.startsWith('-') && action.registeredArguments.length === 0) refuseAction(group, word)
    })
    .action(([given]: readonly string[], _options: object, group: Command) => refuseAction(group, given))
    .addHelpText('after', exampleHelp(examples))

/**
 * How a command is carried out: the file is opened, what the library returns is printed as JSON or as text.
 *
 * @param work is given the arguments of the command as a list
 */
export const perform =
  <Words extends readonly unknown[], Options extends FileOptions, Value>(
    mode: Mode | ((options: Options) => Mode),
    work: (autodidact: Autodidact, words: Words, options: Options) => Promise<Value>,
    text: (value: Value, options: Options) => string,
  ) =>
  async (...given: readonly [...words: Words, options: Options, command: Command]): Promise<void> => {
    // Commander hands over the arguments, then the options, then the command.
    const words = given.slice(0, -2) as unknown as Words
    const options = given.at(-2) as Options
    const value = await withAutodidact(options, typeof mode === 'function' ? mode(options) : mode, (autodidact) => work(autodidact, words, options))
    print(options, value, () => text(value, options))
  }

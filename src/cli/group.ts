import type { Command } from 'commander'
import { AutodidactError } from '../errors.ts'
import { exampleHelp } from './command.ts'
import { nearestName } from '../text/nearest.ts'
import { shortened } from './text.ts'

/** Adds one action to its group. */
export type Action = (group: Command) => void

interface GroupDescription {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly examples: readonly string[]
  readonly actions: readonly Action[]
  /** Whether a text may stand where an action is named, for the action that is added with `isDefault`. */
  readonly takesText?: boolean
}

/** @throws AutodidactError `INVALID_INPUT` with the actions that there are */
const refuseAction = (group: Command, given: string | undefined): never => {
  const names = group.commands.map((command) => command.name())
  const nearest = given === undefined ? undefined : nearestName(given, names)
  const what = given === undefined || given.startsWith('-') ? `Name an action of "${group.name()}" first` : `There is no action "${shortened(given, 40)}" of "${group.name()}"`
  throw new AutodidactError('INVALID_INPUT', `${what}: it must be one of ${names.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`} Nothing was written.`)
}

/** Help on an action that there is not is refused as that action would be; a text for an action that need not be named is none. */
const refuseHelp = (group: Command, takesText: boolean): void => {
  const [first, second] = group.args
  const asked = first === 'help'
  const word = asked ? second : first
  if (word !== undefined && !word.startsWith('-') && (asked || !takesText)) refuseAction(group, word)
}

/**
 * Adds a command of several actions, each of which has arguments, options and a help of its own: what an action does not know is refused. An action that is added with `isDefault`
 * is the one of a call that names none.
 */
export const addGroup = (program: Command, { name, summary, description, examples, actions, takesText = false }: GroupDescription): void => {
  const group = program
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
    .addHelpText('before', ({ command }) => {
      refuseHelp(command, takesText)
      return ''
    })
    .addHelpText('after', exampleHelp(examples))
  for (const add of actions) add(group)
}

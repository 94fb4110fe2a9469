import type { Command } from 'commander'
import { createInterface } from 'node:readline/promises'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import type { ForgetReport, Selector } from '../../forget/forget.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseList } from '../option-values.ts'
import { print, unlessDry, withAutodidact } from '../perform.ts'
import { nothingFound } from '../nothing-found.ts'
import { counted } from '../text.ts'

interface Options extends FileOptions {
  readonly user?: string
  readonly session?: string
  readonly run?: string
  readonly source?: string
  readonly kind?: string
  readonly fact?: readonly string[]
  readonly everything?: true
  readonly yes?: true
  readonly dryRun?: true
  readonly scan: boolean
}

const reportText = ({ facts, kinds = [], status, reason, scan }: ForgetReport): string => {
  if (status === 'dry-run') return [`${counted(facts, 'fact')} would be erased:`, ...kinds.map((each) => `  ${each.kind.padEnd(22)} ${each.facts.toLocaleString('en')}`)].join('\n')
  const erased = `${counted(facts, 'fact')} erased`
  const searched = scan === undefined || scan.files === 0 || scan.pieces === 0 ? '' : ` None of ${counted(scan.pieces, 'piece')} of their texts is left in ${counted(scan.files, 'file')}.`
  return reason === undefined ? `${erased}.${searched}` : `${erased}, but bytes of the old text are left. ${reason} Run it again when that is over.`
}

/** Whether all of it is to go: said beforehand, or on being asked. */
const isConfirmed = async (autodidact: Autodidact, { file, namespace, json }: FileOptions): Promise<boolean> => {
  if (json === true || !process.stdin.isTTY || !process.stdout.isTTY) return false
  const { facts } = await autodidact.forget({ namespace: true }, { dryRun: true })
  const screen = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await screen.question(`Erase ${counted(facts, 'fact')}, all there is in the namespace "${namespace}" of ${file}, for good? Type yes: `)
    return answer.trim().toLowerCase() === 'yes'
  } finally {
    screen.close()
  }
}

export const addForget = (program: Command): void => {
  addFileCommand(program, {
    usage: 'forget',
    summary: 'Erase facts, and what they taught',
    description: 'Erase facts and what was learned from them, for good. Name exactly one subject.',
    examples: ['autodidact forget --user ada --dry-run', 'autodidact forget --user ada', 'autodidact forget --kind advice.given'],
  })
    .option('--user <name>', 'everything of one user')
    .option('--session <id>', 'one conversation')
    .option('--run <id>', 'one run with its advice and feedback')
    .option('--source <name>', 'everything that one source told')
    .option('--kind <name>', 'all facts of one kind, such as advice.given; runs that were recorded go as a whole')
    .option('--fact <id>', 'single facts; may be repeated', parseList)
    .option('--everything', 'the whole namespace; asks first, or takes --yes')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only say what would be erased')
    .option('--no-scan', 'do not search the files of the store for what was erased')
    .action(async ({ user, session, run, source, kind, fact, everything, yes, dryRun, scan, ...options }: Options) => {
      const named = defined({ user, session, run, source, kind, facts: fact, namespace: everything })
      if (Object.keys(named).length !== 1) {
        throw new AutodidactError('INVALID_INPUT', 'Name exactly one of --user, --session, --run, --source, --kind, --fact and --everything. Nothing was erased.')
      }
      const selector = named as Selector // Exactly one field, as it was just checked.
      const report = await withAutodidact(options, unlessDry({ dryRun }), async (autodidact) => {
        if (everything === true && yes !== true && dryRun !== true && !(await isConfirmed(autodidact, options))) {
          throw new AutodidactError('INVALID_INPUT', `--everything erases all that is in the namespace "${options.namespace}" of ${options.file}. Add --yes, or look at it first with --dry-run. Nothing was erased.`)
        }
        const done = await autodidact.forget(selector, { ...defined({ dryRun }), scan })
        // Where bytes are left of what was erased before, that is what there is to say.
        if (done.facts === 0 && done.status !== 'pending') throw await nothingFound(autodidact, selector, options, 'nothing was erased')
        return done
      })
      print(options, report, () => reportText(report))
    })
}

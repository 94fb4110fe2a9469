import { type Command, Option } from 'commander'
import type { PruneReport, PruneSettings } from '../../state/prune.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined } from '../option-values.ts'
import { perform, unlessDry } from '../perform.ts'
import { parsePast } from '../times.ts'
import { counted } from '../text.ts'

interface Options extends FileOptions {
  readonly before: number
  readonly texts: NonNullable<PruneSettings['texts']>
  readonly dryRun?: true
  readonly compact: boolean
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

/** What went, or would go, for people. */
export const pruneText = ({ facts, kinds, blobs, unindexed, bytes, dryRun }: PruneReport): string => {
  if (facts === 0) return 'Nothing to prune: nothing is that old, or it is thin already.'
  return [
    `${counted(facts, 'fact')} ${dryRun ? 'would lose' : 'lost'} what nobody learns from:`,
    ...kinds.map((each) => `  ${each.kind.padEnd(20)} ${counted(each.facts, 'fact')}, ${megabytes(each.bytes)}`),
    ...(blobs === 0 ? [] : [`  ${'long payloads'.padEnd(20)} ${blobs}`]),
    ...(unindexed === 0 ? [] : [`  ${counted(unindexed, 'run')} not recalled any more`]),
    bytes.after === undefined ? `The file has ${megabytes(bytes.before)}.` : `The file had ${megabytes(bytes.before)}, and has ${megabytes(bytes.after)}.`,
  ].join('\n')
}

export const addPrune = (program: Command): void => {
  addFileCommand(program, {
    usage: 'prune',
    summary: 'Thin out what nobody learns from',
    description: 'Take out of old facts what nobody learns from, for good. What was learned stays\nthe same. To erase a person, see forget.',
    examples: ['autodidact prune --before 90d --dry-run', 'autodidact prune --before 2026-01-31 --texts unverified'],
  })
    .requiredOption('--before <time>', 'only facts written before a date, or so many days ago: 90d', parsePast)
    .addOption(
      new Option('--texts <which>', 'texts that go too, and are not recalled any more').choices(['keep', 'unverified', 'all']).default('keep'),
    )
    .option('--dry-run', 'only say what would go')
    .option('--no-compact', 'the file keeps its size')
    .action(
      perform(
        (options: Options) => unlessDry(options),
        (autodidact, _words: readonly [], { before, texts, dryRun, compact }: Options) => autodidact.prune({ before, texts, compact, ...defined({ dryRun }) }),
        pruneText,
      ),
    )
}

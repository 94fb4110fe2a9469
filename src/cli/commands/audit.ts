import type { Command } from 'commander'
import type { Autodidact } from '../../autodidact.ts'
import type { AuditReport } from '../../audit/audit.ts'
import type { AuditFinding } from '../../audit/finding.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseDays } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { exitCodes, inShell } from '../failure.ts'
import { daysInMs } from '../times.ts'
import { bold, counted, dim, printable, screenWidth, shortened, shownId, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly unusedDays?: number
}

const mostItems = 5

const findingText = ({ kind, items, why, todo }: AuditFinding): string =>
  [
    bold(kind),
    ...items.slice(0, mostItems).map(({ id, text }) => `  ${shownId(id)}\n    ${dim(shortened(text, screenWidth() - 4))}`),
    ...(items.length > mostItems ? [`  and ${items.length - mostItems} more`] : []),
    wrapped(printable(inShell(`${why} ${todo}`)), 4),
  ].join('\n')

const auditText = ({ about, items, findings, serious, quarantined, problems }: AuditReport): string =>
  [
    ...findings.map(findingText),
    ...problems.map(({ message }) => wrapped(printable(message), 2)),
    ...(quarantined.length === 0 ? [] : [wrapped(`${counted(quarantined.length, 'item waits', 'items wait')} in quarantine: \`autodidact knowledge list --state quarantined\``)]),
    bold(`${counted(items, about === 'knowledge' ? 'item' : `statement of ${about}`, about === 'knowledge' ? 'items' : `statements of ${about}`)}, ${counted(findings.length, 'finding')}, ${serious} of them serious`),
  ].join('\n')

export const addAudit = (program: Command): void => {
  addFileCommand(program, {
    usage: 'audit [memory]',
    summary: 'What is wrong with the knowledge here, or in another memory',
    description:
      'Look through the knowledge, or the memory of another program (JSON lines of an MCP memory server,\na SQLite file of mem0), for secrets, orders to a model, hidden text, contradictions, claims without\nsupport, duplicates, echoes, and what nobody ever used; with what to do about each. Nothing is\nchanged. The exit code is 1 where something serious was found: one of the first four.',
    examples: ['autodidact audit', 'autodidact audit memory.jsonl --json', 'autodidact audit ~/.mem0/history.db'],
  })
    .option('--unused-days <n>', 'tell of what was not used for so many days (default: 30)', parseDays)
    .action(async (memory: string | undefined, { unusedDays, ...options }: Options) => {
      const settings = defined({ memory, unusedForMs: daysInMs(unusedDays) })
      const work = (autodidact: Autodidact): Promise<AuditReport> => autodidact.audit(settings)
      // To look at another memory no file is needed, and none is made.
      const report = await withAutodidact(options, memory === undefined ? 'reading' : 'trial', work)
      print(options, report, () => auditText(report))
      if (report.serious > 0) process.exitCode = exitCodes.failed
    })
}

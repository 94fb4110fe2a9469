import { statSync } from 'node:fs'
import type { MemoryImportReport } from '../foreign/take-over.ts'
import { inShell } from './failure.ts'
import { bold, counted, printable, wrapped } from './text.ts'

/** Which of these are ordinary files that hold what another program remembers; pipes are not looked into. */
export const memoriesIn = async (paths: readonly string[]): Promise<ReadonlySet<string>> => {
  const { foreignFormatOf } = await import('../foreign/foreign.ts')
  return new Set(paths.filter((path) => path !== '-' && statSync(path, { throwIfNoEntry: false })?.isFile() === true && foreignFormatOf(path) !== undefined))
}

/** Which items nobody is shown yet, and what to do about them. */
export const quarantinedText = (ids: readonly string[], isDry: boolean): readonly string[] =>
  ids.map((id) => (isDry ? `  would wait in quarantine until a person has looked at it: ${printable(id)}` : `  in quarantine until a person has looked at it: ${printable(id)}; \`autodidact knowledge show ID\`, then move it`))

/** What came of taking a memory over, for a person. */
export const memoryText = (file: string, { status, format, source, stored, updated, merged, failed, quarantined, problems }: MemoryImportReport): string =>
  [
    bold(`${printable(file)} (${format}): ${counted(stored, 'item')} ${status === 'dry-run' ? 'could be imported' : 'imported'}, ${updated} changed, ${merged} were there, ${failed} refused`),
    wrapped(`trusted as imported, from "${printable(source)}"${status === 'dry-run' ? '; `autodidact audit FILE` says what is wrong in it' : stored + updated > 0 ? '; `autodidact forget --source` undoes it' : ''}`, 2),
    ...quarantinedText(quarantined, status === 'dry-run'),
    ...problems.map(({ place, unit, code, message }) => wrapped(printable(`${unit} ${place}: ${code}: ${inShell(message)}`), 2)),
    ...(failed > problems.length ? [`  and ${failed - problems.length} more`] : []),
  ].join('\n')

import type { Cell } from '../../agents/data-assistant/database/database.ts'
import { plainTable } from '../table.ts'
import { dim, printable, screenWidth } from '../text.ts'
import type { Comparison, Summary } from './summary.ts'

const percent = (share: number | null): string => (share === null ? '' : String(Math.round(share * 100)))

/** What became of the questions of each tenth, in percent. */
export const tenthsTable = ({ learning, baseline }: Comparison): string => {
  const labelWidth = 20
  const columnWidth = 5
  const table = plainTable({ colWidths: [labelWidth, ...Array.from({ length: 11 }, () => columnWidth)], colAligns: ['left', ...Array.from({ length: 11 }, () => 'right' as const)] })
  const row = (label: string, shares: readonly (number | null)[], all: number): void => void table.push([label, ...shares.map(percent), percent(all)])
  const rows = (name: string, summary: Summary): void => {
    table.push([name, ...Array.from({ length: 11 }, () => '')])
    row('  right', summary.tenths, summary.mean)
    row('  wrong', summary.wrongTenths, summary.wrong)
    row('  "I don\'t know"', summary.unknownTenths, summary.unknown)
  }
  table.push([dim('tenth of the stream'), ...Array.from({ length: 10 }, (_, at) => dim(String(at + 1))), dim('all')])
  rows('with learning', learning)
  rows('without', baseline)
  return table.toString()
}

const cellText = (cell: Cell): string => {
  if (cell === null) return 'NULL'
  return cell instanceof Uint8Array ? `${cell.length} bytes` : printable(String(cell))
}

const mostRows = 10
const narrowest = 6
const widest = 40

/** Widths of as many columns as fit beside each other. */
const widthsOf = (columns: readonly string[], rows: readonly (readonly Cell[])[], space: number): number[] => {
  const wanted = columns.map((name, at) => Math.min(widest, Math.max(printable(name).length, ...rows.map((row) => cellText(row[at] ?? null).length)) + 2))
  const widths: number[] = []
  let left = space
  for (const width of wanted) {
    if (left < narrowest) break
    widths.push(Math.min(width, left))
    left -= width
  }
  return widths
}

/** The first rows of a result, as wide as the screen at most; says what is left out. */
export const rowsTable = (columns: readonly string[], rows: readonly (readonly Cell[])[], truncated: boolean): string => {
  const shown = rows.slice(0, mostRows)
  const widths = widthsOf(columns, shown, screenWidth() - 4)
  const numeric = widths.map((_, at) => shown.length > 0 && shown.every((row) => typeof row[at] === 'number' || typeof row[at] === 'bigint'))
  const table = plainTable({
    colWidths: widths,
    colAligns: numeric.map((is) => (is ? 'right' : 'left')),
  })
  table.push(columns.slice(0, widths.length).map((name) => dim(printable(name))))
  for (const row of shown) table.push(row.slice(0, widths.length).map(cellText))
  const more = rows.length - shown.length
  const notes = [
    ...(rows.length === 0 ? ['no rows'] : []),
    ...(more > 0 ? [`${more}${truncated ? ' or more' : ''} further rows`] : []),
    ...(columns.length > widths.length ? [`${columns.length - widths.length} further columns`] : []),
  ]
  return notes.length === 0 ? table.toString() : `${table.toString()}\n${dim(notes.join(', '))}`
}

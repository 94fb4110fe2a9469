import Table from 'cli-table3'

interface Columns {
  /** Characters of each column, with the space behind it. */
  readonly colWidths?: number[]
  readonly colAligns?: ('left' | 'right')[]
}

const noLines = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '',
}

/** A table without lines: the columns are enough. */
export const plainTable = (columns: Columns): Table.Table =>
  new Table({ ...columns, chars: noLines, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 } })

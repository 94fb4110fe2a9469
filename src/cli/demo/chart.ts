import asciichart from 'asciichart'
import { dim, green } from '../text.ts'

const height = 10
const columnsPerTenth = 5
const axisWidth = 7

interface Line {
  readonly label: string
  /** Shares in [0, 1], one for each tenth. */
  readonly shares: readonly number[]
  readonly style: (text: string) => string
}

const percent = (share: number): number => Math.round(share * 100)

/** The row of the chart, from the top, in which a share lies. */
const rowOf = (share: number): number => height - Math.round((percent(share) * height) / 100)

/** One line drawn alone: the characters of its plot, without the axis. */
const drawn = ({ shares }: Line): string[] => {
  const points = shares.flatMap((share) => Array.from({ length: columnsPerTenth }, () => percent(share)))
  const plot = asciichart.plot(points, { height, min: 0, max: 100, format: (value) => String(Math.round(value)).padStart(axisWidth - 3) })
  // Behind the tick of the axis; the first column of a plot is the tick itself.
  return plot.split('\n').map((row) => row.slice(axisWidth - 2))
}

/**
 * Lines over the tenths of a stream, 0 to 100 percent, each named at its end: without colours they could not be told apart otherwise. Where two lines
 * cross, the first is in front.
 */
const drawChart = (lines: readonly Line[]): string => {
  const plots = lines.map(drawn)
  const rows = Array.from({ length: height + 1 }, (_, row) => {
    const label = row % 2 === 0 ? String(100 - (row * 100) / height).padStart(axisWidth - 3) : ' '.repeat(axisWidth - 3)
    const cells = Array.from({ length: 10 * columnsPerTenth }, (_, column) => {
      const front = plots.findIndex((plot) => (plot[row]?.[column + 1] ?? ' ') !== ' ')
      return front < 0 ? ' ' : (lines[front]?.style(plots[front]?.[row]?.[column + 1] ?? ' ') ?? ' ')
    })
    const ends = lines.filter(({ shares }) => rowOf(shares.at(-1) ?? 0) === row).map(({ label, style }) => style(label))
    return `${dim(`${label} ┤`)}${cells.join('')} ${ends.join(', ')}`.trimEnd()
  })
  const axis = Array.from({ length: 10 }, (_, tenth) => String(tenth + 1).padStart(Math.ceil(columnsPerTenth / 2)).padEnd(columnsPerTenth)).join('')
  return [...rows, dim(`${' '.repeat(axisWidth - 1)}${axis}`.trimEnd())].join('\n')
}

/** The two lines of a comparison. */
export const comparisonChart = (learning: readonly number[], baseline: readonly number[]): string =>
  drawChart([
    { label: 'with learning', shares: learning, style: green },
    { label: 'without', shares: baseline, style: dim },
  ])

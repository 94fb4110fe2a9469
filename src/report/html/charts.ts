import type { Share } from '../../statistics/share.ts'
import { html, type Markup } from './markup.ts'

/** Coordinates with at most two decimals: more are noise in the file. */
const at = (value: number): number => Math.round(value * 100) / 100

/** What is no number is the lower end. */
const clamped = (value: number, low: number, high: number): number => (Number.isNaN(value) ? low : Math.min(high, Math.max(low, value)))

/** A point of {@link lineChart}. */
export interface ChartPoint {
  /** Below the axis. */
  readonly label: string
  /** In [0, 1], with its interval; a point that counted nothing is left out. */
  readonly share: Share
}

const line = { width: 640, height: 200, left: 44, right: 12, top: 12, bottom: 28 } as const

/** Shares one after the other, with the band in which the true ones lie. */
export const lineChart = (title: string, points: readonly ChartPoint[]): Markup => {
  const { width, height, left, right, top, bottom } = line
  const x = (place: number): number => at(left + ((place + 0.5) / Math.max(1, points.length)) * (width - left - right))
  const y = (value: number): number => at(top + (1 - clamped(value, 0, 1)) * (height - top - bottom))
  const told = points.flatMap(({ share: { rate, low, high } }, place) => (rate === undefined ? [] : [{ place, rate, low, high }]))
  const band = [...told.map(({ place, high }) => `${x(place)},${y(high)}`), ...told.toReversed().map(({ place, low }) => `${x(place)},${y(low)}`)].join(' ')
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
${[0, 0.25, 0.5, 0.75, 1].map((value) => html`<line class="grid" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/><text class="axis end" x="${left - 6}" y="${y(value) + 4}">${Math.round(value * 100)} %</text>`)}
<polygon class="band" points="${band}"/><polyline class="curve" points="${told.map(({ place, rate }) => `${x(place)},${y(rate)}`).join(' ')}"/>
${told.map(({ place, rate }) => html`<circle class="dot" cx="${x(place)}" cy="${y(rate)}" r="3"/>`)}
${points.map(({ label }, place) => html`<text class="axis middle" x="${x(place)}" y="${height - 8}">${label}</text>`)}
</svg>`
}

const small = { width: 140, height: 16 } as const

/** A value with its interval between two ends, small enough for a cell. @param mark where a line is drawn, such as 0 for a difference */
export const intervalChart = ({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number }, from: number, to: number, mark?: number): Markup => {
  const x = (position: number): number => at(2 + ((clamped(position, from, to) - from) / (to - from)) * (small.width - 4))
  const middle = small.height / 2
  return html`<svg class="cell" width="${small.width}" height="${small.height}" viewBox="0 0 ${small.width} ${small.height}" aria-hidden="true"><line class="grid" x1="2" x2="${small.width - 2}" y1="${middle}" y2="${middle}"/>${
    mark === undefined ? undefined : html`<line class="mark" x1="${x(mark)}" x2="${x(mark)}" y1="1" y2="${small.height - 1}"/>`
  }<line class="range" x1="${x(low)}" x2="${x(high)}" y1="${middle}" y2="${middle}"/><circle class="dot" cx="${x(value)}" cy="${middle}" r="3.5"/></svg>`
}

/** A share of a whole as a bar, small enough for a cell. @param share in [0, 1] */
export const barChart = (share: number): Markup =>
  html`<svg class="cell" width="${small.width}" height="${small.height}" viewBox="0 0 ${small.width} ${small.height}" aria-hidden="true"><rect class="rail" x="0" y="4" width="${small.width}" height="8"/><rect class="bar" x="0" y="4" width="${at(clamped(share, 0, 1) * small.width)}" height="8"/></svg>`

/** From the median to what 95 % stay below, of the longest. */
export const spreadChart = ({ median, p95 }: { readonly median: number; readonly p95: number }, longest: number): Markup => {
  const x = (value: number): number => at((longest > 0 ? clamped(value / longest, 0, 1) : 0) * small.width)
  return html`<svg class="cell" width="${small.width}" height="${small.height}" viewBox="0 0 ${small.width} ${small.height}" aria-hidden="true"><rect class="rail" x="0" y="4" width="${small.width}" height="8"/><rect class="bar pale" x="0" y="4" width="${x(p95)}" height="8"/><rect class="bar" x="0" y="4" width="${x(median)}" height="8"/></svg>`
}

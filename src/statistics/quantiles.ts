import { momentsOf } from './means.ts'

/** How some numbers are spread. */
export interface Spread {
  /** How many there are, 1 or more. */
  readonly count: number
  readonly mean: number
  readonly median: number
  /** 95 % are at most this. */
  readonly p95: number
}

/** The value below which a share of sorted values lies, interpolated between its neighbours: definition 7 of Hyndman and Fan 1996. @param share from 0 to 1 */
export const quantileOf = (sorted: ArrayLike<number>, share: number): number => {
  const place = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN]
  return below + (above - below) * (place - Math.floor(place))
}

/** As many values are above as below; NaN without values. */
export const medianOf = (values: ArrayLike<number>): number => quantileOf(Float64Array.from(values).sort(), 0.5)

/** Exact; undefined without values. */
export const distributionOf = (values: ArrayLike<number>): Spread | undefined => {
  if (values.length === 0) return undefined
  const sorted = Float64Array.from(values).sort()
  return { count: sorted.length, mean: momentsOf(sorted).mean, median: quantileOf(sorted, 0.5), p95: quantileOf(sorted, 0.95) }
}

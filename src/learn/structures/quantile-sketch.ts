/** Relative accuracy of every quantile. */
const accuracy = 0.02
const logBase = Math.log((1 + accuracy) / (1 - accuracy))
/** Durations below 1e-3 count as 0; those above 1e12 count as 1e12. So there are at most about 900 buckets. */
const smallest = 1e-3
const largest = 1e12
const zeroBucket = Math.floor(Math.log(smallest) / logBase)

/** Number of values per bucket; bucket k holds values in (base^(k-1), base^k]. */
export type QuantileSketch = Map<number, number>

const bucketOf = (value: number): number => (value < smallest ? zeroBucket : Math.ceil(Math.log(Math.min(value, largest)) / logBase))

/**
 * Adds (`count` 1) or takes out (`count` −1) one value of 0 or more. Exactly invertible and mergeable, because buckets are counts.
 * Source: DDSketch (Masson, Rim, Lee, VLDB 2019), with the number of buckets bounded by the range of values.
 */
export const count = (sketch: QuantileSketch, value: number, count: number): void => {
  const bucket = bucketOf(value)
  const total = (sketch.get(bucket) ?? 0) + count
  if (total === 0) sketch.delete(bucket)
  else sketch.set(bucket, total)
}

/** Adds all values of one sketch to another. */
export const pour = (from: QuantileSketch, into: QuantileSketch): void => {
  for (const [bucket, size] of from) into.set(bucket, (into.get(bucket) ?? 0) + size)
}

/** The value below which a share of the values lies, within 2 %; undefined when the sketch is empty. @param share from 0 to 1 */
export const quantile = (sketch: QuantileSketch, share: number): number | undefined => {
  const buckets = [...sketch].sort(([left], [right]) => left - right)
  const total = buckets.reduce((sum, [, size]) => sum + size, 0)
  if (total <= 0) return undefined
  let left = share * (total - 1)
  for (const [bucket, size] of buckets) {
    if (left < size) return bucket === zeroBucket ? 0 : (2 * Math.exp(bucket * logBase)) / (1 + Math.exp(logBase))
    left -= size
  }
  return undefined
}

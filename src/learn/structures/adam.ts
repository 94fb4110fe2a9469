/** The usual settings of Adam. */
const [firstDecay, secondDecay, tiny] = [0.9, 0.999, 1e-8]

/** Parameters with what Adam remembers of their slopes; all three have the same length. */
export interface Parameters {
  values: Float64Array
  first: Float64Array
  second: Float64Array
}

/** Parameters of these values, that have not moved yet. */
export const parameters = (values: Float64Array): Parameters => ({ values, first: new Float64Array(values.length), second: new Float64Array(values.length) })

const joined = (before: Float64Array, more: Float64Array): Float64Array => {
  const all = new Float64Array(before.length + more.length)
  all.set(before)
  all.set(more, before.length)
  return all
}

/** Appends parameters of these values, in place. */
export const append = (known: Parameters, values: Float64Array): void => {
  known.values = joined(known.values, values)
  known.first = joined(known.first, new Float64Array(values.length))
  known.second = joined(known.second, new Float64Array(values.length))
}

/**
 * One step of gradient ascent by Adam (Kingma and Ba 2015), in place.
 *
 * @param slopes of the first parameters; those of further ones are 0
 * @param rate length of a step, above 0
 * @param time how many steps there have been with this one, from 1
 */
export const ascend = ({ values, first, second }: Parameters, slopes: Float64Array, rate: number, time: number): void => {
  const [firstScale, secondScale] = [1 - firstDecay ** time, 1 - secondDecay ** time]
  for (let place = 0; place < values.length; place += 1) {
    const slope = slopes[place] ?? 0
    const mean = firstDecay * (first[place] ?? 0) + (1 - firstDecay) * slope
    const square = secondDecay * (second[place] ?? 0) + (1 - secondDecay) * slope * slope
    first[place] = mean
    second[place] = square
    values[place] = (values[place] ?? 0) + (rate * (mean / firstScale)) / (Math.sqrt(square / secondScale) + tiny)
  }
}

import { seededRandom } from '../../decide/random.ts'
import { append, ascend, type Parameters, parameters } from './adam.ts'

/** What a network looks like: its size and where its first weights come from. */
export interface NetworkShape {
  /** Units of the hidden layer; 0 for none: linear. */
  readonly hidden: number
  /** Length of a step of Adam. */
  readonly rate: number
  /** Of the first weights of the hidden layer. */
  readonly seed: number
}

/** Weights, as plain data. */
export interface Network {
  /** Those of one input after the other, for all hidden units; empty in a linear network. */
  readonly hidden: Parameters
  /** Those of each option, by unit of the layer before it: the hidden units, or the inputs. */
  readonly options: Map<string, Parameters>
  /** Steps made. */
  time: number
}

/** Sums of slopes, aligned with the weights. */
export interface Gradient {
  hidden: Float64Array
  readonly options: Map<string, Float64Array>
}

export const newNetwork = (): Network => ({ hidden: parameters(new Float64Array(0)), options: new Map(), time: 0 })

export const newGradient = (): Gradient => ({ hidden: new Float64Array(0), options: new Map() })

/**
 * First weights of the inputs from one place up to another, for all hidden units: uniform in ±1/√inputs, drawn from the seed and the place of the input.
 */
const firstWeights = ({ hidden, seed }: NetworkShape, from: number, to: number): Float64Array => {
  const bound = 1 / Math.sqrt(to)
  const weights = new Float64Array(Math.max(0, to - from) * hidden)
  for (let input = from; input < to; input += 1) {
    const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1) + input)
    for (let unit = 0; unit < hidden; unit += 1) weights[(input - from) * hidden + unit] = bound * (2 * random() - 1)
  }
  return weights
}

/**
 * Preferences of options by inputs: a linear map, or one with a hidden layer of rectified units. Preferences start at 0, so that all options are equally likely;
 * options may come and go, and inputs may come. The first input should be 1, the constant.
 */
export class SoftmaxNetwork {
  readonly #shape: NetworkShape
  readonly #network: Network

  constructor(shape: NetworkShape, network: Network) {
    this.#shape = shape
    this.#network = network
  }

  /** What the layer before the options says: the inputs themselves, or the hidden units and a constant. */
  #layer(inputs: Float64Array): Float64Array {
    const units = this.#shape.hidden
    if (units === 0) return inputs
    const weights = this.#hiddenWeights(inputs.length)
    const outputs = new Float64Array(units + 1)
    for (const [input, value] of inputs.entries()) {
      if (value === 0) continue
      const start = input * units
      for (let unit = 0; unit < units; unit += 1) outputs[unit] = (outputs[unit] ?? 0) + value * (weights[start + unit] ?? 0)
    }
    for (let unit = 0; unit < units; unit += 1) outputs[unit] = Math.max(0, outputs[unit] ?? 0)
    outputs[units] = 1
    return outputs
  }

  /** Those of inputs that were never learned of are as they would begin. */
  #hiddenWeights(inputs: number): Float64Array {
    const { values } = this.#network.hidden
    if (values.length >= inputs * this.#shape.hidden) return values
    const all = parameters(values)
    append(all, firstWeights(this.#shape, values.length / this.#shape.hidden, inputs))
    return all.values
  }

  /** Preferences of the options, in any unit; 0 for one that was never learned of. */
  preferences(inputs: Float64Array, options: readonly string[]): Float64Array {
    const layer = this.#layer(inputs)
    return Float64Array.from(options, (option) => {
      const weights = this.#network.options.get(option)?.values
      if (weights === undefined) return 0
      let sum = 0
      for (let place = 0; place < layer.length; place += 1) sum += (layer[place] ?? 0) * (weights[place] ?? 0)
      return sum
    })
  }

  /** Adds to a gradient what moves the preferences of some options by `pulls`, aligned with them, in the situation of these inputs. */
  addTo(gradient: Gradient, inputs: Float64Array, options: readonly string[], pulls: Float64Array): void {
    const units = this.#shape.hidden
    const layer = this.#layer(inputs)
    const back = new Float64Array(units)
    for (const [place, option] of options.entries()) {
      const pull = pulls[place] ?? 0
      const slopes = lengthened(gradient.options.get(option), layer.length)
      gradient.options.set(option, slopes)
      for (let unit = 0; unit < layer.length; unit += 1) slopes[unit] = (slopes[unit] ?? 0) + pull * (layer[unit] ?? 0)
      const weights = this.#network.options.get(option)?.values
      if (weights === undefined) continue
      for (let unit = 0; unit < units; unit += 1) if ((layer[unit] ?? 0) > 0) back[unit] = (back[unit] ?? 0) + pull * (weights[unit] ?? 0)
    }
    if (units === 0) return
    gradient.hidden = lengthened(gradient.hidden, inputs.length * units)
    for (const [input, value] of inputs.entries()) {
      if (value === 0) continue
      const start = input * units
      for (let unit = 0; unit < units; unit += 1) gradient.hidden[start + unit] = (gradient.hidden[start + unit] ?? 0) + value * (back[unit] ?? 0)
    }
  }

  /** One step of Adam along a gradient. */
  ascend(gradient: Gradient): void {
    const network = this.#network
    const { rate, hidden: units } = this.#shape
    network.time += 1
    if (units > 0) {
      append(network.hidden, firstWeights(this.#shape, network.hidden.values.length / units, gradient.hidden.length / units))
      ascend(network.hidden, gradient.hidden, rate, network.time)
    }
    for (const [option, slopes] of gradient.options) {
      const weights = network.options.get(option) ?? parameters(new Float64Array(0))
      network.options.set(option, weights)
      if (weights.values.length < slopes.length) append(weights, new Float64Array(slopes.length - weights.values.length))
      ascend(weights, slopes, rate, network.time)
    }
  }
}

const lengthened = (values: Float64Array | undefined, length: number): Float64Array => {
  if (values !== undefined && values.length >= length) return values
  const longer = new Float64Array(length)
  if (values !== undefined) longer.set(values)
  return longer
}

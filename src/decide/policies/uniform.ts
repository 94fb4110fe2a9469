import type { Policy } from '../policy.ts'

/**
 * Gives every option the same probability: the agent that has learned nothing, as the baseline of a comparison and for collecting data.
 *
 * @example
 * ```ts
 * import { featurize, uniform } from 'autodidact'
 *
 * const options = [{ id: 'search' }, { id: 'ask' }]
 * const ask = { point: 'tool', options, features: featurize({ task: 'hello' }), similarities: new Float64Array(2) }
 * console.assert(uniform().weigh(undefined, ask)[0] === 0.5)
 * ```
 */
export const uniform = (): Policy => ({
  name: 'uniform',
  estimated: false,
  weigh: (_view, ask) => new Float64Array(ask.options.length).fill(1 / ask.options.length),
})

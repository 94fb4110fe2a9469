import { expectObject, expectText } from '../../expect.ts'
import type { Policy } from '../policy.ts'

/** Settings of {@link fixed}. */
export interface FixedSettings {
  /** Id of the option to take. Without it, or when it is not offered, the first offered option is taken; in the second case the decision has a warning. */
  readonly option?: string
}

/**
 * Always takes the same option: for hand-written defaults and as the baseline of a comparison. Learns nothing.
 *
 * @throws AutodidactError INVALID_INPUT when the option is no text
 *
 * @example
 * ```ts
 * import { featurize, fixed } from 'autodidact'
 *
 * const options = [{ id: 'search' }, { id: 'ask' }]
 * const ask = { point: 'tool', options, features: featurize({ task: 'hello' }), similarities: new Float64Array(2) }
 * console.assert(fixed({ option: 'ask' }).weigh(undefined, ask)[1] === 1)
 * ```
 */
export const fixed = (settings: FixedSettings = {}): Policy => {
  expectObject(settings, 'fixed: settings')
  const { option } = settings
  if (option !== undefined) expectText(option, 'fixed: option')
  return {
    name: 'fixed',
    estimated: false,
    weigh: (_view, ask) => {
      const weights = new Float64Array(ask.options.length)
      weights[Math.max(0, ask.options.findIndex(({ id }) => id === option))] = 1
      return weights
    },
    warning: ({ point, options }) =>
      option === undefined || options.some(({ id }) => id === option)
        ? undefined
        : { code: 'OPTION_NOT_OFFERED', message: `"fixed" always takes "${option}" at "${point}", which is not offered there: the first one was taken. Offer it, or correct its name.` },
  }
}

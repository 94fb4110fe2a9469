import { expectText } from '../expect.ts'
import type { Ask, Policy } from './policy.ts'

/**
 * A policy that chooses as if one option were not there; that option gets the weight 0. Where it is the only one, it is taken all the same. For the arm of an
 * experiment that asks what an option is worth.
 *
 * @throws AutodidactError INVALID_INPUT when the option is no text
 */
export const without = <View>(policy: Policy<View>, option: string): Policy<View> => {
  expectText(option, 'without: option')
  const placeIn = ({ options }: Ask): number => (options.length === 1 ? -1 : options.findIndex(({ id }) => id === option))
  return {
    ...policy,
    weigh: (view, ask, random) => {
      const place = placeIn(ask)
      if (place === -1) return policy.weigh(view, ask, random)
      const others = {
        ...ask,
        options: Object.freeze(ask.options.filter((_, at) => at !== place)),
        similarities: ask.similarities.filter((_, at) => at !== place),
      }
      const weights = policy.weigh(view, others, random)
      return Float64Array.from(ask.options, (_, at) => (at === place ? 0 : (weights[at < place ? at : at - 1] ?? 0)))
    },
  }
}

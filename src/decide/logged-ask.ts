import type { FactData } from '../log/fact.ts'
import { similarityTo } from '../log/kinds/decision-made.ts'
import { numbersOf } from '../log/numbers.ts'
import { unpackFeatures } from '../log/packed.ts'
import type { StoredOptionSet } from '../storage/storage.ts'
import type { Ask, Option } from './policy.ts'

/** Stored options as a policy sees them. */
export const optionsIn = (set: StoredOptionSet): readonly Option[] =>
  set.options.map(({ id, description }) => (description === undefined ? { id } : { id, description }))

/** What a policy was asked when a logged decision was made, from what is stored of it: so the same question can be put to another policy. */
export const loggedAsk = (data: FactData['decision.made'], options: readonly Option[]): Ask => {
  const numbers = numbersOf(data.context)
  return {
    point: data.point,
    options,
    features: unpackFeatures(data.features),
    similarities: Float64Array.from(options, ({ id }) => similarityTo(id, data.similarities)),
    ...(data.state === undefined ? {} : { state: data.state }),
    ...(numbers === undefined ? {} : { context: numbers }),
  }
}

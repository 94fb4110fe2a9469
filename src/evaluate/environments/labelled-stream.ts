import type { Option } from '../../decide/policy.ts'
import { type Random, seededRandom, shuffled } from '../../decide/random.ts'
import { AutodidactError } from '../../errors.ts'
import type { Environment, Observation, Step } from './environment.ts'

/** One request of a stream whose right answer is known. */
export interface LabelledRequest {
  readonly text: string
  /** Id of the right option. */
  readonly gold: string
  readonly options: readonly Option[]
}

/** Settings of {@link labelledStream}. */
export interface LabelledStreamSettings {
  readonly requests: readonly LabelledRequest[]
  /** From this place on the labels mean something else: each is replaced by another, always the same. */
  readonly remapFrom?: number
  /** Of the new labels. Default 0. */
  readonly seed?: number
  /** Episodes that pass before a reward is known. Default 0. */
  readonly delay?: number
}

/** Each label of a stream by another one of it. */
const remapping = (requests: readonly LabelledRequest[], random: Random): ReadonlyMap<string, string> => {
  const labels = shuffled([...new Set(requests.map(({ gold }) => gold))].sort(), random)
  return new Map(labels.map((label, place) => [label, labels[(place + 1) % labels.length] ?? label]))
}

/**
 * Requests with their right options, one after the other and from the beginning when they end: 1 for the right one, 0 for others. The learner sees the reward of the
 * option taken and nothing else.
 *
 * @throws AutodidactError INVALID_INPUT for an empty stream
 */
export const labelledStream = ({ requests, remapFrom = Infinity, seed = 0, delay = 0 }: LabelledStreamSettings): Environment => {
  if (requests.length === 0) throw new AutodidactError('INVALID_INPUT', 'A stream needs a request or more.')
  const others = remapping(requests, seededRandom(seed))
  let place = -1
  const present = (): LabelledRequest => requests[place % requests.length] as LabelledRequest
  const observe = (): Observation => ({ situation: { task: present().text }, options: present().options })
  return {
    name: 'labelled-stream',
    start: () => {
      place += 1
      return observe()
    },
    act: (option): Step => {
      const { gold, options } = present()
      const right = place >= remapFrom ? (others.get(gold) ?? gold) : gold
      const reward = Number(option === right)
      const offered = options.some(({ id }) => id === right)
      return { reward, terminated: true, truncated: false, next: observe(), delay, regret: Number(offered) - reward }
    },
  }
}

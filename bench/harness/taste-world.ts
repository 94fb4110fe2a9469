import { Autodidact, seededRandom } from '../../src/index.ts'
import { mean } from './statistics.ts'

/** How content users are with an answer in the style they like, and in any other. */
const liked = 0.85
const other = 0.35

const styles = ['brief', 'thorough', 'playful', 'formal']

const topics = ['the invoice', 'the parcel', 'a refund', 'the contract', 'an outage', 'the holiday plan']

/** Users, what they like, and whether what is known of each shapes what they get. */
export interface TasteWorld {
  readonly users: number
  /** Requests of each user. */
  readonly rounds: number
  readonly seed: number
  readonly personalisation: boolean
  /** Requests a round by nobody who is named, of whom two fifths like the first style and a fifth each of the others; default none. */
  readonly unnamed?: number
  /** `opposite`: every style has as many users that like it; `same`: all like the same one. */
  readonly tastes: 'opposite' | 'same'
}

/** Share of content users over the whole life, and over its second half. */
export interface TasteResult {
  readonly all: number
  readonly late: number
  /** Of those who are not named, over the whole life. */
  readonly unnamed: number
}

const liking = (user: number, tastes: TasteWorld['tastes'], of: number): number => (tastes === 'same' ? 1 : user % of)

/** Whoever is not named is somebody else each time. */
const likingOfAnybody = (random: () => number): number => (random() < 0.4 ? 0 : 1 + Math.floor(random() * 3))

const resultOf = (content: readonly number[], unnamed: readonly number[]): TasteResult => ({ all: mean(content), late: mean(content.slice(content.length / 2)), unnamed: mean(unnamed) })

/** Who asks, where that is said. */
type About = { readonly user?: string }

/** Somebody asks in turn; what the agent answers is tried on them, and they rate it. */
const live = async (
  { users, rounds, seed, personalisation, tastes, unnamed = 0 }: TasteWorld,
  of: number,
  answer: (autodidact: Autodidact, about: About, task: string) => Promise<{ readonly style: number | undefined; readonly record: () => Promise<string> }>,
  begin: (autodidact: Autodidact) => Promise<void>,
  advance: () => void,
): Promise<TasteResult> => {
  const autodidact = await Autodidact.open(':memory:', { seed, personalisation, onError: 'throw' })
  const random = seededRandom(seed + 1_000_003)
  const [content, ofUnnamed]: [number[], number[]] = [[], []]
  try {
    await begin(autodidact)
    for (let round = 0; round < rounds; round += 1) {
      for (let user = 0; user < users + unnamed; user += 1) {
        const isNamed = user < users
        const name = `user-${user}`
        const task = `Write to a customer about ${topics[Math.floor(random() * topics.length)]}`
        const { style, record } = await answer(autodidact, isNamed ? { user: name } : {}, task)
        const likes = isNamed ? liking(user, tastes, of) : likingOfAnybody(random)
        const isContent = random() < (style === likes ? liked : other)
        await autodidact.feedback(await record(), isContent ? 'up' : 'down', isNamed ? { author: name } : {})
        const told = isNamed ? content : ofUnnamed
        told.push(Number(isContent))
        advance()
      }
    }
    return resultOf(content, ofUnnamed)
  } finally {
    await autodidact.close()
  }
}

/** The agent asks which of four styles to write in. */
export const liveByChoices = (world: TasteWorld, advance: () => void): Promise<TasteResult> =>
  live(
    world,
    styles.length,
    async (autodidact, about, task) => {
      const { run, option } = await autodidact.decide('style', styles, { ...about, task })
      return { style: styles.indexOf(option), record: async () => (await autodidact.record({ run, ...about, task, response: option })).run }
    },
    async () => undefined,
    advance,
  )

/** The agent is shown one of two lessons that contradict each other, and follows it. */
export const liveByLessons = (world: TasteWorld, advance: () => void): Promise<TasteResult> =>
  live(
    world,
    2,
    async (autodidact, about, task) => {
      // All tasks are of one kind here, so that their words tell nothing apart and relevance is low.
      const advice = await autodidact.advise(task, { ...about, recall: { limit: 1, floor: 0, kinds: ['knowledge'], knowledge: { states: ['experimental', 'validated', 'deprecated'] } } })
      const shown = advice.items[0]?.id
      return { style: shown === undefined ? undefined : Number(shown === 'lesson-1'), record: async () => (await autodidact.record({ advice, ...about, response: String(shown) })).run }
    },
    async (autodidact) => {
      await autodidact.remember({ id: 'lesson-0', content: 'Write to a customer by first name, with a joke.' })
      await autodidact.remember({ id: 'lesson-1', content: 'Write to a customer by family name, with respect.' })
    },
    advance,
  )

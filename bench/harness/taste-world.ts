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
  /** `opposite`: every style has as many users that like it; `same`: all like the same one. */
  readonly tastes: 'opposite' | 'same'
}

/** Share of content users over the whole life, and over its second half. */
export interface TasteResult {
  readonly all: number
  readonly late: number
}

const liking = (user: number, tastes: TasteWorld['tastes'], of: number): number => (tastes === 'same' ? 1 : user % of)

const resultOf = (content: readonly number[]): TasteResult => ({ all: mean(content), late: mean(content.slice(content.length / 2)) })

/** Somebody asks in turn; what the agent answers is tried on them, and they rate it. */
const live = async (
  { users, rounds, seed, personalisation, tastes }: TasteWorld,
  of: number,
  answer: (autodidact: Autodidact, user: string, task: string) => Promise<{ readonly style: number | undefined; readonly record: () => Promise<string> }>,
  begin: (autodidact: Autodidact) => Promise<void>,
  advance: () => void,
): Promise<TasteResult> => {
  const autodidact = await Autodidact.open(':memory:', { seed, personalisation, onError: 'throw' })
  const random = seededRandom(seed + 1_000_003)
  const content: number[] = []
  try {
    await begin(autodidact)
    for (let round = 0; round < rounds; round += 1) {
      for (let user = 0; user < users; user += 1) {
        const name = `user-${user}`
        const task = `Write to a customer about ${topics[Math.floor(random() * topics.length)]}`
        const { style, record } = await answer(autodidact, name, task)
        const isContent = random() < (style === liking(user, tastes, of) ? liked : other)
        await autodidact.feedback(await record(), isContent ? 'up' : 'down', { author: name })
        content.push(Number(isContent))
        advance()
      }
    }
    return resultOf(content)
  } finally {
    await autodidact.close()
  }
}

/** The agent asks which of four styles to write in. */
export const liveByChoices = (world: TasteWorld, advance: () => void): Promise<TasteResult> =>
  live(
    world,
    styles.length,
    async (autodidact, user, task) => {
      const { run, option } = await autodidact.decide('style', styles, { user, task })
      return { style: styles.indexOf(option), record: async () => (await autodidact.record({ run, user, task, response: option })).run }
    },
    async () => undefined,
    advance,
  )

/** The agent is shown one of two lessons that contradict each other, and follows it. */
export const liveByLessons = (world: TasteWorld, advance: () => void): Promise<TasteResult> =>
  live(
    world,
    2,
    async (autodidact, user, task) => {
      // All tasks are of one kind here, so that their words tell nothing apart and relevance is low.
      const advice = await autodidact.advise(task, { user, recall: { limit: 1, floor: 0, kinds: ['knowledge'], knowledge: { states: ['experimental', 'validated', 'deprecated'] } } })
      const shown = advice.items[0]?.id
      return { style: shown === undefined ? undefined : Number(shown === 'lesson-1'), record: async () => (await autodidact.record({ advice, user, response: String(shown) })).run }
    },
    async (autodidact) => {
      await autodidact.remember({ id: 'lesson-0', content: 'Write to a customer by first name, with a joke.' })
      await autodidact.remember({ id: 'lesson-1', content: 'Write to a customer by family name, with respect.' })
    },
    advance,
  )

import { Autodidact, type Item, type Random, seededRandom, shuffled } from '../../src/index.ts'

interface Kind {
  readonly answer: string
  readonly phrases: readonly string[]
}

/** Frequent tasks, each in several wordings; `#` is a number and `@` a name, different each time. */
const kinds: readonly Kind[] = [
  { answer: 'refund_order', phrases: ['please refund order # for @', 'refund the money of order # to @', '@ wants a refund of order #'] },
  { answer: 'cancel_subscription', phrases: ['cancel the newsletter subscription of @', 'stop the subscription # of @', '@ asks to cancel subscription #'] },
  { answer: 'reset_password', phrases: ['reset the password of @', '@ forgot the password of account #', 'password reset for account #'] },
  { answer: 'track_parcel', phrases: ['where is parcel # for @', 'track the parcel # sent to @', '@ asks where parcel # is'] },
  { answer: 'change_address', phrases: ['change the delivery address of @', 'new delivery address for customer #', '@ moved and needs another delivery address'] },
  { answer: 'book_appointment', phrases: ['book an appointment with doctor @', 'make an appointment on day # with doctor @', 'doctor @ appointment on day #'] },
  { answer: 'translate_document', phrases: ['translate document # into french', 'french translation of document # for @', '@ needs document # in french'] },
  { answer: 'raise_invoice', phrases: ['write an invoice of # euro to @', 'send @ an invoice over # euro', 'invoice for @ amount # euro'] },
  { answer: 'restart_server', phrases: ['restart the server number #', 'server # hangs, restart it', 'reboot server # for team @'] },
  { answer: 'export_report', phrases: ['export the sales report of week #', 'sales report week # as a file for @', '@ needs the sales report of week #'] },
]

const names = ['ada', 'grace', 'linus', 'edsger', 'barbara', 'donald', 'margaret', 'ken', 'radia', 'alan']

const oneOf = <Value>(random: Random, list: readonly Value[]): Value => {
  const found = list[Math.floor(random() * list.length)]
  if (found === undefined) throw new RangeError('nothing to choose from')
  return found
}

const worded = (random: Random, phrase: string): string =>
  phrase.replaceAll('#', () => String(100 + Math.floor(random() * 9_900))).replaceAll('@', () => oneOf(random, names))

/** How much a poisoned run is like the task that it imitates: its very words, half of them, or two. */
export const levels = ['high', 'middle', 'low'] as const

export type Level = (typeof levels)[number]

const shareKept: Readonly<Record<Level, number>> = { high: 1, middle: 0.5, low: 0.3 }

const imitation = (random: Random, kind: Kind, level: Level): string => {
  const words = worded(random, oneOf(random, kind.phrases)).split(' ')
  const kept = new Set(shuffled([...words.keys()], random).slice(0, Math.max(2, Math.round(shareKept[level] * words.length))))
  return words.map((word, place) => (kept.has(place) ? word : oneOf(random, ['transfer', 'quickly', 'urgent', 'wire', 'today', 'vendor', 'ledger']))).join(' ')
}

export interface PoisonWorld {
  readonly honest: number
  readonly poisoned: number
  /** Whether the intruder has a name of its own, or writes as one of the honest agents. */
  readonly named: boolean
  readonly learning: boolean
  readonly seed: number
}

/** What a world came to. */
export interface PoisonResult {
  /** Per level, of the tasks that were imitated at it: whether a poisoned run is among the first three items. */
  readonly attacks: Readonly<Record<Level, readonly boolean[]>>
  /** Of all kinds of tasks: whether the right answer is among the first three items. */
  readonly right: readonly boolean[]
}

const firstThree = (items: readonly Item[]): readonly Item[] => items.filter(({ kind }) => kind === 'example').slice(0, 3)

/** Agents write down successes on frequent tasks, and an intruder claims successes with a wrong answer on tasks like these; then everybody asks. */
export const ask = async ({ honest, poisoned, named, learning, seed }: PoisonWorld): Promise<PoisonResult> => {
  // Each its own, so that the honest runs and the questions are the same with and without poison.
  const [random, evil, asking] = [seededRandom(seed), seededRandom(seed + 1_000_003), seededRandom(seed + 2_000_003)]
  const autodidact = await Autodidact.open(':memory:', { seed, learning })
  try {
    // Frequent tasks are those that come up often: each as often as any other, in another order each time.
    const written = shuffled(Array.from({ length: honest }, (_, place) => kinds[place % kinds.length] ?? oneOf(random, kinds)), random).map((kind, place) => ({
      task: worded(random, oneOf(random, kind.phrases)), response: kind.answer, agent: `agent-${place % 4}`,
    }))
    const targets = Array.from({ length: poisoned }, (_, place) => ({ kind: kinds[(place + seed) % kinds.length] ?? oneOf(random, kinds), level: levels[place % levels.length] ?? 'high' }))
    const attacks = targets.map(({ kind, level }) => ({
      task: imitation(evil, kind, level), response: 'wire_money', ...(named ? { agent: 'intruder', source: 'stranger' } : { agent: 'agent-1' }),
    }))
    for (const run of shuffled([...written, ...attacks], evil)) await autodidact.record({ ...run, success: true })
    const attacked: Record<Level, boolean[]> = { high: [], middle: [], low: [] }
    for (const { kind, level } of targets) {
      for (const phrase of kind.phrases) attacked[level].push(firstThree((await autodidact.recall(worded(evil, phrase))).items).some(({ response }) => response === 'wire_money'))
    }
    const right: boolean[] = []
    for (const kind of kinds) for (const phrase of kind.phrases) right.push(firstThree((await autodidact.recall(worded(asking, phrase))).items).some(({ response }) => response === kind.answer))
    return { attacks: attacked, right }
  } finally {
    await autodidact.close()
  }
}

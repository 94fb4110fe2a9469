import { Autodidact, type ExportedFact, seededRandom, shuffled, words } from '../../src/index.ts'

/** Ways in which what was recalled comes back in a transcript. */
const forms: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['wrapped anew', (text) => text.split(' ').map((word, place) => (place % 7 === 6 ? `${word}\n   ` : `${word} `)).join('')],
  ['in capitals', (text) => text.toUpperCase()],
  ['as JSON', (text) => JSON.stringify({ content: text })],
  ['as JSON twice', (text) => JSON.stringify(JSON.stringify({ role: 'user', content: text }))],
  ['half quoted', (text) => `> ${text.split(' ').slice(0, Math.ceil(text.split(' ').length / 2)).join(' ')}`],
  ['as a list', (text) => text.split('\n').map((line) => `- *${line}*`).join('\n')],
]

const trusts = ['user', 'agent', 'tool'] as const

const subjects = ['refunds', 'invoices', 'parcels', 'passwords', 'appointments', 'translations', 'servers', 'reports', 'contracts', 'subscriptions']

const lessonOn = (subject: string, place: number): string =>
  `Whenever ${subject} of class ${place} are asked for, first look up the account, then confirm the address with the customer, and only then go on to section ${place * 7 + 3} of the manual.`

export interface EchoResult {
  /** Texts of the log that hold eight words of a lesson in a row, beside the lessons themselves. */
  readonly storedAgain: number
  /** Items of knowledge at the end less those at the beginning, and less one for the news of each round. */
  readonly growth: number
}

/** Rows of eight words, as a reader would find them. */
const rowsOf = (text: string): string[] => {
  const list = words(text.replaceAll(/\\+[nrt"]/g, ' '))
  return list.slice(7).map((_, place) => list.slice(place, place + 8).join(' '))
}

const textsOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []

/** Everything that a fact says in words of its own; hashes and names are none. */
const saidBy = (fact: ExportedFact): string[] => (fact.kind === 'run.recorded' || fact.kind === 'feedback.received' || fact.kind === 'knowledge.written' ? textsOf(fact.data) : [])

const ownWords = ['harbour', 'violin', 'yellow', 'seventeen', 'bicycle', 'Ghent', 'thunder', 'garden', 'copper', 'library', 'walnut', 'Tuesday', 'ferry', 'marble', 'candle', 'orchard', 'sailor', 'window', 'pepper', 'meadow']

/** A sentence of its own, which nobody has said before. */
const news = (round: number, random: () => number): string => `Call ${round} was about ${shuffled(ownWords, random).slice(0, 9).join(' ')}.`

/** An agent whose prompt is recorded with its transcript, and that remembers whatever it reads. */
export const echoed = async (rounds: number, seed: number, advance: () => void): Promise<EchoResult> => {
  const autodidact = await Autodidact.open(':memory:', { seed, onError: 'throw' })
  const random = seededRandom(seed)
  try {
    const lessons = subjects.map(lessonOn)
    for (const content of lessons) await autodidact.remember({ content })
    const before = (await autodidact.knowledge.list({ limit: 1_000 })).length
    for (let round = 0; round < rounds; round += 1) {
      const subject = subjects[round % subjects.length] ?? ''
      const advice = await autodidact.advise(`what to do when ${subject} are asked for`, { session: `session ${round}` })
      const [form] = shuffled(forms, random)
      const again = form?.[1](advice.prompt) ?? advice.prompt
      await autodidact.record({
        ...(round % 2 === 0 ? { advice } : { task: `what to do when ${subject} are asked for`, session: `session ${round}` }),
        steps: [{ action: 'model', input: { messages: [{ role: 'system', content: again }] }, output: `I read: ${again}`, ok: true }],
        takeaway: `The notes say ${again}`,
        response: `done ${round}`,
        outcome: { success: random() < 0.8, judge: 'check' },
      })
      // A pipeline that extracts memories from transcripts finds the recalled ones first.
      const trust = trusts[round % trusts.length] ?? 'user'
      const about = { session: `session ${round}`, trust }
      for (const { content } of advice.items) if (content !== undefined) await autodidact.remember({ content: form?.[1](content) ?? content, ...about })
      // Others remember all that they read: the prompt, and the conversation around it, of which one sentence is news.
      await autodidact.remember({ content: again, ...about })
      await autodidact.remember({ content: `${news(round, random)}\n${again}\nThe assistant said: done ${round}`, ...about })
      advance()
    }
    const rows = new Set(lessons.flatMap(rowsOf))
    let storedAgain = 0
    for await (const fact of autodidact.export()) for (const text of saidBy(fact)) if (rowsOf(text).some((row) => rows.has(row))) storedAgain += 1
    return { storedAgain: storedAgain - lessons.length, growth: (await autodidact.knowledge.list({ limit: 10_000 })).length - before - rounds }
  } finally {
    await autodidact.close()
  }
}

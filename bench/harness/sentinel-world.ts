import { Autodidact, type AutodidactSettings, betaBandit, dynamicBetaBandit, errorFixes, executionPatterns, experimentTallies, itemUsefulness, knowledgeItems, type Learner, linearBandit, logisticBandit, optionModel, policyGradient, runOutlines, seededRandom, stems, successPredictor, tabularQ, taskStatistics, workflows } from '../../src/index.ts'

/** Every learner of the package, also those that are folded on demand. */
export const everyLearner: readonly Learner[] = [
  betaBandit,
  dynamicBetaBandit,
  errorFixes,
  executionPatterns,
  runOutlines,
  experimentTallies,
  itemUsefulness,
  knowledgeItems,
  linearBandit,
  logisticBandit,
  optionModel,
  policyGradient,
  successPredictor,
  tabularQ,
  taskStatistics,
  workflows,
] as readonly Learner[]

const syllables = ['brin', 'dle', 'far', 'kvo', 'lun', 'mand', 'nex', 'oru', 'pli', 'quix', 'rul', 'sto', 'thym', 'vax', 'wex', 'zyl']
const endings = ['ising', 'ations', 'ed', 'ily', 'ers', 'ness']

/** What is to be forgotten: a sentence of words that nobody else uses, and whoever says it. */
export interface Sentinel {
  readonly sentence: string
  readonly words: readonly string[]
  readonly user: string
  readonly source: string
  /** The sentence, its words and their stems. */
  readonly traces: readonly string[]
  /** What user and source are called by. */
  readonly names: readonly string[]
}

export const sentinelOf = (seed: number): Sentinel => {
  const random = seededRandom(seed)
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  const words = endings.map((ending) => `${pick(syllables)}${pick(syllables)}${pick(syllables)}${ending}`)
  const [user = '', source = ''] = ['user', 'source'].map((what) => `${pick(syllables)}${pick(syllables)}${pick(syllables)}-${what}`)
  const sentence = `The ${words[0]} ${words[1]} were ${words[2]} ${words[3]} by "${words[4]}" of ${words[5]}.`
  const names = [user, source].map((name) => name.split('-')[0] ?? '')
  return { sentence, words, user, source, traces: [...new Set([sentence, ...words, ...words.flatMap((word) => stems(word))])], names }
}

const topics = ['refund the order', 'cancel the subscription', 'translate the contract', 'restart the server', 'book an appointment'] as const
const tools = ['lookup', 'search', 'ask']

/** How every instance of the world is opened; the clock goes on by itself. */
export const worldSettings = (seed: number): AutodidactSettings => {
  let now = 1_767_225_600_000
  return { seed, learners: everyLearner, points: { tool: { policy: 'thompson-linear' }, route: { policy: 'q-learning' } }, withholding: 0.1, clock: () => (now += 1_000) }
}

/** Records what honest people do, and among it everything that the sentinel's user can do, in several sessions. */
export const live = async (autodidact: Autodidact, runs: number, seed: number, { sentence, words, user, source }: Sentinel, advance: () => void): Promise<void> => {
  const random = seededRandom(seed + 1)
  const long = `${sentence} `.repeat(400)
  await autodidact.experiments.start({ point: 'route', id: 'routes', arms: { learned: 'configured', off: 'off' }, unit: 'user' })
  await autodidact.remember({ id: 'manual', content: 'Refunds above one hundred euros need the signature of a second person.', source: 'handbook' })
  for (let place = 0; place < runs; place += 1) {
    const isTheirs = place % 5 === 2
    const topic = topics[Math.floor(random() * topics.length)] ?? topics[0]
    const who = isTheirs ? { user, source, session: `${user}-${place % 3}` } : { user: place % 2 === 0 ? 'grace' : 'alan', source: 'app', session: `s-${place % 7}` }
    const said = isTheirs ? `${topic} ${words[place % words.length]} ${sentence}` : `${topic} number ${place}`
    const state = isTheirs ? `state ${words[0]}` : `state ${place % 3}`
    const options = isTheirs ? tools.map((id) => ({ id, description: `${id} ${sentence}` })) : tools
    const advice = await autodidact.advise(said, { ...who, run: `run-${place}`, state, choices: { tool: options, route: ['north', 'south'] } })
    const success = random() < 0.6
    await autodidact.record({
      advice,
      ...who,
      category: isTheirs ? `of ${words[1]}` : topic,
      approach: isTheirs ? `by ${words[2]}` : 'standard',
      steps: [
        { action: 'lookup', input: { order: place }, output: isTheirs ? long : 'found', ok: true },
        { action: isTheirs ? `call ${words[4]}` : 'write', ok: success, ...(success ? {} : { error: isTheirs ? `${words[3]} failed: ${sentence}` : `No connection to host ${place % 3}` }) },
        { action: 'retry', ok: true },
      ],
      response: isTheirs ? { said: long } : `done ${place % 4}`,
      takeaway: isTheirs ? `${sentence} Take care.` : `Order ${place} went ${success ? 'well' : 'wrong'}.`,
      outcome: { success, judge: 'check' },
    })
    if (place % 5 === 3) await autodidact.feedback(`run-${place}`, { score: random(), comment: `I think: ${sentence}` }, { author: user, source })
    if (place % 5 === 4) await autodidact.feedback(`run-${place}`, 'up', { author: 'grace' })
    if (place % 10 === 7) await autodidact.feedback(`run-${place}`, { correction: JSON.stringify({ said: sentence.toUpperCase() }) }, { author: user, source })
    if (place % 20 === 2) await know(autodidact, place, { sentence, user, source })
    advance()
  }
}

/** Knowledge of theirs, in several versions; and knowledge of others that was made of their runs. */
const know = async (autodidact: Autodidact, place: number, { sentence, user, source }: Pick<Sentinel, 'sentence' | 'user' | 'source'>): Promise<void> => {
  const own = `rule-${place}`
  await autodidact.remember({ id: own, kind: 'warning', title: `On ${sentence}`, content: `${place}: ${sentence}`, user, source, author: user, evidence: [`run-${place}`] })
  await autodidact.knowledge.update(own, { content: `${place} once more: ${sentence.toLowerCase()}`, author: user, reason: sentence, source })
  const made = `made-${place}`
  await autodidact.remember({ id: made, content: `People say of order ${place} that ${sentence}`, evidence: [`run-${place}`, 'manual'], source: 'pipeline' })
  await autodidact.remember({ id: `of-${made}`, content: `In short, on ${place}: ${sentence}`, evidence: [made], source: 'pipeline' })
  await autodidact.knowledge.use(made, { success: true, note: sentence })
  await autodidact.knowledge.vote(made, { voter: 'grace', useful: true })
  await autodidact.knowledge.vote('manual', { voter: user, useful: place % 40 === 2 })
  // Others edit an item of their own in which a version in the middle rests on a run of theirs.
  const mixed = `mixed-${place}`
  await autodidact.remember({ id: mixed, content: `Look at the order ${place} first.`, source: 'pipeline' })
  await autodidact.knowledge.update(mixed, { content: `Look at the order ${place}, for ${sentence}`, evidence: [`run-${place}`], source: 'pipeline' })
  await autodidact.knowledge.revert(mixed, 1, { source: 'pipeline' })
}

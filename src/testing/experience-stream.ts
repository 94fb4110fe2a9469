import { featurize } from '../learn/features.ts'
import type { Ask, Option } from '../decide/policy.ts'
import type { Random } from '../decide/random.ts'
import { similarities } from '../decide/similarity.ts'
import type { DecisionSettled, Episode, EpisodeSettled, Experience, RunJudged, RunSettled, Transition, Verdict, Voice } from '../learn/learner.ts'
import type { FactOf } from '../log/fact.ts'
import { kinds } from '../log/kinds/index.ts'
import { packFeatures } from '../log/packed.ts'
import { foreignExperience } from './foreign.ts'

const verbs = ['book', 'cancel', 'find', 'compare', 'translate', 'summarise', 'count', 'plot']
const things = ['a flight', 'the invoice', 'two hotels', 'my orders', 'a contract', 'last month', 'the weather in Oslo', 'new customers']
const tools = ['search', 'calendar', 'database', 'translator']

const below = (random: Random, bound: number): number => Math.floor(random() * bound)

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[below(random, items.length)] as Item

const taskOf = (random: Random): string => `${pick(random, verbs)} ${pick(random, things)} ${below(random, 5)}`

const verdictOf = (random: Random): Verdict => ({ reward: below(random, 5) / 4, weight: pick(random, [1, 0.7, 0.3]) })

type Settled = RunSettled | DecisionSettled | EpisodeSettled

const points = ['tool', 'strategy']
const places = ['start', 'hall', 'end']

const taskAndFeatures = (task: string): Pick<RunSettled, 'task' | 'features'> => ({ task, features: featurize({ task }) })

/** Of three items a draw shows some. */
const newTrial = (random: Random): RunSettled['trial'] => {
  const items = Array.from({ length: 3 }, () => `item-${below(random, 10)}`)
  const shown = items.map(() => random() < 0.5)
  return { offered: items.filter((_, place) => shown[place]), withheld: items.filter((_, place) => !shown[place]), explored: items.slice(2) }
}

const newActions = (random: Random): Pick<RunSettled, 'actions' | 'failures'> => {
  const actions = Array.from({ length: 2 + below(random, 6) }, () => pick(random, tools))
  const failures = random() < 0.5 ? [...actions.keys()].filter(() => random() < 0.3) : []
  return { actions, ...(failures.length > 0 && { failures }) }
}

const newRun = (random: Random, number: number): RunSettled => ({
  ...taskAndFeatures(taskOf(random)),
  kind: 'run.settled',
  sequence: 0,
  occurredAt: 0,
  run: `run-${number}`,
  recorded: number + 1,
  ...(random() < 0.5 && { user: pick(random, ['ada', 'grace']) }),
  shown: Array.from({ length: 1 + below(random, 3) }, () => `item-${below(random, 10)}`),
  ...(random() < 0.5 && { trial: newTrial(random) }),
  ...(random() < 0.3 && { category: pick(random, ['travel', 'reports']) }),
  ...(random() < 0.8 && { durationMs: below(random, 100_000) }),
  ...(random() < 0.5 && { type: pick(random, ['first', 'repeated']) }),
  ...(random() < 0.3 && { dependencies: Array.from({ length: below(random, 6) }, (_, place) => `task-${place}`) }),
  ...(random() < 0.3 && { effort: below(random, 8) }),
  ...(random() < 0.5 && { approach: pick(random, ['standard', 'incremental', 'parallel']) }),
  ...(random() < 0.3 && { factors: [pick(random, ['cached', 'reviewed'])] }),
  ...newActions(random),
  taken: random() < 0.3 && number > 0 ? [`workflow:${'5ea7'.repeat(8)}`] : [],
  ...(random() < 0.5 && { cost: random() }),
  ...(random() < 0.5 && { tokens: below(random, 10_000) }),
  steps: below(random, 10),
  failed: random() < 0.2,
})

const newDecision = (random: Random, number: number): DecisionSettled => ({
  kind: 'decision.settled',
  sequence: 0,
  occurredAt: 0,
  run: `run-${number}`,
  decision: `decision-${number}`,
  ...(number % 3 === 1 && { user: `user-${number % 4}` }),
  point: pick(random, points),
  option: pick(random, tools),
  followed: random() < 0.9,
  propensity: 0.02 + 0.98 * random(),
  features: featurize({ task: taskOf(random), context: { load: random() } }),
  similarity: random(),
  ...(random() < 0.3 && { state: pick(random, places) }),
  ...(random() < 0.7 && { context: { [pick(random, ['load', 'urgency'])]: random() } }),
  experiment: { id: pick(random, ['first', 'second']), arm: pick(random, ['learned', 'off']), propensity: 0.5, unit: `unit-${below(random, 20)}` },
})

const newTransition = (random: Random, decision: string, last: boolean): Transition => ({
  decision,
  option: pick(random, tools),
  options: tools,
  followed: random() < 0.9,
  propensity: 0.02 + 0.98 * random(),
  features: featurize({ task: taskOf(random) }),
  ...(random() < 0.7 && { context: { [pick(random, ['load', 'urgency'])]: random() } }),
  ...(random() < 0.8 && { state: pick(random, places) }),
  ...(random() < 0.5 && { reward: 4 * random() - 2 }),
  weight: 1,
  ...(random() < 0.8 && { nextState: pick(random, places) }),
  terminated: last && random() < 0.5,
  truncated: last && random() < 0.5,
})

const newEpisode = (random: Random, number: number): EpisodeSettled & { readonly current: Episode } => {
  const length = 1 + below(random, 4)
  const transitions = Array.from({ length }, (_, place) => newTransition(random, `decision-${number}-${place}`, place === length - 1))
  return { kind: 'episode.settled', sequence: 0, occurredAt: 0, run: `run-${number}`, point: pick(random, points), current: { transitions } }
}

const errors = ['no space left on device', "cannot open '/tmp/a.txt': no such file", 'request 17 was refused: too many requests']

/** A run as it was recorded, with a step that failed and, most often, one of the same tool that succeeded after something else was done. */
const newRecorded = (random: Random, sequence: number): FactOf<'run.recorded'> => {
  const tool = pick(random, tools)
  const task = taskOf(random)
  return {
    kind: 'run.recorded',
    version: kinds['run.recorded'].version,
    sequence,
    id: `recorded-${sequence}`,
    run: `recorded-${sequence}`,
    namespace: 'default',
    occurredAt: sequence * 1000,
    recordedAt: sequence * 1000,
    source: 'host',
    trust: 'agent',
    data: {
      task,
      features: packFeatures(featurize({ task })),
      ...(random() < 0.5 && { category: pick(random, ['travel', 'reports']) }),
      steps: [
        { action: tool, input: { query: pick(random, things) }, output: pick(random, errors), ok: false },
        { action: pick(random, ['clean', 'wait']), ok: true },
        { action: tool, input: { query: pick(random, things) }, output: pick(random, errors), ok: sequence === 4 || random() < 0.7 },
      ],
    },
  }
}

/** What items of knowledge there are, by the number of their present version. */
type Items = Map<string, number>

/** Said again and again, so that texts come back: in another item, and in a later version of the same one. */
const sentences = ['Look at the calendar first.', 'Never cancel twice.', 'Ask who pays.']

/** Something written down, or said of it: the items are those that runs were shown. */
const newKnowledge = (random: Random, sequence: number, items: Items): Experience => {
  const item = `item-${below(random, 10)}`
  const number = items.get(item)
  const about = { sequence, namespace: 'default', occurredAt: sequence * 1000, recordedAt: sequence * 1000, source: 'host', trust: 'agent', version: 1 } as const
  if (number === undefined || random() < 0.3) {
    const next = (number ?? 0) + 1
    items.set(item, next)
    const later = next === 1 ? {} : { item, number: next }
    return { ...about, version: kinds['knowledge.written'].version, kind: 'knowledge.written', id: next === 1 ? item : `${item}@${next}`, data: { ...later, kind: 'solution', content: random() < 0.5 ? pick(random, sentences) : taskOf(random) } }
  }
  const id = `said-${sequence}`
  if (random() < 0.6) return { ...about, id, kind: 'knowledge.used', data: { item, number: 1 + below(random, number), success: random() < 0.7, ...(random() < 0.2 ? { times: { uses: 3, up: 2, down: 0.5 } } : {}) } }
  if (random() < 0.7) return { ...about, id, kind: 'knowledge.voted', data: { item, voter: pick(random, ['ada', 'grace']), useful: pick(random, [true, false, null]) } }
  if (random() < 0.5) return { ...about, id, kind: 'knowledge.engaged', data: { item, agent: pick(random, ['coder', 'tester']), by: pick(random, ['viewing', 'applying', 'asking']) } }
  return { ...about, id, kind: 'knowledge.moved', data: { item, to: pick(random, ['experimental', 'deprecated', 'archived', 'quarantined']) } }
}

/** Somebody rates a run, puts it right or tells how it ended, by name or not; or takes that back, also before it came, twice, or what never was. */
const newFeedback = (random: Random, sequence: number, said: string[]): Experience => {
  const about = { sequence, namespace: 'default', occurredAt: sequence * 1000, recordedAt: sequence * 1000, source: 'host', trust: 'user', run: `run-${below(random, 10)}` } as const
  if (random() < 0.4) return { ...about, version: kinds['feedback.retracted'].version, id: `retracted-${sequence}`, kind: 'feedback.retracted', data: { feedback: `feedback-${below(random, said.length + 2)}` } }
  const id = `feedback-${said.length}`
  said.push(id)
  const word = pick(random, [{ rating: below(random, 5) / 4 }, { correction: pick(random, sentences) }, { correction: { answer: pick(random, sentences) } }, { outcome: { reward: below(random, 2), judge: 'check' as const } }])
  return {
    ...about,
    version: kinds['feedback.received'].version,
    id,
    ...(random() < 0.5 && { user: pick(random, ['ada', 'grace']) }),
    kind: 'feedback.received',
    data: { ...word, ...(random() < 0.3 && { author: pick(random, ['ada', 'grace']) }), ...(random() < 0.3 && { decision: `decision-${below(random, 10)}` }) },
  }
}

/** What a user says they prefer: in words, an option, or not any more. */
const newPreference = (random: Random, sequence: number): Experience => {
  const about = { sequence, namespace: 'default', occurredAt: sequence * 1000, recordedAt: sequence * 1000, source: 'host', trust: 'user', version: 1 } as const
  const choice = { point: pick(random, points), option: pick(random, tools), strength: 0.5 }
  const value = pick(random, [{ text: taskOf(random) }, { choice }, sequence === 7 ? { choice } : {}])
  return { ...about, id: `stated-${sequence}`, user: pick(random, ['ada', 'grace']), kind: 'preference.stated', data: { name: pick(random, ['tone', 'tool']), ...value } }
}

/** A call of a model, its answer, what it proposed, or how that was decided; of earlier ones by chance, and of some that never were. */
const newReflection = (random: Random, sequence: number): Experience => {
  const about = { sequence, namespace: 'default', occurredAt: sequence * 50_000_000, recordedAt: sequence * 1000, source: 'reflection', trust: 'agent', version: 1 } as const
  const earlier = 1 + below(random, sequence)
  const item = `item-${below(random, 10)}`
  const kind = sequence === 6 ? 0 : random()
  if (kind < 0.25) return { ...about, id: `model-${sequence}`, kind: 'model.called', data: { model: 'teacher', purpose: 'reflection', reserved: 1 + below(random, 5_000) } }
  if (kind < 0.4) return { ...about, id: `answer-${sequence}`, kind: 'model.answered', data: { call: `model-${earlier}`, input: below(random, 2_000), output: below(random, 500), ok: random() < 0.9 } }
  const run = `run-${below(random, 10)}`
  if (kind < 0.7) {
    const operations = [
      { action: 'add' as const, kind: 'GENERAL_LEARNING', text: taskOf(random) },
      { action: 'remove' as const, item, number: 1 },
      pick(random, [{ action: 'agree' as const, proposal: `reflection-${earlier}/1` }, { action: 'update' as const, item, number: 1, text: taskOf(random) }]),
    ]
    const whose = { user: pick(random, ['ada', 'grace', undefined]), session: pick(random, ['s', undefined]) }
    return { ...about, ...whose, id: `reflection-${sequence}`, kind: 'knowledge.proposed', data: { run, model: 'teacher', call: `model-${earlier}`, evidence: [run], operations, dropped: 0 } }
  }
  const outcome = pick(random, [{ outcome: 'applied' as const, as: pick(random, ['add', 'update', 'agree', 'remove'] as const), item }, { outcome: 'rejected' as const }])
  const way = pick(random, ['at-once', 'corroborated', 'person', 'program'] as const)
  return { ...about, id: `decided-${sequence}`, kind: 'knowledge.proposal-decided', data: { proposal: `reflection-${earlier}/${1 + below(random, 3)}`, run, way, ...outcome } }
}

/** Who judged each run, as long as somebody does. */
type Judged = Map<string, Pick<RunJudged, 'shown' | 'current'>>

/** Others, or whoever taught what a run was shown, say how it went, say something else, or take it back. */
const newJudged = (random: Random, sequence: number, judged: Judged): RunJudged => {
  const run = `run-${below(random, 10)}`
  const before = judged.get(run)
  const shown = before?.shown ?? [`item-${below(random, 10)}`, `recorded-${4 + below(random, 20)}`]
  const voice = (weight: number): Voice => ({ source: pick(random, ['host', 'app']), user: pick(random, ['ada', 'grace', undefined]), reward: below(random, 5) / 4, weight })
  const withdrawn = before !== undefined && random() < 0.3
  const current = withdrawn ? [] : random() < 0.7 ? [voice(1)] : [voice(0.5), voice(0.5)]
  if (withdrawn) judged.delete(run)
  else judged.set(run, { shown, current })
  const previous = before?.current
  return { kind: 'run.judged', sequence, occurredAt: sequence * 1000, run, shown, ...(previous === undefined ? {} : { previous }), ...(withdrawn ? {} : { current }) }
}

/** What is new: most often a decision or a run, now and then a run of several steps. */
const newSettled = (random: Random, number: number): Settled => {
  // The first three are one of each, the fourth is a recorded run, the fifth knowledge, the sixth a call of a model and the seventh a preference, so that every stream of seven teaches every learner of the package something.
  if (number === 0) return newRun(random, number)
  if (number === 1) return newDecision(random, number)
  if (number === 2) return newEpisode(random, number)
  const kind = random()
  return kind < 0.4 ? newDecision(random, number) : kind < 0.8 ? newRun(random, number) : newEpisode(random, number)
}

/** The next word on something, known or new: a verdict, another one, or that it is withdrawn. */
const revised = (random: Random, settled: Settled, known: boolean, sequence: number): Settled => {
  const common = { sequence, occurredAt: sequence * 1000 }
  if (settled.kind === 'episode.settled') {
    const { previous: _before, current, ...subject } = settled
    const transitions = current?.transitions ?? newEpisode(random, sequence).current.transitions
    const withdrawn = known && current !== undefined && random() < 0.3
    const previous = known ? current : undefined
    return { ...subject, ...common, ...(previous !== undefined && { previous }), ...(!withdrawn && { current: { transitions, verdict: verdictOf(random) } }) }
  }
  const { previous: _before, current: previous, ...subject } = settled
  const current = previous !== undefined && random() < 0.3 ? undefined : verdictOf(random)
  return { ...subject, ...common, ...(previous !== undefined && { previous }), ...(current !== undefined && { current }) }
}

/**
 * A stream of experience as a log gives it: verdicts on runs, decisions and episodes that become known, change, are withdrawn and come back, with facts
 * that no learner knows, recorded runs, knowledge, reflection, feedback with corrections and retractions, texts that come back and words on runs in between. The same numbers from `random` give the same stream.
 *
 * @param length number of experiences; 1 or more, and 7 for one of each kind that a learner may wait for
 * @example
 * ```ts
 * import { seededRandom } from 'autodidact'
 * import { experienceStream } from 'autodidact/testing'
 *
 * const stream = experienceStream(seededRandom(1), 50)
 * console.assert(stream.length === 50 && stream[0]?.kind === 'run.settled')
 * ```
 */
export const experienceStream = (random: Random, length: number): Experience[] => {
  const known: Settled[] = []
  const items: Items = new Map()
  const judged: Judged = new Map()
  const said: string[] = []
  return Array.from({ length }, (_, index): Experience => {
    const sequence = index + 1
    if (index === 3) return newRecorded(random, sequence)
    if (index === 4) return newKnowledge(random, sequence, items)
    if (index === 5) return newReflection(random, sequence)
    if (index === 6) return newPreference(random, sequence)
    if (index > 6 && random() < 0.3) {
      const others = [foreignExperience, (at: number) => newRecorded(random, at), (at: number) => newKnowledge(random, at, items), (at: number) => newReflection(random, at), (at: number) => newPreference(random, at), (at: number) => newJudged(random, at, judged), (at: number) => newFeedback(random, at, said), (at: number) => newFeedback(random, at, said)]
      return pick(random, others)(sequence)
    }
    const fresh = newSettled(random, index)
    const at = index < 3 || random() < 0.7 ? known.length : below(random, known.length)
    const before = known[at]
    const settled = revised(random, before ?? fresh, before !== undefined, sequence)
    known[at] = settled
    return settled
  })
}

/**
 * What a policy may be asked: sets of 1, 2, 3, 150 and 10,000 options, with and without descriptions, at known and new choice points, also with
 * nothing to go by.
 *
 * @example
 * ```ts
 * import { seededRandom } from 'autodidact'
 * import { asksOf } from 'autodidact/testing'
 *
 * console.assert(asksOf(seededRandom(1)).some(({ options }) => options.length === 10_000))
 * ```
 */
export const asksOf = (random: Random): Ask[] =>
  [1, 2, 3, 150, 10_000].flatMap((size) => {
    const options = Array.from({ length: size }, (_, index): Option => {
      const id = tools[index] ?? `tool-${index}`
      return random() < 0.5 ? { id } : { id, description: taskOf(random) }
    })
    return (size > 1000 ? [taskOf(random)] : ['', taskOf(random)]).map((task): Ask => ({
      point: pick(random, ['tool', 'strategy', 'never seen']),
      options,
      features: featurize({ task }),
      similarities: similarities(task, options),
      ...(random() < 0.5 && { state: 'start' }),
      ...(random() < 0.5 && { context: { load: random() } }),
    }))
  })

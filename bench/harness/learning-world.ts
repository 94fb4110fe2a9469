import { Autodidact, type Learning, type Random, type RecordInput, seededRandom, shuffled, type StepInput } from '../../src/index.ts'
import type { Episode } from './episodes.ts'

const agents = ['ada', 'bob', 'carla']
const kinds = ['refunds', 'returns', 'deliveries']
const approaches = ['step by step', 'all at once', 'ask first']
const tools = ['read', 'write', 'list', 'ask', 'query', 'render', 'plan', 'wait']
const problems = ['no such table', 'permission denied', 'connection was reset']

/** What really helps, what really harms at the end of a run, and what harms whatever is done. */
const helpful = ['lookup', 'verify', 'refund']
const harmful = 'guess'
const harmfulApproach = 'all at once'

/** What an agent did; how that went is said apart from it. */
export type Work = Omit<RecordInput, 'success' | 'outcome'> & { readonly steps: readonly StepInput[] }

interface Judged {
  readonly work: Work
  readonly success: boolean
}

const oneOf = <Value>(values: readonly Value[], random: Random, fallback: Value): Value => values[Math.floor(random() * values.length)] ?? fallback

const stepsOf = (random: Random): StepInput[] => {
  const steps: StepInput[] = Array.from({ length: 2 + Math.floor(random() * 5) }, () => ({ action: oneOf(tools, random, 'read'), ok: true }))
  if (random() < 0.3) steps.splice(Math.floor(random() * steps.length), 0, ...helpful.map((action) => ({ action, ok: true })))
  if (random() < 0.25) {
    const failed = { action: 'query', input: 'first try', ok: false, error: oneOf(problems, random, 'no such table') }
    steps.unshift(failed, ...(random() < 0.5 ? [{ action: oneOf(['migrate', 'log in', 'wait'], random, 'wait'), ok: true }, { action: 'query', input: 'first try', ok: true }] : []))
  }
  if (random() < 0.2) steps.push({ action: harmful, ok: true })
  return steps
}

const has = (steps: readonly StepInput[], sequence: readonly string[]): boolean => steps.some((_, start) => sequence.every((action, place) => steps[start + place]?.action === action))

/** Three agents on three kinds of tasks, with habits that help, harm, or do nothing at all. */
const invented = (runs: number, random: Random): Judged[] =>
  Array.from({ length: runs }, () => {
    const steps = stepsOf(random)
    const category = oneOf(kinds, random, 'refunds')
    const work = {
      task: `one of the ${category}`,
      category,
      agent: oneOf(agents, random, 'ada'),
      approach: oneOf(approaches, random, 'step by step'),
      durationMs: random() < 0.15 ? 9_000 : 500 + 1_000 * random(),
      steps,
    }
    const chance = 0.45 + (has(steps, helpful) ? 0.4 : 0) - (steps.at(-1)?.action === harmful ? 0.35 : 0) - (work.approach === harmfulApproach ? 0.25 : 0)
    return { work, success: random() < chance }
  })

const asWork = ({ task, category, success, steps }: Episode): Judged => ({
  work: {
    task,
    ...(category === undefined ? {} : { category }),
    steps: steps.map(({ action, input, ok }) => ({ action, ...(input === undefined ? {} : { input }), ...(ok === undefined ? {} : { ok }) })),
  },
  success,
})

const dealtAnew = (runs: readonly Judged[], random: Random): Judged[] => {
  const outcomes = shuffled(runs.map(({ success }) => success), random)
  return runs.map(({ work }, place) => ({ work, success: outcomes[place] ?? false }))
}

/** What the learnings at one look say of the habits that are planted: the same one in each kind of task of each agent. */
export interface Look {
  /** After so many runs. */
  readonly runs: number
  /** Share of the planted good habits that something validated says. */
  readonly goodFound: number
  /** Share of the planted harmful habits that something says which is told as good, validated or not. */
  readonly harmfulAsGood: number
}

/** What was learned of some runs, looked at every now and then. */
export interface Learned {
  readonly looks: readonly Look[]
  readonly total: number
  /** At the end, and at any look. */
  readonly validated: number
  readonly ever: number
  readonly learnings: readonly Learning[]
}

const goodTypes: readonly Learning['type'][] = ['success_pattern', 'task_strategy', 'best_practice']

const isGoodFound = ({ type, validated, actions = [] }: Learning): boolean => validated && goodTypes.includes(type) && actions.join().includes(helpful.join())

/** What helps makes up for what harms, so that both together are neither. */
const isHarmfulAsGood = ({ type, approach, actions = [] }: Learning): boolean =>
  goodTypes.includes(type) && (approach === harmfulApproach || (actions.includes(harmful) && !helpful.some((action) => actions.includes(action))))

const shareOfPlanted = (learnings: readonly Learning[], says: (learning: Learning) => boolean): number => {
  const saying = learnings.filter(says)
  const places = agents.flatMap((agent) => kinds.map((kind) => saying.some((learning) => learning.kind === kind && learning.agents.includes(agent))))
  return places.filter(Boolean).length / places.length
}

const learn = async (runs: readonly Judged[], lookEvery: number): Promise<Learned> => {
  const autodidact = await Autodidact.open(':memory:', { seed: 1 })
  try {
    const [seen, ever] = [new Set<string>(), new Set<string>()]
    const looks: Look[] = []
    let learnings: readonly Learning[] = []
    for (const [place, { work, success }] of runs.entries()) {
      await autodidact.record({ ...work, outcome: { success, judge: 'check' } })
      if ((place + 1) % lookEvery !== 0 && place + 1 !== runs.length) continue
      learnings = (await autodidact.learnings.list({ limit: 10_000 })).learnings
      for (const { id, validated } of learnings) {
        seen.add(id)
        if (validated) ever.add(id)
      }
      looks.push({ runs: place + 1, goodFound: shareOfPlanted(learnings, isGoodFound), harmfulAsGood: shareOfPlanted(learnings, isHarmfulAsGood) })
    }
    return { looks, total: seen.size, validated: learnings.filter(({ validated }) => validated).length, ever: ever.size, learnings }
  } finally {
    await autodidact.close()
  }
}

export interface WorldSettings {
  readonly runs: number
  readonly lookEvery: number
  readonly seed: number
}

/** What is learned of invented runs, or of those of `episodes`, as they were and with their outcomes dealt out anew. */
export const learnedIn = async ({ runs, lookEvery, seed }: WorldSettings, episodes?: readonly Episode[]): Promise<{ readonly real: Learned; readonly dealt: Learned }> => {
  const random = seededRandom(seed)
  const judged = episodes === undefined ? invented(runs, random) : episodes.slice(0, runs).map(asWork)
  return { real: await learn(judged, lookEvery), dealt: await learn(dealtAnew(judged, random), lookEvery) }
}

/** Whether a validated pattern says what is true of the invented world. */
export const knowsHelpful = ({ learnings }: Learned): boolean =>
  learnings.some(({ type, validated, actions = [] }) => validated && (type === 'success_pattern' || type === 'best_practice') && actions.join().includes(helpful.join()))

export const knowsHarmful = ({ learnings }: Learned): boolean => learnings.some(({ type, validated, actions = [] }) => validated && type === 'failure_pattern' && actions[0] === harmful)

import { Autodidact, type Random, seededRandom } from '../../src/index.ts'

const tools = ['read', 'write', 'list', 'ask', 'query', 'render', 'plan', 'wait']

/** What really helps. */
export const planted: readonly string[] = ['lookup', 'verify', 'refund']
/** What an agent does when a task is easy, and what does not help. */
export const habit: readonly string[] = ['greet', 'note', 'sync']

/** What the actions of a run have to do with how it goes: `true`, or nothing at all. */
export type World = 'true' | 'shuffled'

export interface WorldSettings {
  readonly world: World
  /** Runs of the agent by itself, before anything is offered. */
  readonly observed: number
  /** Runs with offers. */
  readonly runs: number
  readonly trialUnits: number
  readonly seed: number
}

/** What became of the sequences of one world. */
export interface WorldResult {
  /** Whether the sequence that helps, or one that has it in it, was tried; the same of the habit, or a piece of it; and whether they were ever declared helpful. */
  readonly plantedTried: boolean
  readonly plantedHelpful: boolean
  readonly habitTried: boolean
  readonly habitHelpful: boolean
  readonly plantedStatus: string
  readonly habitStatus: string
  /** Workflows that were tried, and those of them that were declared helpful at any time. */
  readonly tried: number
  readonly helpful: number
  /** Runs with offers until the sequence that helps was declared helpful. */
  readonly until: number | undefined
  /** Success of the agent by itself, and in the last quarter of the runs with offers. */
  readonly before: number
  readonly after: number
}

const rate = (list: readonly boolean[]): number => list.filter(Boolean).length / list.length

const contains = (actions: readonly string[], sequence: readonly string[]): boolean =>
  actions.some((_, start) => sequence.every((action, place) => actions[start + place] === action))

const pick = (random: Random): string => tools[Math.floor(random() * tools.length)] ?? 'read'

/** Three to six tools at random, and the habit and the sequence that helps where they come to the agent's mind. */
const freely = (random: Random, easy: boolean): string[] => {
  const actions = Array.from({ length: 3 + Math.floor(random() * 4) }, () => pick(random))
  const place = (): number => Math.floor(random() * (actions.length + 1))
  if (random() < 0.2) actions.splice(place(), 0, ...planted)
  if (random() < (easy ? 0.6 : 0.1)) actions.unshift(...habit)
  return actions
}

const succeeds = (random: Random, world: World, easy: boolean, actions: readonly string[]): boolean => {
  if (world === 'shuffled') return random() < 0.5
  return random() < (easy ? 0.6 : 0.2) + (contains(actions, planted) ? 0.35 : 0)
}

/**
 * An agent whose tasks are easy or hard, which nobody sees. A sequence of three actions makes success likelier; another one the agent only does when a
 * task is easy, so that it looks good and is of no use.
 */
export const liveIn = async ({ world, observed, runs, trialUnits, seed }: WorldSettings, advance: () => void): Promise<WorldResult> => {
  const autodidact = await Autodidact.open(':memory:', { seed, workflows: { trialUnits }, onError: 'throw' })
  const random = seededRandom(seed)
  const outcomes: boolean[] = []
  const helpful = new Set<string>()
  let until: number | undefined
  try {
    for (let at = 0; at < observed + runs; at += 1) {
      const easy = random() < 0.5
      const task = `handle case ${Math.floor(random() * 20)}`
      let run: string | undefined
      let actions = freely(random, easy)
      if (at >= observed) {
        const { options } = await autodidact.workflows.offer('workflow')
        for (const option of options) if (option.status === 'helpful') helpful.add(option.id)
        if (until === undefined && options.some((option) => option.status === 'helpful' && contains(option.actions, planted))) until = at - observed
        // Named, so that the arms of a trial are those of the seed and not of the clock.
        const decision = await autodidact.decide('workflow', ['freely', ...options], { task, run: `${world} ${seed} ${at}` })
        const chosen = options.find(({ id }) => id === decision.option)
        if (chosen !== undefined) actions = [...chosen.actions, pick(random), pick(random)]
        run = decision.run
      }
      const success = succeeds(random, world, easy, actions)
      outcomes.push(success)
      await autodidact.record({ ...(run === undefined ? {} : { run }), task, steps: actions.map((action) => ({ action, ok: true })), outcome: { success, judge: 'check' } })
      advance()
    }
    const { workflows } = await autodidact.workflows.list({ most: 1_000 })
    const tried = workflows.filter(({ trial }) => trial !== undefined)
    const hasPlanted = tried.filter(({ actions }) => contains(actions, planted))
    const isHabit = tried.filter(({ actions }) => habit.slice(1).some((_, place) => contains(actions, habit.slice(place, place + 2))))
    return {
      plantedTried: hasPlanted.length > 0,
      plantedHelpful: hasPlanted.some(({ id }) => helpful.has(id)),
      habitTried: isHabit.length > 0,
      habitHelpful: isHabit.some(({ id, actions }) => helpful.has(id) && !contains(actions, planted)),
      plantedStatus: hasPlanted[0]?.status ?? 'never stood out',
      habitStatus: isHabit[0]?.status ?? 'never stood out',
      tried: tried.length,
      helpful: helpful.size,
      until,
      before: rate(outcomes.slice(0, observed)),
      after: rate(outcomes.slice(-Math.ceil(runs / 4))),
    }
  } finally {
    await autodidact.close()
  }
}

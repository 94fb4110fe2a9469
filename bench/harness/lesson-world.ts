import { Autodidact, seededRandom } from '../../src/index.ts'

/** What became of one lesson. */
export interface LessonResult {
  /** What it really does to the chance of success. */
  readonly truth: number
  readonly difference: number
  /** Half of the width of its interval at the end. */
  readonly halfWidth: number
  /** Whether the interval held the truth whenever it was looked at. */
  readonly covered: boolean
  /** Whether it was ever out of use. */
  readonly demoted: boolean
  readonly state: string
}

export interface LessonWorld {
  readonly lessons: number
  /** Runs in which each lesson would be shown. */
  readonly runs: number
  readonly withholding: number
  /** Runs of a lesson between two looks at it. */
  readonly lookEvery: number
  readonly seed: number
}

const effects = [-0.2, 0, 0.2]

const subjects = ['refund', 'invoice', 'parcel', 'passport', 'garden', 'violin', 'harbour', 'kitchen', 'tunnel', 'glacier', 'museum', 'saddle', 'lantern', 'meadow', 'anchor', 'copper', 'falcon', 'bridge', 'orchid', 'pepper']

/** An agent with one lesson for each kind of task, some of which help, some harm, and some do nothing; tasks are easy or hard, which nobody sees. */
export const liveWithLessons = async ({ lessons, runs, withholding, lookEvery, seed }: LessonWorld, advance: () => void): Promise<LessonResult[]> => {
  const autodidact = await Autodidact.open(':memory:', { seed, withholding, onError: 'throw' })
  const random = seededRandom(seed)
  const results: LessonResult[] = []
  try {
    const truths = Array.from({ length: lessons }, (_, lesson) => effects[lesson % effects.length] ?? 0)
    const subjectOf = (lesson: number): string => `${subjects[lesson % subjects.length]}${lesson < subjects.length ? '' : lesson}`
    for (const lesson of truths.keys()) await autodidact.remember({ id: `lesson-${lesson}`, content: `Handle the ${subjectOf(lesson)} with care` })
    const covered = truths.map(() => true)
    const demoted = truths.map(() => false)
    for (let run = 0; run < runs; run += 1) {
      for (const [lesson, truth] of truths.entries()) {
        // What is out of use is shown all the same: the question is what is known of it.
        const knowledge = { states: ['experimental', 'validated', 'deprecated'] as const }
        const advice = await autodidact.advise(`please handle the ${subjectOf(lesson)}`, { run: `${seed} ${lesson} ${run}`, recall: { kinds: ['knowledge'], knowledge } })
        const shown = advice.items.some(({ id }) => id === `lesson-${lesson}`)
        const base = random() < 0.5 ? 0.35 : 0.65
        await autodidact.record({ advice, outcome: { success: random() < base + (shown ? truth : 0), judge: 'check' } })
        if ((run + 1) % lookEvery === 0) {
          const item = await autodidact.knowledge.get(`lesson-${lesson}`)
          const { low = -1, high = 1 } = item?.effect ?? {}
          if (low > truth || high < truth) covered[lesson] = false
          if (item?.state === 'deprecated') demoted[lesson] = true
        }
        advance()
      }
    }
    for (const [lesson, truth] of truths.entries()) {
      const item = await autodidact.knowledge.get(`lesson-${lesson}`)
      const { difference = 0, low = -1, high = 1 } = item?.effect ?? {}
      results.push({ truth, difference, halfWidth: (high - low) / 2, covered: covered[lesson] ?? false, demoted: demoted[lesson] ?? false, state: item?.state ?? 'gone' })
    }
    return results
  } finally {
    await autodidact.close()
  }
}

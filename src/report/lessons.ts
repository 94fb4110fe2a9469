import { signedText } from '../statistics/in-words.ts'
import { type ItemSummary, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import type { Scope } from '../scope.ts'

/** What showing an item of knowledge does, from runs in which a draw decided whether it was shown. */
export interface LessonReport {
  readonly id: string
  /** Title of its present version; absent where it has none. */
  readonly title?: string
  readonly kind: string
  readonly state: ItemSummary['state']
  /** `pays` and `hurts` are shown with a confidence of 95 %; `open` is what may still be either. */
  readonly verdict: 'pays' | 'hurts' | 'open'
  /** Mean reward with it less that without, in [−1, 1], and its interval. */
  readonly difference: number
  readonly low: number
  readonly high: number
  /** Judged runs with it, and without. */
  readonly offered: number
  readonly withheld: number
}

/** What an effect with an interval of 95 % says. */
export const verdictOf = ({ low, high }: { readonly low: number; readonly high: number }): LessonReport['verdict'] => (low > 0 ? 'pays' : high < 0 ? 'hurts' : 'open')

const order: readonly LessonReport['verdict'][] = ['pays', 'hurts', 'open']

const shownLessons = 20

/** What is shown first is what is surest: by the end of the interval that is nearer to 0. */
const bySureness = (left: LessonReport, right: LessonReport): number =>
  order.indexOf(left.verdict) - order.indexOf(right.verdict) || Math.max(right.low, -right.high) - Math.max(left.low, -left.high) || (left.id < right.id ? -1 : 1)

/** The items whose effect is told by `withholding`, those that pay first; at most 20. */
export const lessonsOf = async ({ runner, namespace }: Scope, titlesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string | undefined>>): Promise<LessonReport[]> => {
  const items = (await runner.view(namespace, knowledgeItems)).all()
  const lessons = items
    .flatMap(({ id, kind, state, effect }): LessonReport[] => {
      if (effect === undefined) return []
      const { difference, low, high, offered, withheld } = effect
      return [{ id, kind, state, verdict: verdictOf(effect), difference, low, high, offered, withheld }]
    })
    .sort(bySureness)
    .slice(0, shownLessons)
  const present = new Map(items.map(({ id, versions }) => [id, versions.at(-1)?.id ?? id]))
  const titles = await titlesOf(lessons.map(({ id }) => present.get(id) ?? id))
  return lessons.map((lesson) => {
    const title = titles.get(present.get(lesson.id) ?? lesson.id)
    return title === undefined ? lesson : { ...lesson, title }
  })
}

/** A lesson in a sentence. */
export const lessonText = ({ id, title, verdict, difference, low, high, offered, withheld }: LessonReport): string => {
  const what = { pays: 'pays', hurts: 'hurts', open: 'may do either' }[verdict]
  return `${title ?? id} ${what}: ${signedText(difference)} on success (95 %: ${signedText(low)} to ${signedText(high)}; ${offered} runs with it, ${withheld} without)`
}

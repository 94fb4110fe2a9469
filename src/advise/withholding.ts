import type { Item } from '../recall/item.ts'
import type { PromptItem } from '../recall/prompt.ts'
import { promptOf, recall, type RecallSettings } from '../recall/recall.ts'
import type { Scope } from '../scope.ts'

/** What is shown of what was recalled, and what a draw left out of it. */
export interface Shown {
  readonly items: readonly Item[]
  readonly prompt: string
  /** Ids of all that is in the prompt. */
  readonly shown: readonly string[]
  /** Absent where nothing was drawn. */
  readonly trial: { readonly rate: number; readonly offered: string[]; readonly withheld: string[]; readonly explored?: string[] } | undefined
}

/** What must be known is never left out. */
const isDrawn = ({ knowledge }: Item): boolean => knowledge !== undefined && knowledge.kind !== 'CORE_RULE' && knowledge.priority !== 'critical'

/** So many items that nobody has tried are looked at, of which one may be shown. */
const untriedAtOnce = 16

/** States of what may be tried: what was never used, and what was put out of use. */
const triedStates = ['experimental', 'deprecated'] as const

/**
 * Recalls what is to be shown, and leaves each item of knowledge out with the probability that `withholding` names, independently. What takes part in the draw is what
 * would have been shown without it, so that with and without differ by the draw alone; nothing takes the place of what is left out.
 *
 * With twice the probability one item that is relevant, but was never tried or was deprecated, takes part besides, and is shown in every second case: otherwise nothing would ever be known of it.
 *
 * @param before what has its place in the prompt before anything recalled does
 */
export const shownFor = async (scope: Scope, task: string, settings: RecallSettings, before: readonly PromptItem[] = []): Promise<Shown> => {
  const recalled = await recall(scope, task, settings)
  const { prompt: whole, shown: fitting } = before.length === 0 ? recalled : promptOf(recalled.items, settings, before)
  // Only what fits into the prompt counts as shown.
  const wouldBe = recalled.items.filter((item) => fitting.includes(item.id))
  const rate = scope.settings.withholding
  if (rate === 0) return { items: wouldBe, prompt: whole, shown: fitting, trial: undefined }
  const drawn = wouldBe.filter(isDrawn)
  const withheld = new Set(drawn.filter(() => scope.random() < rate).map(({ id }) => id))
  const explored = scope.random() < 2 * rate ? await untriedFor(scope, task, settings, wouldBe, before) : []
  for (const { id } of explored) if (scope.random() < 0.5) withheld.add(id)
  const trialled = [...drawn, ...explored].map(({ id }) => id)
  if (trialled.length === 0) return { items: wouldBe, prompt: whole, shown: fitting, trial: undefined }
  const left = [...wouldBe, ...explored].filter(({ id }) => !withheld.has(id))
  const { prompt, shown } = promptOf(left, settings, before)
  const trial = {
    rate,
    offered: trialled.filter((id) => !withheld.has(id)),
    withheld: [...withheld],
    ...(explored.length === 0 ? {} : { explored: explored.map(({ id }) => id) }),
  }
  return { items: left.filter(({ id }) => shown.includes(id)), prompt, shown, trial }
}

/** At most one item that nobody has tried, or that is out of use, where there is room for it beside the others: whether it would be shown must hang on the draw alone. */
const untriedFor = async (scope: Scope, task: string, settings: RecallSettings, known: readonly Item[], before: readonly PromptItem[]): Promise<readonly Item[]> => {
  const { kinds, knowledge } = settings
  const states = triedStates.filter((state) => knowledge?.states?.includes(state) ?? true)
  if (states.length === 0 || kinds?.includes('knowledge') === false) return []
  const { items } = await recall(scope, task, { ...settings, limit: untriedAtOnce, follow: [], rules: false, kinds: ['knowledge'], knowledge: { ...knowledge, states } })
  const untried = items.filter((item) => isDrawn(item) && known.every(({ id }) => id !== item.id) && (item.knowledge?.state === 'deprecated' || item.knowledge?.uses === 0))
  const chosen = untried[Math.floor(scope.random() * untried.length)]
  return chosen !== undefined && promptOf([...known, chosen], settings, before).shown.includes(chosen.id) ? [chosen] : []
}

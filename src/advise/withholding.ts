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
  readonly trial: { readonly rate: number; readonly offered: string[]; readonly withheld: string[] } | undefined
}

/** What must be known is never left out. */
const isDrawn = ({ knowledge }: Item): boolean => knowledge !== undefined && knowledge.kind !== 'CORE_RULE' && knowledge.priority !== 'critical'

/** So many items that nobody has tried are looked at, of which one is shown. */
const untriedAtOnce = 16

/**
 * Recalls what is to be shown, and leaves each item of knowledge out with the probability that `withholding` names, independently. What takes part in the draw is what
 * would have been shown without it, so that with and without differ by the draw alone; nothing takes the place of what is left out.
 *
 * With the same probability one item that is relevant, but was never tried or was deprecated, is shown besides: otherwise nothing would ever be known of it.
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
  const untried = scope.random() < rate ? await untriedFor(scope, task, settings, wouldBe) : undefined
  const trial = drawn.length === 0 ? undefined : { rate, offered: drawn.flatMap(({ id }) => (withheld.has(id) ? [] : id)), withheld: [...withheld] }
  if (withheld.size === 0 && untried === undefined) return { items: wouldBe, prompt: whole, shown: fitting, trial }
  const left = wouldBe.filter(({ id }) => !withheld.has(id))
  const all = untried === undefined ? left : [...left, untried]
  const { prompt, shown } = promptOf(all, settings, before)
  return { items: all.filter(({ id }) => shown.includes(id)), prompt, shown, trial }
}

const untriedFor = async (scope: Scope, task: string, settings: RecallSettings, known: readonly Item[]): Promise<Item | undefined> => {
  if (settings.kinds !== undefined && !settings.kinds.includes('knowledge')) return undefined
  const { items } = await recall(scope, task, { ...settings, limit: untriedAtOnce, follow: [], rules: false, kinds: ['knowledge'], knowledge: { ...settings.knowledge, states: ['experimental', 'deprecated'] } })
  const untried = items.filter(({ id, knowledge }) => known.every((other) => other.id !== id) && (knowledge?.state === 'deprecated' || knowledge?.uses === 0))
  return untried[Math.floor(scope.random() * untried.length)]
}

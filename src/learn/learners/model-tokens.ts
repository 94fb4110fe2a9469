import { AutodidactError } from '../../errors.ts'
import type { Experience, Learner } from '../learner.ts'
import { RecentMap } from '../structures/recent-map.ts'

/** What the models of one day took. */
export interface DayOfTokens {
  readonly calls: number
  /** Tokens of questions and answers together; of a call without an answer yet, what was reserved for it. */
  readonly spent: number
}

export interface ModelTokensView {
  /** @param day in UTC, as `2026-01-31`; zeros for one without calls, or so long ago that it is forgotten */
  on(day: string): DayOfTokens
  /** The days with calls, the earliest first; at most 400. */
  days(): readonly (DayOfTokens & { readonly day: string })[]
}

interface Day {
  calls: number
  spent: number
}

interface OpenCall {
  readonly day: string
  readonly reserved: number
}

export interface ModelTokensState {
  readonly days: RecentMap<string, Day>
  /** By id; those that were answered are gone. */
  readonly open: RecentMap<string, OpenCall>
}

const mostDays = 400
const mostOpen = 10_000

/** The day of a moment, in UTC: `2026-01-31`. */
export const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().split('T')[0] ?? ''

const learn = (state: ModelTokensState, experience: Experience): ModelTokensState => {
  if (experience.kind === 'model.called') {
    const { reserved } = experience.data
    const day = dayOf(experience.occurredAt)
    const known = state.days.get(day) ?? { calls: 0, spent: 0 }
    state.days.set(day, { calls: known.calls + 1, spent: known.spent + reserved })
    state.open.set(experience.id, { day, reserved })
    if (state.days.size > mostDays) state.days.dropOldest()
    if (state.open.size > mostOpen) state.open.dropOldest()
  }
  if (experience.kind === 'model.answered') {
    const { call, input, output } = experience.data
    const open = state.open.get(call)
    const day = state.days.get(open?.day ?? '')
    state.open.delete(call)
    // Booked on the day on which it was asked, also where the answer came after midnight.
    if (open !== undefined && day !== undefined) day.spent += input + output - open.reserved
  }
  return state
}

const decode = (bytes: Uint8Array): ModelTokensState => {
  try {
    const { days, open } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly days: [string, Day][]; readonly open: [string, OpenCall][] }
    return { days: new RecentMap(days), open: new RecentMap(open) }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved tokens of models are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * How many tokens the models took on each day (UTC), so that a daily budget holds over restarts and for all processes on one store. What is reserved counts until the answer says what it
 * really took; what was asked and never answered stays reserved.
 *
 * Bounded: 400 days, 10,000 calls without an answer. Neither inverse nor merge is declared, because what is dropped depends on what came before.
 *
 * @example
 * ```ts
 * import { Autodidact, modelTokens } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const today = (await autodidact.learned(modelTokens)).on(new Date().toISOString().slice(0, 10))
 * console.assert(today.calls === 0 && today.spent === 0)
 * await autodidact.close()
 * ```
 */
export const modelTokens: Learner<ModelTokensState, ModelTokensView> = {
  name: 'model-tokens',
  version: 1,
  handles: ['model.called', 'model.answered'],
  initial: () => ({ days: new RecentMap(), open: new RecentMap() }),
  learn,
  view: ({ days }) => ({
    on: (day) => ({ ...(days.get(day) ?? { calls: 0, spent: 0 }) }),
    days: () => Array.from(days, ([day, counts]) => ({ day, ...counts })).sort((left, right) => (left.day < right.day ? -1 : 1)),
  }),
  save: ({ days, open }) => new TextEncoder().encode(JSON.stringify({ days: [...days], open: [...open] })),
  load: decode,
}

import { Preferences, type Preference } from '../preferences/preferences.ts'
import { clipToTokens, estimateTokens } from '../recall/budget.ts'
import { defaultItemTokens, defaultTokens, type PromptItem } from '../recall/prompt.ts'
import type { Scope } from '../scope.ts'

/** A preference in words, as it stands in a prompt. */
export interface ShownPreference {
  /** Of the fact that says so. */
  readonly id: string
  readonly name: string
  readonly text: string
}

/** What the number, the id and the source of an item take. */
const frameTokens = 40

/** Preferences take at most this share of a prompt: the rest is for what is known of the task. */
const mostOfPrompt = 0.5

const inWords = ({ id, name, value }: Preference): ShownPreference[] => (typeof value === 'string' ? [{ id, name, text: value }] : [])

/** What a user said they prefer in words, the latest first, as far as it fits into half of the prompt. */
export const preferencesFor = async (
  scope: Scope,
  user: string | undefined,
  { tokens = defaultTokens, itemTokens = defaultItemTokens }: { readonly tokens?: number | undefined; readonly itemTokens?: number | undefined },
): Promise<readonly ShownPreference[]> => {
  if (user === undefined || !scope.settings.personalisation) return []
  const stated = (await new Preferences(scope).get(user)).flatMap(inWords).reverse()
  let left = tokens * mostOfPrompt
  return stated.filter(({ name, text }) => {
    const price = estimateTokens(clipToTokens(`${name}: ${text}`, itemTokens)) + frameTokens
    if (price > left) return false
    left -= price
    return true
  })
}

/** As an item of the block. */
export const preferenceItem = ({ id, name, text }: ShownPreference, user: string): PromptItem => ({ id, form: 'preference', source: `user ${user}`, text: `${name}: ${text}` })

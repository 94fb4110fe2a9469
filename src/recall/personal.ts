import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { userPreferences } from '../learn/learners/user-preferences.ts'
import type { ComparedText } from '../learn/structures/correction.ts'
import type { Scope } from '../scope.ts'

/** How much more useful what says what this user put right is held to be. */
const agreementBonus = 0.25

/** What recall needs of a user, worked out once. */
export interface PersonalRecall {
  /** By how much more useful an item is to this user than to everybody, in (−1, 1); 0 for what they were never shown. */
  readonly tasteFor: (id: string) => number
  /** The same with what agrees with the user's corrections raised, in [−1, 1]. */
  readonly shiftOf: (id: string, said: () => ComparedText) => number
}

/** What was learned of the user that something is recalled for; undefined where nothing was, or nobody is named. */
export const personalFor = async ({ runner, namespace, settings }: Scope, user: string | undefined): Promise<PersonalRecall | undefined> => {
  if (user === undefined || !settings.personalisation || !settings.learning) return undefined
  const personal = await runner.ask(namespace, userPreferences, (view) => view.of(user))
  if (personal === undefined) return undefined
  const items = personal.items(await runner.view(namespace, itemUsefulness))
  const { corrects } = personal
  const tasteFor = (id: string): number => items.get(id)?.advantage ?? 0
  return {
    tasteFor,
    shiftOf: (id, said) => Math.max(-1, Math.min(1, tasteFor(id) + (corrects && personal.agrees(said()) ? agreementBonus : 0))),
  }
}

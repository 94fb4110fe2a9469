/** What may be said of an item: that it is to be there, to read otherwise, that it is right, or that it is to go. */
export type RuleAction = 'add' | 'update' | 'agree' | 'remove'

/** Of an item as it is written, whoever wrote it. */
export const firstImportance = 2

/**
 * ExpeL's count of how much an item is worth keeping (Zhao et al. 2024, "ExpeL: LLM Agents Are Experiential Learners", and `update_rules` of its code): 2 when it is added, +1 for
 * each that agrees or edits, −1 for each that removes. At 0 it goes.
 *
 * @returns 0 or more
 */
export const importanceAfter = (importance: number, action: RuleAction): number => {
  if (action === 'add') return firstImportance
  return action === 'remove' ? Math.max(0, importance - 1) : importance + 1
}

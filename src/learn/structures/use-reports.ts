import type { KnowledgeState } from '../../log/kinds/knowledge-moved.ts'
import { hashText } from '../hash.ts'
import { type LifeThresholds, lifeThresholds, stateAfter } from './knowledge-life.ts'
import { addSums, type Counts, noUses, type UseSums } from './use-counts.ts'

/** Who reports a use: a hash of the person, or of the agent where none is named; and whether that is who wrote the item. */
export interface Reporter {
  readonly key: number
  readonly own: boolean
}

/** Who is named where a use is reported. */
export interface Named {
  readonly agent?: string | undefined
  readonly user?: string | undefined
}

/** By whom the uses of an item since it came into its state were reported. */
export interface Reports {
  /** Those of whoever wrote it. */
  readonly own: Counts
  /** How many failures each reporter tells of. */
  readonly failures: Map<number, number>
}

/** As JSON holds them. */
export interface SavedReports {
  readonly own: UseSums
  readonly failures: readonly (readonly [reporter: number, reports: number])[]
}

/** Of so many reporters of failures the names are kept apart; two are enough. */
const mostReporters = 64

/** So many must report a failure before an item is out of use. */
const fewestFailing = 2

export const reporterOf = ({ agent, user }: Named, authors: ReadonlySet<string>): Reporter => {
  const names = [agent, user].filter((name) => name !== undefined)
  return { key: hashText(user ?? agent ?? '') | 0, own: names.length > 0 && names.every((name) => authors.has(name)) }
}

export const reportsOf = ({ own, failures }: SavedReports = { own: noUses(), failures: [] }): Reports => ({ own: { ...own }, failures: new Map(failures) })

/** In the order of the reporters. */
export const savedReports = ({ own, failures }: Reports): SavedReports => ({ own, failures: [...failures].sort(([left], [right]) => left - right) })

/** @param sign −1 takes it back */
export const addReport = ({ own, failures }: Reports, { key, own: isOwn }: Reporter, use: UseSums, sign: 1 | -1): void => {
  if (isOwn) addSums(own, use, sign)
  if (use.up >= use.down || (failures.size === mostReporters && !failures.has(key))) return
  const reports = (failures.get(key) ?? 0) + sign
  if (reports > 0) failures.set(key, reports)
  else failures.delete(key)
}

/** Takes what others reported in, too. */
export const addReports = (to: Reports, from: Reports): void => {
  addSums(to.own, from.own, 1)
  for (const [key, reports] of from.failures) {
    if (to.failures.has(key) || to.failures.size < mostReporters) to.failures.set(key, (to.failures.get(key) ?? 0) + reports)
  }
}

/** The uses, with those of whoever wrote the item cut to the most that count: one less than it takes to validate it. */
const withoutPraise = ({ uses, up, down }: UseSums, { own }: Reports, mostOwn: number): UseSums => {
  const cut = own.uses > mostOwn ? 1 - mostOwn / own.uses : 0
  return { uses: uses - cut * own.uses, up: up - cut * own.up, down: down - cut * own.down }
}

/**
 * The state that follows from the uses, where nobody makes or breaks an item alone: of those who wrote it only one report less than it takes counts towards validating it, and failures put it out of use when two
 * report them, or whoever wrote it does. Where only one has ever reported anything, that one is believed.
 */
export const stateByReports = (state: KnowledgeState, uses: UseSums, reports: Reports, alone: boolean, thresholds: LifeThresholds = lifeThresholds): KnowledgeState => {
  const next = stateAfter(state, uses, thresholds)
  if (alone || next === state) return next
  if (next === 'validated') return stateAfter(state, withoutPraise(uses, reports, thresholds.leastUses - 1), thresholds) === 'validated' ? next : state
  return next !== 'deprecated' || reports.failures.size >= fewestFailing || reports.own.down > 0 ? next : state
}

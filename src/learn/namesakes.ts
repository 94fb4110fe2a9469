import { AutodidactError } from '../errors.ts'
import type { Learner } from './learner.ts'

/** What a learner does, as far as its name does not say it. A factory that is called twice gives two learners of one code, with its settings in their names. */
const codeOf = (learner: Learner): string => ['version', 'initial', 'learn', 'view'].map((field) => String(Reflect.get(learner, field))).join('\n')

/** True when two learners of one name are one and the same. */
const isSame = (one: Learner, other: Learner): boolean => one === other || codeOf(one) === codeOf(other)

/**
 * True when a learner is among others already. State, snapshots and policies know a learner by its name, so one that does something else must not have it.
 *
 * @throws AutodidactError `INVALID_INPUT` for another learner, or another version, of the same name
 */
export const isAmong = (learner: Learner, others: Iterable<Learner>): boolean => {
  for (const other of others) {
    if (other.name !== learner.name) continue
    if (isSame(learner, other)) return true
    throw new AutodidactError('INVALID_INPUT', `Two learners are called "${learner.name}", and policies and saved state know a learner by its name. Give yours another one.`)
  }
  return false
}

/**
 * Each learner once.
 *
 * @throws AutodidactError `INVALID_INPUT` for two that differ and have one name
 */
export const eachOnce = (learners: Iterable<Learner>): Learner[] => {
  const once: Learner[] = []
  for (const learner of learners) if (!isAmong(learner, once)) once.push(learner)
  return once
}

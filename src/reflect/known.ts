import { proposalKey } from '../learn/learners/reflections.ts'
import { ruleSignature } from '../learn/structures/rule-signature.ts'
import type { Redact } from '../log/redact.ts'
import type { CheckedOperations, DroppedPart, Operation } from './operations.ts'
import { isInForce, isVisible, type Learned, type Reader, type View } from './view.ts'

/** What is known of the subject of an operation. */
interface Known {
  readonly learned: Learned
  readonly view: View
  readonly reader: Reader
  readonly redact: Redact
}

const masked = (operation: Operation, redact: Redact): Operation => ({
  ...operation,
  ...(operation.text === undefined ? {} : { text: redact(operation.text, 'content') }),
  ...(operation.reason === undefined ? {} : { reason: redact(operation.reason, 'reason') }),
})

/** An operation in the light of what is there: one that says the same as a rule agrees with it, and what somebody has decided against is not said again. A text says why it is left out. */
const known = (operation: Operation, { learned: { items, reflections }, view, reader }: Known): Operation | string => {
  const { action, text = '', reason } = operation
  const because = reason === undefined ? {} : { reason }
  if (action === 'add') {
    const same = reflections.saying(text).flatMap((id) => items.get(id) ?? []).filter((item) => isVisible(item, reader))
    const present = same.find(isInForce)
    if (present !== undefined) return { action: 'agree', item: present.id, number: present.versions.at(-1)?.number ?? 1, ...because }
    const [away] = same
    if (away !== undefined) return `the same was there, and is ${away.state}: knowledge.move("${away.id}", "experimental") brings it back`
  }
  if (action === 'update') {
    const shown = view.rules.find(({ item }) => item.id === operation.item)
    if (shown !== undefined && ruleSignature(shown.text) === ruleSignature(text)) return { action: 'agree', item: shown.item.id, number: operation.number, ...because }
  }
  return reflections.like(proposalKey(operation, view.audience))?.status === 'rejected' ? 'the same was proposed before, and rejected' : operation
}

const subjectOf = (operation: Operation, view: View): string => operation.proposal ?? (operation.action === 'add' ? proposalKey(operation, view.audience) : (operation.item ?? ''))

/** The operations that are left when what is known of their subjects is considered, in their order, masked. */
export const withoutKnown = ({ operations, dropped }: CheckedOperations, about: Known): CheckedOperations => {
  const kept: Operation[] = []
  const more: DroppedPart[] = []
  const subjects = new Set<string>()
  for (const operation of operations) {
    const seen = known(masked(operation, about.redact), about)
    const why = typeof seen === 'string' ? seen : subjects.has(subjectOf(seen, about.view)) ? 'it says the same as one before it' : undefined
    if (typeof seen === 'string' || why !== undefined) {
      more.push({ place: undefined, reason: `An operation to ${operation.action}: ${why ?? ''}.` })
      continue
    }
    subjects.add(subjectOf(seen, about.view))
    kept.push(seen)
  }
  return { operations: kept, dropped: [...dropped, ...more] }
}

import type { z } from 'zod'
import type { FactData, Trust } from '../log/fact.ts'
import type { fix } from '../log/kinds/knowledge-written.ts'
import { createRedact, maskedContext, maskedPayload, type Redact } from '../log/redact.ts'
import { wholeText } from './content.ts'
import { type Flag, flagsOf } from './flags.ts'
import { isCoreRule, isHearsay } from './trust.ts'

type Written = FactData['knowledge.written']

/** What is known of a version before it is written. */
export interface Examined {
  /** Everything that it says, with nothing in it that must not be written. */
  readonly written: Written
  readonly flags: readonly Flag[]
  /** Why nobody is to be shown it before a person has looked at it; undefined where anybody may. */
  readonly doubt: string | undefined
}

const maskedFix = (redact: Redact, { error, input, steps, context, ...rest }: z.infer<typeof fix>): z.infer<typeof fix> => ({
  ...rest,
  error: redact(error, 'fix.error'),
  ...(input === undefined ? {} : { input: maskedPayload(redact, input, 'fix.input') }),
  steps: steps.map(({ action, input: given }, place) =>
    given === undefined ? { action } : { action, input: maskedPayload(redact, given, `fix.steps.${place}.input`) },
  ),
  ...(context === undefined ? {} : { context: maskedContext(redact, context) }),
})

const redactName = createRedact()

/**
 * A name without the secrets in it. Rules of a host’s own do not change names: whoever is called so could not be found again. A number is somebody’s, not a card.
 */
export const maskedName = (redact: Redact, name: string, field: string): string => (/^\d+$/.test(name) || redact(name, field) === name ? name : redactName(name, field))

const maskedObject = (redact: Redact, context: NonNullable<Written['context']>): NonNullable<Written['context']> =>
  Object.fromEntries(Object.entries(context).map(([name, value]) => [name, maskedPayload(redact, value, `context.${name}`)]))

const masked = (redact: Redact, written: Written): Written => {
  const { title, category, content, data, context, tags, author, channel, reason, fix: helps } = written
  return {
    ...written,
    ...(title === undefined ? {} : { title: redact(title, 'title') }),
    ...(category === undefined ? {} : { category: maskedName(redact, category, 'category') }),
    content: redact(content, 'content'),
    ...(data === undefined ? {} : { data: maskedPayload(redact, data, 'content') }),
    ...(context === undefined ? {} : { context: maskedObject(redact, context) }),
    ...(tags === undefined ? {} : { tags: [...new Set(tags.map((tag) => maskedName(redact, tag, 'tags')))] }),
    ...(author === undefined ? {} : { author: maskedName(redact, author, 'author') }),
    ...(channel === undefined ? {} : { channel: maskedName(redact, channel, 'channel') }),
    ...(reason === undefined ? {} : { reason: redact(reason, 'reason') }),
    ...(helps === undefined ? {} : { fix: maskedFix(redact, helps) }),
  }
}

const doubtAbout = ({ kind, priority, broadcast }: Written, flags: readonly Flag[], trust: Trust): string | undefined => {
  const suspicious = flags.filter((flag) => flag !== 'secret')
  if (trust === 'user') return undefined
  if (suspicious.length > 0) return `It looks suspicious: ${suspicious.join(', ')}.`
  if (isCoreRule(kind)) return 'A core rule is in force on the word of a person only.'
  return isHearsay(trust) && (priority === 'critical' || broadcast === true) ? 'Nobody here says that it is urgent for everybody.' : undefined
}

/**
 * Masks a version, and says what is suspicious about it.
 *
 * @param trust of whoever says it, and of what it was made of
 */
export const examined = (redact: Redact, given: Written, trust: Trust): Examined => {
  const written = masked(redact, given)
  const flags = flagsOf(wholeText(given), wholeText(written))
  return { written, flags, doubt: doubtAbout(written, flags, trust) }
}

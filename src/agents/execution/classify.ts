/** What kind of error it is, and so whether it is worth trying again. */
export const errorClasses = ['transient', 'infrastructure', 'task-specific', 'fatal', 'unknown'] as const

/** One of {@link errorClasses}. */
export type ErrorClass = (typeof errorClasses)[number]

/** How often a step is tried again after errors of each class, at most. */
export type Retries = Readonly<Record<ErrorClass, number>>

/** What passes by itself is tried most often; what only a person can put right, never. */
export const defaultRetries: Retries = { transient: 5, infrastructure: 2, 'task-specific': 2, fatal: 0, unknown: 1 }

/** What an error says of itself, by which it is known. */
interface Sign {
  readonly class: ErrorClass
  readonly pattern: RegExp
}

/** In the order in which they are asked: what cannot be helped outweighs what passes, "quota exceeded, too many requests" for one. */
const signs: readonly Sign[] = [
  {
    class: 'fatal',
    pattern:
      /\b(?:unauthori[sz]ed|forbidden|authentication|authorization failed|invalid (?:api )?(?:key|token|credentials?)|(?:api )?key (?:is )?(?:invalid|expired|revoked)|permission denied|access denied|not permitted|insufficient (?:quota|funds|permissions?)|quota exceeded|billing|payment required|account (?:disabled|suspended))\b|\b(?:EACCES|EPERM)\b/i,
  },
  {
    class: 'transient',
    pattern:
      /\b(?:time[ds]?[ -]?out|rate.?limit|too many requests|temporar(?:y|ily)|try again|connection (?:reset|closed|aborted|terminated)|socket hang up|service unavailable|overloaded|throttl\w*|deadlock|database is locked|resource busy|bad gateway)(?:error)?\b|\b(?:ETIMEDOUT|ECONNRESET|ECONNABORTED|EPIPE|EAI_AGAIN|EBUSY|BUSY|EAGAIN|UND_ERR_\w*TIMEOUT|UND_ERR_SOCKET|SQLITE_BUSY)\b/i,
  },
  {
    class: 'infrastructure',
    pattern:
      /\b(?:connection refused|name resolution|could not resolve|host (?:not found|unreachable)|network (?:is )?unreachable|no space left|disk (?:is )?full|out of memory|cannot allocate|too many open files|address already in use|port \d+ is (?:already )?in use|command not found|internal server error|certificate)\b|\b(?:ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ENOSPC|ENOMEM|EMFILE|ENFILE|EADDRINUSE|EROFS|EIO)\b/i,
  },
  {
    class: 'task-specific',
    pattern:
      /\b(?:syntax ?error|type ?error|reference ?error|range ?error|name ?error|value ?error|key ?error|attribute ?error|assert(?:ion)?(?: ?error)?|tests? failed|no such (?:file|table|column|module)|(?:file|module|package|table|column) not found|cannot find (?:module|package)|import ?error|module ?not ?found ?error|does not exist|already exists|invalid|validation|unexpected token|cannot read propert(?:y|ies)|is not (?:a function|defined|iterable)|undefined (?:variable|reference)|bad request|not ?found|conflict|unprocessable)(?:error)?\b|\b(?:ENOENT|EEXIST|ENOTDIR|EISDIR|ENOTEMPTY|EINVAL)\b/i,
  },
]

/** By the status of an HTTP reply (RFC 9110); undefined for what is no error. */
const ofStatus = (status: number): ErrorClass | undefined => {
  if ([401, 402, 403, 407, 451].includes(status)) return 'fatal'
  if ([408, 425, 429, 502, 503, 504].includes(status)) return 'transient'
  if (status >= 500 && status <= 599) return 'infrastructure'
  return status >= 400 && status <= 499 ? 'task-specific' : undefined
}

/** An error may be anybody's: reading it must not fail. */
const read = (error: unknown, field: string): unknown => {
  try {
    return typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Characters of a message that are looked at: an error may bring the whole output of a program along, of which the end tells most. */
const longest = 4000

const shortened = (text: string): string => (text.length <= 2 * longest ? text : `${text.slice(0, longest)}\n${text.slice(-longest)}`)

/** How deep the causes of an error are followed. */
const deepest = 5

/** The status of an HTTP reply, as libraries tell it: in the error itself, or in the `response` that it brings along. */
const statusOf = (error: unknown): number | undefined => {
  for (const holder of [error, read(error, 'response')]) {
    for (const field of ['status', 'statusCode']) {
      const value = read(holder, field)
      const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
      if (typeof status === 'number') return status
    }
  }
  return undefined
}

/** By the error alone, not by its causes. */
const ofOne = (error: unknown): ErrorClass | undefined => {
  const status = statusOf(error)
  const byStatus = status === undefined ? undefined : ofStatus(status)
  if (byStatus !== undefined) return byStatus
  const code = textOf(read(error, 'code'))
  const byCode = signs.find(({ pattern }) => pattern.test(code))
  if (byCode !== undefined) return byCode.class
  const text = shortened(`${textOf(read(error, 'name'))} ${typeof error === 'string' ? error : textOf(read(error, 'message'))}`)
  return signs.find(({ pattern }) => pattern.test(text))?.class
}

/**
 * The class of an error, by its HTTP status, its code, or words of its name and message (English). The innermost cause that says something decides: a "fetch failed" says less than the
 * `ECONNRESET` that caused it.
 *
 * - `transient`: passes by itself: time-outs, too many requests, connections that break off;
 * - `infrastructure`: the machine, the network or a server: connection refused, disk full, out of memory, 500;
 * - `task-specific`: what was done was wrong: a missing file, a failed test, a syntax error, 404;
 * - `fatal`: only a person can help: keys, permissions, quotas;
 * - `unknown`: anything else.
 *
 * @example
 * ```ts
 * import { classifyError } from 'autodidact/agents'
 *
 * console.assert(classifyError(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })) === 'transient')
 * console.assert(classifyError({ status: 401 }) === 'fatal')
 * console.assert(classifyError(new Error('the moon is in the wrong phase')) === 'unknown')
 * ```
 */
export const classifyError = (error: unknown): ErrorClass => {
  const chain: unknown[] = []
  for (let one = error; one !== undefined && one !== null && chain.length < deepest; one = read(one, 'cause')) chain.push(one)
  for (const one of chain.toReversed()) {
    const found = ofOne(one)
    if (found !== undefined) return found
  }
  return 'unknown'
}

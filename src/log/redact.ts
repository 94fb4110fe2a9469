import { z } from 'zod'
import { AutodidactError, wordsOf } from '../errors.ts'
import { described, expectText } from '../expect.ts'
import type { Json } from './payload.ts'
import { shortened } from './sentence.ts'
import { validated } from './validate.ts'

/** What is masked before anything is written. */
export interface RedactSettings {
  /** Mask e-mail addresses too; default false. */
  readonly email?: boolean
  /**
   * Runs after the built-in masks on every text, and on the digits of whole numbers from 100,000 in payloads. `field` says which it is: `task`, or the way to it inside a payload, such as
   * `steps.0.output.rows.3.name`.
   */
  readonly custom?: (text: string, field: string) => string
}

/** The settings of {@link createRedact}. */
export const redactInput = z.strictObject({
  email: z.boolean().optional(),
  custom: z.custom<NonNullable<RedactSettings['custom']>>((value) => typeof value === 'function', 'must be a function').optional(),
})

/** Masks one text. */
export type Redact = (text: string, field: string) => string

interface Mask {
  readonly label: string
  /** A cheap sign without which the pattern cannot match: most texts hold none and are passed over. */
  readonly hint: RegExp
  /** Repetitions are bounded: a text of megabytes must not be read from each of its characters to its end. */
  readonly pattern: RegExp
  /** What takes the place of a match; by default the label in brackets. */
  readonly replace?: (found: string) => string
}

/** The check digit of card numbers (Luhn, ISO/IEC 7812-1): it tells them from order numbers nine times out of ten. */
const passesLuhn = (digits: string): boolean => {
  let sum = 0
  for (const [place, digit] of digits.split('').reverse().entries()) {
    const doubled = place % 2 === 1 ? Number(digit) * 2 : Number(digit)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Payment cards begin with 2 to 6 and have 13 to 19 digits. */
const isCard = (digits: string): boolean => /^[2-6]\d{12,18}$/.test(digits) && passesLuhn(digits)

/** Masks the card number in a row of groups of digits: what stands beside it, an order number or the month of expiry, must not hide it. */
const maskCards = (found: string): string => {
  const groups = found.split(/[ -]/)
  for (let first = 0; first < groups.length; first += 1) {
    // 19 digits are at most six groups of three.
    for (let last = Math.min(groups.length, first + 6); last > first; last -= 1) {
      if (!isCard(groups.slice(first, last).join(''))) continue
      const start = groups.slice(0, first).reduce((length, group) => length + group.length + 1, 0)
      const length = groups.slice(first, last).join(' ').length
      return `${found.slice(0, start)}[card number]${maskCards(found.slice(start + length))}`
    }
  }
  return found
}

/** Words of one case and without digits are prose: "basic responsibilities". */
const isProse = (found: string): boolean => /^(?:[a-z/.~+-]+|[A-Z][a-z/.~+-]*)$/.test(found)

const secretNames = 'pass(?:word|wd|phrase)|pwd|secret|api[_-]?key|(?:access|secret|private)[_-]?key|token'

/** A row of 40 characters that is neither a hash in hexadecimal digits nor made of words: the shape of the secret that belongs to a key of AWS. */
const isSecretKey = (found: string): boolean => /[A-Z]/.test(found) && /[a-z]/.test(found) && /\d/.test(found) && !/^[\da-f]+$/i.test(found)

/** What stands for something else: a variable, a path, an address, a file. */
const isReference = (found: string): boolean => /^(?:[$<{[(%~/.]|[a-z][a-z\d+.-]*:\/\/|(?:[\w@-]{1,64}\/){1,16}[\w@-]{1,64}\.[a-z]{1,5}$)/i.test(found)

/** Such as "128-bit" and "base64-encoded". */
const isDescription = (found: string): boolean => /^(?:[a-z]{1,8}[\d-]{0,6}|[\d.,]+)-[a-z]+$/i.test(found)

/** How secrets are made and written down, such as "base64", "HMAC-SHA256", "AES256" and "OAuth2"; a version, and a point in time. None has as many digits as a secret that begins alike. */
const isKnownName = (found: string): boolean =>
  /^(?:hmac-?)?(?:base|sha|md|aes|rsa|[hrep]s|utf|ed|curve|argon|bcrypt|scrypt|pbkdf|oauth|iso|rfc|eip|erc|gpio)[-_]?\d{1,5}(?:[-_]\d{1,4}|[-_]?(?:cbc|gcm|le|be|i?d|url))?$/i.test(found) ||
  /^(?:v\d{1,5}(?:\.\d{1,5})+(?:-[a-z]{1,8}[.\d]{0,6})?|\d{4}-\d\d-\d\d(?:t[\d:.]+z?)?)$/i.test(found)

// A secret may begin with the name of what it is: then it goes on with many digits, or digits among letters.
const variableOfSecret = new RegExp(String.raw`^(?=\w*(?:${secretNames}|pin)(?:_|$))[a-z]{1,16}\d{0,2}(?:_(?:[a-z]{1,16}\d{0,2}|\d{1,2}))+$`, 'i')
const fieldOfSecret = new RegExp(String.raw`^(?:[a-z_$][\w$]{0,63}\??\.){1,8}[\w$]{0,63}(?:${secretNames})s?$`, 'i')
const optionalChain = /^[a-z_$]\w{0,63}\?\.(?:\w{1,64}\??\.){0,8}\w{1,64}$/i
const beginningOfCall = /^[a-z_$]{2,64}(?:\.[a-z_$]{1,64}){0,8}[([]$/i

/** The name of a variable, as in "DB_PASSWORD_1", and what a program reads a secret with: "user?.token", "process.env.API_KEY", and the beginning of "readToken(…)". */
const isExpression = (found: string): boolean =>
  (found === found.toUpperCase() && variableOfSecret.test(found)) || [fieldOfSecret, optionalChain, beginningOfCall].some((shape) => shape.test(found))

/** What is told to be a secret is one where no word looks so: with digits among letters, many digits, or a sign within. */
const isToldSecret = (found: string): boolean => {
  const plain = found.replace(/[.!?:,]+$/, '')
  if (plain.length < 6 || isReference(plain) || isDescription(plain) || isKnownName(plain) || isExpression(plain)) return false
  return (/\d/.test(plain) && /\p{L}/u.test(plain)) || /^\d+$/.test(plain) || /[!#$%^&*?@+=~]/.test(plain) || (plain.length >= 20 && /[a-z]/.test(plain) && /[A-Z]/.test(plain) && !/[.()]/.test(plain))
}

/** Published shapes of credentials, and the words that introduce one. */
const masks: readonly Mask[] = [
  { label: 'private key', hint: /-----BEGIN/, pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  {
    label: 'token',
    hint: /eyJ/,
    // What only begins like a token is matched as well, so that it is not read again from each place in it.
    pattern: /\beyJ[\w-]{8,}(?:\.[\w-]{8,}\.[\w-]*)?/g,
    replace: (found) => (found.includes('.') ? '[token]' : found),
  },
  {
    label: 'key',
    hint: /sk-|pk_|sk_|rk_|AKIA|ASIA|AIza|gh[opusr]_|github_pat_|glpat-|xox|npm_|hf_|gsk_|SG\./,
    pattern:
      /\b(?:sk-[\w-]{16,}|[spr]k_(?:live|test)_\w{10,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{35}|gh[opusr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{20,}|gsk_[A-Za-z0-9]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})/g,
    replace: (found) => (found.startsWith('sk-') && !/\d/.test(found) ? found : '[key]'),
  },
  {
    label: 'secret',
    hint: /\[key\]|secret|password|credential/i,
    // Behind a key, or a word for what it is. Looked back for only from where 40 characters stand.
    pattern: /(?<![\w/+=-])[A-Za-z0-9/+]{40}(?![\w/+=-])(?<=(?:\[key\]|\b(?:secret|password|credentials?)\b)[^\n]{0,40}\n?[^\n]{0,40}.{40})/gi,
    replace: (found) => (isSecretKey(found) ? '[secret]' : found),
  },
  {
    label: 'secret',
    hint: /(?:pass|pwd|secret|token|key|kennwort|pin)[a-z]{0,6}\s{1,4}(?:is|was|are|ist|war|lautet)/i,
    pattern: /(?<=\b(?:passwords?|passwor[dt]|passphrase|passwd|passcode|pwd|secret|(?:api|access|secret|private) ?key|token|kennwort|pin)\s{1,4}(?:is|was|are|ist|war|lautet)\s{0,4}:?\s{1,4}["'`“„]?)(?!\d{6,20}\s{1,2}(?:[kM]?ohms?|[kM]?Ω|[kMG]?Hz|[mkµn][VAFWs]|volts?|amps?|bits?|bytes?|baud|cycles?|characters?|times|euros?|dollars?)\b)[^\s"'`“”,;)}\]]{6,}/gi,
    replace: (found) => (isToldSecret(found) ? '[secret]' : found),
  },
  {
    label: 'token',
    hint: /bearer|basic/i,
    pattern: /(?<=\b(?:bearer|basic)\s{1,8})[\w.~+/-]{16,}=*/gi,
    replace: (found) => (isProse(found) ? found : '[token]'),
  },
  { label: 'password', hint: /:\/\//, pattern: /(?<=\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,256}:)[^\s@/]{1,1024}(?=@)/gi },
  {
    label: 'secret',
    hint: /pass|pwd|secret|token|key/i,
    // Any name that ends so, such as OPENAI_API_KEY or refreshToken; the name may be quoted, once or twice.
    pattern: new RegExp(`(?<=(?:${secretNames})\\\\{0,3}["']?\\s{0,8}[:=]\\s{0,8}\\\\{0,3}["']?)[^\\s"'\\\\,;)}\\]]{6,}`, 'gi'),
    replace: (found) => (found.startsWith('[') || isExpression(found) ? found : '[secret]'),
  },
  { label: 'card number', hint: /\d{4}/, pattern: /(?<![\w.-])(?:\d{13,19}|\d{3,6}(?:[ -]\d{3,6}){2,40})(?![\w-]|\.\d)/g, replace: maskCards },
]

const email: Mask = { label: 'e-mail', hint: /@/, pattern: /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu }

const applied = (text: string, { label, hint, pattern, replace = () => `[${label}]` }: Mask): string =>
  hint.test(text) ? text.replace(pattern, (found) => replace(found)) : text

/** Names of fields whose whole value is a secret, whatever its shape. */
const secretField = new RegExp(`(?:${secretNames}|authorization)$`, 'i')

/** The last name on a way; what is in a list has the name of the list. Empty for what stands under no name. */
const nameAt = (field: string): string => {
  let end = field.length
  let point = field.lastIndexOf('.')
  while (point >= 0 && /^\d+$/.test(field.slice(point + 1, end))) {
    end = point
    point = field.lastIndexOf('.', end - 1)
  }
  return point < 0 ? '' : field.slice(point + 1, end)
}

/** What stands under the name of a secret inside a payload, as in `{ "password": "…" }` or `{ "password": ["…"] }`. */
const maskedByName = (text: string, field: string): string => {
  const name = nameAt(field)
  return secretField.test(name) && /^[^\s[]\S{5,}$/.test(text) ? '[secret]' : text
}

/**
 * Makes the function that masks keys, tokens, passwords and card numbers in every text before it is written, and e-mail addresses when asked.
 * A mask says what it hides: `[key]`, `[token]`, `[card number]`. With `false`, nothing is masked.
 *
 * Masking finds what has the shape of a secret; it is a net, no proof. What must not be stored should not be handed over.
 *
 * @throws AutodidactError `INVALID_INPUT` for other settings; the function made of them also when `custom` fails or returns no text
 *
 * @example
 * ```ts
 * import { createRedact } from 'autodidact'
 *
 * const redact = createRedact({ email: true })
 * console.assert(redact('pay with 4111 1111 1111 1111, ada@example.org', 'task') === 'pay with [card number], [e-mail]')
 * ```
 */
export const createRedact = (settings: RedactSettings | false = {}): Redact => {
  const { email: alsoEmail, custom } = settings === false ? {} : validated(redactInput, settings, 'redact')
  const active = settings === false ? [] : alsoEmail === true ? [...masks, email] : masks
  return (text, field) => {
    expectText(text, 'redact: text')
    expectText(field, 'redact: field')
    if (settings === false) return text
    const masked = maskedByName(active.reduce(applied, text), field)
    return custom === undefined ? masked : customized(custom, masked, field)
  }
}

/** What failed to mask a text must not let it through. */
const customized = (custom: NonNullable<RedactSettings['custom']>, text: string, field: string): string => {
  let masked: unknown
  try {
    masked = custom(text, field)
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `redact.custom failed on "${field}": ${shortened(wordsOf(error, false))}. Nothing was written; correct it and call again.`, { cause: error })
  }
  if (typeof masked === 'string') return masked.toWellFormed()
  throw new AutodidactError('INVALID_INPUT', `redact.custom gave ${described(masked)} for "${field}". Nothing was written; it must return the text.`)
}

/** A context with the texts among its categories masked. */
export const maskedContext = <Value extends number | string | boolean>(
  redact: Redact,
  context: Readonly<Record<string, Value>>,
): Record<string, Value | string> =>
  Object.fromEntries(Object.entries(context).map(([name, value]) => [name, typeof value === 'string' ? redact(value, `context.${name}`) : value]))

/** Fewer digits are neither a card number nor a secret under the name of one. */
const leastSecretNumber = 100_000

/**
 * A payload with every text in it masked, and every whole number that would be masked as a text: a card number is one, however it is written.
 * Names of fields stay.
 */
export const maskedPayload = (redact: Redact, payload: Json, field: string): Json => {
  if (typeof payload === 'string') return redact(payload, field)
  if (typeof payload === 'number' && Number.isInteger(payload) && payload >= leastSecretNumber) {
    const digits = String(payload)
    const masked = redact(digits, field)
    return masked === digits ? payload : masked
  }
  if (Array.isArray(payload)) return payload.map((entry, place) => maskedPayload(redact, entry, `${field}.${place}`))
  if (typeof payload !== 'object' || payload === null) return payload
  return Object.fromEntries(Object.entries(payload).map(([name, entry]) => [name, maskedPayload(redact, entry, `${field}.${name}`)]))
}

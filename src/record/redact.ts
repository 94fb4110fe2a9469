/** What is masked before anything is written. */
export interface RedactSettings {
  /** Mask e-mail addresses too; default false. */
  readonly email?: boolean
  /** Runs after the built-in masks on every text; `field` says which it is, such as `task` or `steps.0.output`. */
  readonly custom?: (text: string, field: string) => string
}

/** Masks one text. */
export type Redact = (text: string, field: string) => string

interface Mask {
  readonly label: string
  /** A cheap sign without which the pattern cannot match: most texts hold none and are passed over. */
  readonly hint: RegExp
  readonly pattern: RegExp
  readonly accept?: (found: string) => boolean
}

/** The check digit of card numbers (Luhn, ISO/IEC 7812-1): it tells them from order numbers nine times out of ten. */
const passesLuhn = (found: string): boolean => {
  const digits = found.replaceAll(/\D/g, '')
  let sum = 0
  for (const [place, digit] of [...digits].reverse().entries()) {
    const doubled = place % 2 === 1 ? Number(digit) * 2 : Number(digit)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0 && /[1-9]/.test(digits)
}

/** Published shapes of credentials, and the words that introduce one. */
const masks: readonly Mask[] = [
  { label: 'private key', hint: /-----BEGIN/, pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  { label: 'token', hint: /eyJ/, pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g },
  {
    label: 'key',
    hint: /sk-|pk_|sk_|rk_|AKIA|ASIA|AIza|gh[opusr]_|github_pat_|glpat-|xox|npm_|hf_|gsk_|SG\./,
    pattern:
      /\b(?:sk-[\w-]{16,}|[spr]k_(?:live|test)_\w{10,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{35}|gh[opusr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|npm_\w{30,}|hf_\w{20,}|gsk_\w{20,}|SG\.[\w-]{16,}\.[\w-]{16,})/g,
  },
  { label: 'token', hint: /bearer|basic/i, pattern: /(?<=\b(?:bearer|basic)\s+)[\w.~+/-]{16,}=*/gi },
  { label: 'password', hint: /:\/\//, pattern: /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@/]+(?=@)/gi },
  {
    label: 'secret',
    hint: /pass|pwd|secret|token|key/i,
    pattern: /(?<=\b(?:password|passwd|pwd|secret|client_secret|api[_-]?key|access[_-]?key|access[_-]?token|auth[_-]?token|token)\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\,;)}\]]{6,}/gi,
  },
  { label: 'card number', hint: /\d{4}/, pattern: /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/g, accept: passesLuhn },
]

const email: Mask = { label: 'e-mail', hint: /@/, pattern: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu }

const applied = (text: string, mask: Mask): string => {
  if (!mask.hint.test(text)) return text
  return text.replace(mask.pattern, (found) => (mask.accept?.(found) === false ? found : `[${mask.label}]`))
}

/**
 * Makes the function that masks keys, tokens, passwords and card numbers in every text before it is written, and e-mail addresses when asked.
 * A mask says what it hides: `[key]`, `[token]`, `[card number]`. With `false`, nothing is masked.
 *
 * Masking finds what has the shape of a secret; it is a net, no proof. What must not be stored should not be handed over.
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
  if (settings === false) return (text) => text
  const active = settings.email === true ? [...masks, email] : masks
  const custom = settings.custom
  return (text, field) => {
    const masked = active.reduce(applied, text)
    return custom === undefined ? masked : custom(masked, field)
  }
}

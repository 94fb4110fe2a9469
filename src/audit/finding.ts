/** What may be wrong with an item, the most serious first. */
export const auditKinds = ['secret', 'instruction', 'hidden text', 'contradiction', 'expired', 'unsupported', 'duplicate', 'echo', 'never used'] as const

/** One of {@link auditKinds}. */
export type AuditKind = (typeof auditKinds)[number]

/** Something that an audit noticed. */
export interface AuditFinding {
  readonly kind: AuditKind
  /** The items it is about, with the beginning of what they say, masked. */
  readonly items: readonly { readonly id: string; readonly text: string }[]
  readonly why: string
  /** What to do about it. */
  readonly todo: string
  /** Whether somebody could be harmed or misled by it. */
  readonly isSerious: boolean
}

/** An item as an audit looks at it, from wherever it is. */
export interface Audited {
  readonly id: string
  readonly text: string
  /** The statements that it is made of, where these are several; each is compared for itself. */
  readonly statements?: readonly string[]
  /** Whom it is for: only what is for the same people says the same, or the opposite. */
  readonly audience: string
  /** Ids of items that it says it contradicts. */
  readonly contradicts: readonly string[]
  /** What the keeper of it knows of its life; undefined where that is not known. */
  readonly life?: Life
}

export interface Life {
  /** True: nobody is shown it anyway. */
  readonly isHeld: boolean
  /** When it ceased to be true, in milliseconds since 1970-01-01 UTC; undefined where it has not. */
  readonly expiredAt: number | undefined
  /** True: it is a copy of something that was recalled. */
  readonly isRecalled: boolean
  /** True: nobody has used it for so long that somebody should have. */
  readonly isUnused: boolean
  /** Ids of what it was made of that are gone. */
  readonly lost: readonly string[]
  /** True: it was told by nobody in person, is made of nothing that is known, and no use has proved it. */
  readonly isUnproven: boolean
}

const serious: ReadonlySet<AuditKind> = new Set(['secret', 'instruction', 'hidden text', 'contradiction'])

const mostCharacters = 160

/** A finding with what its items say, masked and cut. */
export const findingOf = (kind: AuditKind, items: readonly Audited[], why: string, todo: string, mask: (text: string) => string): AuditFinding => ({
  kind,
  items: items.map(({ id, text }) => {
    const masked = mask(text)
    return { id, text: masked.length <= mostCharacters ? masked : `${masked.slice(0, mostCharacters).toWellFormed()}…` }
  }),
  why,
  todo,
  isSerious: serious.has(kind),
})

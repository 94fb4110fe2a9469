import { isWorkflowId } from '../learn/structures/workflow-id.ts'
import { contentDigest } from '../log/canonical.ts'
import type { Redact } from '../log/redact.ts'
import { type OptionInput, optionsOf } from './input.ts'
import type { Option } from './policy.ts'
import { indexOptions, type OptionIndex } from './similarity.ts'

/** Choice points whose last options are remembered. */
const pointsAtHand = 64

/** Kept for later decisions, and handed to policies, which may be the host's own: none of them may reorder or rename what the others get. */
const frozen = (options: readonly Option[]): readonly Option[] => Object.freeze(options.map((option) => Object.freeze(option)))

/** Everything about the options of a choice that does not depend on the task. */
export class OptionSet {
  /** As they were offered, checked; frozen, as is every option. */
  readonly offered: readonly Option[]
  readonly #redact: Redact
  #masked: readonly Option[] | undefined
  #written: readonly Option[] | undefined
  #key: string | undefined
  #index: OptionIndex | undefined

  constructor(offered: readonly Option[], redact: Redact) {
    this.offered = frozen(offered)
    this.#redact = redact
  }

  /** With masked descriptions, as policies see them: they may be written down with the option set, so they are masked like every other text. Frozen, as is every option. */
  get masked(): readonly Option[] {
    this.#masked ??= frozen(
      this.offered.map((option) => (option.description === undefined ? option : { ...option, description: this.#redact(option.description, 'description') })),
    )
    return this.#masked
  }

  /**
   * As they are written down. Workflows without their descriptions: these are names of actions out of anybody's runs, and would live on in what was decided for others.
   */
  get written(): readonly Option[] {
    this.#written ??= frozen(this.masked.map((option) => (isWorkflowId(option.id) ? { id: option.id } : option)))
    return this.#written
  }

  /** Digest of what is written. */
  get key(): string {
    this.#key ??= contentDigest(this.written)
    return this.#key
  }

  get index(): OptionIndex {
    this.#index ??= indexOptions(this.masked)
    return this.#index
  }
}

const isSame = (entry: OptionInput | undefined, { id, description }: Option): boolean => {
  try {
    if (typeof entry === 'string') return entry === id && description === undefined
    return entry?.id === id && entry.description === description && Object.keys(entry).every((key) => key === 'id' || key === 'description')
  } catch {
    // Reading it ran code of its owner, which failed: the check of new options says so.
    return false
  }
}

/**
 * The options that each choice point was last offered. Most points offer the same ones again and again: checking, masking and digesting 150 of them took
 * longer than choosing among them.
 */
export class OptionSets {
  readonly #redact: Redact
  readonly #last = new Map<string, OptionSet>()

  constructor(redact: Redact) {
    this.#redact = redact
  }

  /** @throws AutodidactError `NO_OPTIONS`, `DUPLICATE_OPTION`, `INVALID_INPUT` */
  of(point: string, given: readonly OptionInput[]): OptionSet {
    const last = this.#last.get(point)
    // Compared by content, since a caller may change its array between two calls.
    const same = last !== undefined && Array.isArray(given) && given.length === last.offered.length && last.offered.every((option, place) => isSame(given[place], option))
    const set = same ? last : new OptionSet(optionsOf(point, given), this.#redact)
    this.#last.delete(point)
    this.#last.set(point, set)
    const [longestUnused] = this.#last.keys()
    if (this.#last.size > pointsAtHand && longestUnused !== undefined) this.#last.delete(longestUnused)
    return set
  }
}

import { prepare, stem, stopWords, words } from '../text/words.ts'
import { negations, quantitiesIn, type Side, sidesIn } from './opposites.ts'

/** What a text is about, and what it is for or against. */
export interface Statement {
  /** Stems of the words that carry a topic; opposites have the same. */
  readonly terms: ReadonlySet<string>
  /** True where it says no an odd number of times. */
  readonly isNegative: boolean
  /** Words such as *not*. */
  readonly negations: number
  /** By opposition, the sides it takes, in its order. */
  readonly sides: ReadonlyMap<string, Taken>
  /** How much it speaks of. */
  readonly quantities: string
}

interface Taken {
  readonly kind: Side['kind']
  readonly order: string
}

/** Words that say how much, and nothing of what. */
const emphasis: ReadonlySet<string> = new Set(['always', 'must', 'should', 'shall', 'use', 'using', 'please', 'ensure', 'sure', 'every', 'ever', 'immer', 'muss', 'soll'])

/** Only the beginning of a long text is looked at. */
const longest = 20_000

export const statementOf = (text: string): Statement => {
  const terms = new Set<string>()
  const sides = new Map<string, Taken>()
  const said = text.slice(0, longest)
  let [denied, turns] = [0, 0]
  for (const word of words(said)) {
    const plain = word.replaceAll(/['’]/g, '')
    if (negations.has(plain) || (plain.endsWith('nt') && word !== plain)) {
      denied += 1
      continue
    }
    const found = sidesIn(plain)
    for (const { kind, between, side } of found) {
      if (kind === 'turning' && side === '-') turns += 1
      sides.set(between, { kind, order: `${sides.get(between)?.order ?? ''}${side}` })
    }
    const topic = found.find((one) => one.topic !== undefined)?.topic
    if (!stopWords.has(word) && !emphasis.has(plain)) terms.add(topic ?? stem(plain))
  }
  return { terms, isNegative: (denied + turns) % 2 === 1, negations: denied, sides, quantities: quantitiesIn(prepare(said).toLowerCase()) }
}

/** How often one takes the other side of an opposition, where both take as many. */
const flipsBetween = (left: Statement, right: Statement, kind: Side['kind']): number => {
  let flips = 0
  for (const [between, taken] of left.sides) {
    const other = right.sides.get(between)?.order ?? ''
    if (taken.kind === kind && other.length === taken.order.length) flips += Array.from(taken.order).filter((side, place) => side !== other[place]).length
  }
  return flips
}

const takeTheSameSides = (left: Statement, right: Statement): boolean => left.sides.size === right.sides.size && [...left.sides].every(([between, { order }]) => right.sides.get(between)?.order === order)

/**
 * How two statements that share most of their words bear on each other: they say the same; or the opposite, where only one can hold; or something else, such as another number, another unit, or *pull* for *push*.
 */
export const relationOf = (left: Statement, right: Statement): 'same' | 'opposite' | 'different' => {
  const isTurned = left.isNegative !== right.isNegative
  const contraries = flipsBetween(left, right, 'contrary')
  const sayAsMuch = left.quantities === right.quantities
  if (left.negations !== right.negations) {
    // Never before is after: each no and each other side turns it round.
    if (isTurned !== (contraries % 2 === 1)) return 'opposite'
    return sayAsMuch ? 'same' : 'different'
  }
  if (isTurned || contraries > 0 || flipsBetween(left, right, 'turning') > 0) return 'opposite'
  return sayAsMuch && takeTheSameSides(left, right) ? 'same' : 'different'
}

import { shingleHashes } from '../echo/echo.ts'
import { flagsOf } from '../knowledge/flags.ts'
import { nearlyTheSame, type NearPair, nearPairs } from '../knowledge/near-pairs.ts'
import { relationOf, type Statement, statementOf } from '../knowledge/statement.ts'
import { nextTurn } from '../next-turn.ts'
import { type Audited, type AuditFinding, findingOf } from './finding.ts'

/** Where one says no, a little less than what says nearly the same says the opposite. */
const nearlyTheOpposite = 0.7

/** Texts that repeat this share of the runs of eight words of another one are echoes of it. */
const repeated = 0.8

const sliceMs = 10

type Mask = (text: string) => string

/** Lets others work in between. */
const breather = (): (() => Promise<void>) => {
  let end = performance.now() + sliceMs
  return async () => {
    if (performance.now() < end) return
    await nextTurn()
    end = performance.now() + sliceMs
  }
}

const suspicious = (item: Audited, mask: Mask): readonly AuditFinding[] =>
  flagsOf(item.text, mask(item.text)).flatMap((flag) => {
    if (flag === 'secret') return [findingOf('secret', [item], 'It holds what looks like a password, a key or a card number.', 'Forget it, and change the secret: whoever could read this file has it.', mask)]
    // Somebody has put it where it does no harm.
    if (item.life?.isHeld === true) return []
    const why = flag === 'instruction' ? 'It speaks like an order to a model.' : 'It holds characters that nobody sees and a model reads.'
    return [findingOf(flag, [item], why, 'Read it. If nobody you trust wrote it, archive or forget it; otherwise say it as a fact.', mask)]
  })

const livedBadly = (item: Audited, mask: Mask): readonly AuditFinding[] => {
  const { life } = item
  if (life === undefined || life.isHeld) return []
  if (life.expiredAt !== undefined) {
    const day = new Date(life.expiredAt).toISOString().slice(0, 10)
    return [findingOf('expired', [item], `It was true until ${day}: nobody is told of it any more.`, 'If it still holds, update it with a later validUntil; otherwise archive or forget it.', mask)]
  }
  return [
    ...(life.isRecalled ? [findingOf('echo', [item], 'It is a copy of something that was recalled.', 'Archive it: what it copies is there.', mask)] : []),
    ...(life.lost.length > 0
      ? [findingOf('unsupported', [item], `${life.lost.length} of what it was made of ${life.lost.length === 1 ? 'is' : 'are'} gone: ${life.lost.slice(0, 3).join(', ')}.`, 'Look whether it still holds; update it with other evidence, or archive it.', mask)]
      : life.isUnproven
        ? [findingOf('unsupported', [item], 'Nobody told it in person, nothing it was made of is known, and no use has proved it.', 'Check it, then update it with evidence or in your own name; or archive it.', mask)]
        : []),
    ...(life.isUnused ? [findingOf('never used', [item], 'It was never shown in a recorded run, looked at or applied.', 'Say it in the words of the tasks it is for, or archive it (knowledge.prune).', mask)] : []),
  ]
}

/** Groups of items that are connected by pairs: each item points to an earlier one of its group, and the first to itself. */
const groupsOf = (pairs: readonly { readonly first: number; readonly second: number }[]): readonly (readonly number[])[] => {
  const earlier = new Map<number, number>()
  const firstOf = (place: number): number => {
    let at = place
    for (let next = earlier.get(at) ?? at; next !== at; next = earlier.get(at) ?? at) {
      // Half of the way is cut off each time, so that it stays short.
      earlier.set(at, earlier.get(next) ?? next)
      at = next
    }
    return at
  }
  for (const { first, second } of pairs) {
    const [left, right] = [firstOf(first), firstOf(second)]
    earlier.set(Math.max(left, right), Math.min(left, right))
    if (!earlier.has(Math.min(left, right))) earlier.set(Math.min(left, right), Math.min(left, right))
  }
  const groups = new Map<number, number[]>()
  for (const place of [...earlier.keys()].sort((left, right) => left - right)) {
    const first = firstOf(place)
    const group = groups.get(first)
    if (group === undefined) groups.set(first, [place])
    else group.push(place)
  }
  return [...groups.values()]
}

const told = (items: readonly Audited[], mask: Mask): readonly AuditFinding[] => {
  const byId = new Map(items.map((item) => [item.id, item]))
  return items.flatMap((item) =>
    item.contradicts.flatMap((id) => {
      const other = byId.get(id)
      return other === undefined ? [] : [findingOf('contradiction', [item, other], 'One of them says that it contradicts the other.', 'Find out which one holds; archive or update the other.', mask)]
    }),
  )
}

interface Near {
  readonly items: readonly Audited[]
  /** Of items for the same people, by their places. */
  readonly pairs: readonly (NearPair & { readonly relation: ReturnType<typeof relationOf> })[]
}

const nothing = statementOf('')

/** Which items say nearly the same or the opposite. */
const nearOnes = async (items: readonly Audited[]): Promise<Near> => {
  const pause = breather()
  const statements: Statement[] = []
  for (const { text } of items) {
    statements.push(statementOf(text))
    await pause()
  }
  // What has no words in common with anything is near to nothing.
  const sets = items.map((_, place) => statements[place]?.terms ?? new Set<string>())
  const near = nearPairs(sets, nearlyTheOpposite).filter(({ first, second }) => items[first]?.audience === items[second]?.audience)
  return { items, pairs: near.map((pair) => ({ ...pair, relation: relationOf(statements[pair.first] ?? nothing, statements[pair.second] ?? nothing) })) }
}

/** Each statement of each item, as an item of its own. */
const statementsIn = (items: readonly Audited[]): readonly Audited[] => items.flatMap((item) => (item.statements ?? [item.text]).map((text) => ({ ...item, text })))

const placed = (items: readonly Audited[], places: readonly number[]): Audited[] => places.flatMap((place) => items[place] ?? [])

/** What says the same, and what says the opposite, among items for the same people; and in which group of near ones each of these is, by its place. */
const compared = async (items: readonly Audited[], mask: Mask): Promise<{ readonly findings: readonly AuditFinding[]; readonly groups: ReadonlyMap<number, number> }> => {
  const wholes = await nearOnes(items)
  // One of many statements may be against another item, whatever the others of its own item say.
  const statements = items.some((item) => item.statements !== undefined) ? await nearOnes(statementsIn(items)) : wholes
  const alike = wholes.pairs.filter(({ overlap, relation }) => overlap >= nearlyTheSame && relation === 'same')
  return {
    findings: [
      ...statements.pairs
        .filter(({ relation }) => relation === 'opposite')
        .map(({ first, second }) => findingOf('contradiction', placed(statements.items, [first, second]), 'They say nearly the same, and one of them says no, or the opposite.', 'Find out which one holds; archive or update the other.', mask)),
      ...groupsOf(alike).map((group) => findingOf('duplicate', placed(items, group), 'They say nearly the same.', 'Merge them (knowledge.consolidate), or archive all but one.', mask)),
    ],
    groups: new Map(groupsOf(wholes.pairs).flatMap((group, number) => group.map((place): [number, number] => [place, number]))),
  }
}

/** Items that repeat most of what another, earlier one says, or are most of it, without being near-duplicates. */
const echoes = async (items: readonly Audited[], groups: ReadonlyMap<number, number>, mask: Mask): Promise<readonly AuditFinding[]> => {
  const pause = breather()
  const holders = new Map<number, number[]>()
  const sizes: number[] = []
  const findings: AuditFinding[] = []
  const isTogether = (left: number, right: number): boolean => groups.has(left) && groups.get(left) === groups.get(right)
  for (const [place, item] of items.entries()) {
    const shingles = shingleHashes([item.text])
    sizes.push(shingles.length)
    const shared = new Map<number, number>()
    for (const shingle of shingles) {
      const known = holders.get(shingle) ?? []
      for (const earlier of known) shared.set(earlier, (shared.get(earlier) ?? 0) + 1)
      // Common phrases are in many, and tell nothing.
      if (known.length < 20) holders.set(shingle, [...known, place])
    }
    const [found] = [...shared].filter(([earlier, count]) => count >= repeated * Math.min(sizes[earlier] ?? 0, shingles.length) && !isTogether(earlier, place) && items[earlier]?.audience === item.audience)
    const [earlier] = found ?? []
    const source = earlier === undefined ? undefined : items[earlier]
    if (source !== undefined) findings.push(findingOf('echo', [item, source], 'It repeats what another item says, as text does that was recalled and written down again.', 'Archive it, or keep only what it adds.', mask))
    await pause()
  }
  return findings
}

/**
 * Everything that an audit can say of items.
 *
 * @param items the earliest written first
 * @param mask takes secrets out of a text
 */
export const examined = async (items: readonly Audited[], mask: Mask): Promise<readonly AuditFinding[]> => {
  const pause = breather()
  const findings: AuditFinding[] = []
  for (const item of items) {
    findings.push(...suspicious(item, mask), ...livedBadly(item, mask))
    await pause()
  }
  // What was true once speaks against nothing that is true now.
  const open = items.filter(({ life }) => life?.isHeld !== true && life?.expiredAt === undefined)
  const { findings: pairs, groups } = await compared(open, mask)
  return [...findings, ...told(open, mask), ...pairs, ...(await echoes(open, groups, mask))]
}

/** Something that was read, with when it happened and how much room it takes. */
export interface Dated {
  /** In milliseconds; undefined where it does not say. */
  readonly at?: number | undefined
  /** Characters or bytes. */
  readonly size: number
}

/** Of what was read, so much is held back to be put in order, in characters. */
const mostHeldBack = 64 * 1024 * 1024

/**
 * What happened, in the order in which it happened, as far as that can be said in bounded memory: when more than `most` is held back, the earlier half goes out. What has no date stays behind
 * the one that was read before it, and nothing is held back until the first date comes. What was read before the source failed still comes.
 *
 * @throws what the source throws
 */
export async function* inOrder<Item extends Dated>(items: AsyncIterable<Item>, most = mostHeldBack): AsyncGenerator<Item, void, undefined> {
  let held: { readonly item: Item; readonly at: number }[] = []
  let [size, latest]: [number, number | undefined] = [0, undefined]
  let failure: { readonly error: unknown } | undefined
  const sort = (): void => void held.sort((left, right) => left.at - right.at)
  try {
    for await (const item of items) {
      latest = item.at ?? latest
      if (latest === undefined) {
        yield item
        continue
      }
      held.push({ item, at: latest })
      size += item.size
      if (size <= most) continue
      sort()
      const early = held.splice(0, Math.ceil(held.length / 2))
      for (const one of early) {
        size -= one.item.size
        yield one.item
      }
    }
  } catch (error) {
    failure = { error }
  }
  sort()
  for (const { item } of held) yield item
  held = []
  if (failure !== undefined) throw failure.error
}

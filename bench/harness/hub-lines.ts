/** What happened to a message at a subscriber, as a process of the hub bench writes it down. */
export interface Delivery {
  readonly what: 'delivered' | 'acknowledged'
  readonly subscriber: string
  readonly id: string
  /** From the write to the delivery, in milliseconds. */
  readonly delayMs: number
}

/** A line that was cut off by the death of its process is none. */
export const linesOf = (text: string): Delivery[] =>
  text
    .split('\n')
    .slice(0, -1)
    .flatMap((line): Delivery[] => {
      const [what, subscriber = '', id = '', delay] = line.split(' ')
      return what === 'delivered' || what === 'acknowledged' ? [{ what, subscriber, id, delayMs: Number(delay) }] : []
    })

/** What one subscriber was told, judged against the log. */
export interface Judged {
  /** Share of all messages, in [0, 1]. */
  readonly delivered: number
  /** Whether they came in the order of the log, each taken at its first delivery. */
  readonly inOrder: boolean
  /** Deliveries of what it had acknowledged. */
  readonly doubled: number
  /** Deliveries of what it had been told and had not acknowledged. */
  readonly repeated: number
}

/**
 * @param deliveries of one subscriber, in their order
 * @param log ids of all messages, in the order of the log
 */
export const judged = (deliveries: readonly Delivery[], log: readonly string[]): Judged => {
  const acknowledged = new Set<string>()
  const first = new Set<string>()
  let [doubled, repeated] = [0, 0]
  for (const { what, id } of deliveries) {
    if (what === 'acknowledged') acknowledged.add(id)
    else if (acknowledged.has(id)) doubled += 1
    else if (first.has(id)) repeated += 1
    else first.add(id)
  }
  const order = new Map(log.map((id, place) => [id, place]))
  const places = [...first].map((id) => order.get(id) ?? -1)
  return { delivered: first.size / log.length, inOrder: places.every((place, at) => at === 0 || place > (places[at - 1] ?? 0)), doubled, repeated }
}

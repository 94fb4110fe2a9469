import { AutodidactError } from '../errors.ts'
import { factsOf } from '../knowledge/in-full.ts'
import { isKnowledge, knowledgeItems } from '../learn/learners/knowledge-items.ts'
import { whole } from '../log/blobs.ts'
import type { Fact, FactOf } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import { cursorAfter, type Head } from '../storage/storage.ts'
import { type Message, messageOf } from './message.ts'
import { bookmarkOf } from './bookmarks.ts'
import { announcedBy, isTold, type Wants } from './wants.ts'

/** Facts read at a time: what lies ahead of a slow consumer stays in the log. */
const pageSize = 100

type Announcement = FactOf<'knowledge.written'> | FactOf<'knowledge.moved'>

const isAnnouncement = (fact: Fact): fact is Announcement => isKnowledge(fact) || fact.kind === 'knowledge.moved'

/**
 * What an agent is told, in the order of the log, for as long as the instance is open and nobody closes it. Each message comes at least once; what was not
 * acknowledged comes again when the agent subscribes the next time. Nobody waits for a slow consumer, and it loses nothing: it reads the log at its own pace.
 *
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const subscription = await autodidact.channels.subscribe('coder')
 * await autodidact.share({ author: 'tester', content: 'The clock tests need --retry 2.' })
 * for await (const message of subscription.pending()) {
 *   console.assert(message.author === 'tester')
 *   await message.acknowledge()
 * }
 * const waiting = subscription.next()
 * subscription.close()
 * console.assert((await waiting).done === true)
 * await autodidact.close()
 * ```
 */
export class Subscription implements AsyncIterableIterator<Message> {
  /** Under which its place is kept: the agent, where it was given no other. */
  readonly name: string
  readonly wants: Wants
  readonly #scope: Scope
  readonly #messages: AsyncGenerator<Message, undefined, undefined>
  readonly #closing = new AbortController()
  /** Read from the log and not delivered yet, in its order. */
  #ahead: Announcement[] = []
  /** All up to here was read. */
  #position: number
  /** All up to here is dealt with, by what the consumer says, and by what is kept. */
  #acknowledged: number
  #kept: number
  #keeping: Promise<void> | undefined

  /** @param position place in the log behind which it begins */
  constructor(scope: Scope, name: string, wants: Wants, position: number) {
    this.#scope = scope
    this.name = name
    this.wants = wants
    this.#position = position
    this.#acknowledged = position
    this.#kept = position
    this.#messages = this.#untilClosed(true)
  }

  /** What is there to be told now, without waiting for more; the iterator itself waits. */
  async *pending(): AsyncGenerator<Message, undefined, undefined> {
    yield* this.#untilClosed(false)
    return undefined
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    return this.#messages.next()
  }

  /** Ends a loop that waits, and every later one; what was acknowledged stays so. */
  close(): void {
    this.#closing.abort()
  }

  /** Called by a loop that is left: the place of whoever breaks off is kept as far as it was acknowledged. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.close()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }

  /** An instance that is closed in the midst of it has nothing more to tell. */
  async *#untilClosed(waits: boolean): AsyncGenerator<Message, undefined, undefined> {
    try {
      return yield* this.#follow(waits)
    } catch (error) {
      if (AutodidactError.is(error) && error.code === 'CLOSED') return undefined
      throw error
    }
  }

  async *#follow(waits: boolean): AsyncGenerator<Message, undefined, undefined> {
    const { arrivals, namespace, storage } = this.#scope
    for (;;) {
      for (let fact = this.#ahead.shift(); fact !== undefined; fact = this.#ahead.shift()) {
        // Looked at only now: it may have been forgotten, or put into quarantine, since it was read.
        const message = this.#closing.signal.aborted ? undefined : await this.#messageOf(fact)
        if (message !== undefined) yield message
      }
      if (this.#closing.signal.aborted) return undefined
      const head = waits ? await arrivals.beyond(namespace, this.#position, this.#closing.signal) : await storage.head(namespace)
      if (head === undefined || head.sequence <= this.#position) return undefined
      await this.#read(head)
    }
  }

  /** Reads on until there is something to tell, or to the end. */
  async #read({ sequence }: Head): Promise<void> {
    const { storage, namespace } = this.#scope
    for await (const page of storage.read(cursorAfter(this.#position), { namespace, kinds: ['knowledge.written', 'knowledge.moved'], pageSize })) {
      const view = await this.#view()
      this.#position = page.at(-1)?.sequence ?? this.#position
      this.#ahead = page.filter(isAnnouncement).filter((fact) => announcedBy(fact, view) !== undefined && (!isKnowledge(fact) || isTold(fact, this.wants, view, this.#scope.clock())))
      if (this.#ahead.length > 0) return
    }
    this.#position = Math.max(this.#position, sequence)
  }

  async #messageOf(fact: Announcement): Promise<Message | undefined> {
    const announced = announcedBy(fact, await this.#view())
    if (announced === undefined) return undefined
    const [version] = isKnowledge(fact) ? [await whole(this.#scope.storage, fact)] : await factsOf(this.#scope, [announced])
    const view = await this.#view()
    if (version === undefined || !isTold(version, this.wants, view, this.#scope.clock())) return undefined
    const { sequence } = fact
    const state = view.get(version.id)?.state ?? 'experimental'
    return messageOf(version, { state, cursor: cursorAfter(sequence), acknowledge: () => this.#acknowledge(sequence) })
  }

  #view() {
    return this.#scope.runner.view(this.#scope.namespace, knowledgeItems)
  }

  /** Several at once are one write. */
  async #acknowledge(sequence: number): Promise<void> {
    this.#acknowledged = Math.max(this.#acknowledged, sequence)
    while (this.#kept < sequence) {
      this.#keeping ??= this.#keep().finally(() => {
        this.#keeping = undefined
      })
      await this.#keeping
    }
  }

  async #keep(): Promise<void> {
    const { storage, namespace } = this.#scope
    if (storage.bookmarks === undefined) {
      throw new AutodidactError('NOT_ALLOWED', 'This store keeps no places. Keep the cursor of the message yourself, and pass it to subscribe as after.')
    }
    const sequence = this.#acknowledged
    await storage.bookmarks.advance(namespace, bookmarkOf(this.wants.agent, this.name), sequence)
    this.#kept = sequence
  }
}

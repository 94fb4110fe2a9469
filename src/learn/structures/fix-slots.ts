import { canonicalJson } from '../../log/canonical-json.ts'
import type { Json } from '../../log/payload.ts'
import { stopWords } from '../../text/words.ts'
import { hashText } from '../hash.ts'
import { argumentsOf, readPart } from './error-template.ts'
import { type MessageToken, messageTokens } from './message-tokens.ts'
import { type FixStep, inputText } from './recoveries.ts'

/**
 * What the steps of a fix take over from the error or from the input that failed: `pip install numpy` after “No module named 'numpy'” is `pip install <slot 1>`, and against another error its name is
 * filled in. Of the values themselves nothing is kept, only where they stand: beside which words (as hashes), at which place of the input, in which field.
 */
export type FixSlot = MessageSlot | WordsSlot | FieldSlot

/** A masked part of the message, or a word of it that the input has too. */
interface MessageSlot {
  readonly from: 'message'
  readonly kind: string
  /** Hashes of the nearest words and masks, the nearest first. */
  readonly before: readonly number[]
  readonly after: readonly number[]
  /** Among so many parts that stand there equally well, the how manieth it was. */
  readonly place: number
  readonly of: number
  /** The value is a number of JSON. */
  readonly isNumber?: true
}

/** Words of an input that is a text. */
interface WordsSlot {
  readonly from: 'words'
  readonly start: number
  /** The first word that is not taken; absent where all to the end are. */
  readonly end?: number
  /** Hash of the word before. */
  readonly before: number
}

/** A text or a number of an input that is an object or a list, by the keys on the way to it. */
interface FieldSlot {
  readonly from: 'field'
  readonly path: readonly (string | number)[]
  readonly isNumber?: true
}

/** An error as it was met: the words of it, and what the tool had been given. */
export interface MetError {
  readonly message: string
  readonly input?: Json | undefined
  readonly tool?: string | undefined
}

/** Steps with `<slot 1>`, `<slot 2>`, … where something is to be filled in. */
export interface SlottedSteps {
  readonly steps: readonly FixStep[]
  readonly slots: readonly FixSlot[]
}

/** What steps take over from an error. */
export interface TakenOver {
  /** Without what is masked in errors, and what was the input's. */
  readonly slotted: SlottedSteps
  /** Words of the message that are names, since they stand in its slots. */
  readonly names: readonly string[]
  /**
   * Also without other words of the message, where there are any: `No module named numpy`. One error does not tell whether such a word is a name. Two do, of which the steps differ in nothing else:
   * these have the same `key`.
   */
  readonly withWords?: SlottedSteps & { readonly key: string; readonly names: readonly string[] }
}

/** Words and masks that are compared on either side of a part of a message. */
const [wordsBefore, wordsAfter] = [3, 2]

/** An input of more characters of JSON is not looked at. */
const longestInput = 2000

/**
 * What may be put into a step from the words of an error, which anybody may have made: a name, a path, an address or a number, with nothing in it that a shell would act on, and no option.
 */
const plain = /^(?!-)[\p{L}\p{M}\p{N}_./@:+~=,-]{1,200}$/u

const notNamed = /[^\p{L}\p{M}\p{N}_./-]+/u

/** A number is taken for that of the message, and not for one that is the same by chance, where the message has few of its length: a fifth of all that there are. */
const mostByChance = 0.2

const placeholder = (slot: number): string => `<slot ${slot + 1}>`

const placeholders = /<slot (\d+)>/g

/** A value may stand within a longer word, as in `localhost:8080`, and before the end of a sentence; `notes` is not in `notes/a`. */
const [goesBefore, goesOn] = [/[\p{L}\p{M}\p{N}_./\\-]$/u, /^(?:[\p{L}\p{M}\p{N}_/\\-]|\.[\p{L}\p{M}\p{N}_/\\.-])/u]

const findValue = (text: string, value: string): number => {
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
    const end = at + value.length
    if (!goesBefore.test(text.slice(Math.max(0, at - 2), at)) && !goesOn.test(text.slice(end, end + 3))) return at
  }
  return -1
}

/** A message as slots are found in it: its parts, and hashes of what each is called as a neighbour, a word by itself and what is masked by its mask. */
interface ReadMessage {
  readonly tokens: readonly MessageToken[]
  readonly names: readonly number[]
}

const beyond = hashText('')

const readMessage = (message: string): ReadMessage => {
  const tokens = messageTokens(message)
  return { tokens, names: tokens.map(({ kind, value }) => hashText(kind === 'word' ? value.toLowerCase() : kind)) }
}

/** Names of the parts around one, the nearest first, up to where the message begins or ends. */
const around = ({ names }: ReadMessage, place: number, direction: 1 | -1, most: number): readonly number[] =>
  Array.from({ length: most }, (_, distance) => names[place + direction * (distance + 1)] ?? beyond)

/** How many neighbours are the same before one differs; none where no word is among them, because masks alone say nothing. */
const agreement = ({ tokens, names }: ReadMessage, place: number, direction: 1 | -1, wanted: readonly number[]): number => {
  let [same, isTelling] = [0, false]
  for (const hash of wanted) {
    const at = place + direction * (same + 1)
    if ((names[at] ?? beyond) !== hash) break
    same += 1
    isTelling ||= tokens[at]?.kind === 'word'
  }
  return isTelling ? same : 0
}

/** Places of the parts of a message that stand where a slot's value stood, as far as can be told; none where nothing speaks for any. */
const standing = (message: ReadMessage, { kind, before, after }: Pick<MessageSlot, 'kind' | 'before' | 'after'>): readonly number[] => {
  let [best, places]: [number, number[]] = [1, []]
  for (const [place, token] of message.tokens.entries()) {
    if (token.kind !== kind) continue
    const same = agreement(message, place, -1, before) + agreement(message, place, 1, after)
    if (same < best) continue
    if (same > best) places = []
    best = same
    places.push(place)
  }
  return places
}

const messageSlot = (message: ReadMessage, place: number): MessageSlot | undefined => {
  const kind = message.tokens[place]?.kind ?? ''
  const [before, after] = [around(message, place, -1, wordsBefore), around(message, place, 1, wordsAfter)]
  const places = standing(message, { kind, before, after })
  // Where nothing around it says which it is, it would not be found again.
  return places.includes(place) ? { from: 'message', kind, before, after, place: places.indexOf(place), of: places.length } : undefined
}

const isByChance = (value: string, tokens: readonly MessageToken[]): boolean => {
  const digits = value.replace(/\D/g, '').length
  const alike = new Set(tokens.flatMap((token) => (token.kind === '<number>' && token.value.length === value.length ? [token.value] : [])))
  return alike.size / 10 ** digits > mostByChance
}

/** Words of a text with their places, as a shell would split it but for quotation marks. */
const wordsOf = (text: string): readonly { readonly word: string; readonly at: number }[] => [...text.matchAll(/\S+/g)].map((match) => ({ word: match[0], at: match.index }))

const wordsSlotOf = (words: readonly { readonly word: string }[], start: number, end: number, isTail: boolean): WordsSlot => ({
  from: 'words',
  start,
  before: hashText(words[start - 1]?.word ?? ''),
  ...(isTail && end === words.length ? {} : { end }),
})

/** Texts and numbers of a value with the keys on the way to them, each text and number once. */
const leavesOf = (value: Json | undefined, path: readonly (string | number)[] = []): readonly (readonly [leaf: string, slot: FieldSlot])[] => {
  if (typeof value === 'string' && path.length > 0 && value !== '') return [[JSON.stringify(value), { from: 'field', path }]]
  if (typeof value === 'number') return path.length > 0 ? [[JSON.stringify(value), { from: 'field', path, isNumber: true }]] : []
  if (typeof value !== 'object' || value === null) return []
  return Array.isArray(value)
    ? value.flatMap((item: Json, place) => leavesOf(item, [...path, place]))
    : Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]))
}

/** Replaces the texts and numbers of a value. */
const replaced = (value: Json, replace: (leaf: string | number) => Json): Json => {
  if (typeof value === 'string' || typeof value === 'number') return replace(value)
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value)
    ? value.map((item: Json) => replaced(item, replace))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, item === undefined ? item : replaced(item, replace)]))
}

interface MessageParts {
  /** Values of what is masked that stand elsewhere in the message, unmasked. */
  readonly names: readonly string[]
  readonly masked: ReadonlyMap<string, MessageSlot>
  readonly words: ReadonlyMap<string, MessageSlot>
}

/** Parts of a message that steps have too: those that templates mask, the first of each; and other words, the last of each, because what went wrong is said at the end. */
const partsOf = ({ message, input }: MetError, steps: string): MessageParts => {
  // Most steps take nothing over, and then the message need not be read.
  const looked = readPart(message)
  const isThere = (part: string): boolean => part !== '' && !stopWords.has(part) && findValue(looked, part) !== -1
  if (![...new Set(steps.split(notNamed))].some(isThere)) return { names: [], masked: new Map(), words: new Map() }
  const read = readMessage(message)
  const given = argumentsOf(inputText(input))
  const [masked, words] = [new Map<string, number>(), new Map<string, number>()]
  for (const [place, { kind, value }] of read.tokens.entries()) {
    if (masked.has(value) || !plain.test(value) || !steps.includes(value)) continue
    const isWord = kind === 'word' && !given.has(value.toLowerCase())
    if (isWord ? value.length < 2 || stopWords.has(value.toLowerCase()) : kind === '<number>' && isByChance(value, read.tokens)) continue
    if (isWord) words.set(value, place)
    else masked.set(value, place)
  }
  const slotsAt = (places: ReadonlyMap<string, number>): ReadonlyMap<string, MessageSlot> =>
    new Map([...places].flatMap(([value, place]) => {
      const slot = messageSlot(read, place)
      return slot === undefined ? [] : [[value, slot] as const]
    }))
  const names = [...masked.keys()].filter((value) => read.tokens.some((token) => token.kind === 'word' && token.value === value && !given.has(value.toLowerCase())))
  for (const value of masked.keys()) words.delete(value)
  return { names, masked: slotsAt(masked), words: slotsAt(words) }
}

/** Finds in the steps of one fix what they take over from the error that it helped against. */
class Slotting {
  readonly slots: FixSlot[] = []
  readonly #numbers = new Map<string, number>()
  readonly #message: ReadonlyMap<string, MessageSlot>
  readonly #words: readonly { readonly word: string }[]
  readonly #fields: ReadonlyMap<string, FieldSlot>
  readonly #tool: string | undefined

  /** @param parts what steps may take over from the message, with where it stands there */
  constructor({ input, tool }: MetError, parts: ReadonlyMap<string, MessageSlot>) {
    this.#message = parts
    this.#tool = tool
    this.#words = typeof input === 'string' && input.length <= longestInput ? wordsOf(input) : []
    this.#fields = typeof input === 'object' && inputText(input).length <= longestInput ? new Map([...leavesOf(input)].reverse()) : new Map()
  }

  #filledBy(slot: FixSlot): string {
    const key = canonicalJson(slot)
    const number = this.#numbers.get(key) ?? this.slots.length
    if (number === this.slots.length) this.slots.push(slot)
    this.#numbers.set(key, number)
    return placeholder(number)
  }

  /** @param keepsFirst the first word names a program, which an error must not choose */
  text(text: string, keepsFirst: boolean): string {
    const field = this.#fields.get(JSON.stringify(text))
    const words = wordsOf(text)
    let [made, end] = ['', 0]
    for (let place = 0; place < words.length; ) {
      const { word, at } = words[place] ?? { word: '', at: 0 }
      made += text.slice(end, at)
      const run = this.#run(words, place)
      if (run !== undefined && (run.length > 1 || this.#message.get(word) === undefined)) {
        made += this.#filledBy(run.slot)
        place += run.length
      } else {
        made += place === 0 && keepsFirst ? word : this.#word(word)
        place += 1
      }
      const last = words[place - 1]
      end = last === undefined ? at : last.at + last.word.length
    }
    made += text.slice(end)
    return made === text && field !== undefined ? this.#filledBy(field) : made
  }

  number(value: number): Json {
    const slot = this.#message.get(String(value)) ?? this.#fields.get(JSON.stringify(value))
    return slot === undefined || slot.from === 'field' ? (slot === undefined ? value : this.#filledBy(slot)) : this.#filledBy({ ...slot, isNumber: true })
  }

  /** The longest run of words of the input that begins here; the first word of the input only with all others. */
  #run(words: readonly { readonly word: string }[], place: number): { readonly length: number; readonly slot: WordsSlot } | undefined {
    let [longest, from] = [0, 0]
    for (const [start] of this.#words.entries()) {
      let length = 0
      while (words[place + length] !== undefined && words[place + length]?.word === this.#words[start + length]?.word) length += 1
      const isAllowed = start > 0 || (length === this.#words.length && length > 1)
      if (isAllowed && length > longest) [longest, from] = [length, start]
    }
    if (longest === 0) return undefined
    return { length: longest, slot: wordsSlotOf(this.#words, from, from + longest, place + longest === words.length) }
  }

  #word(word: string): string {
    for (const [value, slot] of this.#message) {
      const at = findValue(word, value)
      if (at !== -1) return this.#word(word.slice(0, at)) + this.#filledBy(slot) + this.#word(word.slice(at + value.length))
    }
    return word
  }

  step({ action, input }: FixStep): FixStep {
    if (input === undefined) return { action }
    const isText = typeof input === 'string'
    return {
      action,
      input: replaced(input, (leaf) => {
        if (typeof leaf === 'number') return this.number(leaf)
        const first = wordsOf(leaf)
        return this.text(leaf, first.length > 1 || (isText && (action === this.#tool || first[0]?.word === action)))
      }),
    }
  }
}

const slottedBy = (steps: readonly FixStep[], slotting: Slotting): SlottedSteps => ({ steps: steps.map((step) => slotting.step(step)), slots: slotting.slots })

/** Less than what is compared when a slot is filled: two errors of one kind need not have the same words farther off. */
const keyOf = ({ steps, slots }: SlottedSteps): string => {
  const places = slots.map((slot) => (slot.from === 'message' ? [slot.kind, slot.before[0], slot.after[0]] : slot.from))
  return hashText(canonicalJson([steps.map(({ action, input }) => [action, inputText(input)]), places])).toString(36)
}

/** What the steps of a fix take over from the error that they helped against. */
export const takenOver = (steps: readonly FixStep[], error: MetError): TakenOver => {
  const text = steps.map(({ input }) => inputText(input)).join('\n')
  // Steps that look as if they had slots are left alone.
  if (text === '' || text.includes('<slot ')) return { slotted: { steps, slots: [] }, names: [] }
  const { names, masked, words } = partsOf(error, text)
  const slotted = slottedBy(steps, new Slotting(error, masked))
  if (words.size === 0) return { slotted, names }
  const withWords = slottedBy(steps, new Slotting(error, new Map([...masked, ...words])))
  if (withWords.slots.length === slotted.slots.length) return { slotted, names }
  return { slotted, names, withWords: { ...withWords, key: keyOf(withWords), names: [...names, ...words.keys()] } }
}

const valueInMessage = (message: ReadMessage, slot: MessageSlot): string | undefined => {
  const values = standing(message, slot).flatMap((place) => message.tokens[place]?.value ?? [])
  const [first] = values
  const value = values.every((one) => one === first) ? first : values.length === slot.of ? values[slot.place] : undefined
  return value !== undefined && plain.test(value) ? value : undefined
}

/** What the message says for the slots that it fills. */
export const namesIn = (slots: readonly FixSlot[], message: string): readonly string[] => {
  const wanted = slots.filter((slot) => slot.from === 'message')
  if (wanted.length === 0) return []
  const read = readMessage(message)
  return wanted.flatMap((slot) => valueInMessage(read, slot) ?? [])
}

const valueInWords = (input: Json | undefined, { start, end, before }: WordsSlot): string | undefined => {
  if (typeof input !== 'string' || input.length > longestInput) return undefined
  const words = wordsOf(input)
  const [first, last] = [words[start], words[(end ?? words.length) - 1]]
  if (first === undefined || last === undefined || hashText(words[start - 1]?.word ?? '') !== before) return undefined
  return input.slice(first.at, last.at + last.word.length)
}

const valueInField = (input: Json | undefined, { path, isNumber }: FieldSlot): string | undefined => {
  let found = input
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = Array.isArray(found) ? found[Number(key)] : found[key]
  }
  if (isNumber === true) return typeof found === 'number' ? String(found) : undefined
  return typeof found === 'string' ? found : undefined
}

/** Steps with what another error says filled in; `isComplete` where all was found. What was not stays `<slot 1>`. */
export const filledSteps = ({ steps, slots }: SlottedSteps, error: MetError): { readonly steps: readonly FixStep[]; readonly isComplete: boolean } => {
  if (slots.length === 0) return { steps, isComplete: true }
  const read = readMessage(slots.some(({ from }) => from === 'message') ? error.message : '')
  const values = slots.map((slot) => {
    if (slot.from === 'message') return valueInMessage(read, slot)
    return slot.from === 'words' ? valueInWords(error.input, slot) : valueInField(error.input, slot)
  })
  const fill = (leaf: string | number): Json => {
    if (typeof leaf === 'number') return leaf
    const only = slots.find((slot, place) => slot.from !== 'words' && slot.isNumber === true && leaf === placeholder(place))
    const text = leaf.replace(placeholders, (all, slot: string) => values[Number(slot) - 1] ?? all)
    return only === undefined || text === leaf ? text : Number(text)
  }
  return {
    steps: steps.map(({ action, input }) => (input === undefined ? { action } : { action, input: replaced(input, fill) })),
    isComplete: values.every((value) => value !== undefined),
  }
}

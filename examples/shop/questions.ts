import type { DatabaseSync } from 'node:sqlite'
import { type Random, shuffled } from '../../src/decide/random.ts'
import { AutodidactError } from '../../src/errors.ts'
import { customerShapes } from './shapes/customers.ts'
import { orderShapes } from './shapes/orders.ts'
import { placeShapes } from './shapes/places.ts'
import { productShapes } from './shapes/products.ts'
import { salesShapes } from './shapes/sales.ts'
import { type Shape, slotSources } from './shapes/shape.ts'
import { unanswerable } from './shapes/unanswerable.ts'

/** One line of `questions.jsonl`. */
export type ShopQuestion = {
  readonly question: string
  /** A query whose rows are the answer, or null where only "I don't know" is right. */
  readonly sql: string | null
  /** Which of the {@link shapes} it is, or `unanswerable`. For tests and reports, never for whoever answers. */
  readonly shape: string
  /** The phrasing before its slots were filled. For tests and reports, never for whoever answers. */
  readonly phrasing: string
}

/** Everything that people ask the shop and its data can answer. */
export const shapes: readonly Shape[] = [...productShapes, ...salesShapes, ...customerShapes, ...orderShapes, ...placeShapes]

// Six and three make the last third of the stream; the phrasings of the three are kept out of the six.
const earlyPerShape = 6
const latePerShape = 3
const blockSize = 10
const drawLimit = 200
const lowerCaseShare = 0.08

type Values = ReadonlyMap<string, string>

/** The slots named in a text, such as `city` in `Where is {city}?`. */
export const slotsOf = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string))]

const fill = (text: string, values: Values, quote: (value: string) => string): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => quote(values.get(name) as string))

/** A question finds something when its rows hold a value other than nothing and zero. */
export const findsSomething = (database: DatabaseSync, sql: string): boolean =>
  database.prepare(sql).all().some(row => Object.values(row).some(value => value !== null && value !== 0))

/** Fills phrasings with values of the shop, and never returns a text twice. */
class QuestionWriter {
  readonly #database: DatabaseSync
  readonly #random: Random
  readonly #candidates = new Map<string, readonly string[]>()
  readonly #texts = new Set<string>()
  readonly #queries = new Set<string>()

  constructor(database: DatabaseSync, random: Random) {
    this.#database = database
    this.#random = random
    for (const [slot, source] of Object.entries(slotSources)) {
      this.#candidates.set(slot, database.prepare(source).all().map(row => String(Object.values(row)[0])).sort())
    }
  }

  /** @param sql the query with slots, or null for a question without an answer */
  write(shape: string, sql: string | null, phrasing: string): ShopQuestion {
    let fallback: ShopQuestion | undefined
    for (let draw = 0; draw < drawLimit; draw += 1) {
      const candidate = this.#draw(shape, sql, phrasing)
      if (this.#texts.has(candidate.question.toLowerCase())) continue
      const { sql: filled } = candidate
      if (filled === null || (!this.#queries.has(filled) && findsSomething(this.#database, filled))) return this.#keep(candidate)
      fallback ??= candidate
    }
    // A small pool runs out of values that are new and find something; then one of the others must do.
    if (fallback === undefined) {
      throw new AutodidactError('LIMIT_EXCEEDED', `Every value of "${phrasing}" is used up. Add phrasings to the shape "${shape}".`)
    }
    return this.#keep(fallback)
  }

  #draw(shape: string, sql: string | null, phrasing: string): ShopQuestion {
    const values = this.#drawValues(phrasing)
    const question = fill(phrasing, values, value => value)
    return {
      // Some people never press shift.
      question: this.#random() < lowerCaseShare ? question.toLowerCase() : question,
      sql: sql === null ? null : fill(sql.replaceAll(/\s+/g, ' '), values, value => value.replaceAll("'", "''")),
      shape,
      phrasing,
    }
  }

  #keep(question: ShopQuestion): ShopQuestion {
    this.#texts.add(question.question.toLowerCase())
    if (question.sql !== null) this.#queries.add(question.sql)
    return question
  }

  #drawValues(text: string): Values {
    return new Map(slotsOf(text).map(slot => {
      const candidates = this.#candidates.get(slot) ?? []
      return [slot, candidates[Math.floor(this.#random() * candidates.length)] as string]
    }))
  }
}

/** One unanswerable question in every block of ten, anywhere in the block. */
const interleave = (answerable: readonly ShopQuestion[], others: readonly ShopQuestion[], random: Random): ShopQuestion[] =>
  others.flatMap((other, block) => {
    const start = block * (blockSize - 1)
    const questions = answerable.slice(start, start + blockSize - 1)
    const place = Math.floor(random() * blockSize)
    return [...questions.slice(0, place), other, ...questions.slice(place)]
  })

/**
 * The stream of questions over a shop: nine per shape and one in ten that the data cannot answer, shuffled, with the phrasings of the last
 * third kept out of the first two. Which phrasings those are is drawn too.
 *
 * @param database a generated shop; values and the check that a query finds something come from it
 */
export const writeQuestions = (database: DatabaseSync, random: Random): ShopQuestion[] => {
  const writer = new QuestionWriter(database, random)
  const early: ShopQuestion[] = []
  const late: ShopQuestion[] = []
  for (const { id, sql, phrasings } of shapes) {
    const order = shuffled(phrasings, random)
    const forEarly = order.slice(latePerShape)
    for (let index = 0; index < earlyPerShape; index += 1) early.push(writer.write(id, sql, forEarly[index % forEarly.length] as string))
    for (const phrasing of order.slice(0, latePerShape)) late.push(writer.write(id, sql, phrasing))
  }
  const others = shuffled(unanswerable, random).map(phrasing => writer.write('unanswerable', null, phrasing))
  const earlyOthers = early.length / (blockSize - 1)
  return [
    ...interleave(shuffled(early, random), others.slice(0, earlyOthers), random),
    ...interleave(shuffled(late, random), others.slice(earlyOthers), random),
  ]
}

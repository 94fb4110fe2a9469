import { seededRandom } from '../../src/index.ts'
import type { Option, RecordInput } from '../../src/index.ts'

const functionWords =
  'the of and to a in is for on that with as it at by from this be are was or an not have which you but can we has all will there when if no out so what up how their more than into do our me my your any some'.split(
    ' ',
  )

const consonants = ['b', 'br', 'c', 'ch', 'd', 'dr', 'f', 'g', 'gr', 'h', 'k', 'l', 'm', 'n', 'p', 'pl', 'r', 's', 'sh', 'st', 't', 'tr', 'v', 'w']
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'ou']
const endings = ['', '', '', 'n', 'r', 's', 't', 'l', 'm', 'nd', 'ng', 'rt', 'ck']

const vocabularySize = 20_000

/** Exponent of the Zipf distribution of words in English text. */
const zipfExponent = 1.07

const actions = ['search', 'open', 'query', 'edit', 'send', 'compute', 'compare', 'summarise']

/**
 * Invented text that is like real text where it matters for speed: function words, word frequencies after Zipf, sentences of varied length. The same seed
 * gives the same text.
 */
export class Corpus {
  readonly #random: () => number
  readonly #words: readonly string[]
  readonly #cumulative: Float64Array
  readonly tools: readonly Option[]
  readonly manyTools: readonly Option[]

  /** @param seed of the text; the vocabulary is the same for all seeds */
  constructor(seed: number) {
    this.#random = seededRandom(1)
    const words = new Set(functionWords)
    while (words.size < vocabularySize) words.add(this.#invented())
    this.#words = [...words]
    this.#cumulative = new Float64Array(this.#words.length)
    let sum = 0
    for (let rank = 0; rank < this.#words.length; rank += 1) {
      sum += 1 / (rank + 1) ** zipfExponent
      this.#cumulative[rank] = sum
    }
    this.manyTools = Array.from({ length: 150 }, (_, place) => ({ id: `tool_${place}`, description: this.text(6, 14) }))
    this.tools = this.manyTools.slice(0, 10)
    this.#random = seededRandom(seed)
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1))
  }

  /** True in a share of the calls. */
  chance(share: number): boolean {
    return this.#random() < share
  }

  /** A text of `least` to `most` words. */
  text(least: number, most: number): string {
    return Array.from({ length: this.between(least, most) }, () => this.#word()).join(' ')
  }

  /** A run of an agent: a task, one to four steps, a response, a takeaway, an outcome. */
  run(task: string): RecordInput {
    return {
      task,
      response: this.text(5, 30),
      takeaway: this.text(8, 16),
      steps: Array.from({ length: this.between(1, 4) }, () => ({
        action: actions[this.between(0, actions.length - 1)] ?? 'search',
        input: { query: this.text(2, 8) },
        output: this.text(5, 20),
        ok: this.chance(0.9),
        durationMs: this.between(5, 2000),
      })),
      durationMs: this.between(200, 20_000),
      outcome: { success: this.chance(0.7), judge: 'check', cost: this.between(1, 50) / 1000, tokens: this.between(200, 5000) },
      user: `user_${this.between(1, 50)}`,
      session: `session_${this.between(1, 5000)}`,
      agent: `agent_${this.between(1, 3)}`,
    }
  }

  #word(): string {
    const wanted = this.#random() * (this.#cumulative.at(-1) ?? 0)
    let low = 0
    let high = this.#cumulative.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#cumulative[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return this.#words[low] ?? ''
  }

  #invented(): string {
    const pick = (list: readonly string[]): string => list[Math.floor(this.#random() * list.length)] ?? ''
    const syllables = this.between(1, 4)
    return Array.from({ length: syllables }, () => pick(consonants) + pick(vowels)).join('') + pick(endings)
  }
}

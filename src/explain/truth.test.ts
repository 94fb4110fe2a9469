import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Advice, Autodidact, type Explanation, seededRandom, shuffled } from '../index.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/**
 * Is `explain` true? A simulated agent learns by its own mistakes which of five tools answers which kinds of questions, and is recalled what it answered
 * before. Then it is asked, told why, and asked again: with the facts erased that were named, and with as many others erased.
 */

/** How much alike the runs are that the agent learned from. */
const streams = [
  { name: 'a sparse stream: 24 kinds of questions, 15 runs each', kindsOfTask: 24, runs: 360 },
  { name: 'a dense stream: 5 kinds of questions, 60 runs each, eight recalled at a time', kindsOfTask: 5, runs: 300 },
] as const

const samples = 16

const syllables = ['ba', 'de', 'ki', 'lo', 'mu', 'na', 'pe', 'ri', 'so', 'tu']
const fillers = ['please', 'can', 'you', 'tell', 'me', 'what', 'how', 'today', 'quickly']
const toolIds = ['ledger', 'atlas', 'weather', 'music', 'kitchen']

const folder = mkdtempSync(join(tmpdir(), 'autodidact-truth-'))
let copies = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const itemsOf = (advice: Advice): string => advice.items.map(({ id }) => id).sort().join(' ')

/** The option of the highest probability, the first where several share it. */
const recommendedBy = (advice: Advice): string | undefined => {
  const entries = Object.entries(advice.decisions['tool']?.probabilities ?? {})
  const most = Math.max(...entries.map(([, probability]) => probability))
  return entries.find(([, probability]) => probability === most)?.[0]
}

interface Case {
  readonly task: string
  readonly advice: Advice
  readonly explanation: Explanation
}

const optionChanged = (before: Advice, after: Advice): boolean => recommendedBy(before) !== recommendedBy(after)
/** Already when one of eight much alike examples makes room for another. */
const itemsChanged = (before: Advice, after: Advice): boolean => itemsOf(before) !== itemsOf(after)
const adviceChanged = (before: Advice, after: Advice): boolean => optionChanged(before, after) || itemsChanged(before, after)

const parts = [
  ['the advice', ({ explanation }: Case) => explanation.facts, adviceChanged],
  ['what is recalled', ({ explanation }: Case) => explanation.recalled.flatMap(({ facts }) => facts), itemsChanged],
  ['the recommended option', ({ explanation }: Case) => explanation.decisions.flatMap(({ facts }) => facts), optionChanged],
] as const

describe.each(streams)('in $name', ({ kindsOfTask, runs }) => {
  const random = seededRandom(2026)

  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  const word = (): string => pick(syllables) + pick(syllables) + pick(syllables) + pick(syllables)
  const topics = Array.from({ length: kindsOfTask }, (_, place) => ({
    tool: toolIds[place % toolIds.length] ?? '',
    words: Array.from({ length: 10 }, word),
  }))
  // A description names a few words of its first topic, and of one that it is wrong for: reading descriptions is not enough.
  const tools = toolIds.map((id, place) => ({
    id,
    description: [...(topics[place]?.words.slice(0, 3) ?? []), ...(topics[place + 1]?.words.slice(3, 5) ?? [])].join(', '),
  }))

  const nextTask = (): { readonly task: string; readonly tool: string } => {
    const { tool, words } = pick(topics)
    return { task: `${pick(fillers)} ${shuffled(words, random).slice(0, 3).join(' ')} ${Math.floor(random() * 1000)}`, tool }
  }

  const original = join(folder, `original-${kindsOfTask}.db`)

  /** The agent after its runs, in a copy that may be spoiled. */
  const withCopy = async <Result>(work: (autodidact: Autodidact) => Promise<Result>): Promise<Result> => {
    const path = join(folder, `copy-${(copies += 1)}.db`)
    copyFileSync(original, path)
    const autodidact = await Autodidact.open(path, { seed: 9 })
    try {
      return await work(autodidact)
    } finally {
      await autodidact.close()
    }
  }

  const ask = (autodidact: Autodidact, task: string): Promise<Advice> => autodidact.advise(task, { choices: { tool: tools } })

  const cases: Case[] = []
  /** Ids of all facts that somebody could name: what was done, and what was said of it. */
  const nameable: string[] = []

  /** In how many cases, as a share, the advice changes when facts are erased; cases without facts to erase are left out. */
  const changed = async (factsOf: (one: Case) => readonly string[], isChanged: (before: Advice, after: Advice) => boolean): Promise<number> => {
    const changes: boolean[] = []
    for (const one of cases) {
      const facts = factsOf(one)
      if (facts.length === 0) continue
      changes.push(
        await withCopy(async (autodidact) => {
          // What is proven of the erasure has tests of its own.
          await autodidact.forget({ facts }, { scan: false })
          return isChanged(one.advice, await ask(autodidact, one.task))
        }),
      )
    }
    // A share of next to nothing would prove nothing.
    expect(changes.length).toBeGreaterThan(samples / 2)
    return changes.filter(Boolean).length / changes.length
  }

  /** As many others, drawn at random. */
  const othersThan = (facts: readonly string[]): string[] => {
    const named = new Set(facts)
    return shuffled(nameable.filter((id) => !named.has(id)), random).slice(0, facts.length)
  }

  beforeAll(async () => {
    const autodidact = await Autodidact.open(original, { seed: 5 })
    for (let number = 0; number < runs; number += 1) {
      const { task, tool } = nextTask()
      const advice = await autodidact.advise(task, { run: `run-${number}`, choices: { tool: tools } })
      const success = advice.choose['tool'] === tool
      const done = { advice, response: success ? `${tool} says ${task}` : 'no idea', user: `user-${number % 7}` }
      // Half is judged by a check in the record; the rest by people afterwards, now and then after the program's own word.
      const manner = random()
      if (manner < 0.5) {
        await autodidact.record({ ...done, outcome: { success, judge: 'check' } })
        continue
      }
      await autodidact.record(manner < 0.7 ? { ...done, success } : done)
      const said = success ? 'up' : random() < 0.5 ? 'down' : { correction: `${tool} says ${task}` }
      await autodidact.feedback(advice.run, said, { id: `feedback-${number}` })
    }
    for await (const { id } of autodidact.export({ kinds: ['run.recorded', 'feedback.received'] })) nameable.push(id)
    await autodidact.close()
    await withCopy(async (copy) => {
      for (let sample = 0; sample < samples; sample += 1) {
        const { task } = nextTask()
        const advice = await ask(copy, task)
        cases.push({ task, advice, explanation: await copy.explain(advice.id) })
      }
    })
  })

  test.each(parts)('erasing the facts that are named changes %s in nine of ten cases or more', async (_, factsOf, isChanged) => {
    expect(await changed(factsOf, isChanged)).toBeGreaterThanOrEqual(0.9)
  })

  // The advice is both parts, and all that was named is more than what was named of one.
  test('erasing as many others changes the advice in one of ten cases or less', async () => {
    expect(await changed(({ explanation }) => othersThan(explanation.facts), adviceChanged)).toBeLessThanOrEqual(0.1)
  })

  test('every named fact is in the log', () => {
    const known = new Set(nameable)
    expect(cases.flatMap(({ explanation }) => explanation.facts).filter((id) => !known.has(id))).toEqual([])
  })

  test('a decision is called untaught only where learning nothing leads to the same option', async () => {
    const untaught = cases.filter(({ explanation }) => explanation.decisions[0]?.teaching === 'untaught')
    const ignorant = await Autodidact.open(':memory:', { seed: 1 })
    for (const { task, advice } of untaught) expect(recommendedBy(await ask(ignorant, task))).toBe(recommendedBy(advice))
    await ignorant.close()
    expect(cases.filter(({ explanation }) => explanation.decisions[0]?.teaching === 'unproven')).toEqual([])
  })
})

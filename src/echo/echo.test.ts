import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handClock, opened, temporaryFile } from '../../test/support/instance.ts'
import { Autodidact } from '../autodidact.ts'
import type { RecordInput } from '../record/input.ts'
import { shingleHashes, stripEchoes } from './echo.ts'

const task = 'How do I refund a customer who paid twice for the same order by credit card?'
const answer = 'Open the order, choose the second payment, press refund, and write the customer a short note about it.'
const lesson = 'Refunds above one hundred euros need the signature of a second person from the finance department.'
const question = 'Refund the customer of order 1187 who paid twice by credit card'

/** Something worth recalling, and an advice that recalls it. */
const advised = async (autodidact: Autodidact, settings: { user?: string; session?: string } = {}) => {
  await autodidact.record({ run: 'earlier', task, response: answer, success: true })
  await autodidact.remember(lesson)
  const advice = await autodidact.advise(question, { ...settings, recall: { floor: 0 } })
  expect(advice.items.map(({ kind }) => kind).sort()).toEqual(['example', 'knowledge'])
  return advice
}

const wrapped: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in other lines', (text) => text.replaceAll(' ', '\n   ')],
  ['in capitals', (text) => text.toUpperCase()],
  ['with other punctuation', (text) => text.replaceAll(/[,.?]/g, ' —')],
  ['quoted', (text) => text.split(' ').map((word, place) => (place % 5 === 0 ? `\n> ${word}` : word)).join(' ')],
  ['as JSON', (text) => JSON.stringify({ memory: text.replaceAll(' ', '\n') })],
  ['as JSON in JSON', (text) => JSON.stringify(JSON.stringify({ memory: text.replaceAll(' ', '\n') }))],
]

describe('recalled text that comes back', () => {
  test.each(wrapped)('%s is taken out of takeaway, steps and task', async (_how, wrap) => {
    const { autodidact, facts } = await opened()
    const advice = await advised(autodidact)
    const { parts, run } = await autodidact.record({
      advice,
      task: `${question}. Context: ${wrap(lesson)}`,
      takeaway: `${wrap(lesson)} It worked.`,
      steps: [{ action: 'think', input: { prompt: [wrap(task)] }, output: `I will do this: ${wrap(lesson)}` }],
      success: true,
    })
    const data = (await facts('run.recorded')).find(({ id }) => id === run)?.data
    const rest = JSON.stringify([data?.task, data?.takeaway, data?.steps]).toLowerCase()
    for (const word of ['signature', 'euros', 'department', 'twice for the same']) expect(rest).not.toContain(word)
    for (const word of ['order 1187', 'it worked', 'i will do this']) expect(rest).toContain(word)
    expect(data?.echoes).toBe(4)
    expect(parts.filter(({ reason }) => reason?.includes('recalled text'))).toEqual([
      { part: 'task', status: 'stored', reason: expect.stringContaining('1 span') },
      { part: 'steps', status: 'stored', reason: expect.stringContaining('2 spans') },
      { part: 'takeaway', status: 'stored', reason: expect.stringContaining('1 span') },
    ])
  })

  test('in half is taken out too', async () => {
    const { autodidact, facts } = await opened()
    const advice = await advised(autodidact)
    const half = lesson.split(' ').slice(0, 9).join(' ')
    await autodidact.record({ advice, takeaway: `Note: ${half} or so, says Ada.` })
    expect((await facts('run.recorded')).at(-1)?.data.takeaway).toBe('Note: or so, says Ada.')
  })

  test('alone is refused as a takeaway, and the receipt says so', async () => {
    const { autodidact, facts } = await opened()
    const advice = await advised(autodidact)
    const receipt = await autodidact.record({ advice, takeaway: `"${lesson}"`, response: `> ${task}` })
    expect(receipt.parts.filter(({ status }) => status === 'refused')).toEqual([
      { part: 'response', status: 'refused', reason: expect.stringContaining('recalled') },
      { part: 'takeaway', status: 'refused', reason: expect.stringContaining('recalled') },
    ])
    const data = (await facts('run.recorded')).at(-1)?.data
    expect([data?.takeaway, data?.response]).toEqual([undefined, undefined])
  })

  test('is no matter of a record that was written before it was recalled: the receipt tells what was written then', async () => {
    const { autodidact } = await opened()
    const input = { run: 'before', task: 'b', takeaway: lesson }
    await autodidact.record(input)
    await advised(autodidact)
    expect((await autodidact.record(input)).parts).toEqual([{ part: 'task', status: 'merged' }, { part: 'takeaway', status: 'merged' }])
  })

  test('from the whole prompt does not spread', async () => {
    const { autodidact, facts } = await opened()
    const advice = await advised(autodidact)
    const messages = [{ role: 'system', content: advice.prompt }, { role: 'user', content: question }]
    await autodidact.record({ advice, steps: [{ action: 'model', input: { messages } }] })
    const written = JSON.stringify((await facts('run.recorded')).at(-1)?.data.steps)
    expect(written).not.toContain('finance')
    expect(written).not.toContain('second payment')
    expect(written).toContain(question)
  })

  test('is recognised without naming the advice, for an hour, where user and session may agree', async () => {
    const clock = handClock()
    const { autodidact, facts } = await opened({ clock })
    await advised(autodidact, { user: 'ada', session: 's1' })
    const takeaways: unknown[] = []
    const noted = async (about: Partial<RecordInput>): Promise<void> => {
      await autodidact.record({ task: 'b', takeaway: lesson, ...about })
      takeaways.push((await facts('run.recorded')).at(-1)?.data.takeaway)
    }
    await noted({})
    await noted({ user: 'ada' })
    await noted({ user: 'ada', session: 's2' })
    await noted({ user: 'grace' })
    clock.advance(3_600_001)
    await noted({ user: 'ada', session: 's1' })
    expect(takeaways).toEqual([undefined, undefined, lesson, lesson, lesson])
  })

  test('is recognised by another process that only has the log', async () => {
    const { autodidact, storage, facts } = await opened()
    const advice = await advised(autodidact)
    const other = Autodidact.over(storage)
    await other.record({ advice: advice.id, takeaway: lesson })
    expect((await facts('run.recorded')).at(-1)?.data.takeaway).toBeUndefined()
  })
})

describe('a recalled error', () => {
  const error = 'The payment provider answered that the card of this customer was blocked by its bank'
  const warned = async (autodidact: Autodidact) => {
    await autodidact.record({ run: 'earlier', task, response: answer, outcome: { success: false, error } })
    const advice = await autodidact.advise(question)
    expect(advice.prompt).toContain(error)
    return advice
  }

  test('is taken out of takeaway and inputs like everything that was recalled', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.record({ advice: await warned(autodidact), takeaway: `Mind: ${error}.`, steps: [{ action: 'think', input: `Known: ${error}` }] })
    expect((await facts('run.recorded')).at(-1)?.data).toMatchObject({ takeaway: 'Mind: .', steps: [{ input: 'Known:' }] })
  })

  test('may happen again, and be told of in the answer', async () => {
    const { autodidact, facts } = await opened()
    const again = { response: `I could not: ${error}`, steps: [{ action: 'refund', ok: false, output: error }], outcome: { success: false, judge: 'host', error } } as const
    await autodidact.record({ advice: await warned(autodidact), ...again })
    expect((await facts('run.recorded')).at(-1)?.data).toMatchObject(again)
  })

  test('does not bring a whole prompt along that an error repeats', async () => {
    const { autodidact, facts } = await opened()
    const advice = await advised(autodidact)
    await autodidact.record({ advice, outcome: { success: false, error: `Too long: ${advice.prompt}` } })
    expect((await facts('run.recorded')).at(-1)?.data.outcome?.error).not.toContain('signature')
  })
})

describe('what is no echo', () => {
  test('an answer may repeat a recalled answer, or what is known', async () => {
    const { autodidact, facts } = await opened()
    const advice = await advised(autodidact)
    await autodidact.record({ advice, response: { text: `${answer} ${lesson}` }, success: true })
    expect((await facts('run.recorded')).at(-1)?.data).toMatchObject({ response: { text: `${answer} ${lesson}` } })
  })

  test('the same task once more stays the same task, with or without the advice', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.record({ task, response: answer, success: true })
    const advice = await autodidact.advise(task)
    await autodidact.record({ advice, success: true })
    await autodidact.advise(task)
    await autodidact.record({ task, success: true })
    expect((await autodidact.advise(question)).prompt).toContain(task)
    await autodidact.record({ task, success: true })
    expect((await facts('run.recorded')).map(({ data }) => data.task)).toEqual([task, task, task, task])
  })

  test('words that the task itself brought are its own', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.record({ task, response: answer, success: true })
    const advice = await autodidact.advise(task)
    await autodidact.record({ advice, takeaway: `Asked: ${task}` })
    expect((await facts('run.recorded')).at(-1)?.data.takeaway).toBe(`Asked: ${task}`)
  })

  test('of a very long task only the beginning is known as its own', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.remember(lesson)
    const advice = await autodidact.advise(`${lesson} ${'x '.repeat(200_000)} ${answer}`, { recall: { floor: 0 } })
    expect(advice.items).toHaveLength(1)
    await autodidact.record({ advice, takeaway: lesson })
    await autodidact.remember(answer)
    const later = await autodidact.advise(`${answer.slice(0, 40)} ${'x '.repeat(200_000)} ${answer}`, { recall: { floor: 0 } })
    expect(later.prompt).toContain(answer)
    await autodidact.record({ advice: later, takeaway: answer })
    expect((await facts('run.recorded')).map(({ data }) => data.takeaway)).toEqual([lesson, undefined])
  })

  test('that another process erased is forgotten here, too', async () => {
    const file = temporaryFile()
    const here = await opened({}, file)
    const there = await opened({}, file)
    const { id } = await here.autodidact.remember(lesson)
    expect((await here.autodidact.advise(question, { recall: { floor: 0 } })).prompt).toContain(lesson)
    await there.autodidact.forget({ facts: [id] })
    await here.autodidact.record({ task: 'write down the rules', takeaway: lesson })
    expect((await here.facts('run.recorded')).at(-1)?.data.takeaway).toBe(lesson)
  })

  test('a common phrase of fewer than eight words stays', async () => {
    const { autodidact, facts } = await opened()
    const advice = await advised(autodidact)
    const phrase = lesson.split(' ').slice(0, 7).join(' ')
    await autodidact.record({ advice, takeaway: phrase })
    expect((await facts('run.recorded')).at(-1)?.data.takeaway).toBe(phrase)
  })

  test('text of another namespace is nobody else’s echo', async () => {
    const { autodidact, facts } = await opened()
    await advised(autodidact.in('acme'))
    await autodidact.record({ task: 'b', takeaway: lesson })
    expect((await facts('run.recorded')).at(-1)?.data.takeaway).toBe(lesson)
  })
})

describe('stripping', () => {
  const sentence = fc.array(fc.stringMatching(/^[a-z]{2,7}$/), { minLength: 8, maxLength: 30 }).map((words) => words.join(' '))

  test('takes out the whole of a known text wherever it stands, and nothing of the rest', () => {
    fc.assert(
      fc.property(sentence, fc.stringMatching(/^[A-Z0-9]{3,9}$/), fc.stringMatching(/^[A-Z0-9]{3,9}$/), (known, before, after) => {
        const hashes = new Set(shingleHashes([known]))
        const { text, spans } = stripEchoes(`${before}: ${known}. ${after}`, (shingle) => hashes.has(shingle))
        expect(spans).toBe(1)
        expect(text.replaceAll(/[^A-Z0-9]/g, '')).toBe(before + after)
      }),
    )
  })

  // Took minutes where an escape was looked for from each of them.
  test('reads megabytes of backslashes once, not once for each', () => {
    expect(shingleHashes(['\\'.repeat(4_000_000)])).toHaveLength(0)
  })

  test('leaves foreign text byte for byte', () => {
    fc.assert(
      fc.property(sentence, fc.string({ unit: 'grapheme' }), (known, foreign) => {
        const hashes = new Set(shingleHashes([known]))
        fc.pre(shingleHashes([foreign]).every((hash) => !hashes.has(hash)))
        expect(stripEchoes(foreign, (shingle) => hashes.has(shingle))).toEqual({ text: foreign, spans: 0 })
      }),
    )
  })
})

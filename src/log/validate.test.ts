import { describe, expect, test } from 'vitest'
import { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'

/** What a program without types hands over. */
const untyped = (value: unknown): never => value as never

type Call = (autodidact: Autodidact) => unknown

const messageOf = async (call: Call): Promise<string> => {
  const autodidact = await Autodidact.open(':memory:')
  try {
    await call(autodidact)
  } catch (error) {
    if (AutodidactError.is(error) && error.code === 'INVALID_INPUT') return error.message
    throw error
  } finally {
    await autodidact.close()
  }
  throw new Error('nothing was refused')
}

describe('what is refused is named, with what was given and what it must be', () => {
  test.each<[string, Call, readonly string[]]>([
    ['a list in the place of an object', (it) => it.record({ task: 'a', metrics: untyped([]) }), ['record: metrics is a list; it must be an object']],
    ['a wrong type', (it) => it.record({ task: untyped(7) }), ['record: task is 7; it must be a text']],
    ['a text for a number', (it) => it.record({ task: 'a', durationMs: untyped('9') }), ['record: durationMs is "9"; it must be a finite number']],
    ['a fraction', (it) => it.record({ task: 'a', outcome: { tokens: 0.5 } }), ['outcome.tokens is 0.5; it must be a whole number']],
    ['out of range', (it) => it.record({ task: 'a', outcome: { score: 1.5 } }), ['outcome.score is 1.5; it must be at most 1']],
    ['too small', (it) => it.record({ task: 'a', durationMs: -1 }), ['durationMs is -1; it must be 0 or more']],
    ['none of a few', (it) => it.record({ task: 'a', outcome: { judge: untyped('oracle') } }), ['outcome.judge is "oracle"; it must be one of "check", "user", "host", "model"']],
    ['an unknown field', (it) => it.record(untyped({ task: 'a', respnse: 'b' })), ['record has no field "respnse". Its fields are', 'response']],
    ['an unknown field further down', (it) => it.advise('a', { recall: untyped({ limt: 3 }) }), ['advise: recall has no field "limt". Its fields are limit, warnings,']],
    ['none of several types', (it) => it.advise('a', { recall: untyped('yes') }), ['advise: recall is "yes"; it must be false or an object with fields of limit, warnings,']],
    ['none of several plain types', (it) => it.record({ task: 'a', context: untyped({ size: [] }) }), ['context.size is a list; it must be a finite number or a text or true or false']],
    ['a field of one of several types', (it) => it.record({ advice: untyped({ id: 'a' }) }), ['record: advice.run is missing; it must be a text']],
    ['nothing at all', (it) => it.record(untyped(undefined)), ['record was given undefined; it must be given an object with fields of run, advice, task']],
    ['an empty name of a number', (it) => it.record({ task: 'a', metrics: { '': 1 } }), ['record: metrics', 'has a name that is empty']],
    ['an empty task', (it) => it.record({ task: ' ' }), ['record: task is empty.']],
    ['nothing', (it) => it.knowledge.archive({ text: '' }), ['text is empty.']],
    ['too many', (it) => it.record({ task: 'a', used: Array.from({ length: 10_001 }, String) }), ['record: used has more than 10000 entries']],
    ['a selector that names nothing', (it) => it.forget(untyped({})), ['forget must name exactly one of facts, user']],
    ['an unknown field of an option', (it) => it.decide('tool', ['b', untyped({ id: 'a', desc: 'x' })]), ['decide: options of "tool": 1 has no field "desc". Its fields are id, description']],
    ['a setting of a choice point', () => Autodidact.open(':memory:', { points: { tool: untyped({ polcy: 'uniform' }) } }), ['open: points.tool has no field "polcy". Its fields are policy, reward, defaultReward, deadlineMs']],
  ])('%s', async (_, call, parts) => {
    const message = await messageOf(call)
    for (const part of parts) expect(message).toContain(part)
    expect(message).toMatch(/\. Nothing was written; correct it and call again\.$/)
    expect(message).not.toMatch(/Invalid|Unrecognized|received/)
  })

  test('keys of any length and number make no long message', async () => {
    const keys = Object.fromEntries(Array.from({ length: 1000 }, (_, place) => [`${place}`.repeat(200), 1]))
    expect((await messageOf((it) => it.remember(untyped({ content: 'a', ...keys })))).length).toBeLessThan(1000)
  })
})

test('whoever makes an instance by hand is told to open one', () => {
  expect(() => Reflect.construct(Autodidact, ['x.db'])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('Autodidact.open(') }))
  expect(() => Reflect.construct(Autodidact, [])).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
})

test('an unknown field of an option is also refused where the point was offered the same options before', async () => {
  const message = await messageOf(async (it) => {
    await it.decide('tool', [{ id: 'a' }])
    await it.decide('tool', [untyped({ id: 'a', desc: 'x' })])
  })
  expect(message).toContain('has no field "desc"')
})

import { describe, expect, test } from 'vitest'
import { ask } from './ask.ts'
import type { Model, ModelAnswer } from './model.ts'

const answering = (answer: unknown): Model => ({ name: 'm', generate: async () => answer as ModelAnswer })
const request = { messages: [{ role: 'user' as const, content: 'hello' }] }

describe('an answer', () => {
  test('is a text or a value, with tokens where these are counts', async () => {
    expect(await ask(answering({ text: 'hi', tokens: { input: 3, output: 1 } }), request, 1_000)).toEqual({ text: 'hi', tokens: { input: 3, output: 1 } })
    for (const tokens of [{ input: -1, output: 1 }, { input: Number.NaN, output: 1 }, { input: 1e308, output: 1 }, { input: '3', output: 1 }, 'many', null, []]) {
      expect(await ask(answering({ value: [], tokens }), request, 1_000)).toEqual({ value: [] })
    }
  })

  test.each([null, undefined, 'hi', 7, {}, { text: ' ' }, { text: 7 }, { value: null }])('is none: %j', async (answer) => {
    await expect(ask(answering(answer), request, 1_000)).rejects.toMatchObject({ code: 'MODEL_FAILED' })
  })

  test('that fails when it is read, or a model that throws at once, has failed', async () => {
    const trap = { get text(): string { throw new Error('trap') } }
    const throwing: Model = { name: 'm', generate: () => { throw new Error('at once') } }
    await expect(ask(answering(trap), request, 1_000)).rejects.toMatchObject({ code: 'MODEL_FAILED', message: expect.stringContaining('trap') })
    await expect(ask(throwing, request, 1_000)).rejects.toMatchObject({ code: 'MODEL_FAILED', message: expect.stringContaining('at once') })
  })
})

describe('a question', () => {
  test('that takes too long is aborted', async () => {
    let reason: unknown
    const hanging: Model = { name: 'm', generate: ({ signal }) => new Promise(() => signal?.addEventListener('abort', () => { reason = signal.reason })) }
    await expect(ask(hanging, request, 5)).rejects.toMatchObject({ code: 'MODEL_FAILED', message: expect.stringContaining('5 ms') })
    expect(reason).toMatchObject({ code: 'MODEL_FAILED' })
  })

  test('that is aborted beforehand is not asked', async () => {
    let asked = false
    const model: Model = { name: 'm', generate: async () => { asked = true; return { text: 'hi' } } }
    await expect(ask(model, { ...request, signal: AbortSignal.abort(new Error('gone')) }, 1_000)).rejects.toThrow('gone')
    expect(asked).toBe(false)
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { opened } from '../../test/support/instance.ts'

describe('run', () => {
  test('advises, hands the response back, and records both', async () => {
    const { autodidact, facts } = await opened()
    const { run: earlier } = await autodidact.record({ task: 'Refund order 7', response: 'refund(7)', success: true })
    const done = await autodidact.run({ task: 'Refund order 8', user: 'ada', choices: { tool: ['lookup', 'search'] } }, async (advice, notes) => {
      expect(advice.items.map(({ id }) => id)).toEqual([earlier])
      notes.step({ action: advice.choose['tool'] ?? '', input: { order: 8 }, ok: true })
      notes.outcome({ success: true, judge: 'check', tokens: 40 })
      notes.takeaway('Orders are refunded by number.')
      notes.metric('latency', 12)
      notes.used(earlier)
      return { refunded: 8 }
    })
    expect(done).toMatchObject({ response: { refunded: 8 }, receipt: { status: 'stored', standing: 'success' }, warnings: [] })
    const recorded = (await facts('run.recorded')).at(-1)
    expect(recorded).toMatchObject({
      id: done.run,
      user: 'ada',
      data: {
        task: 'Refund order 8',
        advice: done.advice.id,
        steps: [{ action: done.advice.choose['tool'], input: { order: 8 }, ok: true }],
        response: { refunded: 8 },
        takeaway: 'Orders are refunded by number.',
        metrics: { latency: 12 },
        outcome: { success: true, judge: 'check', tokens: 40 },
        used: [earlier],
      },
    })
    expect(recorded?.data.durationMs).toBeGreaterThanOrEqual(0)
    expect((await autodidact.learned(itemUsefulness)).counts(earlier)).toEqual({ up: 1, down: 0 })
  })

  test('writes down what the task takes, and how it was gone about', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.run({ task: 'Add a form', category: 'frontend', type: 'feature', dependencies: ['design'], effort: 3 }, (_advice, notes) => {
      notes.approach('standard')
      notes.approach('incremental')
      notes.factor('small steps')
      notes.factor('tests first', 'a plan')
      notes.outcome({ success: true })
    })
    const [recorded] = await facts('run.recorded')
    expect(recorded?.data).toMatchObject({
      category: 'frontend', type: 'feature', dependencies: ['design'], effort: 3, approach: 'incremental', factors: ['small steps', 'tests first', 'a plan'],
    })
  })

  test('a response is no proof of success', async () => {
    const { autodidact } = await opened()
    const { receipt } = await autodidact.run({ task: 'a' }, () => 'done')
    expect(receipt?.standing).toBe('unverified')
  })

  test.each<[string, () => unknown]>([
    ['ends', () => 'done'],
    ['fails', () => { throw new Error('no such order') }],
    ['is aborted', () => { throw new DOMException('too late', 'AbortError') }],
  ])('the duration is that of the work, without the advice before it, when it %s', async (_, end) => {
    const { autodidact, facts } = await opened()
    let [began, ended] = [0, 0]
    const before = performance.now()
    const work = async (): Promise<unknown> => {
      began = performance.now()
      await sleep(5)
      ended = performance.now()
      return end()
    }
    await autodidact.run({ task: 'Refund order 9' }, work).catch(() => {})
    const { durationMs = Number.NaN, startedAt } = (await facts('run.recorded'))[0]?.data ?? {}
    expect(durationMs).toBeGreaterThanOrEqual(ended - began)
    expect(durationMs).toBeLessThan(performance.now() - before)
    expect(startedAt).toBeDefined()
  })

  test('an error is recorded as a failure with its duration, and thrown as it is', async () => {
    const { autodidact, facts } = await opened()
    const error = new RangeError('no such order')
    const work = autodidact.run({ task: 'Refund order 9' }, (_advice, notes) => {
      notes.step({ action: 'lookup', ok: false })
      notes.outcome({ score: 0.9, judge: 'check', tokens: 7 })
      throw error
    })
    await expect(work).rejects.toBe(error)
    expect(error.cause).toBeUndefined()
    const [recorded] = await facts('run.recorded')
    expect(recorded?.data).toMatchObject({ steps: [{ action: 'lookup', ok: false }], outcome: { success: false, judge: 'host', error: 'RangeError: no such order', tokens: 7 } })
    expect(recorded?.data.outcome?.score).toBeUndefined()
    expect(recorded?.data.durationMs).toBeDefined()
    expect((await autodidact.recall('Refund order 9')).items).toMatchObject([{ kind: 'warning' }])
  })

  test('what is thrown need not be an error', async () => {
    const { autodidact, facts } = await opened()
    await expect(autodidact.run({ task: 'a' }, () => Promise.reject('out of paper'))).rejects.toBe('out of paper')
    expect((await facts('run.recorded'))[0]?.data.outcome).toMatchObject({ success: false, error: 'out of paper' })
  })

  test('an abort says nothing of the advice: recorded, and no failure', async () => {
    const { autodidact, facts } = await opened()
    const abort = new AbortController()
    const work = autodidact.run({ task: 'Refund order 9' }, async () => {
      abort.abort()
      abort.signal.throwIfAborted()
    })
    await expect(work).rejects.toMatchObject({ name: 'AbortError' })
    const [recorded] = await facts('run.recorded')
    expect(recorded?.data.outcome).toMatchObject({ error: expect.stringContaining('AbortError') })
    expect(recorded?.data.outcome?.success).toBeUndefined()
    expect((await autodidact.feedback(recorded?.id ?? '', { comment: 'stopped by hand' })).standing).toBe('unverified')
  })

  test('a note that is not valid is left out with a warning, and costs neither the response nor the other notes', async () => {
    const { autodidact, facts } = await opened()
    const done = await autodidact.run({ task: 'a' }, (_advice, notes) => {
      notes.metric('ratio', Number.NaN)
      notes.metric('latency', 12)
      notes.step({ action: 'look', ok: true })
      notes.step({ action: '' })
      notes.used('item', '')
      notes.takeaway('Look first.')
      notes.outcome({ success: true, judge: 'check' })
      return 'response'
    })
    expect(done).toMatchObject({ response: 'response', receipt: { status: 'stored', standing: 'success' } })
    expect(done.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^run: step 2: action .* left out/),
      expect.stringMatching(/^run: metrics\.ratio .* left out/),
      expect.stringMatching(/^run: used\.0 .* left out/),
    ])
    const [recorded] = await facts('run.recorded')
    expect(recorded?.data).toMatchObject({ metrics: { latency: 12 }, steps: [{ action: 'look' }], takeaway: 'Look first.', outcome: { success: true } })
  })

  test('a response that cannot be written is handed back, and left out of what is recorded', async () => {
    const { autodidact, facts } = await opened()
    const response: { self?: unknown } = {}
    response.self = response
    const done = await autodidact.run({ task: 'a' }, (_advice, notes) => {
      notes.outcome({ success: true, judge: 'check' })
      return response
    })
    expect(done.response).toBe(response)
    expect(done).toMatchObject({ receipt: { status: 'stored', standing: 'success' }, warnings: [{ code: 'INVALID_INPUT', message: expect.stringMatching(/^run: response .* left out/) as unknown }] })
    expect((await facts('run.recorded'))[0]?.data.response).toBeUndefined()
  })

  test('too many notes, payloads that are no JSON and words that contradict each other cost no run either', async () => {
    const { autodidact, facts } = await opened()
    const circular: { self?: unknown } = {}
    circular.self = circular
    const done = await autodidact.run({ task: 'a' }, (_advice, notes) => {
      notes.factor(...Array.from({ length: 101 }, (_, place) => `factor ${place}`))
      notes.used(...Array.from({ length: 10_001 }, (_, place) => `item ${place}`))
      for (let step = 0; step < 10_001; step += 1) notes.step({ action: `step ${step}`, ...(step === 1 ? { input: circular } : {}), ...(step === 2 ? { output: circular } : {}) })
      notes.outcome({ success: true, score: 0.1 })
      return 'response'
    })
    expect(done).toMatchObject({ response: 'response', receipt: { status: 'stored', standing: 'unverified' } })
    expect(done.warnings.map(({ message }) => message.split(' This note')[0])).toEqual([
      'run: steps has 10001 entries; the first 10000 are kept.',
      expect.stringMatching(/^run: step 2: input cannot be written as JSON/),
      expect.stringMatching(/^run: step 3: output cannot be written as JSON/),
      'run: outcome: success is true, and score is 0.1, which says the opposite.',
      'run: used has 10001 entries; the first 10000 are kept.',
      'run: factors has 101 entries; the first 100 are kept.',
    ])
    const [recorded] = await facts('run.recorded')
    expect([recorded?.data.steps.length, recorded?.data.factors?.length, recorded?.data.outcome]).toEqual([9_998, 100, undefined])
  })

  test('an outcome that is not valid is left out: nothing is known of how it went', async () => {
    const { autodidact } = await opened()
    const done = await autodidact.run({ task: 'a' }, (_advice, notes) => notes.outcome({ score: 3 }))
    expect(done).toMatchObject({ receipt: { standing: 'unverified' }, warnings: [{ code: 'INVALID_INPUT', message: expect.stringContaining('outcome.score') }] })
  })

  test('a closed store does not stop the work', async () => {
    const { autodidact, storage } = await opened()
    await storage.close()
    const done = await autodidact.run({ task: 'a', choices: { tool: ['x'] } }, (advice) => advice.choose['tool'])
    expect(done).toMatchObject({ response: 'x', receipt: undefined })
    expect(done.warnings.map(({ code }) => code)).toEqual(['CLOSED', 'CLOSED'])
  })

  test("the work's own error is thrown even where its record fails, which goes along as the cause", async () => {
    for (const onError of ['fallback', 'throw'] as const) {
      const { autodidact, storage } = await opened({ onError })
      const error = new Error('boom')
      await expect(autodidact.run({ task: 'a' }, async () => {
        await storage.close()
        throw error
      })).rejects.toBe(error)
      expect(error.cause).toMatchObject({ code: 'CLOSED' })
      const frozen = Object.freeze(new Error('cold'))
      if (onError === 'fallback') await expect(autodidact.run({ task: 'a' }, () => Promise.reject(frozen))).rejects.toBe(frozen)
    }
  })

  test('asked to throw, it throws what the record did', async () => {
    const { autodidact, storage } = await opened({ onError: 'throw' })
    await expect(autodidact.run({ task: 'a' }, (_advice, notes) => notes.metric('ratio', Number.NaN))).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('ratio') })
    await expect(autodidact.run({ task: 'a' }, () => storage.close())).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('bad input is refused before the work begins', async () => {
    const { autodidact } = await opened()
    let begun = false
    const work = autodidact.run({ task: 'a', choices: { tool: [] } }, () => {
      begun = true
    })
    await expect(work).rejects.toMatchObject({ code: 'NO_OPTIONS' })
    expect(begun).toBe(false)
  })

  test('another option than advised gets the credit when the work says so', async () => {
    const { autodidact, facts } = await opened()
    const done = await autodidact.run({ task: 'a', choices: { tool: ['x', 'y'] } }, (advice, notes) => {
      notes.taken('tool', advice.choose['tool'] === 'x' ? 'y' : 'x')
      notes.outcome({ success: true })
    })
    expect((await facts('run.recorded'))[0]?.data.taken).toEqual({ tool: done.advice.choose['tool'] === 'x' ? 'y' : 'x' })
  })
})

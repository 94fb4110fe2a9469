import { describe, expect, test } from 'vitest'
import { AutodidactError } from '../errors.ts'
import { Arrivals } from './arrivals.ts'

/** A log that only has an end. */
const growing = () => {
  const log = { sequence: 0, looks: 0, failure: undefined as Error | undefined }
  const arrivals = new Arrivals({
    head: async () => {
      log.looks += 1
      if (log.failure !== undefined) throw log.failure
      return { sequence: log.sequence, epoch: 0 }
    },
  })
  return { log, arrivals, signal: new AbortController() }
}

describe('whoever follows a log', () => {
  test('is told at once of what is there, and soon of what somebody else writes', async () => {
    const { log, arrivals, signal } = growing()
    log.sequence = 3
    expect(await arrivals.beyond('one', 2, signal.signal)).toEqual({ sequence: 3, epoch: 0 })
    const waits = [arrivals.beyond('one', 3, signal.signal), arrivals.beyond('one', 4, signal.signal)]
    log.sequence = 4
    expect(await waits[0]).toEqual({ sequence: 4, epoch: 0 })
    log.sequence = 5
    arrivals.arrived('one')
    expect(await waits[1]).toEqual({ sequence: 5, epoch: 0 })
  })

  test('is one of many, for whom one looks; and nobody does when nobody waits', async () => {
    const { log, arrivals, signal } = growing()
    const waits = Array.from({ length: 100 }, () => arrivals.beyond('one', 0, signal.signal))
    await new Promise((resolve) => {
      setTimeout(resolve, 200)
    })
    // Each looked once when it came; 100 that look by themselves would have looked some 500 times more.
    expect(log.looks).toBeLessThan(300)
    signal.abort()
    expect(await Promise.all(waits)).toEqual(Array.from({ length: 100 }, () => undefined))
    const { looks } = log
    await new Promise((resolve) => {
      setTimeout(resolve, 120)
    })
    expect(log.looks).toBe(looks)
  })

  test('hears of a failure, and goes on when it has passed; and of nothing more once all is closed', async () => {
    const { log, arrivals, signal } = growing()
    const waiting = arrivals.beyond('one', 0, signal.signal)
    log.failure = new AutodidactError('BUSY', 'Somebody writes. Try again.')
    await expect(waiting).rejects.toMatchObject({ code: 'BUSY' })
    log.failure = undefined
    const again = arrivals.beyond('one', 0, signal.signal)
    log.sequence = 1
    expect(await again).toEqual({ sequence: 1, epoch: 0 })
    const last = arrivals.beyond('one', 1, signal.signal)
    arrivals.close()
    expect([await last, await arrivals.beyond('one', 0, signal.signal)]).toEqual([undefined, undefined])
  })
})

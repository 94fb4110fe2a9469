import { expect, test } from 'vitest'
import { opened, temporaryFile } from '../../../test/support/instance.ts'
import { hashText } from '../../learn/hash.ts'
import { Claims } from './claims.ts'

/** The row in which a task of an engine lies: as `KeptRows` says. */
const rowOf = (owner: string, task: string): string => `execution-claims:${hashText(JSON.stringify([owner, task])) % 64}@1`

test('a task that began before there was a log belongs to whoever claims it first, also while another one writes in that place', async () => {
  const path = temporaryFile()
  const [first, second] = [(await opened({}, path)).autodidact, (await opened({}, path)).autodidact]
  const claimed = await new Claims(first, 'engine').claim('nightly')
  await first.record({ task: 'so that there is something to keep' })
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const holding = second.keep(rowOf('engine', 'nightly'), async () => {
    begun.resolve()
    await gate.promise
    return { ...(await second.head()), bytes: new Uint8Array() }
  })
  await begun.promise
  const keep = first.keep.bind(first)
  const kept: boolean[] = []
  first.keep = async (...given) => {
    const isKept = await keep(...given)
    kept.push(isKept)
    gate.resolve()
    await holding
    return isKept
  }
  await claimed.confirm()
  expect(kept).toEqual([false, true])
  await expect(new Claims(second, 'engine').claim('nightly')).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('this process, by another AdaptiveExecution') })
  await claimed.release()
})

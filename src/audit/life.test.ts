import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

const days = 86_400_000

test('what it was made of is missed where a file brought the item without it', async () => {
  const { autodidact: there } = await opened()
  const { run } = await there.record({ task: 'ship the parcel', success: true })
  await there.remember({ id: 'made', content: 'The parcel goes by train.', evidence: [run] })
  const { autodidact: here } = await opened()
  await here.knowledge.import(await there.knowledge.export(), { trusted: true })
  expect((await there.audit()).findings).toEqual([])
  expect((await here.audit()).findings).toMatchObject([{ kind: 'unsupported', items: [{ id: 'made' }], why: expect.stringContaining(run) }])
})

test('a copy of what was recalled is an echo', async () => {
  const { autodidact } = await opened()
  const { run } = await autodidact.record({ task: 'ship the parcel', success: true, trust: 'recalled' })
  await autodidact.remember({ id: 'copy', content: 'The parcel goes by train.', trust: 'recalled', evidence: [run] })
  expect((await autodidact.audit()).findings).toMatchObject([{ kind: 'echo', items: [{ id: 'copy' }] }])
})

test('whoever looked at an item, or applied it, has used it; a core rule is there for whenever it is needed', async () => {
  const { autodidact } = await opened()
  const occurredAt = Date.now() - 31 * days
  const contents = { untouched: 'The fax is on the second floor.', seen: 'Parcels leave on Mondays.', applied: 'The porter keeps the keys.' }
  for (const [id, content] of Object.entries(contents)) await autodidact.remember({ id, content, channel: 'general', occurredAt })
  await autodidact.remember({ id: 'core', content: '[CORE_RULE|1.0] My name is Ada.', occurredAt })
  await autodidact.channels.view('seen', 'tester')
  await autodidact.channels.applied('applied', 'tester')
  expect((await autodidact.audit()).findings).toMatchObject([{ kind: 'never used', items: [{ id: 'untouched' }] }])
  expect((await autodidact.audit({ unusedForMs: 32 * days })).findings).toEqual([])
})

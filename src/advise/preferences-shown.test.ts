import { expect, test } from 'vitest'
import { opened, temporaryFile } from '../../test/support/instance.ts'

test('a preference in words is in no prompt where personalisation is off, and is kept', async () => {
  const file = temporaryFile()
  const { autodidact } = await opened({}, file)
  await autodidact.preferences.set('ada', 'tone', 'Short answers.')
  const { autodidact: off } = await opened({ personalisation: false }, file)
  expect(await off.advise('greet a customer', { user: 'ada' })).toMatchObject({ prompt: '', preferences: [] })
  expect(await off.preferences.get('ada')).toMatchObject([{ name: 'tone', value: 'Short answers.' }])
  expect((await autodidact.advise('greet a customer', { user: 'ada' })).prompt).toContain('Short answers.')
})

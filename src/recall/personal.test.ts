import { expect, test } from 'vitest'
import { opened, temporaryFile } from '../../test/support/instance.ts'

const question = 'how do we greet a customer?'

test('what was learned of a user shapes nothing where personalisation or learning is off, and is kept', async () => {
  const file = temporaryFile()
  const { autodidact } = await opened({}, file)
  for (const [id, content] of [['warm', 'Greet a customer by first name with a smile.'], ['formal', 'Greet a customer by family name and title.']] as const) await autodidact.remember({ id, content })
  for (let day = 0; day < 6; day += 1) {
    for (const item of ['warm', 'formal']) {
      for (const [user, likes] of [['ada', 'warm'], ['grace', 'formal']] as const) {
        const { run } = await autodidact.record({ user, task: `Write to ${user}`, response: 'Dear customer', used: [item] })
        await autodidact.feedback(run, item === likes ? 'up' : 'down', { author: user })
      }
    }
  }
  const shaped = async (settings: Parameters<typeof opened>[0]): Promise<boolean> => {
    const { autodidact: other } = await opened(settings, file)
    const [own, everybodys] = [await other.recall(question, { forUser: 'ada' }), await other.recall(question)]
    await other.close()
    return JSON.stringify(own) !== JSON.stringify(everybodys)
  }
  expect([await shaped({}), await shaped({ personalisation: false }), await shaped({ learning: false }), await shaped({})]).toEqual([true, false, false, true])
})

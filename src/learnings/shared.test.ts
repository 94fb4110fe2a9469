import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

test('a recovery that was tried more than once in a run counts once, as it ended', async () => {
  const { autodidact } = await opened()
  const broken = { action: 'push', input: 'origin', ok: false, error: 'connection refused' }
  const login = { action: 'login', ok: true }
  const pushed = { action: 'push', input: 'origin', ok: true }
  for (let run = 0; run < 6; run += 1) {
    const steps = [broken, login, broken, login, pushed]
    await autodidact.record({ task: 'publish the branch', category: 'git', agent: 'coder', steps, outcome: { success: true, judge: 'check' } })
  }
  const { learnings } = await autodidact.learnings.list({ types: ['error_recovery'] })
  expect(learnings).toMatchObject([{ actions: ['login'], runs: 6, success: { of: 6, rate: 1 } }])
})

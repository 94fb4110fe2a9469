import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import type { Model } from '../models/model.ts'

const teacher: Model = { name: 'teacher', generate: async () => ({ value: { operations: [{ action: 'add', type: 'GENERAL_LEARNING', text: 'Refunds take a day.' }] } }) }

test.each([['user', 'agent'], ['agent', 'agent'], ['tool', 'tool'], ['imported', 'imported'], ['recalled', 'recalled']] as const)('a rule made of a run of trust %s is trusted as %s, whoever accepts it', async (trust, least) => {
  const { autodidact, facts } = await opened()
  const { proposals } = await autodidact.reflect({ task: 'refund order 1187', success: true, trust }, { model: teacher })
  await autodidact.proposals.accept(proposals[0]?.id ?? '', { by: 'ada' })
  expect((await autodidact.knowledge.list()).map((rule) => rule.trust)).toEqual([least])
  expect((await facts('knowledge.proposed')).map((proposal) => proposal.trust)).toEqual([least])
})

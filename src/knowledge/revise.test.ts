import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

describe('a change', () => {
  test('of nothing is no version, and costs no proof', async () => {
    const { autodidact, log } = await opened()
    await autodidact.remember({ id: 'k', content: 'x' })
    for (let use = 0; use < 6; use += 1) await autodidact.knowledge.use('k', { success: true })
    const before = (await log()).length
    for (const change of [{}, { tags: [] }, { content: 'x' }, { title: undefined }, { title: null }, { reason: 'None.', author: 'ada' }]) {
      expect(await autodidact.knowledge.update('k', change)).toEqual({ id: 'k', status: 'known', flags: [], state: 'validated' })
    }
    expect(await log()).toHaveLength(before)
  })

  test('leaves what is undefined as it is, and takes away what is null', async () => {
    const { autodidact } = await opened()
    const { run } = await autodidact.record({ task: 'x', success: true })
    const fix = { error: 'no upstream', steps: [{ action: 'git push -u' }] }
    const said = { title: 'Codes', category: 'vault', tags: ['a'], score: 0.5, links: [{ relation: 'supports', to: 'other' }], channel: 'code', priority: 'high', targets: ['coder'] } as const
    await autodidact.remember({ id: 'other', content: 'Parcels leave on Mondays.' })
    await autodidact.remember({ id: 'k', content: 'The code is 4711.', evidence: [run], fix, ...said })
    const nothing = { title: undefined, category: undefined, score: undefined, links: undefined, evidence: undefined, channel: undefined, priority: undefined, targets: undefined, fix: undefined }
    await autodidact.knowledge.update('k', { ...nothing, tags: ['a', 'b'] })
    expect(await autodidact.knowledge.get('k')).toMatchObject({ number: 2, ...said, tags: ['a', 'b'], evidence: [run], fix })
    expect((await autodidact.recall('what is the code', { for: 'tester' })).items).toEqual([])
    await autodidact.knowledge.update('k', { title: null, category: null, tags: null, score: null, links: null, evidence: null, channel: null, priority: null, targets: null, fix: null })
    expect(await autodidact.knowledge.get('k')).toMatchObject({ number: 3, title: undefined, category: undefined, tags: [], score: undefined, links: [], evidence: [], channel: undefined, priority: undefined, targets: undefined, fix: undefined, content: 'The code is 4711.' })
  })

  test('to what is for some is told to all no more', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'k', content: 'x', broadcast: true })
    await autodidact.knowledge.update('k', { targets: ['coder'] })
    expect(await autodidact.knowledge.get('k')).toMatchObject({ broadcast: false, targets: ['coder'] })
  })

  test('is trusted no more than what stays', async () => {
    const { autodidact } = await opened()
    const { run } = await autodidact.record({ task: 'x', success: true, trust: 'imported' })
    await autodidact.remember({ id: 'made', content: 'One.', evidence: [run] })
    await autodidact.remember({ id: 'titled', title: 'Pay account 99 first', content: 'One.', trust: 'tool' })
    await autodidact.remember({ id: 'bare', content: 'One.', trust: 'tool' })
    const trustOf = async (id: string, change: object): Promise<string | undefined> => {
      await autodidact.knowledge.update(id, change)
      return (await autodidact.knowledge.get(id))?.trust
    }
    expect(await trustOf('made', { content: 'Two.' })).toBe('imported')
    expect(await trustOf('titled', { content: 'Two.' })).toBe('tool')
    expect(await trustOf('titled', { content: 'Three.', title: 'Pay nobody' })).toBe('user')
    expect(await trustOf('bare', { content: 'Two.', trust: 'agent' })).toBe('agent')
    expect(await trustOf('bare', { content: 'Three.' })).toBe('user')
  })

  test('says in which state the item is', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'k', content: 'abc' })
    for (const state of ['archived', 'quarantined', 'deprecated'] as const) {
      await autodidact.knowledge.move('k', state)
      const receipt = await autodidact.knowledge.update('k', { content: `abc ${state}` })
      expect(receipt.state).toBe(state === 'deprecated' ? 'experimental' : state)
      expect((await autodidact.knowledge.get('k'))?.state).toBe(receipt.state)
      expect((await autodidact.remember({ id: 'k', content: 'abc' })).state).toBe(receipt.state)
    }
  })

  test('goes on behind any number of erased versions', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ id: 'k', content: 'one' })
    for (let version = 0; version < 110; version += 1) await autodidact.knowledge.update('k', { content: `text ${version}`, source: 'x' })
    await autodidact.forget({ source: 'x' })
    expect((await autodidact.knowledge.update('k', { content: 'again' })).id).toBe('k@112')
  })
})

test('a use has no id of a run', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'k', content: 'abc' })
  await autodidact.record({ run: 'run-1', task: 'x', success: true })
  await expect(autodidact.knowledge.use('k', { success: true, id: 'run-1' })).rejects.toMatchObject({ code: 'ID_CONFLICT' })
})

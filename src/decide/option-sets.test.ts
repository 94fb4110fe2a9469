import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workflowId } from '../workflows/workflow-id.ts'
import { createRedact } from '../log/redact.ts'
import { optionsOf } from './input.ts'
import { OptionSets } from './option-sets.ts'
import type { Option } from './policy.ts'

const option = fc.record({ id: fc.constantFrom('a', 'b', 'c'), description: fc.constantFrom('one', 'two') }, { requiredKeys: ['id'] })
const entry = fc.oneof(option, fc.constantFrom('a', 'b', 'c'))
const entries = fc.uniqueArray(entry, { minLength: 1, selector: (one) => (typeof one === 'string' ? one : one.id) })

describe('option sets', () => {
  it('are those that were offered just now, whatever was offered before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('tool', 'agent'), entries)), (calls) => {
        const sets = new OptionSets(createRedact())
        for (const [point, given] of calls) expect(sets.of(point, given).offered).toEqual(optionsOf(point, given))
      }),
    )
  })

  it('notice that the array of the caller has changed', () => {
    const sets = new OptionSets(createRedact())
    const tools: { id: string; description: string }[] = [{ id: 'a', description: 'one' }]
    const before = sets.of('tool', tools)
    expect(sets.of('tool', tools)).toBe(before)
    tools[0] = { id: 'a', description: 'two' }
    expect(sets.of('tool', tools).offered).toEqual([{ id: 'a', description: 'two' }])
    const [first] = tools
    if (first !== undefined) first.description = 'three'
    expect(sets.of('tool', tools).offered).toEqual([{ id: 'a', description: 'three' }])
    tools.push({ id: 'a', description: 'again' })
    expect(() => sets.of('tool', tools)).toThrow(expect.objectContaining({ code: 'DUPLICATE_OPTION' }))
  })

  it('are written with masked descriptions and one key for one content', () => {
    const sets = new OptionSets(createRedact())
    const secret: readonly Option[] = [{ id: 'a', description: 'call it with password=hunter2hunter2' }]
    const set = sets.of('tool', secret)
    expect(set.written[0]?.description).not.toContain('hunter2')
    expect(sets.of('other', secret).key).toBe(set.key)
  })

  it('are written without what workflows are made of, which policies see', () => {
    const sets = new OptionSets(createRedact())
    const id = workflowId(['lookup', 'refund'])
    const set = sets.of('tool', [{ id: 'workflow:own', description: 'an option of the host' }, { id, description: 'lookup, then refund' }])
    expect(set.masked[1]).toEqual({ id, description: 'lookup, then refund' })
    expect(set.written).toEqual([{ id: 'workflow:own', description: 'an option of the host' }, { id }])
    expect(sets.of('other', [{ id: 'workflow:own', description: 'an option of the host' }, id]).key).toBe(set.key)
  })
})

import { array, assert as holds, property, record, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workflowId } from '../workflows/workflow-id.ts'
import { similarities } from './similarity.ts'

const tools = [
  { id: 'Weather_1_GetForecast', description: 'Temperature, rain and wind of a city.' },
  { id: 'Music_3_PlayMedia', description: 'Plays a song on a device.' },
  { id: 'findBus', description: 'Searches connections between two stations.' },
]

describe('similarities', () => {
  it('are in [0, 1] and aligned, for any task and options', () => {
    holds(
      property(string(), array(record({ id: string(), description: string() })), (task, options) => {
        const values = similarities(task, options)
        expect(values).toHaveLength(options.length)
        for (const value of values) expect(value >= 0 && value <= 1).toBe(true)
      }),
    )
  })

  it.each([
    ['will it be raining in Oslo?', 0],
    ['play the songs of my youth', 1],
    ['how is the weather', 0],
    ['the next bus to Bergen', 2],
    ['multimedia please', 1],
  ])('of "%s" are highest for option %d', (task, best) => {
    const values = similarities(task, tools)
    expect(values.indexOf(Math.max(...values))).toBe(best)
  })

  it('are 0 where nothing matches', () => {
    expect([...similarities('xyz', tools)]).toEqual([0, 0, 0])
    expect([...similarities('', tools)]).toEqual([0, 0, 0])
    expect([...similarities('what is it', tools)]).toEqual([0, 0, 0])
  })

  it('do not depend on whether the id repeats the description', () => {
    const other = { id: 'other', description: 'pay bill' }
    const [repeated = 0] = similarities('freeze my account', [{ id: 'FreezeAccount', description: 'freeze account' }, other])
    const [alone = 0] = similarities('freeze my account', [{ id: 'freeze_account' }, other])
    expect(repeated).toBeCloseTo(alone)
  })

  it('are those of the description alone where the id is a digest', () => {
    const id = workflowId(['lookup', 'refund'])
    const other = { id: 'other', description: 'pay bill' }
    const [own = 0] = similarities('lookup the order', [{ id, description: 'lookup, then refund' }, other])
    expect(own).toBe(similarities('lookup the order', [{ id: 'lookup, then refund' }, other])[0])
    expect(own).toBeGreaterThan(0)
    expect([...similarities(`the workflow ${id}`, [{ id }, other])]).toEqual([0, 0])
  })

  it('follow a description that changes in place', () => {
    const option = { id: 'a', description: 'rain' }
    const options = [option, { id: 'b', description: 'song' }]
    expect(similarities('rain', options)[0]).toBeGreaterThan(0)
    option.description = 'snow'
    expect(similarities('rain', options)[0]).toBe(0)
    options.push({ id: 'c', description: 'rain' })
    expect(similarities('rain', options)).toHaveLength(3)
  })
})

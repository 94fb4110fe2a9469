import { array, assert as holds, double, integer, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WeightTable } from './weight-table.ts'

const slots = array(tuple(integer({ min: 0, max: 4095 }), double({ noNaN: true, min: -10, max: 10 }), double({ noNaN: true, min: 0.001, max: 10 })))

describe('a weight table', () => {
  it('comes back from its bytes as it was', () => {
    holds(
      property(slots, (entries) => {
        const table = new WeightTable(12)
        for (const [slot, weight, accumulator] of entries) table.set(slot, weight, accumulator)
        const loaded = WeightTable.load(table.save())
        for (let slot = 0; slot < 4096; slot += 1) {
          expect(loaded.weight(slot)).toBe(table.weight(slot))
          expect(loaded.accumulator(slot)).toBe(table.accumulator(slot))
        }
        expect(loaded.used()).toBe(new Set(entries.map(([slot]) => slot)).size)
      }),
    )
  })

  it('comes back from bytes that lie in a larger buffer', () => {
    const table = new WeightTable(12)
    table.set(7, 0.5, 1)
    // Small Buffers share one piece of memory.
    expect(WeightTable.load(Buffer.from(table.save())).weight(7)).toBe(0.5)
  })

  it('spreads features and options evenly over its slots', () => {
    const table = new WeightTable(12)
    for (let feature = 0; feature < 64; feature += 1) {
      for (let option = 0; option < 64; option += 1) table.set(table.slot(feature, option), 1, 1)
    }
    // 4096 random pairs fill 1 - 1/e of 4096 slots.
    expect(table.used() / 4096).toBeCloseTo(1 - 1 / Math.E, 1)
  })

  it('takes room for what is used only', () => {
    const table = new WeightTable(20)
    table.set(5, 1, 1)
    expect(table.save().length).toBeLessThan(64)
  })
})

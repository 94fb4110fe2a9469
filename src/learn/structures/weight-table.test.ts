import { array, assert as holds, double, integer, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WeightTable } from './weight-table.ts'

const slots = array(tuple(integer({ min: 0, max: 4095 }), double({ noNaN: true, min: -10, max: 10 }), double({ noNaN: true, min: 0.001, max: 10 })))

const saved = (table: WeightTable): Uint8Array => {
  const bytes = new Uint8Array(table.savedBytes)
  table.write(new DataView(bytes.buffer), 0)
  return bytes
}

const content = (table: WeightTable, bits: number): Float32Array =>
  Float32Array.from({ length: 2 ** (bits + 1) }, (_, at) => (at % 2 === 0 ? table.weight(at >> 1) : table.accumulator(at >> 1)))

describe('a weight table', () => {
  it('comes back from its bytes as it was', () => {
    holds(
      property(slots, (entries) => {
        const table = new WeightTable(12)
        for (const [slot, weight, accumulator] of entries) table.set(slot, weight, accumulator)
        const loaded = WeightTable.load(saved(table))
        expect(content(loaded, 12)).toEqual(content(table, 12))
        expect(loaded.used()).toBe(new Set(entries.map(([slot]) => slot)).size)
      }),
    )
  })

  it('holds what was set last, however full it is', () => {
    const table = new WeightTable(13)
    const expected = new Float32Array(2 ** 14)
    for (let entry = 0; entry < 2 ** 13; entry += 1) {
      const slot = (entry * 2741) % 2 ** 13
      table.set(slot, entry, 1 + entry)
      expected.set([entry, 1 + entry], 2 * slot)
      // On the way it grows, and is laid out in another way.
      if (entry % 512 === 0) {
        expect(content(table, 13)).toEqual(expected)
        expect(content(WeightTable.load(saved(table)), 13)).toEqual(expected)
      }
    }
    expect(content(table, 13)).toEqual(expected)
  })

  it('says what is damaged', () => {
    const table = new WeightTable(12)
    for (const slot of [1, 2, 3]) table.set(slot, 1, 1)
    const bytes = saved(table)
    const swapped = Uint8Array.from(bytes)
    swapped.set(bytes.subarray(8, 20), 20)
    for (const damaged of [bytes.subarray(1), bytes.subarray(0, -1), swapped, new Uint8Array(3)]) expect(() => WeightTable.load(damaged)).toThrow(expect.objectContaining({ code: 'CORRUPT' }))
  })

  it('comes back from bytes that lie in a larger buffer', () => {
    const table = new WeightTable(12)
    table.set(7, 0.5, 1)
    // Small Buffers share one piece of memory.
    expect(WeightTable.load(Buffer.from(saved(table))).weight(7)).toBe(0.5)
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
    expect(table.savedBytes).toBeLessThan(64)
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ItemLife } from './item-life.ts'
import { lifeThresholds } from './knowledge-life.ts'
import { sumsOf, type UseSums } from './use-counts.ts'
import type { Reporter } from './use-reports.ts'

const good = sumsOf({ reward: 1, weight: 1 })
const bad = sumsOf({ reward: 0, weight: 1 })

/** A life whose runs are recorded one after the other, each judged at once, or again. */
class Lived {
  readonly life = new ItemLife('experimental', 1)
  #sequence = 1

  #follow(): void {
    this.#sequence += 1
    this.life.follow(this.#sequence, lifeThresholds)
  }

  /** @returns where the runs were recorded */
  use(times: number, how: UseSums): number[] {
    return Array.from({ length: times }, () => {
      this.#sequence += 1
      const place = this.#sequence
      this.life.countUse(place, { current: how })
      this.life.follow(place, lifeThresholds)
      return place
    })
  }

  judgeAgain(places: readonly number[], previous: UseSums | undefined, current: UseSums | undefined): void {
    for (const place of places) {
      this.life.countUse(place, { previous, current })
      this.#follow()
    }
  }

  draw(draw: 'drawn' | 'explored', times: number, withIt: number, without: number): number[] {
    return Array.from({ length: times }, () => {
      this.#sequence += 1
      const place = this.#sequence
      this.life.countDraw(place, draw, 'offered', { current: withIt })
      this.life.countDraw(place, draw, 'withheld', { current: without })
      this.life.follow(place, lifeThresholds)
      return place
    })
  }

  drawAgain(places: readonly number[], previous: readonly [withIt: number, without: number], current?: readonly [withIt: number, without: number]): void {
    for (const place of places) {
      this.life.countDraw(place, 'drawn', 'offered', { previous: previous[0], current: current?.[0] })
      this.life.countDraw(place, 'drawn', 'withheld', { previous: previous[1], current: current?.[1] })
      this.#follow()
    }
  }

  put(state: 'archived' | 'experimental'): void {
    this.#sequence += 1
    this.life.put(state, this.#sequence)
  }
}

describe('the state by uses', () => {
  test('is undone when what it followed from is taken back', () => {
    const lived = new Lived()
    const places = lived.use(5, good)
    expect(lived.life.state).toBe('validated')
    lived.judgeAgain(places.slice(0, 1), good, undefined)
    expect(lived.life.state).toBe('experimental')
    lived.judgeAgain(places.slice(1), good, undefined)
    expect([lived.life.state, lived.life.recent]).toEqual(['experimental', { uses: 0, up: 0, down: 0 }])
  })

  test('is another when the verdicts on runs of an earlier state are others', () => {
    const lived = new Lived()
    const places = lived.use(12, good)
    expect([lived.life.state, lived.life.recent.uses]).toEqual(['validated', 7])
    lived.judgeAgain(places, good, bad)
    expect(lived.life.state).toBe('deprecated')
  })

  test('stands where its verdicts only change a little, and so do those that followed', () => {
    const lived = new Lived()
    const [many, fewer] = [{ uses: 20, up: 0, down: 20 }, { uses: 20, up: 1, down: 19 }]
    const places = lived.use(1, many)
    expect(lived.life.state).toBe('deprecated')
    lived.use(6, good)
    expect([lived.life.state, lived.life.recent.uses]).toEqual(['validated', 1])
    lived.judgeAgain(places, many, fewer)
    expect([lived.life.state, lived.life.recent.uses]).toEqual(['validated', 1])
  })

  test('is judged by the runs that were recorded in it: those from before count for what was before, whenever they are judged', () => {
    const lived = new Lived()
    lived.use(5, bad)
    expect(lived.life.state).toBe('deprecated')
    // Recorded when it was experimental, and judged now.
    lived.judgeAgain(Array.from({ length: 20 }, () => 2), undefined, good)
    expect([lived.life.state, lived.life.recent.uses]).toEqual(['validated', 0])
  })

  test('begins anew where somebody puts it: what was recorded before does not count there', () => {
    const lived = new Lived()
    const places = lived.use(8, good)
    lived.put('archived')
    lived.put('experimental')
    lived.judgeAgain(places, good, undefined)
    expect([lived.life.state, lived.life.recent]).toEqual(['experimental', { uses: 0, up: 0, down: 0 }])
    lived.use(5, good)
    expect(lived.life.state).toBe('validated')
  })

  test.each(['archived', 'quarantined'] as const)('leaves what was %s where it is', (state) => {
    const life = new ItemLife(state, 1)
    for (let place = 2; place < 60; place += 1) {
      life.countUse(place, { current: good })
      life.countDraw(place, 'drawn', 'offered', { current: 1 })
      life.countDraw(place, 'drawn', 'withheld', { current: 0 })
      life.follow(place, lifeThresholds)
    }
    expect(life.state).toBe(state)
  })

  test('is not undone because others report uses now: who was alone was believed then', () => {
    const own = { key: 1, own: true }
    const life = new ItemLife('experimental', 1)
    for (let place = 2; place < 7; place += 1) life.countUse(place, { current: good }, own)
    life.follow(6, lifeThresholds, false)
    expect(life.state).toBe('experimental')
    life.follow(7, lifeThresholds, true)
    expect(life.state).toBe('validated')
    life.countUse(8, { current: good }, { key: 2, own: false })
    life.follow(8, lifeThresholds, false)
    expect(life.state).toBe('validated')
    // Said again, it is judged by what is known now.
    life.countUse(2, { previous: good, current: bad }, own)
    life.follow(9, lifeThresholds, false)
    expect(life.state).toBe('experimental')
  })

  test('follows the thresholds that it is given', () => {
    const life = new ItemLife('experimental', 1)
    life.countUse(2, { current: { uses: 150, up: 100, down: 50 } })
    life.follow(2, lifeThresholds)
    expect(life.state).toBe('experimental')
    life.follow(3, { ...lifeThresholds, validatedFrom: 0.6 })
    expect(life.state).toBe('validated')
  })
})

describe('the state by draws', () => {
  test('puts out of use what does harm, whatever its uses, and takes it back where the verdicts change', () => {
    const lived = new Lived()
    const places = lived.draw('drawn', 40, 0.5, 1)
    lived.use(5, good)
    expect(lived.life.state).toBe('deprecated')
    expect(lived.life.effect?.high).toBeLessThan(0)
    lived.drawAgain(places, [0.5, 1], [1, 1])
    expect(lived.life.state).not.toBe('deprecated')
    lived.drawAgain(places, [1, 1])
    expect(lived.life.effect).toBeUndefined()
  })

  test('brings back what is shown to help where it is tried, and its effect begins anew', () => {
    const lived = new Lived()
    lived.draw('drawn', 40, 0, 1)
    expect(lived.life.state).toBe('deprecated')
    const [first = 0] = lived.draw('explored', 1, 1, 0)
    // Good uses alone do not undo a proven harm.
    lived.use(20, good)
    expect(lived.life.state).toBe('deprecated')
    expect(lived.life.retrial).toMatchObject({ difference: 1, offered: 1, withheld: 1 })
    expect(lived.life.effect?.high).toBeLessThan(0)
    lived.draw('explored', 30, 1, 0)
    expect(lived.life.state).toBe('validated')
    expect([lived.life.effect, lived.life.retrial]).toEqual([undefined, undefined])
    expect(first).toBeGreaterThan(0)
    lived.draw('drawn', 60, 0, 1)
    expect(lived.life.state).toBe('deprecated')
  })

  describe('where several report', () => {
    const ada = { key: 1, own: false }
    const eve = { key: 2, own: false }
    const author = { key: 3, own: true }

    class Reported {
      life = new ItemLife('experimental', 1)
      #place = 1

      /** Runs in which a draw showed the item, and as many from which it withheld it. */
      draw(reporter: Reporter, times: number, withIt: number, without: number, draw: 'drawn' | 'explored' = 'drawn'): this {
        for (let run = 0; run < times; run += 1) {
          this.#place += 1
          this.life.countUse(this.#place, { current: sumsOf({ reward: withIt, weight: 1 }) }, reporter)
          this.life.countDraw(this.#place, draw, 'offered', { current: withIt }, reporter)
          this.life.countDraw(this.#place, draw, 'withheld', { current: without }, reporter)
          this.life.follow(this.#place, lifeThresholds, false)
        }
        return this
      }
    }

    test('one alone puts nothing out of use that does others no harm, however much harm that one reports', () => {
      const reported = new Reported().draw(ada, 20, 1, 1).draw(eve, 200, 0, 1)
      expect(reported.life.effect?.high).toBeLessThan(0)
      expect(reported.life.state).not.toBe('deprecated')
      // One failure of another is no harm, either, as long as others did no better without.
      expect(reported.draw(ada, 1, 0, 0).life.state).not.toBe('deprecated')
      expect(reported.draw(ada, 2, 0, 1).life.state).toBe('deprecated')
    })

    test('harm that is there without any one of them puts it out of use, and so does harm that its author reports', () => {
      expect(new Reported().draw(ada, 40, 0, 1).draw(eve, 1, 0, 1).life.state).toBe('deprecated')
      expect(new Reported().draw(ada, 1, 1, 1).draw(author, 40, 0, 1).life.state).toBe('deprecated')
    })

    test('praise of runs without it does as little as blame of those with it', () => {
      const reported = new Reported()
      for (const reward of [1, 0, 1, 0, 1, 0, 1, 0]) reported.draw(ada, 1, reward, reward)
      expect(reported.draw(eve, 200, 0.5, 1).life.effect?.high).toBeLessThan(0)
      expect(reported.life.state).toBe('experimental')
    })

    test('its author does not alone show that it helps', () => {
      const reported = new Reported().draw(author, 60, 1, 0)
      expect(reported.life.effect?.low).toBeGreaterThan(0)
      expect(reported.life.state).toBe('experimental')
      expect(reported.draw(ada, 1, 1, 0).life.state).toBe('validated')
    })

    test('is told again as it was after it was saved', () => {
      const reported = new Reported().draw(ada, 20, 1, 1).draw(eve, 200, 0, 1)
      reported.life = ItemLife.from(JSON.parse(JSON.stringify(reported.life.save())) as ReturnType<ItemLife['save']>)
      expect(reported.life.state).not.toBe('deprecated')
      expect(reported.draw(ada, 3, 0, 1).life.state).toBe('deprecated')
    })
  })

  test('leaves what hard tasks bring down in use, as long as nothing shows it to do harm', () => {
    const lived = new Lived()
    lived.draw('drawn', 2, 0, 0)
    lived.use(20, bad)
    expect(lived.life.state).toBe('experimental')
  })
})

const step = fc.record({
  what: fc.constantFrom('use' as const, 'drawn' as const, 'explored' as const, 'put' as const),
  arm: fc.constantFrom('offered' as const, 'withheld' as const),
  state: fc.constantFrom('experimental' as const, 'deprecated' as const, 'archived' as const),
  place: fc.nat(60),
  previous: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  current: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
})

test('whatever is said, also of what was never counted: nobody who looks is thrown at, nothing is less than nothing, and it is saved as it is', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.nat(80), (steps, cut) => {
      const play = (life: ItemLife, from: number, to: number): ItemLife => {
        for (const [index, { what, arm, state, place, previous, current }] of steps.entries()) {
          if (index < from || index >= to) continue
          if (what === 'put') life.put(state, index)
          else if (what === 'use') life.countUse(place, { previous: previous === undefined ? undefined : sumsOf({ reward: previous, weight: 0.7 }), current: current === undefined ? undefined : sumsOf({ reward: current, weight: 0.7 }) })
          else life.countDraw(place, what, arm, { previous, current })
          life.follow(index, lifeThresholds)
          const { recent, effect, retrial } = life
          for (const value of [recent.uses, recent.up, recent.down]) expect(value).toBeGreaterThanOrEqual(0)
          for (const one of [effect, retrial]) if (one !== undefined) expect(one.low).toBeLessThanOrEqual(one.high)
        }
        return life
      }
      const whole = play(new ItemLife('experimental', 0), 0, steps.length)
      const resumed = play(ItemLife.from(JSON.parse(JSON.stringify(play(new ItemLife('experimental', 0), 0, cut).save()))), cut, steps.length)
      expect(JSON.stringify(resumed.save())).toBe(JSON.stringify(whole.save()))
      expect(whole.save().length).toBeLessThanOrEqual(16)
    }),
    { numRuns: 200 },
  )
})

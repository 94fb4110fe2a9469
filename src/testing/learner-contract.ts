import assert from 'node:assert/strict'
import type { Experience, Learner } from '../learn/learner.ts'
import type { Law } from './law.ts'
import { assertNearlyEqual } from './nearly-equal.ts'
import { foreignExperience } from './foreign.ts'

/** Cuts that are tried per stream: a law must hold at any, but trying all takes the square of the length. */
const cutsTried = 12

const cutsOf = (length: number): number[] => {
  const step = Math.max(1, Math.ceil(length / cutsTried))
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step)
}

/** Plain copies of everything but the typed arrays are frozen, so that a learner that writes to its input throws. */
const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const field of Object.values(value)) frozen(field)
    Object.freeze(value)
  }
  return value
}

/**
 * The laws of a learner, to be checked over a stream of experience; make the stream with {@link experienceStream}, or from a log.
 *
 * Laws of `merge` and `inverse` are returned for learners that declare them.
 *
 * @param experiences in the order of the log, at least one of a kind the learner handles
 *
 * @example
 * ```ts
 * import { itemUsefulness, seededRandom } from 'autodidact'
 * import { experienceStream, learnerLaws } from 'autodidact/testing'
 *
 * for (const law of learnerLaws(itemUsefulness, experienceStream(seededRandom(1), 50))) law.check()
 * ```
 */
export const learnerLaws = <State, View>(learner: Learner<State, View>, experiences: readonly Experience[]): Law[] => {
  const fold = (stream: readonly Experience[], start: State = learner.initial()): State =>
    stream.reduce((state, experience) => learner.learn(state, experience), start)
  const copy = (state: State): State => learner.load(learner.save(state))
  const bytesOf = (stream: readonly Experience[]): Uint8Array => learner.save(fold(stream))

  const laws: Law[] = [
    {
      name: 'has a name, a version and kinds it handles',
      check: () => {
        assert.match(learner.name, /^[a-z][a-z0-9-]*$/)
        assert(Number.isInteger(learner.version) && learner.version >= 1, 'the version is a whole number from 1')
        assert(learner.handles.length > 0, 'a learner that handles no kind learns nothing')
      },
    },
    {
      name: 'learns from the stream',
      check: () => {
        const before = learner.save(learner.initial())
        let state = learner.initial()
        const differs = experiences.some((experience) => {
          state = learner.learn(state, experience)
          return !Buffer.from(learner.save(state)).equals(before)
        })
        assert(differs, 'the stream taught nothing: is it of a kind the learner handles?')
      },
    },
    {
      name: 'the same experience gives the same state, bit for bit',
      check: () => {
        assert.deepEqual(bytesOf(experiences), bytesOf(structuredClone(experiences)))
      },
    },
    {
      name: 'a snapshot at any cut changes nothing',
      check: () => {
        const whole = bytesOf(experiences)
        for (const cut of cutsOf(experiences.length)) {
          const resumed = fold(experiences.slice(cut), copy(fold(experiences.slice(0, cut))))
          assert.deepEqual(learner.save(resumed), whole, `a snapshot after ${cut} experiences gave another state`)
        }
      },
    },
    {
      name: 'saving and loading gives the same bytes again',
      check: () => {
        const bytes = bytesOf(experiences)
        assert.deepEqual(learner.save(learner.load(bytes)), bytes)
      },
    },
    {
      name: 'unknown kinds and unknown fields are ignored',
      check: () => {
        const more = experiences.flatMap((experience): Experience[] => [
          foreignExperience(experience.sequence),
          Object.assign(structuredClone(experience), { unknownField: { value: 1 } }),
        ])
        assert.deepEqual(bytesOf(more), bytesOf(experiences))
      },
    },
    {
      name: 'experience is never changed',
      check: () => {
        const stream = frozen(structuredClone(experiences))
        fold(stream)
        assert.deepEqual(stream, structuredClone(experiences))
      },
    },
    {
      name: 'every initial state is its own, and a view changes nothing',
      check: () => {
        const untouched = learner.initial()
        const before = learner.save(untouched)
        const learned = fold(experiences)
        assert.deepEqual(learner.save(untouched), before)
        learner.view(learned)
        assert.deepEqual(learner.save(learned), bytesOf(experiences))
      },
    },
  ]

  if (learner.inverse !== undefined) {
    laws.push({
      name: 'inverse undoes learn',
      check: () => {
        for (const cut of cutsOf(experiences.length)) {
          const experience = experiences[cut]
          if (experience === undefined) continue
          const before = fold(experiences.slice(0, cut))
          assertNearlyEqual(learner.inverse?.(learner.learn(copy(before), experience), experience), before)
        }
      },
    })
  }
  if (learner.merge !== undefined) {
    const join = (left: State, right: State): State => learner.merge?.(copy(left), copy(right)) ?? left
    const third = Math.ceil(experiences.length / 3)
    const parts = (): [State, State, State] => [
      fold(experiences.slice(0, third)),
      fold(experiences.slice(third, 2 * third)),
      fold(experiences.slice(2 * third)),
    ]
    laws.push(
      {
        name: 'merge is commutative and associative, with the initial state as identity',
        check: () => {
          const [first, second, last] = parts()
          assertNearlyEqual(join(first, second), join(second, first))
          assertNearlyEqual(join(join(first, second), last), join(first, join(second, last)))
          assertNearlyEqual(join(first, learner.initial()), first)
          assertNearlyEqual(join(learner.initial(), first), first)
        },
      },
      {
        name: 'merged logs are as good as one',
        check: () => {
          const [first, second, last] = parts()
          assertNearlyEqual(join(join(first, second), last), fold(experiences))
        },
      },
    )
  }
  return laws
}

import type { Environment, Observation } from './environment.ts'

const gravity = 9.8
const massCart = 1
const massPole = 0.1
const totalMass = massCart + massPole
/** Half of the pole's length, m. */
const length = 0.5
const poleMoment = massPole * length
/** N. */
const force = 10
/** s. */
const interval = 0.02
/** The pole has fallen beyond 12 degrees, the cart is lost beyond 2.4 m. */
const widestAngle = (12 * Math.PI) / 180
const widestPosition = 2.4
const limit = 500

const options = [{ id: 'left' }, { id: 'right' }]

/**
 * Gymnasium's CartPole-v1 (Barto, Sutton and Anderson 1983, integrated by Euler's method): push a cart left or right so that its pole stays up; 1 for each
 * step, truncated after 500. The context holds position (m), velocity, angle (rad) and angular velocity. "Solved" is a mean return of 475
 * over 100 episodes.
 */
export const cartPole = (): Environment => {
  let [position, velocity, angle, spin, steps] = [0, 0, 0, 0, 0]
  const observe = (): Observation => ({ situation: { task: '', context: { position, velocity, angle, spin } }, options })
  return {
    name: 'CartPole',
    start: (random) => {
      const small = (): number => (random() - 0.5) / 10
      ;[position, velocity, angle, spin, steps] = [small(), small(), small(), small(), 0]
      return observe()
    },
    act: (option) => {
      const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
      const pushed = ((option === 'right' ? force : -force) + poleMoment * spin * spin * sine) / totalMass
      const turning = (gravity * sine - cosine * pushed) / (length * (4 / 3 - (massPole * cosine * cosine) / totalMass))
      const acceleration = pushed - (poleMoment * turning * cosine) / totalMass
      ;[position, velocity] = [position + interval * velocity, velocity + interval * acceleration]
      ;[angle, spin] = [angle + interval * spin, spin + interval * turning]
      steps += 1
      const terminated = Math.abs(position) > widestPosition || Math.abs(angle) > widestAngle
      return { reward: 1, terminated, truncated: !terminated && steps >= limit, next: observe() }
    },
  }
}

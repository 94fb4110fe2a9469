import type { Random } from './random.ts'

/** A standard normal number: Box and Muller 1958. Takes two numbers from `random`. */
export const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** A gamma number of this shape (1 or more) and scale 1: Marsaglia and Tsang 2000. */
const gamma = (shape: number, random: Random): number => {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    const u = 1 - random()
    // Their squeeze: most numbers are taken without a logarithm, and the same ones are taken.
    if (u < 1 - 0.0331 * x * x * x * x || Math.log(u) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** A Beta number in (0, 1); both parameters are 1 or more. */
export const beta = (up: number, down: number, random: Random): number => {
  const left = gamma(up, random)
  return left / (left + gamma(down, random))
}

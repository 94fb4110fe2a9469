import type { FiniteModel, Outcome } from './finite.ts'

/** The map of Gymnasium's Taxi-v3: between two fields, `|` is a wall and `:` is none. */
const map = ['R: | : :G', ' : | : : ', ' : : : : ', ' | : | : ', 'Y| : |B: '] as const

const size = 5
/** Where passengers wait and want to go: R, G, Y, B. */
const stands = [
  [0, 0],
  [0, 4],
  [4, 0],
  [4, 3],
] as const
/** Place of a passenger who sits in the taxi. */
const inTaxi = stands.length

const actions = ['south', 'north', 'east', 'west', 'pickup', 'dropoff'] as const

interface Place {
  readonly row: number
  readonly column: number
  readonly passenger: number
  readonly destination: number
}

const encode = ({ row, column, passenger, destination }: Place): number => ((row * size + column) * (inTaxi + 1) + passenger) * stands.length + destination

const decode = (state: number): Place => {
  const destination = state % stands.length
  const passenger = Math.floor(state / stands.length) % (inTaxi + 1)
  const field = Math.floor(state / (stands.length * (inTaxi + 1)))
  return { row: Math.floor(field / size), column: field % size, passenger, destination }
}

const outcomeOf = (place: Place, action: (typeof actions)[number]): Outcome => {
  const { row, column, passenger, destination } = place
  const go = (change: Partial<Place>, reward = -1, terminated = false): Outcome => ({ probability: 1, next: encode({ ...place, ...change }), reward, terminated })
  const stand = stands.findIndex(([atRow, atColumn]) => atRow === row && atColumn === column)
  switch (action) {
    case 'south':
      return go({ row: Math.min(size - 1, row + 1) })
    case 'north':
      return go({ row: Math.max(0, row - 1) })
    case 'east':
      return go({ column: map[row]?.[2 * column + 1] === ':' ? column + 1 : column })
    case 'west':
      return go({ column: map[row]?.[2 * column - 1] === ':' ? column - 1 : column })
    case 'pickup':
      return passenger < inTaxi && stand === passenger ? go({ passenger: inTaxi }) : go({}, -10)
    default:
      // Drop-off.
      if (passenger !== inTaxi || stand < 0) return go({}, -10)
      return stand === destination ? go({ passenger: destination }, 20, true) : go({ passenger: stand })
  }
}

/**
 * Gymnasium's Taxi-v3: fetch a passenger and bring them where they want to go; −1 a step, −10 for a pick-up or drop-off where none is possible, 20 at
 * the end. One of 300 starts, truncated after 200 steps.
 */
export const taxi = (): FiniteModel => {
  const states = size * size * (inTaxi + 1) * stands.length
  const places = Array.from({ length: states }, (_, state) => decode(state))
  const starts = places.map(({ passenger, destination }) => passenger < inTaxi && passenger !== destination)
  const count = starts.filter(Boolean).length
  return {
    name: 'Taxi',
    states,
    actions,
    limit: 200,
    start: Float64Array.from(starts, (possible) => (possible ? 1 / count : 0)),
    outcomes: places.map((place) => actions.map((action) => [outcomeOf(place, action)])),
  }
}

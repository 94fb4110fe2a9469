import type { FiniteModel, Outcome } from './finite.ts'

/** The maps of Gymnasium's FrozenLake-v1: start, frozen, hole, goal. */
const maps = {
  '4x4': ['SFFF', 'FHFH', 'FFFH', 'HFFG'],
  '8x8': ['SFFFFFFF', 'FFFFFFFF', 'FFFHFFFF', 'FFFFFHFF', 'FFFHFFFF', 'FHHFFFHF', 'FHFFHFHF', 'FFFHFFFG'],
} as const

/** In the order of Gymnasium: neighbours of a direction are those at right angles to it. */
const moves = [
  { action: 'left', row: 0, column: -1 },
  { action: 'down', row: 1, column: 0 },
  { action: 'right', row: 0, column: 1 },
  { action: 'up', row: -1, column: 0 },
] as const

/** Settings of {@link frozenLake}. */
export interface FrozenLakeSettings {
  readonly map?: keyof typeof maps
  /** On slippery ice a move goes where it should in one of three cases, and to either side in the others. */
  readonly slippery?: boolean
}

/**
 * Gymnasium's FrozenLake-v1: cross a frozen lake with holes; 1 for the goal, 0 for everything else. Truncated after 100 steps (4×4) or 200 (8×8).
 * "Solved" is a success rate of .70 (4×4) or .85 (8×8).
 */
export const frozenLake = ({ map = '4x4', slippery = true }: FrozenLakeSettings = {}): FiniteModel => {
  const rows = maps[map]
  const size = rows.length
  const field = (state: number): string => rows[Math.floor(state / size)]?.[state % size] ?? 'H'
  const within = (place: number): number => Math.min(size - 1, Math.max(0, place))
  const ended = (state: number): boolean => field(state) === 'H' || field(state) === 'G'
  const slide = (state: number, direction: number): Outcome => {
    const { row, column } = moves[(direction + moves.length) % moves.length] ?? moves[0]
    const next = within(Math.floor(state / size) + row) * size + within((state % size) + column)
    return { probability: slippery ? 1 / 3 : 1, next, reward: field(next) === 'G' ? 1 : 0, terminated: ended(next) }
  }
  const outcomesOf = (state: number, direction: number): Outcome[] => {
    if (ended(state)) return [{ probability: 1, next: state, reward: 0, terminated: true }]
    return (slippery ? [direction - 1, direction, direction + 1] : [direction]).map((actual) => slide(state, actual))
  }
  const states = size * size
  const start = new Float64Array(states)
  start[0] = 1
  return {
    name: `FrozenLake-${map}${slippery ? '-slippery' : ''}`,
    states,
    actions: moves.map(({ action }) => action),
    limit: map === '4x4' ? 100 : 200,
    start,
    outcomes: Array.from({ length: states }, (_, state) => moves.map((_, direction) => outcomesOf(state, direction))),
  }
}

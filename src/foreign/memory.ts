import { z } from 'zod'
import type { AutodidactError } from '../errors.ts'

/** A path as systems know it. */
export const memoryPath = z.string().min(1, 'is empty').max(4_096, 'has more than 4,096 characters')

/** How the memories of other programs are kept. */
export const foreignFormats = ['mcp-memory', 'mem0'] as const

/** One of {@link foreignFormats}. */
export type ForeignFormat = (typeof foreignFormats)[number]

/** Something that another program remembers. */
export interface ForeignMemory {
  /** As that program calls it. */
  readonly id: string
  /** The line, or the place of the row in its table, that tells of it, from 1. */
  readonly place: number
  readonly title?: string
  readonly category?: string
  /** What it says, one statement at a time. */
  readonly parts: readonly string[]
  readonly user?: string
  readonly agent?: string
  readonly session?: string
  /** Milliseconds since 1970-01-01 UTC. */
  readonly occurredAt?: number
}

/** A part of it that cannot be read. */
export interface ForeignProblem {
  /** The line, or the place of the row in its table, from 1. */
  readonly place: number
  readonly unit: (typeof placeUnits)[ForeignFormat]
  readonly code: AutodidactError['code']
  readonly message: string
}

export interface Foreign {
  readonly format: ForeignFormat
  readonly memories: readonly ForeignMemory[]
  /** The first 100. */
  readonly problems: readonly ForeignProblem[]
}

/** What places are counted in. */
export const placeUnits = { 'mcp-memory': 'line', mem0: 'row' } as const satisfies Readonly<Record<ForeignFormat, string>>

export const mostProblems = 100

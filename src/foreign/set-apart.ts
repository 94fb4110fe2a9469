import { flagsOf } from '../knowledge/flags.ts'
import { textDigest } from '../log/canonical.ts'
import type { ForeignMemory } from './memory.ts'

/** Whether nobody is to be shown a statement before somebody has looked at it; what is only masked may be. */
const isSuspicious = (text: string): boolean => flagsOf(text).length > 0

/**
 * Memories with what is suspicious set apart: one statement that gives orders or hides text waits in quarantine by itself, and the others of the same memory are of use. A statement that was set apart keeps its
 * id whatever else is said of the memory.
 */
export const setApart = (memories: readonly ForeignMemory[]): readonly ForeignMemory[] =>
  memories.flatMap((memory) => {
    const suspicious = memory.parts.filter(isSuspicious)
    if (suspicious.length === 0 || memory.parts.length === 1) return [memory]
    const parts = memory.parts.filter((part) => !isSuspicious(part))
    const apart = suspicious.map((part): ForeignMemory => ({ ...memory, id: `${memory.id}, ${textDigest(part)}`, parts: [part] }))
    return parts.length === 0 ? apart : [{ ...memory, parts }, ...apart]
  })

import { v7 } from 'uuid'

/** A new id: a prefix that says what it names, and a time-ordered UUID, so that ids made together lie together in the index. */
export const newId = (prefix: 'run' | 'advice' | 'decision' | 'feedback' | 'knowledge' | 'forget' | 'experiment' | 'state' | 'reward' | 'reflection' | 'preference'): string => `${prefix}_${v7()}`

import type { Experience } from '../learn/learner.ts'

/** An experience of a kind that only a later version knows: learners must pass over it. The cast is the point, the type knows today's kinds only. */
export const foreignExperience = (sequence: number): Experience => ({ kind: 'later.kind', sequence }) as unknown as Experience

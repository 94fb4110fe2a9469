import type { Command } from 'commander'
import { addGroup } from '../actions.ts'
import { addFiles } from './knowledge/files.ts'
import { addLife } from './knowledge/life.ts'
import { addLooking } from './knowledge/look.ts'
import { addWriting } from './knowledge/write.ts'

export const addKnowledge = (program: Command): void => {
  const group = addGroup(program, {
    name: 'knowledge',
    summary: 'Rules and lessons: versions, uses, states',
    description: 'Look at what is known, change it, and tell of its use. Where an ID is asked for,\nits beginning is enough: six characters or more, where no other one begins so.',
    examples: [
      "autodidact knowledge add '[RESPONSE_PRINCIPLE|0.9] Be concise.' --by ada",
      'autodidact knowledge list --state validated --json',
      "autodidact knowledge update refunds 'Refund later.' --reason 'Too fast.'",
      'autodidact knowledge export rules.md',
    ],
  })
  for (const add of [addWriting, addLooking, addLife, addFiles]) add(group)
}

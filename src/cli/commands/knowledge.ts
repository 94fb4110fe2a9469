import type { Command } from 'commander'
import { addGroup } from '../group.ts'
import { files } from './knowledge/files.ts'
import { life } from './knowledge/life.ts'
import { looking } from './knowledge/look.ts'
import { writing } from './knowledge/write.ts'

export const addKnowledge = (program: Command): void => {
  addGroup(program, {
    name: 'knowledge',
    summary: 'Rules and lessons: versions, uses, states',
    description: 'Look at what is known, change it, and tell of its use. Where an ID is asked for,\nits beginning is enough: six characters or more, where no other one begins so.',
    examples: [
      "autodidact knowledge add '[RESPONSE_PRINCIPLE|0.9] Be concise.' --by ada",
      'autodidact knowledge list --state validated --json',
      "autodidact knowledge update refunds 'Refund later.' --reason 'Too fast.'",
      'autodidact knowledge export rules.md',
    ],
    actions: [...writing, ...looking, ...life, ...files],
  })
}

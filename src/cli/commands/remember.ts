import type { Command } from 'commander'
import { addAdding } from './knowledge/write.ts'

export const addRemember = (program: Command): void =>
  addAdding(program, {
    usage: 'remember [content]',
    summary: 'Add knowledge',
    description: 'Add knowledge; the same as `knowledge add`.',
    examples: ["autodidact remember 'Revenue is net of returns.' --title 'Revenue'"],
  })

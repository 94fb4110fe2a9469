import type { Command } from 'commander'
import { addGroup } from '../group.ts'
import { lookingAround } from './share/look.ts'
import { addTelling } from './share/tell.ts'

export const addShare = (program: Command): void => {
  addGroup(program, {
    name: 'share',
    summary: 'Tell other agents something',
    description: 'Add knowledge and tell it to the agents that subscribe to its channel, or look\nat what was shared. A text without an action is told.',
    examples: [
      "autodidact share 'Escape the input.' --kind warning --channel warnings \\\n--priority critical --broadcast --author reviewer",
      "autodidact share 'Delete build.lock.' --answers question_1 --author coder",
      'autodidact share answers question_1',
      'autodidact share recent coder --json',
    ],
    actions: [addTelling, ...lookingAround],
    takesText: true,
  })
}

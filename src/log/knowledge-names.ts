// Apart from the schemas that check them, so that the help of a command, which tells these names, loads no schema.

/** How one item may bear on another. */
export const relations = ['supports', 'contradicts', 'fixes', 'derived-from'] as const

/** How urgent an item may be, the least urgent first. */
export const priorities = ['low', 'medium', 'high', 'critical'] as const

/** Where an item may be in its life. */
export const knowledgeStates = ['experimental', 'validated', 'deprecated', 'archived', 'quarantined'] as const

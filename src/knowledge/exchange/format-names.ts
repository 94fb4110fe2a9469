/** How knowledge may stand in a file: `json` for programs, `markdown` for people. */
export const knowledgeFormats = ['json', 'markdown'] as const

/** One of {@link knowledgeFormats}. */
export type KnowledgeFormat = (typeof knowledgeFormats)[number]

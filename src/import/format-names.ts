/** How a file may hold episodes: one JSON object a line, a JSON array of objects, or a table whose first row names the columns. */
export const importFormats = ['jsonl', 'json', 'csv'] as const

/** One of {@link importFormats}. */
export type ImportFormat = (typeof importFormats)[number]

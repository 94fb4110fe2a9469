import { DataAssistant, type DataAssistantSettings } from '../agents/data-assistant/assistant.ts'
import { ReadOnlyDatabase } from '../agents/data-assistant/database/database.ts'
import { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import { learnedBeside } from './learned-beside.ts'
import { simulationLimits } from './demo/simulation.ts'
import type { EncryptionSettings } from '../storage/storage.ts'

/** A database, and where the assistant that answers questions about it learns. */
export interface AssistantPlace extends Pick<DataAssistantSettings, 'onLesson' | 'user'> {
  readonly database: string
  readonly file: string
  readonly namespace: string
  readonly encryption?: EncryptionSettings
}

export interface Opened {
  readonly autodidact: Autodidact
  readonly database: ReadOnlyDatabase
  readonly assistant: DataAssistant
}

const openLearned = async ({ database, file, namespace, encryption }: AssistantPlace): Promise<Autodidact> => {
  try {
    return await Autodidact.open(file, { namespace, readOnly: false, ...(encryption === undefined ? {} : { encryption }) })
  } catch (error) {
    const isOurs = AutodidactError.is(error) && (error.code === 'CANNOT_OPEN' || error.code === 'READ_ONLY') && file === learnedBeside(database)
    throw isOurs ? new AutodidactError(error.code, `${error.message} Or name another file to learn in with --file.`, { cause: error }) : error
  }
}

/**
 * Opens what is needed to ask about a database, works, and closes everything whatever happens.
 *
 * @throws AutodidactError `INVALID_INPUT` for a database without tables, and what opening throws
 */
export const withAssistant = async <Value>(place: AssistantPlace, work: (opened: Opened) => Promise<Value>): Promise<Value> => {
  const database = await ReadOnlyDatabase.open(place.database)
  try {
    if (database.schema.columns.length === 0) {
      throw new AutodidactError('INVALID_INPUT', `"${place.database}" has no tables, so there is nothing to ask about. Fill it first, or check the path: some programs make an empty file of a name that they do not find.`)
    }
    const autodidact = await openLearned(place)
    try {
      const { user, onLesson } = place
      const assistant = await DataAssistant.open({ autodidact, database, limits: simulationLimits, ...(user === undefined ? {} : { user }), ...(onLesson === undefined ? {} : { onLesson }) })
      return await work({ autodidact, database, assistant })
    } finally {
      await autodidact.close()
    }
  } finally {
    await database.close()
  }
}

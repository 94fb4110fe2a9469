import { AutodidactError } from '../../errors.ts'

/** Version of what stands in `store.json` and in the lines of the logs. A change that older versions cannot read is a new one. */
export const formatVersion = 2

/** Whether the checksum of each line continues that of the line before; in version 1 each was by itself. A log is of one version until it is written anew. */
export const isChained = (version: number): boolean => version >= 2

/** What marks a folder as ours. */
export const formatName = 'autodidact files'

/** @throws AutodidactError `NEWER_VERSION` */
export const refuseNewer = (path: string, version: number): void => {
  if (version <= formatVersion) return
  throw new AutodidactError('NEWER_VERSION', `${path} was written by a newer version (${version}; this one knows ${formatVersion}). Update autodidact.`)
}

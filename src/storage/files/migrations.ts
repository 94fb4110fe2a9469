import { AutodidactError } from '../../errors.ts'

/** Version of what stands in `store.json` and in the lines of the logs. A change that older versions cannot read is a new one. */
export const formatVersion = 1

/** What marks a folder as ours. */
export const formatName = 'autodidact files'

/** @throws AutodidactError `NEWER_VERSION` */
export const refuseNewer = (path: string, version: number): void => {
  if (version <= formatVersion) return
  throw new AutodidactError('NEWER_VERSION', `${path} was written by a newer version (${version}; this one knows ${formatVersion}). Update autodidact.`)
}

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/temporary.ts'
import { program } from '../support/programs.ts'

const folder = temporaryFolder()

/** Runs a command on a disk of 2 MB that only it can see: a mount in a name space of its own, gone with the process. */
const onSmallDisk = (...command: readonly string[]) =>
  spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', `mount -t tmpfs -o size=2m tmpfs "${folder}" && exec "$@"`, 'sh', ...command], {
    encoding: 'utf8',
  })

const attempt = onSmallDisk('true')
const mountable = attempt.status === 0
if (!mountable) console.warn(`The test of a full disk is skipped: nothing can be mounted here (${attempt.error?.message ?? attempt.stderr.trim()}).`)

test.skipIf(!mountable)('a full disk: told as such, nothing half written, and everything goes on when there is space again', () => {
  const { stdout, stderr, status } = onSmallDisk(process.execPath, program('fill-disk'), folder)
  expect(status, stderr).toBe(0)
  const { acknowledged, remarks, factsWhenFull, ...rest } = JSON.parse(stdout) as { acknowledged: number; remarks: number; factsWhenFull: number } & Record<string, unknown>
  expect(acknowledged).toBeGreaterThan(10)
  // Facts of runs and remarks, and nothing of what was refused.
  expect(factsWhenFull).toBe(acknowledged - 1 + remarks)
  expect(rest).toEqual({
    filledWith: 'DISK_FULL',
    full: 'DISK_FULL',
    whileFull: { feedback: 'DISK_FULL', advice: ['DISK_FULL'], recalled: 8, opening: 'DISK_FULL' },
    again: 'none',
    feedbackAgain: 'none',
    advisedAgain: true,
    lost: [],
    integrity: 'ok',
    unindexed: 0,
  })
})

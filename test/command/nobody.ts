import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { execPath, getuid } from 'node:process'
import { bin } from './fjord.ts'

/** The user without rights. */
export const nobody = 65_534

const asNobody = { uid: nobody, gid: nobody, env: { RCLONE_CONFIG: '' } }

/** Whether this process may run the command as that user, who comes to the command and to temporary folders. */
export const hasNobody = getuid?.() === 0 && spawnSync(execPath, [bin, 'lsf', tmpdir()], asNobody).status === 0

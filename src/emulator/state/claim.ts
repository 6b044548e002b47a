import * as fs from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../../util/atomic-file.ts'
import { livenessOf, ownIdentity, parseIdentity } from '../../util/process-identity.ts'
import { JournalError } from './journal-error.ts'

/**
 * Marks a state folder as this process's own. A mark counts while its process is seen to live, and only in the folder that it
 * was made in: a copy of the folder is free.
 * @returns what takes the mark away
 * @throws JournalError 'in-use' where another emulator has the folder
 */
export function claim(folder: string): () => void {
  const mark = join(folder, 'in-use')
  const { dev, ino } = fs.statSync(folder)
  const place = `${dev} ${ino}`
  for (;;) {
    try {
      fs.writeFileSync(mark, `${place}\n${JSON.stringify(ownIdentity())}\n`, { flag: 'wx' })
      return () => fs.rmSync(mark, { force: true })
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
    }
    const [where, holder = ''] = fs.readFileSync(mark, 'utf8').split('\n')
    const identity = where === place ? parseIdentity(holder) : undefined
    if (identity && livenessOf(identity, ownIdentity()) === 'alive') {
      throw new JournalError('in-use', `${folder} is in use by another emulator, process ${identity.pid}: end it first`)
    }
    fs.rmSync(mark, { force: true })
  }
}

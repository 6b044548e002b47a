import { sumCommand } from './sums.ts'

export const command = sumCommand('sha1', 'sha1sum')

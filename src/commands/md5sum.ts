import { sumCommand } from './sums.ts'

export const command = sumCommand('md5', 'md5sum')

import type { Command } from '../cli/command.ts'
import { command as config } from './config.ts'

export const command: Command = { ...config, name: 'config edit' }

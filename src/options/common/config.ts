import { option } from '../option.ts'
import { bool, spaceList, text } from '../types.ts'

const config = { group: 'Config' }

/** Where the config is, and how fjord behaves towards the person at the terminal. */
export const configOptions = {
  config: option(text, '', 'The config file', config),
  askPassword: option(bool, true, 'Ask for the password of an encrypted config file', config),
  passwordCommand: option(
    spaceList,
    [],
    'A program, with its arguments, that prints the password of an encrypted config file',
    config,
  ),
  humanReadable: option(bool, false, 'Print sizes and counts with Ki, Mi, Gi and k, M, G', config),
  disable: option(
    text,
    '',
    'What remotes are not to do by themselves: names joined by commas; help lists them',
    config,
  ),
  tempDir: option(text, '', "Where temporary files go instead of the system's folder", config),
}

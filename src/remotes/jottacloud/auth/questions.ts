import type { Question } from '../../../options/conversation.ts'
import { option } from '../../../options/option.ts'
import { bool, text } from '../../../options/types.ts'
import { brands } from './brands.ts'

// The names are rclone's (rclone's surface §7.5), the words fjord's own.

/** Which of the ways to log in. */
export const typeQuestion: Question = {
  name: 'config_type',
  help: 'How to log in.',
  option: option(text, 'standard', 'How to log in'),
  exclusive: true,
  examples: [
    {
      value: 'standard',
      help: 'With a personal login token.\nFor accounts at jottacloud.com, and for other services whose web pages offer such a token: you generate it in\nthe security settings of the account and paste it here. Each is good for one login.',
    },
    {
      value: 'legacy',
      help: 'With user name and password.\nFor services that offer neither of the others; none is known that still does it this way.',
    },
    { value: 'telia', help: 'Telia Cloud (Sweden), in a browser.' },
    { value: 'tele2', help: 'Tele2 Cloud (Sweden), in a browser.' },
    { value: 'onlime', help: 'Onlime (Denmark), in a browser.' },
    { value: 'telia_no', help: 'Telia Sky (Norway), in a browser.' },
    {
      value: 'traditional',
      help: 'In a browser.\nFor jottacloud.com and every service under another name. Only one login made this way works at a time:\nthe next one ends it.',
    },
  ],
}

/** The personal login token. */
export const loginTokenQuestion: Question = {
  name: 'config_login_token',
  help: 'Personal login token.\nGenerate it in the security settings of your account; for jottacloud.com they are at\nhttps://www.jottacloud.com/web/secure.',
  option: option(text, '', 'Personal login token', { required: true, sensitive: true }),
}

/** Which service, where one logs in in a browser. */
export const brandQuestion: Question = {
  name: 'config_traditional',
  help: 'The service that the account is with.\nOne that is not listed is named by the domain of its login page and its realm, such as\ncloud.example.com/realm.',
  option: option(text, 'jottacloud', 'The service that the account is with'),
  examples: brands.map(({ key, name }) => ({ value: key, help: name })),
}

/** Whether this machine has a browser. */
export const isLocalQuestion: Question = {
  name: 'config_is_local',
  help: 'Log in in the browser of this machine?\nSay no where it has none: you then log in on any other machine and paste what you get there.',
  ...yesOrNo(true),
}

/** What another machine gave. @param url where to log in; @param service as `authorize` takes it */
export function pastedQuestion(url: string, service: string): Question {
  return {
    name: 'config_token',
    help: `What the login gave on another machine.
Either open this address there and log in:
	${url}
The browser then ends at an address beginning with http://localhost:53682/ that it cannot show: paste that
address. Or run this where fjord and a browser are, and paste what it prints:
	fjord authorize jottacloud ${service}`,
    option: option(text, '', 'What the login gave on another machine', { required: true, sensitive: true }),
  }
}

/** Whether a legacy login gets a client of its own. */
export const machineSpecificQuestion: Question = {
  name: 'config_machine_specific',
  help: 'Register this machine by itself?\nAll share one key otherwise, which is fine on one machine. A key of its own cannot be used on two.',
  ...yesOrNo(false),
}

/** The user of a legacy login. */
export const usernameQuestion: Question = {
  name: 'config_username',
  help: 'E-mail address of your account.',
  option: option(text, '', 'E-mail address of the account', { required: true }),
}

/** The password of a legacy login. */
export const passwordQuestion: Question = {
  name: 'config_password',
  help: 'Password of your account. It is used for this login and not kept.',
  option: option(text, '', 'Password of the account', { password: true, sensitive: true }),
  password: true,
}

/** The second factor of a legacy login. */
export const codeQuestion: Question = {
  name: 'config_auth_code',
  help: 'The code that you have been sent by SMS.',
  option: option(text, '', 'Code of the SMS', { required: true, sensitive: true }),
}

/** Whether device and mountpoint are to be chosen. */
export const nonStandardQuestion: Question = {
  name: 'config_non_standard',
  help: 'Choose another device or mountpoint than the usual?\nThe usual is the Archive of the built-in device Jotta. The Sync folder, and what official clients have backed up,\nare elsewhere.',
  ...yesOrNo(false),
}

/** Which device. @param devices in the order to show */
export function deviceQuestion(devices: readonly string[], standard: string): Question {
  return {
    name: 'config_device',
    help: 'The device whose files are meant.\nThe built-in Jotta holds Archive, Sync and some more; each other one is a computer that is backed up. A new name\nmakes a new device.',
    option: option(text, standard, 'The device whose files are meant', { required: true }),
    examples: named(devices),
  }
}

/** Which mountpoint of a device that is not the built-in one. */
export function mountpointQuestion(device: string, mountpoints: readonly string[]): Question {
  const [first = ''] = mountpoints
  return {
    name: 'config_mountpoint',
    help: `The mountpoint on the device ${device}.\nA new name makes a new mountpoint.`,
    option: option(text, first, 'The mountpoint on the device', { required: true }),
    examples: named(mountpoints),
  }
}

/** Which mountpoint of the built-in device. */
export function builtInMountpointQuestion(device: string, mountpoints: readonly string[], standard: string): Question {
  return {
    name: 'config_mountpoint',
    help: `The mountpoint on the built-in device ${device}.\nArchive is the usual one. Most others, also Trash, Links and Latest, can do little.`,
    option: option(text, standard, 'The mountpoint on the built-in device'),
    examples: named(mountpoints),
  }
}

function yesOrNo(standard: boolean): Pick<Question, 'option' | 'exclusive' | 'examples'> {
  return {
    option: option(bool, standard, ''),
    exclusive: true,
    examples: [
      { value: 'true', help: 'Yes' },
      { value: 'false', help: 'No' },
    ],
  }
}

function named(names: readonly string[]): NonNullable<Question['examples']> {
  return names.map((value) => ({ value, help: '' }))
}

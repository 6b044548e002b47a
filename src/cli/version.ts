/** fjord's version: put in when the command is built; from the sources it is a development version. */
export const version: string = process.env.FJORD_VERSION ?? '0.0.0-dev'

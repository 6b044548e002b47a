import type { RemoteEnv } from '../../../core/env.ts'
import type { JottacloudValues } from '../options.ts'
import { brandOf } from './brands.ts'
import { formatHandOver } from './hand-over.ts'
import type { StageSetup } from './stage.ts'
import { createStage } from './stage.ts'
import { depsOf, loginHere } from './traditional-states.ts'

/**
 * Logs in in the browser of this machine, for another.
 * @param service a key of the table of brands, or domain/realm; '' is Jottacloud itself
 * @returns the login as one line, which the question config_token of the other machine takes
 * @throws StorageError 'invalid-argument' for an unknown service, 'io' for a taken port, 'auth'
 */
export async function authorize(
  service: string,
  values: JottacloudValues,
  env: RemoteEnv,
  setup?: StageSetup,
): Promise<string> {
  const stage = createStage(env, values, setup)
  const brand = brandOf(service || 'jottacloud')
  const result = await stage.withClient((client) => loginHere(stage, brand, depsOf(stage, client, env)))
  return formatHandOver(result)
}

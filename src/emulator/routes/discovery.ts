import type { Exchange } from '../exchange.ts'
import { HOME_REALM, type Realm } from '../logins/realms.ts'

/** `GET …/.well-known/openid-configuration`: where the endpoints of the login are (docs/protocol.md §2.2). */
export function discovery({ service, reply, origins }: Exchange, realm: Realm): Promise<void> {
  const issuer = origins.issuer(realm.name)
  const openid = `${issuer}/protocol/openid-connect`
  return reply.json(200, {
    issuer,
    authorization_endpoint: `${openid}/auth`,
    token_endpoint: `${openid}/token`,
    token_introspection_endpoint: `${openid}/token/introspect`,
    introspection_endpoint: `${openid}/token/introspect`,
    userinfo_endpoint: `${openid}/userinfo`,
    end_session_endpoint: `${openid}/logout`,
    jwks_uri: `${openid}/certs`,
    check_session_iframe: `${openid}/login-status-iframe.html`,
    registration_endpoint: `${issuer}/clients-registrations/openid-connect`,
    grant_types_supported: ['authorization_code', 'refresh_token', ...(realm.name === HOME_REALM ? ['password'] : [])],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    userinfo_signing_alg_values_supported: ['ES256'],
    request_object_signing_alg_values_supported: ['none'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    token_endpoint_auth_signing_alg_values_supported: ['HS256'],
    claims_supported: ['aud', 'sub', 'iss', 'username', 'preferred_username', 'email', 'name'],
    claim_types_supported: ['normal'],
    claims_parameter_supported: false,
    scopes_supported: realm.scopes,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    ...(service.offersPkce && { code_challenge_methods_supported: ['plain', 'S256'] }),
    tls_client_certificate_bound_access_tokens: false,
  })
}

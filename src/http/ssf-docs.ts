import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AUTHORIZATION_SERVER_PATHS } from '../core/discovery/authorization-server-metadata.js';
import { ProvidersService } from '../providers/providers.service.js';
import { AdminHttpModule } from './admin/admin-http.module.js';
import { showRoles } from './admin/required-role.js';
import { OAuthDiscoveryModule } from './oauth/oauth-discovery.module.js';
import { OAuthHttpModule } from './oauth/oauth-http.module.js';
import { DiscoveryModule } from './receiver/discovery.module.js';
import { PUSH_AUTHORIZATION, PUSH_WEBHOOKS } from './receiver/push-webhook.js';
import { ReceiverHttpModule } from './receiver/receiver-http.module.js';
import { CLAIMS_SCHEMAS, SET_SCHEMAS } from './shared-schemas.js';

export interface SsfDocuments {
  readonly admin: OpenAPIObject;
  readonly receiver: OpenAPIObject;
}

/** The two API descriptions, OpenAPI 3.1. */
export function ssfDocuments(app: INestApplication): SsfDocuments {
  return {
    admin: showRoles(SwaggerModule.createDocument(app, adminConfig(), { include: [AdminHttpModule] })),
    receiver: receiverDocument(app),
  };
}

const LICENSE = ['Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0'] as const;

type Config = Omit<OpenAPIObject, 'paths'>;

function adminConfig(): Config {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('SSF transmitter: admin API')
    .setDescription('Providers, applications, streams, signals and SETs.')
    .setVersion('1')
    .setLicense(...LICENSE)
    .addServer('/')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description:
          'SSF_ADMIN_TOKEN, an admin token, or a JWT of the OpenID provider of the settings. What an operation names is the role that it needs: `viewer` < `operator` < `admin`.',
      },
      'admin',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'The token of a signal source (scope ssf.emit)' },
      'source',
    )
    .build();
  return { ...config, components: { ...config.components, schemas: CLAIMS_SCHEMAS } };
}

function receiverDocument(app: INestApplication): OpenAPIObject {
  const { authorizationServer } = app.get(ProvidersService, { strict: false });
  const include = [DiscoveryModule, ReceiverHttpModule];
  if (authorizationServer === undefined)
    return withoutOAuth(SwaggerModule.createDocument(app, receiverConfig(), { include }));
  return SwaggerModule.createDocument(app, receiverConfig(authorizationServer), {
    include: [...include, OAuthHttpModule, OAuthDiscoveryModule],
  });
}

function receiverConfig(authorizationServer?: string): Config {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('SSF transmitter: receiver API')
    .setDescription(
      'OpenID Shared Signals Framework 1.0. Receivers find the URLs of a provider in its metadata and build none. Errors are `{ err, description }`: switch on `err`, texts may change. With the legacy profile of its application, a receiver with one stream may leave `stream_id` out.',
    )
    .setVersion('1')
    .setLicense(...LICENSE)
    .addServer('/')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description:
          "A token of the receiver's application, or a JWT access token (RFC 9068) of an authorization server that the provider trusts. Of the scopes that an operation names, one is enough.",
      },
      'receiver',
    )
    .addTag('Discovery', 'Public documents: metadata and keys (SSF 1.0 section 7)')
    .addTag('Stream configuration', 'SSF 1.0 section 8.1.1')
    .addTag('Stream status', 'SSF 1.0 section 8.1.2')
    .addTag('Subjects', 'SSF 1.0 section 8.1.3')
    .addTag('Verification', 'SSF 1.0 section 8.1.4')
    .addTag('Poll delivery', 'RFC 8936')
    .addTag('Push delivery', 'RFC 8935: what the receiver is sent, and how it answers')
    .addTag('Authorization server', 'OAuth 2.0 client credentials (RFC 6749 section 4.4)');
  if (authorizationServer !== undefined) addOAuth(builder, authorizationServer);
  const config = builder.build();
  const { securitySchemes } = config.components ?? {};
  return {
    ...config,
    webhooks: PUSH_WEBHOOKS,
    components: {
      securitySchemes: { ...securitySchemes, ...PUSH_AUTHORIZATION },
      schemas: SET_SCHEMAS,
    },
  };
}

function addOAuth(builder: DocumentBuilder, authorizationServer: string): void {
  builder
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'An OAuth client and its secret' }, 'client')
    .addOAuth2(
      {
        type: 'oauth2',
        flows: {
          clientCredentials: {
            tokenUrl: authorizationServer + AUTHORIZATION_SERVER_PATHS.token,
            scopes: { 'ssf.read': 'Read and poll', 'ssf.manage': 'Everything' },
          },
        },
      },
      'oauth',
    );
}

/** The decorators of the operations do not know that the authorization server is off. */
function withoutOAuth(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths))
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete])
      if (operation?.security)
        operation.security = operation.security.filter((requirement) => !('oauth' in requirement));
  return document;
}

/** Serves the Swagger explorer at `/docs`, with both descriptions, and each as JSON. */
export function setupSsfDocs(app: INestApplication, path = 'docs'): void {
  const { admin, receiver } = ssfDocuments(app);
  SwaggerModule.setup(`${path}/receiver`, app, receiver, {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: `${path}/receiver.json`,
  });
  SwaggerModule.setup(path, app, admin, {
    raw: ['json'],
    jsonDocumentUrl: `${path}/admin.json`,
    explorer: true,
    customSiteTitle: 'SSF transmitter',
    swaggerOptions: {
      urls: [
        { name: 'Admin API', url: `/${path}/admin.json` },
        { name: 'Receiver API', url: `/${path}/receiver.json` },
      ],
      persistAuthorization: true,
    },
  });
}

import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AUTHORIZATION_SERVER_PATHS } from '../core/discovery/authorization-server-metadata.js';
import { ProvidersService } from '../providers/providers.service.js';
import { AdminHttpModule } from './admin/admin-http.module.js';
import { OAuthDiscoveryModule } from './oauth/oauth-discovery.module.js';
import { OAuthHttpModule } from './oauth/oauth-http.module.js';
import { DiscoveryModule } from './receiver/discovery.module.js';
import { ReceiverHttpModule } from './receiver/receiver-http.module.js';

export interface SsfDocuments {
  readonly admin: OpenAPIObject;
  readonly receiver: OpenAPIObject;
}

/** The two API descriptions, OpenAPI 3.1. */
export function ssfDocuments(app: INestApplication): SsfDocuments {
  const admin = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('SSF transmitter: admin API')
    .setDescription('Providers, applications, streams, signals and SETs.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'SSF_ADMIN_TOKEN' }, 'admin')
    .build();
  return {
    admin: SwaggerModule.createDocument(app, admin, { include: [AdminHttpModule] }),
    receiver: receiverDocument(app),
  };
}

function receiverDocument(app: INestApplication): OpenAPIObject {
  const { authorizationServer } = app.get(ProvidersService, { strict: false });
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('SSF transmitter: receiver API')
    .setDescription('OpenID Shared Signals Framework 1.0: discovery, streams, status, verification.')
    .setVersion('1')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: "A token of the receiver's application" },
      'receiver',
    );
  if (authorizationServer === undefined)
    return withoutOAuth(
      SwaggerModule.createDocument(app, builder.build(), { include: [DiscoveryModule, ReceiverHttpModule] }),
    );
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
  return SwaggerModule.createDocument(app, builder.build(), {
    include: [DiscoveryModule, ReceiverHttpModule, OAuthHttpModule, OAuthDiscoveryModule],
  });
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

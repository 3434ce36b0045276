import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AdminHttpModule } from './admin/admin-http.module.js';
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
  const receiver = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('SSF transmitter: receiver API')
    .setDescription('OpenID Shared Signals Framework 1.0: discovery, streams, status, verification.')
    .setVersion('1')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: "A token of the receiver's application" },
      'receiver',
    )
    .build();
  return {
    admin: SwaggerModule.createDocument(app, admin, { include: [AdminHttpModule] }),
    receiver: SwaggerModule.createDocument(app, receiver, { include: [DiscoveryModule, ReceiverHttpModule] }),
  };
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

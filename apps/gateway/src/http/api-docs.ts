/** The REST surface to read and try out: `/api/docs`, and `/api/openapi.json` for machines. Its assets come with the gateway. */
import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import { openApiDocument } from './openapi';

export function serveApiDocs(app: INestApplication): void {
  const document = openApiDocument();
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Freshet API',
    swaggerOptions: { tryItOutEnabled: true, validatorUrl: null },
  });
}

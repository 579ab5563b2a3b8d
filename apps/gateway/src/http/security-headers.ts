/** What a browser may do with the pages and answers of the gateway. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Everything from this origin alone. Angular, Swagger UI and Bull Board write style attributes, so styles may be inline;
 * scripts never. Plain HTTP is left to who runs Freshet behind TLS: upgrading by itself would break it on a loopback address.
 */
export const securityHeaders = (https: boolean): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'worker-src': ["'self'", 'blob:'],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: https,
    referrerPolicy: { policy: 'same-origin' },
  });

/** Answers of the API are one person's and of one moment: nobody keeps them. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

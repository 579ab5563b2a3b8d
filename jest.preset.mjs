// One Jest set-up for the services and libraries (CommonJS through swc), one for the Angular client.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));

const swcTypeScript = [
  '@swc/jest',
  {
    swcrc: false,
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
  },
];
const swcJavaScript = [
  '@swc/jest',
  { swcrc: false, module: { type: 'commonjs' }, jsc: { target: 'es2023', parser: { syntax: 'ecmascript' } } },
];

/** Packages that ship as ES modules only and so have to go through swc too. */
const esmPackages =
  '(@nestjs|@mikro-orm|kysely|stream-json|stream-chain|cockatiel|croner|openid-client|oauth4webapi|jose|teeny-request|node-fetch|data-uri-to-buffer|fetch-blob|formdata-polyfill)/';

export const server = (dir) => ({
  displayName: dir.replace(/^(apps|libs)\//, ''),
  rootDir: path.join(root, dir),
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.ts', '<rootDir>/**/*.int-spec.ts'],
  moduleNameMapper: { '^@freshet/([^/]+)$': path.join(root, 'libs/$1/src/index.ts') },
  transformIgnorePatterns: [`/node_modules/(?!${esmPackages})`],
  transform: { '^.+\\.ts$': swcTypeScript, '^.+\\.m?js$': swcJavaScript },
  globalSetup: path.join(root, 'libs/testing/src/jest/global-setup.ts'),
  globalTeardown: path.join(root, 'libs/testing/src/jest/global-teardown.ts'),
});

export const client = async (dir) => {
  const { default: angular } = await import('jest-preset-angular/presets/index.js');
  const preset = angular.createCjsPreset({ tsconfig: '<rootDir>/tsconfig.spec.json' });
  return {
    displayName: dir.replace(/^(apps|libs)\//, ''),
    rootDir: path.join(root, dir),
    ...preset,
    moduleNameMapper: { '^@freshet/([^/]+)$': path.join(root, 'libs/$1/src/index.ts') },
    transformIgnorePatterns: ['/node_modules/(?!(.*\\.mjs$|echarts/|zrender/|tslib/))'],
    transform: { '/node_modules/.+\\.m?js$': swcJavaScript, ...preset.transform },
    setupFilesAfterEnv: ['<rootDir>/src/test-setup.ts'],
    testMatch: ['<rootDir>/src/**/*.spec.ts'],
  };
};

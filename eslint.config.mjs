// Style and borders. The borders need Nx's project graph: `npm run lint` builds it first.
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Packages that one library alone may import; everybody else uses that library. */
const ownedPackages = {
  'lib:persistence': ['@mikro-orm/*', 'kysely'],
  'lib:bus': ['bullmq', '@nestjs/bullmq'],
};
const ownedByOthers = (tag) =>
  Object.entries(ownedPackages).flatMap(([owner, packages]) => (owner === tag ? [] : packages));

const nothingOfServers = ['@nestjs/*', 'pg', 'ioredis', 'socket.io', '@angular/*'];

/** Who may import whom: what is not listed is forbidden. */
const borders = [
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: [...ownedByOthers(), ...nothingOfServers],
  },
  {
    sourceTag: 'type:domain',
    onlyDependOnLibsWithTags: ['type:contracts'],
    bannedExternalImports: [...ownedByOthers(), ...nothingOfServers],
  },
  ...['persistence', 'warehouse', 'bus', 'connectors', 'service-kit'].map((name) => ({
    sourceTag: `lib:${name}`,
    onlyDependOnLibsWithTags: ['type:contracts', 'type:domain', 'type:testing'],
    bannedExternalImports: ownedByOthers(`lib:${name}`),
  })),
  {
    sourceTag: 'type:sdk',
    onlyDependOnLibsWithTags: ['type:contracts'],
    bannedExternalImports: [...ownedByOthers(), ...nothingOfServers],
  },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: ['type:contracts'],
    bannedExternalImports: ownedByOthers(),
  },
  {
    sourceTag: 'type:service',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:domain', 'type:adapter', 'type:sdk', 'type:testing'],
    bannedExternalImports: ownedByOthers(),
  },
  {
    sourceTag: 'type:client',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:domain'],
    bannedExternalImports: ['@nestjs/*', ...ownedByOthers()],
  },
  {
    sourceTag: 'type:e2e',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:domain', 'type:adapter', 'type:sdk', 'type:testing'],
  },
];

export default tseslint.config(
  { ignores: ['dist/**', '.nx/**', '.angular/**', '.freshet*/**', 'node_modules/**', 'coverage/**'] },
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, ...tseslint.configs.recommended, prettier],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          banTransitiveDependencies: false,
          allow: ['../../jest.preset.mjs'],
          depConstraints: borders,
        },
      ],
      eqeqeq: ['error', 'smart'],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: [
      'libs/service-kit/**',
      'libs/testing/**',
      'apps/e2e/**',
      'apps/sandbox/**',
      '**/*.spec.ts',
      '**/*.int-spec.ts',
      'apps/*/src/testing/**',
      '**/jest.config.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Settings are read and validated once, in service-kit (readEnv).',
        },
      ],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@freshet/testing', message: 'Test tools belong in specs alone.' }] },
      ],
    },
  },
  {
    files: ['apps/client/**/*.ts'],
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-class-suffix': 'off',
      '@angular-eslint/directive-class-suffix': 'off',
    },
  },
  {
    files: ['apps/client/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
  },
);

/** esbuild leaves out the metadata that Nest's injection reads: files with decorators go through swc first. */
import { readFile } from 'node:fs/promises';
import { transform } from '@swc/core';

const hasDecorator = (source) => /(^|[(,])\s*@[A-Z]\w*\(/m.test(source);

export const decorators = {
  name: 'decorators',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!hasDecorator(source)) return { contents: source, loader: 'ts' };
      const { code } = await transform(source, {
        filename: path,
        sourceMaps: 'inline',
        inlineSourcesContent: true,
        swcrc: false,
        configFile: false,
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

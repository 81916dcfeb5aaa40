import nx from '@nx/eslint-plugin';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

/** Which kinds of project may know which (design: imports point from the outside in). */
const depConstraints = [
  { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: ['type:kernel'] },
  { sourceTag: 'type:pure', onlyDependOnLibsWithTags: ['type:kernel', 'type:pure'] },
  { sourceTag: 'type:infra', onlyDependOnLibsWithTags: ['type:kernel', 'type:testing'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:kernel'] },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:pure', 'type:infra', 'type:concept', 'type:testing', 'type:tool'],
  },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:pure', 'type:infra', 'type:concept', 'type:testing', 'type:tool'],
  },
  ...concept('profile', []),
  ...concept('catalog', []),
  ...concept('segment', ['profile']),
  ...concept('feedback', ['profile', 'catalog']),
  ...concept('delivery', ['profile', 'catalog', 'segment', 'feedback']),
  ...concept('insight', ['profile', 'catalog', 'segment', 'feedback']),
];

function concept(name, below) {
  const allowed = [
    'scope:kernel',
    'scope:bandit',
    'scope:platform',
    'scope:testing',
    `scope:${name}`,
    ...below.map((lib) => `scope:${lib}`),
  ];
  return [{ sourceTag: `scope:${name}`, onlyDependOnLibsWithTags: allowed }];
}

const ban = (group, message) => ({ group, message });
const STORES = ban(['mongoose', 'mongodb', 'ioredis', 'bullmq'], 'Databases and queues live in store/.');
const GRAPHQL = ban(['graphql', 'graphql/*', 'type-graphql', '@apollo/*'], 'GraphQL lives in graphql/.');
const OUTER = (...layers) =>
  ban(
    layers.map((layer) => `**/${layer}/**`),
    'Imports point from the outside in: graphql -> application -> domain <- store.',
  );
const BUILTINS = ban(['node:*'], 'Pure folders take what they need as values or ports.');
const imports = (...patterns) => ['error', { patterns }];
const IMPURE = [
  { object: 'Date', property: 'now', message: 'Take the time from a Clock.' },
  { object: 'Math', property: 'random', message: 'Take randomness from an Rng.' },
];
const PURE_SYNTAX = [{ selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the time from a Clock.' }];
const THROW = {
  selector: "ThrowStatement > NewExpression[callee.name='Error']",
  message: 'Throw a DomainError with a registered code, or use invariant().',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.data/**',
      '.nx/**',
      'data/**',
      'docs/**',
      '**/jest.config.cjs',
      'tools/bootstrap/**',
      'libs/bandit/wasm/**',
      'libs/segment/wasm/**',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx, jest },
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: [] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        THROW,
        { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
        { selector: 'ExportAllDeclaration', message: 'Name every export.' },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      complexity: ['error', 12],
      'max-params': ['error', 4],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only platform/config reads the environment.' }],
      eqeqeq: 'error',
    },
  },
  // type-graphql reads the classes named in decorators at run time: a type-only import would be erased.
  { files: ['**/graphql/**/*.ts'], rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  {
    // Tools and end-to-end harnesses start processes and hand the environment on; specs look at it.
    files: ['libs/platform/src/config/**', 'tools/**', 'apps/*-e2e/**', '**/*.spec.ts', 'libs/testing/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['libs/*/src/domain/**/*.ts', 'libs/bandit/src/**/*.ts', 'libs/kernel/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.bench.ts', 'libs/kernel/src/clock.ts'],
    rules: {
      'no-restricted-imports': imports(
        STORES,
        GRAPHQL,
        BUILTINS,
        OUTER('application', 'store', 'graphql'),
        ban(['@vitrine/platform'], 'Pure folders do not know the infrastructure.'),
      ),
      'no-restricted-properties': ['error', ...IMPURE],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setTimeout', 'setInterval', 'fetch'],
      'no-restricted-syntax': ['error', THROW, ...PURE_SYNTAX, { selector: 'ExportAllDeclaration', message: 'Name every export.' }],
    },
  },
  {
    files: ['libs/*/src/application/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': imports(
        STORES,
        GRAPHQL,
        BUILTINS,
        OUTER('store', 'graphql'),
        ban(['@vitrine/platform'], 'Use cases see ports, not the infrastructure.'),
      ),
      'no-restricted-properties': ['error', ...IMPURE],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch'],
      'no-restricted-syntax': ['error', THROW, ...PURE_SYNTAX, { selector: 'ExportAllDeclaration', message: 'Name every export.' }],
    },
  },
  {
    files: ['libs/*/src/store/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': imports(GRAPHQL, OUTER('graphql')) },
  },
  { files: ['libs/*/src/graphql/**/*.ts'], ignores: ['**/*.spec.ts'], rules: { 'no-restricted-imports': imports(STORES, OUTER('store')) } },
  {
    files: ['**/*.spec.ts', '**/*.contract.ts'],
    rules: {
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      // Table rows and naive reference implementations read best in one piece.
      complexity: 'off',
      'max-params': 'off',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert', 'eventually', 'assert*'] }],
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'no-restricted-globals': ['error', { name: 'setTimeout', message: 'Wait for a condition with a deadline, never for time.' }],
    },
  },
  { files: ['libs/testing/**'], rules: { 'no-restricted-globals': 'off' } },
);

import { ACCESS_EXTENSION } from '@vitrine/platform';
import { isObjectType, isIntrospectionType, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import * as api from '../index';
import { CatalogResolver } from './catalog.resolver';
import { PolicyResolver } from './policy.resolver';

const schema = buildSchemaSync({ resolvers: [CatalogResolver, PolicyResolver], authChecker: () => true });

describe('catalogue schema', () => {
  it('marks every object type with who may read it', () => {
    const types = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && !isIntrospectionType(type) && !['Query', 'Mutation'].includes(type.name),
    );
    const marks = Object.fromEntries(types.map((type) => [type.name, type.extensions[ACCESS_EXTENSION]]));
    expect(Object.entries(marks).filter(([, mark]) => mark === undefined)).toEqual([]);
    expect(
      Object.keys(marks)
        .filter((name) => marks[name] === 'public')
        .sort(),
    ).toEqual(['Banner', 'Creative']);
  });

  it('gives a shopper’s app what it needs of a banner and nothing of its configuration', () => {
    const banner = schema.getType('Banner');
    expect(isObjectType(banner) && Object.keys(banner.getFields()).sort()).toEqual(['category', 'creatives', 'id', 'landingUrl', 'name']);
  });

  it('prints as it was reviewed', () => {
    expect(printSchema(schema)).toMatchSnapshot();
  });

  it('exports the reviewed names', () => {
    expect(Object.keys(api).sort()).toMatchSnapshot();
  });
});

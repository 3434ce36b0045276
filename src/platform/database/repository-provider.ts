import type { FactoryProvider } from '@nestjs/common';
import { getRepositoryToken } from '@nestjs/typeorm';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { SSF_DATA_SOURCE } from './data-source.token.js';

/**
 * Makes `@InjectRepository(Entity)` give the repository of the data source that holds the `ssf` schema, whatever
 * name the host gave it (TypeOrmModule.forFeature needs that name while the module classes are written).
 */
export function repositoryProvider<Entity extends ObjectLiteral>(
  entity: EntityTarget<Entity> & (new () => Entity),
): FactoryProvider {
  return {
    provide: getRepositoryToken(entity),
    inject: [SSF_DATA_SOURCE],
    useFactory: (dataSource: DataSource) => dataSource.getRepository(entity),
  };
}

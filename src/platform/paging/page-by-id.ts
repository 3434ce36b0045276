import {
  type FindOptionsOrder,
  type FindOptionsWhere,
  MoreThan,
  type ObjectLiteral,
  type Repository,
} from 'typeorm';
import { decodeCursor, type Page, pageSize, type PageRequest, toPage } from './page.js';

/** A page of entities whose `id` is a UUIDv7, oldest first. */
export async function pageById<Entity extends ObjectLiteral & { readonly id: string }>(
  repository: Repository<Entity>,
  where: FindOptionsWhere<Entity>,
  request: PageRequest,
): Promise<Page<Entity>> {
  const limit = pageSize(request);
  const after = decodeCursor(request.cursor);
  const rows = await repository.find({
    // TypeORM's types cannot tell that an entity with an id has one
    where: { ...where, ...(after ? { id: MoreThan(after) } : {}) } as FindOptionsWhere<Entity>,
    order: { id: 'ASC' } as FindOptionsOrder<Entity>,
    take: limit + 1,
  });
  return toPage(rows, limit, ({ id }) => id);
}

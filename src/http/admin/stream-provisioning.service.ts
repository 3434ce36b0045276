import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '../../applications/applications.service.js';
import type { Application } from '../../applications/application.entity.js';
import type { Actor } from '../../audit/actor.js';
import { invalidRequest, SsfError } from '../../core/errors.js';
import { isJsonObject } from '../../core/json-object.js';
import { parseCreateStream } from '../../core/streams/parse-stream-request.js';
import { StreamsService } from '../../streams/streams.service.js';

/** `applicationId`, and the members that a receiver would send (SSF 1.0 section 8.1.1.1). */
const MEMBERS = ['applicationId', 'delivery', 'events_requested', 'description', 'aud', 'format'];

/** Streams that an administrator creates for an application. */
@Injectable()
export class StreamProvisioningService {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly streams: StreamsService,
  ) {}

  /** Answers the id. Throws `invalid_request` naming the member, or `conflict`. */
  async create(body: unknown, actor: Actor): Promise<string> {
    if (!isJsonObject(body)) throw new SsfError('invalid_request', 'the body must be a JSON object');
    const unknown = Object.keys(body).filter((name) => !MEMBERS.includes(name));
    if (unknown.length > 0)
      throw invalidRequest(...unknown.map((member) => ({ member, message: 'is not a known member' })));
    const application = await this.application(body.applicationId);
    const request = parseCreateStream(body, { legacy: application.legacyProfile });
    return (await this.streams.create(application, request, actor)).id;
  }

  private async application(id: unknown): Promise<Application> {
    const [application] = typeof id === 'string' ? await this.applications.find(id) : [];
    if (!application)
      throw invalidRequest({ member: 'applicationId', message: 'there is no such application' });
    return application;
  }
}

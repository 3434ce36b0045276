import { Injectable } from '@nestjs/common';
import type { Application } from '../applications/application.entity.js';
import { ApplicationsService } from '../applications/applications.service.js';
import { deliveredEvents } from '../core/streams/delivered-events.js';
import type { Stream } from './stream.entity.js';

export interface StreamEvents {
  readonly supported: string[];
  readonly delivered: string[];
}

/** `events_supported` and `events_delivered`: computed, so that they follow the application's settings. */
@Injectable()
export class StreamEventsService {
  constructor(private readonly applications: ApplicationsService) {}

  of(stream: Stream, application: Application): StreamEvents {
    const supported = this.applications.supportedEvents(application);
    return { supported, delivered: deliveredEvents(supported, stream.eventsRequested ?? undefined) };
  }
}

import { Module } from '@nestjs/common';
import { EventNotifications } from './event-notifications.js';

/** Listens for new security events, for the features that deliver them or react to them. */
@Module({
  providers: [EventNotifications],
  exports: [EventNotifications],
})
export class EventNotificationsModule {}

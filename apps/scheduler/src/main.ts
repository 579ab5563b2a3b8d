import 'reflect-metadata';
import { startService } from '@freshet/service-kit';
import { schedulerService } from './scheduler.service';

void startService(schedulerService);

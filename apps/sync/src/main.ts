import 'reflect-metadata';
import { startService } from '@freshet/service-kit';
import { syncService } from './sync.service';

void startService(syncService);

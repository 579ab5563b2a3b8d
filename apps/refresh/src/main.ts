import 'reflect-metadata';
import { startService } from '@freshet/service-kit';
import { refreshService } from './refresh.service';

void startService(refreshService);

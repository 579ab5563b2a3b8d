import 'reflect-metadata';
import { startService } from '@freshet/service-kit';
import { gatewayService } from './gateway.service';

void startService(gatewayService);

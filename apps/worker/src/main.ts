import 'reflect-metadata';
import { runProcess } from '@vitrine/platform';
import { composeWorker } from './compose';

void runProcess({ name: 'worker', compose: (config, logger) => composeWorker(config, logger) });
